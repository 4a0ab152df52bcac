"""The decision table: what happens to one object's account (Entra: *How provisioning works*; specification 3.6).

Deciding is done in steps, because some answers need the target: `consider` decides what it can and otherwise asks for a
match or a read; `after_match` and `after_read` decide with the answer. All are pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from provisor.core import differences, leaving, redaction
from provisor.core.application import OutOfScopeDeletions
from provisor.core.changes import (
    ChangeKind,
    Create,
    Decision,
    Delete,
    Disable,
    Fail,
    Nothing,
    Reason,
    Skip,
    Tie,
    Update,
    Written,
)
from provisor.core.deprovisioning import DeprovisioningPolicy
from provisor.core.errors import ErrorCode
from provisor.core.expressions import Circumstances
from provisor.core.flows import MappingError, ObjectIgnored, value_of
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.links import Link, LinkState
from provisor.core.mapping import (
    CompiledMapping,
    evaluate,
    evaluate_for_creation,
    matching_values,
    source_attributes,
    unique_values,
)
from provisor.core.objects import DirectoryObject, Value
from provisor.core.protection import takes_away
from provisor.core.schema import TargetAction
from provisor.core.scoping import InScope, OutOfScope, OutOfScopeReason, ScopeVerdict, Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything known of one object without asking the target.

    `unchanged` tells that nothing about the object itself has happened since the last cycle, so that a linked account
    in good standing needs no look; `protected` that its account must not be disabled or deleted; `uncertain` that an
    account may have been made which could not be looked up.
    """

    subject: DirectoryObject
    verdict: ScopeVerdict
    link: Link | None
    mapping: CompiledMapping
    out_of_scope_deletions: OutOfScopeDeletions
    deprovisioning: DeprovisioningPolicy
    now: datetime
    circumstances: Circumstances
    unchanged: bool
    protected: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class AskMatch:
    """Look for an account by these (target path, value) pairs, in order, up to the first hit."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskRead:
    """Read the linked account."""

    target_id: TargetId


@dataclass(frozen=True, slots=True)
class Unmatched:
    """No account has any of the values."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Exactly one account has the value of `attribute`; `owner` is the object it is linked to already, if any."""

    target_id: TargetId
    document: Mapping[str, Any]
    attribute: str
    owner: ObjectId | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several accounts have the value of `attribute`."""

    target_ids: tuple[TargetId, ...]
    attribute: str


MatchAnswer = Unmatched | Matched | Ambiguous

Answer = TypeVar("Answer")


def consider(case: Case) -> Decision | AskMatch | AskRead:
    """The decision, or what must be asked of the target first."""
    match case.verdict:
        case InScope():
            return _consider_in_scope(case)
        case OutOfScope(reason, _):
            step = _without_scope(case, reason)
            return step if isinstance(step, AskMatch) else unless_protected(case, step)
        case Undecided() as undecided:
            return unable(undecided)


def unless_protected(case: Case, decision: Decision) -> Decision:
    """Protection is stronger than any reason to take an account away."""
    match decision:
        case Disable() | Delete() if case.protected:
            return Skip(Reason.PROTECTED)
        case Update(modifications=changed) if case.protected and takes_away(ChangeKind.UPDATE, changed):
            return Skip(Reason.PROTECTED)
        case _:
            return decision


def after_match(case: Case, answer: MatchAnswer) -> Decision:
    """The decision for an object without a link, once the target was searched."""
    if isinstance(case.verdict, OutOfScope):
        return _after_search_for_leaver(case.verdict, answer)
    actions = case.mapping.actions
    match answer:
        case Unmatched():
            return _create(case) if TargetAction.CREATE in actions else Skip(Reason.CREATE_IS_OFF)
        case Ambiguous(target_ids, attribute):
            found = ", ".join(target_ids)
            return Fail(
                ErrorCode.DUPLICATE_TARGET_ENTRIES,
                f"{len(target_ids)} accounts have the same {attribute} ({found}); make it unique in the application, "
                "or add a second matching attribute.",
                candidates=target_ids,
            )
        case Matched(target_id, _, attribute, owner) if owner is not None and owner != case.subject.id:
            return Fail(
                ErrorCode.DUPLICATE_SOURCE_ENTRIES,
                f"the account {target_id} matches by {attribute}, but already belongs to the directory object {owner}; "
                "two people cannot share an account.",
                candidates=(target_id,),
            )
        case Matched(target_id, document, attribute, _):
            if TargetAction.UPDATE not in actions:
                return Tie(target_id, Reason.ACCOUNT_MATCHED, attribute)
            decision = _bring_in_line(case, target_id, document, Reason.ACCOUNT_MATCHED, attribute)
            return unless_protected(case, decision)


def after_read(case: Case, target_id: TargetId, document: Mapping[str, Any]) -> Decision:
    """The decision for a linked object, once its account was read."""
    returning = case.link is not None and case.link.state is LinkState.DISABLED
    reason = Reason.BACK_IN_SCOPE if returning else Reason.ATTRIBUTES_DIFFER
    return unless_protected(case, _bring_in_line(case, target_id, document, reason, None))


def ask_match(case: Case) -> AskMatch | Fail | Skip:
    """What to search for; also asked again when a linked account turns out to be gone."""
    return _guarded(lambda: _ask_match(case))


def unable(verdict: Undecided) -> Fail:
    """What follows for an object that the scoping filter could not be evaluated for."""
    return Fail(ErrorCode.INVALID_EXPRESSION, verdict.message)


def hidden(case: Case) -> frozenset[str]:
    """The texts that a message about the object must not tell: what its redacted mappings were made from and give."""
    if not case.mapping.redacted:
        return frozenset()
    seen = view(case)
    found: list[Any] = []
    for flow in case.mapping.on_create:
        if flow.redacted:
            found += [seen.get(name) for name in flow.reads]
            try:
                found.append(value_of(flow, seen))
            except (MappingError, ObjectIgnored):
                continue
    return redaction.texts(found)


def wanted_of(case: Case) -> dict[str, Written]:
    """What the account shall have, by path. Raises `MappingError`, and `ObjectIgnored` where nothing shall flow."""
    seen = view(case)
    evaluate(case.mapping.filters, seen)
    return evaluate(case.mapping.always, seen)


def view(case: Case) -> dict[str, Value]:
    """What the mappings of this case see."""
    match case.verdict:
        case InScope(roles, _):
            return source_attributes(
                case.subject, soft_deleted=False, roles=roles, circumstances=case.circumstances
            )
        case OutOfScope() | Undecided():
            return source_attributes(
                case.subject, soft_deleted=True, roles=(), circumstances=case.circumstances
            )


def _consider_in_scope(case: Case) -> Decision | AskMatch | AskRead:
    link = case.link
    if link is None:
        return ask_match(case)
    if case.unchanged and link.state is LinkState.ACTIVE and not case.mapping.reads_roles:
        return Nothing()
    if TargetAction.UPDATE not in case.mapping.actions:
        return Skip(Reason.UPDATE_IS_OFF)
    return AskRead(link.target_id)


def _without_scope(case: Case, reason: OutOfScopeReason) -> Decision | AskMatch:
    if case.link is None:
        asked = ask_match(case) if case.uncertain else None
        return asked if isinstance(asked, AskMatch) else Skip(Reason(reason))
    if reason is OutOfScopeReason.DROPPED_EARLY:
        return Skip(Reason(reason), delete_due=case.link.delete_due)
    leaver = leaving.Leaver(
        subject=case.subject,
        link=case.link,
        mapping=case.mapping,
        policy=case.deprovisioning,
        out_of_scope_deletions=case.out_of_scope_deletions,
        now=case.now,
        circumstances=case.circumstances,
    )
    return _guarded(lambda: leaving.decide(leaver, reason))


def _after_search_for_leaver(verdict: OutOfScope, answer: MatchAnswer) -> Decision:
    """Somebody left while it was in doubt whether an account had been made: one that is there is linked."""
    if isinstance(answer, Matched) and answer.owner is None:
        return Tie(answer.target_id, Reason.CREATION_RECOVERED, answer.attribute)
    return Skip(Reason(verdict.reason))


def _ask_match(case: Case) -> AskMatch | Fail:
    seen = view(case)
    evaluate(case.mapping.filters, seen)
    values = matching_values(case.mapping, seen)
    if values:
        return AskMatch(values)
    names = ", ".join(flow.target.name for flow in case.mapping.matching)
    return Fail(
        ErrorCode.IMPORT_SKIPPED,
        f"no matching attribute ({names}) has a value for this object, so its account could not be recognised; fill "
        "the attribute it is made from.",
    )


def _create(case: Case) -> Decision:
    def make() -> Decision:
        seen = view(case)
        evaluate(case.mapping.filters, seen)
        unique = unique_values(case.mapping, seen)
        first = {path: candidates[0] for path, candidates in unique.items()}
        return Create({**evaluate_for_creation(case.mapping, seen), **first}, Reason.NO_ACCOUNT, unique)

    return _guarded(make)


def _bring_in_line(
    case: Case, target_id: TargetId, document: Mapping[str, Any], reason: Reason, matched_on: str | None
) -> Decision:
    def compare() -> Decision:
        wanted = wanted_of(case)
        rules = case.mapping.rules
        modifications = differences.between(document, wanted, rules)
        if modifications:
            deletion = {flow.target.name for flow in case.mapping.always if flow.tells_deletion}
            enabling = any(item.path in deletion for item in modifications)
            resent = differences.resent(document, wanted, rules, modifications)
            return Update(target_id, (*modifications, *resent), reason, enabling, matched_on)
        if matched_on is not None or reason is Reason.BACK_IN_SCOPE:
            return Tie(target_id, reason, matched_on)
        return Skip(Reason.REDUNDANT_EXPORT)

    return _guarded(compare)


def _guarded(decide: Callable[[], Answer]) -> Answer | Fail | Skip:
    try:
        return decide()
    except ObjectIgnored:
        return Skip(Reason.IGNORED_BY_EXPRESSION)
    except MappingError as error:
        return Fail(error.code, str(error))
