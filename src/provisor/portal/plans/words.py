"""What the Plan tab calls the states and origins of plans, as texts to translate."""

from __future__ import annotations

from provisor.core.plan import Origin, PlanState
from provisor.look.catalogues import mark as _

STATES: dict[PlanState, tuple[str, str]] = {
    PlanState.PLANNING: ("info", _("Being made")),
    PlanState.READY: ("info", _("Ready to be applied")),
    PlanState.HELD: ("warning", _("Changes are held")),
    PlanState.APPLYING: ("info", _("Being applied")),
    PlanState.APPLIED: ("success", _("Applied")),
    PlanState.CLOSING: ("", _("Being closed")),
    PlanState.ABANDONED: ("", _("Given up")),
}
"""Tone and words of where a plan stands."""

ORIGINS: dict[Origin, str] = {
    Origin.SCHEDULE: _("By schedule"),
    Origin.PERSON: _("Asked for by a person"),
    Origin.EXPRESS: _("Leavers first"),
    Origin.ON_DEMAND: _("On demand"),
    Origin.UNDO: _("Takes an earlier plan back"),
}
"""Why a plan was made."""
