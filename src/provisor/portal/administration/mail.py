"""The mail server of notifications: which one the environment names, whether it works, and what waits for it."""

from __future__ import annotations

import re

from starlette.responses import Response

from provisor.core import notice_texts
from provisor.core.errors import NotSentError
from provisor.core.notification import Language, Notice
from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.portal.office import Office

PLACE = "/administration/mail"
MOST_SHOWN = 50
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

VARIABLES: dict[str, str] = {
    "PROVISOR_SMTP_HOST": _("The name of the mail server. Without it, no mail is sent."),
    "PROVISOR_SMTP_PORT": _("Its port, where it is not the usual one."),
    "PROVISOR_SMTP_SECURITY": _("How the connection is protected: starttls (usual), tls or none."),
    "PROVISOR_SMTP_USER": _("The user name, where the server wants one."),
    "PROVISOR_SMTP_PASSWORD": _("The password of that user. No page shows it."),
    "PROVISOR_SMTP_FROM": _("The sender of the mails."),
}


class MailPages:
    """Everybody sees it; owners send a test mail."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path=PLACE, answer=self.show),
            Page(path=f"{PLACE}/test", answer=self.send_test, method=Method.POST, role=Role.OWNER),
        )

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def send_test(self, visit: Visit) -> Response:
        """Hand a mail over to the mail server, now, without the outbox."""
        recipient, server = visit.form.text("recipient"), self._office.mail
        if server is None:
            return self._page(visit, visit.text(_("No mail server is named.")))
        if len(recipient) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(recipient):
            return self._page(visit, visit.text(_("Enter one e-mail address.")))
        subject, body = notice_texts.trial("Provisor", Language(visit.language.value))
        notice = Notice(
            id=self._office.services.new_id(),
            application_id=None,
            created=self._office.now(),
            recipient=recipient,
            subject=subject,
            body=body,
        )
        try:
            self._office.complete(server.mailer.send(notice))
        except NotSentError as error:
            return self._page(visit, str(error))
        visit.say(Tone.SUCCESS, _("The mail server took a test mail for %(recipient)s."), recipient=recipient)
        return visit.go(PLACE)

    def _page(self, visit: Visit, problem: str = "") -> Response:
        with self._office.store.read() as unit:
            waiting, unsent = unit.outbox.waiting(), unit.outbox.unsent(MOST_SHOWN)
        return visit.page(
            "administration/mail.html",
            status=422 if problem else 200,
            server=self._office.mail,
            variables=VARIABLES,
            waiting=waiting,
            unsent=unsent,
            recipient=visit.form.text("recipient"),
            problem=problem,
        )
