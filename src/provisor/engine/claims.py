"""One account for one person: within a plan, nobody gets an account that somebody before them gets.

The store knows whose the linked accounts are. Those that this plan is about to link or make are known here, in memory
while they are few and beside the plan's listing afterwards, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from provisor.core import changes, deciding
from provisor.core.errors import ErrorCode
from provisor.core.identifiers import ObjectId, PlanId
from provisor.core.objects import ObjectType
from provisor.ports.store import Store
from provisor.scim import comparison

Claim = tuple[str, str]
"""What is claimed, and its value: the account's id, or a value that accounts are told apart by."""

_ACCOUNT = "account"
_IN_MEMORY = 20_000


class Claims:
    """The claims of one plan on accounts of one type."""

    def __init__(self, store: Store, plan_id: PlanId, object_type: ObjectType) -> None:
        self._store = store
        self._plan_id = plan_id
        self._type = object_type
        self._recent: dict[Claim, ObjectId] = {}
        self._kept = False

    def settle(
        self, cases: Sequence[deciding.Case], decisions: Sequence[changes.Decision]
    ) -> Sequence[changes.Decision]:
        """The decisions, those refused that would give somebody the account of somebody before them."""
        claimed = [tuple(_claims(case, decision)) for case, decision in zip(cases, decisions, strict=True)]
        earlier = self._earlier({claim for claims in claimed for claim in claims})
        settled = []
        for case, decision, claims in zip(cases, decisions, claimed, strict=True):
            holder = _holder(claims, case.subject.id, self._recent, earlier)
            settled.append(decision if holder is None else _refusal(*holder, case))
            if holder is None:
                self._recent.update(dict.fromkeys(claims, case.subject.id))
        if len(self._recent) > _IN_MEMORY:
            self._keep()
        return settled

    def _earlier(self, claims: set[Claim]) -> Mapping[Claim, ObjectId]:
        """Who holds these claims, of those that are not in memory any more."""
        if not self._kept:
            return {}
        found: dict[Claim, ObjectId] = {}
        with self._store.read() as unit:
            snapshot = unit.snapshot(self._plan_id)
            for attribute in sorted({attribute for attribute, _ in claims}):
                values = [value for other, value in claims if other == attribute]
                holders = snapshot.claimants(self._type, attribute, values)
                found.update({(attribute, value): holder for value, holder in holders.items()})
        return found

    def _keep(self) -> None:
        with self._store.write() as unit:
            unit.snapshot(self._plan_id).claim(
                self._type, [(*claim, holder) for claim, holder in self._recent.items()]
            )
        self._recent.clear()
        self._kept = True


def _claims(case: deciding.Case, decision: changes.Decision) -> Iterator[Claim]:
    match decision:
        case changes.Create():
            for flow in case.mapping.matching:
                for key in comparison.keys(flow.path, decision.values.get(flow.path)):
                    yield flow.path, key
        case changes.Update() | changes.Tie() if decision.matched_on is not None:
            yield _ACCOUNT, decision.target_id


def _holder(
    claims: Sequence[Claim], subject: ObjectId, *known: Mapping[Claim, ObjectId]
) -> tuple[Claim, ObjectId] | None:
    for claim in claims:
        for holders in known:
            holder = holders.get(claim)
            if holder is not None and holder != subject:
                return claim, holder
    return None


def _refusal(claim: Claim, holder: ObjectId, case: deciding.Case) -> changes.Fail:
    attribute, value = claim
    if attribute == _ACCOUNT:
        what = f"the account {value} matches this object, but the directory object {holder} gets it in the same plan"
    else:
        shown = "" if attribute in case.mapping.redacted else f" “{value}”"
        what = (
            f"the directory object {holder} gets an account with the same {attribute}{shown} in the same plan"
        )
    return changes.Fail(
        ErrorCode.DUPLICATE_SOURCE_ENTRIES,
        f"{what}; two people cannot share an account, so give each a value of their own.",
    )
