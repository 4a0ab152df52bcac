"""What became of work on a plan, in words."""

from __future__ import annotations

from dataclasses import dataclass

from provisor.core import plan
from provisor.engine.outcomes import Applied, Held, NothingToDo, Paused
from provisor.look.catalogues import mark as _
from provisor.look.visit import Tone, Visit
from provisor.portal import failures
from provisor.portal.work import State, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How work ended; `failed` rows of the plan did not succeed."""

    tone: Tone
    sentence: str
    quoted: str = ""
    recommendation: str = ""
    failed: int = 0
    plan: plan.Plan | None = None


def told(visit: Visit, work: Work) -> Told:
    """What became of a piece of work that is over."""
    if work.state is State.FAILED:
        why = failures.told(visit, work.error)
        return Told(
            tone=Tone.DANGER,
            sentence=why.sentence,
            quoted=why.quoted,
            recommendation=why.recommendation,
        )
    match work.outcome:
        case plan.Plan() as made:
            return Told(
                tone=Tone.SUCCESS,
                sentence=visit.text(_("The plan was made. Nothing was applied.")),
                plan=made,
            )
        case None | NothingToDo():
            return Told(
                tone=Tone.INFO,
                sentence=visit.text(
                    _("There is nothing to do: nothing that concerns the application changed.")
                ),
            )
        case Applied(made, failed):
            return _applied(visit, made, failed)
        case Held(made, applied):
            return Told(
                tone=Tone.WARNING,
                sentence=visit.text(_("What was allowed was applied; the rest is still held.")),
                failed=0 if applied is None else applied.failures,
                plan=made,
            )
        case Paused(made):
            return Told(
                tone=Tone.WARNING,
                sentence=visit.text(
                    _("It stopped before the end: the job was paused, or the service ended.")
                ),
                plan=made,
            )
        case other:
            raise AssertionError(f"no work on a plan ends with {other!r}")


def _applied(visit: Visit, made: plan.Plan, failed: int) -> Told:
    if failed:
        return Told(
            tone=Tone.WARNING,
            sentence=visit.text(_("The plan was applied, but some changes failed.")),
            failed=failed,
            plan=made,
        )
    return Told(tone=Tone.SUCCESS, sentence=visit.text(_("The plan was applied.")), plan=made)
