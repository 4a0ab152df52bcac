"""The effect of a change before it is made: what is decided of an object under the present configuration, and the next.

What the target holds is not asked. An account is taken to be what the present configuration makes of its person, so that
only what the change itself brings about is seen; decisions are those of `core.deciding`.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from provisor.core import changes, deciding, scoping
from provisor.core.changes import Modification, Reason
from provisor.core.flows import MappingError, ObjectIgnored
from provisor.core.links import LinkState
from provisor.core.mapping import evaluate, source_attributes
from provisor.core.objects import DirectoryObject, Value
from provisor.core.schema import TargetAction
from provisor.scim import resources


class Effect(enum.StrEnum):
    """What a change means for one object."""

    ENTERS = "enters"
    """Gets an account, or has it enabled again."""
    LEAVES = "leaves"
    """Has the account disabled or deleted."""
    CHANGES = "changes"
    """Gets other attributes."""
    FAILS = "fails"
    """Cannot be provisioned any more."""
    KEPT_OUT = "keptOut"
    """Would have got an account with the next cycle, and does not."""
    STAYS = "stays"
    """Would have lost the account with the next cycle, and does not."""
    ANYWAY = "anyway"
    """Something happens to the account, and would without the change as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One object that something will be done to, or was going to be.

    `before` and `after` are what is decided of it without and with the change, `verdicts` the scoping in the same
    order; a verdict is None where the configuration does not provision such objects at all.
    """

    subject: DirectoryObject
    effect: Effect
    before: changes.Decision
    after: changes.Decision
    verdicts: tuple[scoping.ScopeVerdict | None, scoping.ScopeVerdict | None]

    @property
    def why(self) -> tuple[str, str]:
        """The scoping in words, without and with the change."""
        before, after = self.verdicts
        return told(before), told(after)

    @property
    def modifications(self) -> tuple[Modification, ...]:
        """What becomes of attributes: of an account that is there, or of one that would have been made otherwise."""
        match self.after, self.before:
            case (changes.Update() | changes.Disable()) as decided, _:
                return decided.modifications
            case changes.Create(values=values), changes.Create(values=others) if values != others:
                paths = [path for path in {**others, **values} if others.get(path) != values.get(path)]
                return tuple(
                    Modification(path=path, old=others.get(path), new=values.get(path)) for path in paths
                )
            case changes.Create(values=values), _:
                return tuple(Modification(path=path, old=None, new=value) for path, value in values.items())
            case _:
                return ()


def compare(before: deciding.Case | None, after: deciding.Case | None) -> Foreseen | None:
    """What a change brings about for one object; None where nothing is done to its account either way.

    A case is None where the configuration does not provision such objects; at least one is needed.
    """
    known = before or after
    if known is None:
        raise AssertionError("an object that neither configuration knows has no effect")
    document = _image(known)
    was, becomes = _expected(before, document), _expected(after, document)
    effect = _effect(was, becomes)
    if effect is None:
        return None
    verdicts = (before.verdict if before else None, after.verdict if after else None)
    return Foreseen(subject=known.subject, effect=effect, before=was, after=becomes, verdicts=verdicts)


def _expected(case: deciding.Case | None, document: Mapping[str, Any]) -> changes.Decision:
    if case is None:
        return changes.Nothing()
    match deciding.consider(case):
        case deciding.AskMatch():
            return deciding.after_match(case, deciding.Unmatched())
        case deciding.AskRead(target_id):
            return deciding.after_read(case, target_id, document)
        case decision:
            return decision


def _image(case: deciding.Case) -> Mapping[str, Any]:
    """The account as the configuration makes it of its person; empty where it cannot."""
    if case.link is None:
        return {}
    conditions = case.verdict.conditions
    roles = case.verdict.roles if isinstance(case.verdict, scoping.InScope) else ()
    alone = dataclasses.replace(
        case,
        link=None,
        verdict=scoping.InScope(roles, conditions),
        mapping=dataclasses.replace(case.mapping, actions=frozenset(TargetAction)),
    )
    made = deciding.after_match(alone, deciding.Unmatched())
    values: dict[str, Any] = dict(made.values) if isinstance(made, changes.Create) else {}
    if case.link.state is LinkState.DISABLED:
        values.update(_disabled(case))
    return resources.build(values.items(), resource_type=case.subject.object_type.value)


def _disabled(case: deciding.Case) -> Mapping[str, Any]:
    flows = [flow for flow in case.mapping.always if flow.tells_deletion]
    try:
        return evaluate(flows, _deleted_view(case))
    except (MappingError, ObjectIgnored):
        return {}


def _deleted_view(case: deciding.Case) -> Mapping[str, Value]:
    return source_attributes(case.subject, soft_deleted=True, roles=(), circumstances=case.circumstances)


class _Fate(enum.Enum):
    """What a decision means for the account."""

    HAS = "has"
    GETS = "gets"
    LOSES = "loses"
    FAILS = "fails"
    NONE = "none"


def _fate(decision: changes.Decision) -> _Fate:
    match decision:
        case changes.Create() | changes.Update(enabling=True) | changes.Tie(reason=Reason.BACK_IN_SCOPE):
            return _Fate.GETS
        case changes.Update() | changes.Tie() | changes.Drift():
            return _Fate.HAS
        case changes.Disable() | changes.Delete():
            return _Fate.LOSES
        case changes.Fail():
            return _Fate.FAILS
        case changes.Skip() | changes.Nothing():
            return _Fate.NONE
        case _:
            assert_never(decision)


_EFFECTS: Mapping[tuple[_Fate, _Fate], Effect] = {
    (_Fate.GETS, _Fate.GETS): Effect.CHANGES,
    (_Fate.LOSES, _Fate.LOSES): Effect.ANYWAY,
    (_Fate.FAILS, _Fate.FAILS): Effect.ANYWAY,
    (_Fate.GETS, _Fate.NONE): Effect.KEPT_OUT,
    (_Fate.LOSES, _Fate.NONE): Effect.STAYS,
}
"""What it means that one fate takes the place of another, where the later one alone does not say it."""

_BECOMING: Mapping[_Fate, Effect] = {
    _Fate.GETS: Effect.ENTERS,
    _Fate.LOSES: Effect.LEAVES,
    _Fate.FAILS: Effect.FAILS,
}


def _effect(before: changes.Decision, after: changes.Decision) -> Effect | None:
    was, becomes = _fate(before), _fate(after)
    if before == after:
        return None if becomes is _Fate.NONE else Effect.ANYWAY
    if becomes is _Fate.HAS:
        return Effect.CHANGES if isinstance(after, changes.Update) else Effect.ANYWAY
    return _EFFECTS.get((was, becomes), _BECOMING.get(becomes))


def told(verdict: scoping.ScopeVerdict | None) -> str:
    """A scoping verdict in words, with the clause or group that decided it."""
    match verdict:
        case None:
            return "objects of this type are not provisioned"
        case scoping.InScope(_, conditions):
            by = conditions.filter_decided_by
            return f"is in scope (passes {by})" if conditions.filter_passed and by else "is in scope"
        case scoping.OutOfScope(reason, conditions):
            words = changes.EXPLANATIONS[Reason(reason)]
            filtered = reason in (
                scoping.OutOfScopeReason.FILTERED_OUT,
                scoping.OutOfScopeReason.DROPPED_EARLY,
            )
            return f"{words} ({conditions.filter_decided_by})" if filtered else words
        case scoping.Undecided(message, _):
            return message
        case _:
            assert_never(verdict)
