"""How somebody stands with an application, in the visitor's language: the conditions in order, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import explanation
from provisor.core.application import ProvisioningScope
from provisor.core.changes import Reason
from provisor.core.explanation import Answer, Standing
from provisor.core.links import LinkOrigin, LinkState
from provisor.core.objects import Lifecycle
from provisor.core.scoping import OutOfScope, Undecided
from provisor.core.steps import Mark
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit
from provisor.portal import reasons

ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.IN: ("success", _("Is in the application")),
    Answer.COMING: ("info", _("Belongs into the application, and its account is still to come")),
    Answer.DISABLED: ("warning", _("Is out of scope; the account is disabled")),
    Answer.REMAINING: ("warning", _("Is out of scope, and the account is still in use")),
    Answer.OUT: ("", _("Is not in the application")),
}
"""Tone and words of the answer."""

ORIGINS: Mapping[LinkOrigin, str] = {
    LinkOrigin.CREATED: _("made by Provisor"),
    LinkOrigin.MATCHED: _("found by a matching attribute"),
    LinkOrigin.ADOPTED: _("found when it was to be made"),
    LinkOrigin.BY_HAND: _("linked by hand"),
}
"""How an account came to be linked."""

ACCOUNTS: Mapping[LinkState, tuple[str, str]] = {
    LinkState.ACTIVE: ("success", _("In use")),
    LinkState.DISABLED: ("warning", _("Disabled")),
}
"""Tone and words of what was last done to an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The answer, why, every condition in order, and what else there is to know; `quoted` is said in its own language."""

    answer: Answer
    why: str
    conditions: Sequence[tuple[Mark, str]]
    facts: Sequence[str]
    quoted: str = ""


def told(visit: Visit, standing: Standing) -> Explained:
    """Why somebody is, or is not, in an application."""
    answer = explanation.explain(standing).answer
    verdict = None if standing.case is None else standing.case.verdict
    quoted = ""
    match verdict:
        case None:
            why = visit.text(_("The application provisions no objects of this kind."))
        case OutOfScope(reason, _missing):
            why = f"{standing.subject_name}: {visit.text(reasons.REASONS[Reason(reason)])}."
        case Undecided(message, _code):
            why, quoted = visit.text(_("It cannot be judged.")), message
        case _in_scope:
            why = visit.text(_("Every condition is met."))
    if standing.escrow is not None:
        quoted = standing.escrow.message
    return Explained(
        answer=answer,
        why=why,
        conditions=list(_conditions(visit, standing)),
        facts=list(_facts(visit, standing)),
        quoted=quoted,
    )


def _conditions(visit: Visit, standing: Standing) -> Iterator[tuple[Mark, str]]:
    """Each condition in the order in which they are judged."""
    yield _mark(standing.lifecycle is Lifecycle.ACTIVE), visit.text(_("Not deleted in the directory"))
    yield _mark(standing.enabled), visit.text(_("Enabled in the directory"))
    if standing.application.settings.scope is ProvisioningScope.ALL:
        yield Mark.YES, visit.text(_("Everybody is in scope, assigned or not"))
    else:
        yield _mark(bool(standing.ways)), visit.text(_("Assigned to the application"))
        yield (
            _mark(any(way.provisions for way in standing.ways)),
            visit.text(_("With a role that provisions")),
        )
    for way in standing.ways:
        path = " → ".join(way.path)
        message = _("Role %(role)s through %(groups)s") if path else _("Role %(role)s, directly")
        yield Mark.NEITHER, visit.text(message, role=way.role, groups=path)
    for group in standing.filters:
        for clause in group.clauses:
            label = visit.text(_("Scoping filter %(name)s:"), name=group.name)
            yield _mark(clause.passed), f"{label} {clause.label}"


def _mark(passed: object) -> Mark:
    return Mark.YES if passed else Mark.NO


def _facts(visit: Visit, standing: Standing) -> Iterator[str]:
    if standing.escrow is not None:
        message = _("The last attempt failed, %(count)d in a row.")
        yield visit.text(message, count=standing.escrow.failures)
    if standing.held is not None:
        yield visit.text(_("A change is held until a person decides about it."))
    if standing.obstacle is not None:
        yield visit.text(_("No cycle runs now: the Provisioning tab tells why."))
    if standing.awaited:
        yield visit.text(_("Something changed since the last cycle, so the next one looks here."))
