"""What is done to administrators, for the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from provisor.core.audit import Act, Activity, Actor
from provisor.look.sign_in.sessions import Session
from provisor.portal.office import Office

INVITATION = "Invitation"
"""The subject of an act that makes a link: who will use it is not known yet."""


class Acts:
    """Writes down what was done; administrators are kept beside the engine, so it is a transaction of its own."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def note(
        self,
        actor: Actor,
        activity: Activity,
        subject: str,
        *,
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> None:
        """Write an act of an administrator upon another down."""
        act = Act(
            actor=actor,
            activity=activity,
            application_id=None,
            subject=subject,
            before=before,
            after=after,
        )
        with self._office.store.write() as unit:
            unit.audit.add(act)

    def note_welcome(self, session: Session) -> None:
        """Write down that somebody used a link: it made them, or gave them a new password."""
        name = session.administrator
        self.note(Actor(name), Activity.ADD_ADMINISTRATOR, name, after={"role": session.role.value})
