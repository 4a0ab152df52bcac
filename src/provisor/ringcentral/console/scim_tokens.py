"""The SCIM tokens: made and shown once, rotated with a time of grace, revoked."""

from __future__ import annotations

import datetime as dt

from starlette.exceptions import HTTPException
from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account import tokens
from provisor.ringcentral.account.tokens import NewToken, Token, TokenState, UnknownTokenError
from provisor.ringcentral.console.provider import Provider, actor_of

LONGEST_DESCRIPTION = 100

LIFETIMES = (
    ("", _("Never")),
    ("7", _("In 7 days")),
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
)
"""When a new token expires: days, and what they are called."""

GRACES = (
    ("24", _("For 24 hours")),
    ("1", _("For an hour")),
    ("168", _("For 7 days")),
    ("0", _("Not at all")),
)
"""How long a rotated token still works: hours, and what they are called."""

EXPIRES_SOON = dt.timedelta(days=7)


class TokenPages:
    """The list of tokens, and what can be done to one."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/directory/tokens", answer=self.show),
            Page(path="/directory/tokens", answer=self.create, method=Method.POST),
            Page(path="/directory/tokens/{id}/rotate", answer=self.confirm_rotating),
            Page(path="/directory/tokens/{id}/rotate", answer=self.rotate, method=Method.POST),
            Page(path="/directory/tokens/{id}/revoke", answer=self.confirm_revoking),
            Page(path="/directory/tokens/{id}/revoke", answer=self.revoke, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        return self._page(visit)

    def create(self, visit: Visit) -> Response:
        """Make a token and show it, this once."""
        description = visit.form.text("description")
        if len(description) > LONGEST_DESCRIPTION:
            problem = visit.text(_("Choose a description of at most 100 characters."))
            return self._page(visit, problem=problem, status=422)
        made = tokens.create(
            self._provider.database,
            self._provider.profile.name,
            self._provider.clock(),
            description=description,
            created_by=actor_of(visit),
            expires=self._expiry(visit),
        )
        return self._page(visit, made=made)

    def confirm_rotating(self, visit: Visit) -> Response:
        graces = [(hours, visit.text(name)) for hours, name in GRACES]
        return visit.page(
            "console/token_rotate.html",
            token=self._usable(visit),
            graces=graces,
            lifetimes=self._lifetimes(visit),
        )

    def rotate(self, visit: Visit) -> Response:
        """Make a token in another's place and show it, this once."""
        hours = visit.form.text("grace")
        grace = dt.timedelta(hours=int(hours)) if hours in dict(GRACES) else tokens.GRACE
        try:
            made = tokens.rotate(
                self._provider.database,
                self._provider.profile.name,
                visit.params["id"],
                self._provider.clock(),
                grace=grace,
                created_by=actor_of(visit),
                expires=self._expiry(visit),
            )
        except UnknownTokenError as error:
            raise HTTPException(404) from error
        return self._page(visit, made=made)

    def confirm_revoking(self, visit: Visit) -> Response:
        return visit.page("console/token_revoke.html", token=self._usable(visit))

    def revoke(self, visit: Visit) -> Response:
        try:
            tokens.revoke(
                self._provider.database,
                self._provider.profile.name,
                visit.params["id"],
                self._provider.clock(),
            )
        except UnknownTokenError as error:
            raise HTTPException(404) from error
        visit.say(Tone.SUCCESS, _("The token is revoked; it stops working within a second."))
        return visit.go("/directory/tokens")

    def _page(
        self, visit: Visit, *, made: NewToken | None = None, problem: str = "", status: int = 200
    ) -> Response:
        listed = tokens.listed(self._provider.database, self._provider.profile.name)
        return visit.page(
            "console/tokens.html",
            status=status,
            tokens=sorted(listed, key=self._rank, reverse=True),
            made=made,
            problem=problem,
            description=visit.form.text("description") if problem else "",
            lifetimes=self._lifetimes(visit),
            states=TokenState,
            soon=EXPIRES_SOON,
            base_url=f"{visit.origin}{self._provider.scim_path}",
        )

    def _rank(self, token: Token) -> tuple[bool, dt.datetime]:
        """Tokens that work come first, the newest of them first."""
        return token.state(self._provider.clock()) is TokenState.VALID, token.created

    def _usable(self, visit: Visit) -> Token:
        """The token of the address; one that is revoked, or that is not there, is no page."""
        for token in tokens.listed(self._provider.database, self._provider.profile.name):
            if (
                token.id == visit.params["id"]
                and token.state(self._provider.clock()) is not TokenState.REVOKED
            ):
                return token
        raise HTTPException(404)

    def _expiry(self, visit: Visit) -> dt.datetime | None:
        days = visit.form.text("lifetime")
        if not days or days not in dict(LIFETIMES):
            return None
        return self._provider.clock() + dt.timedelta(days=int(days))

    def _lifetimes(self, visit: Visit) -> list[tuple[str, str]]:
        return [(days, visit.text(name)) for days, name in LIFETIMES]
