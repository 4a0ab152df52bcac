"""What a target cannot do that the full profile can, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from provisor.ringcentral.account.knobs import FilterOperators
from provisor.ringcentral.protocol.filters import Brackets, FilterRules


class GroupPut(Enum):
    """What a PUT of a group may hold."""

    ANYTHING = "anything"
    NO_MEMBERS = "no members"


class PutAnswer(Enum):
    """What a PUT that succeeded answers."""

    RESOURCE = "200 with the resource"
    NO_CONTENT = "204"


class MemberPatch(Enum):
    """How a PATCH may change members."""

    ANY = "any"
    ADD_OR_REMOVE_NAMED = "add, or remove by name"


class Members(Enum):
    """Whether answers list the members of a group."""

    LISTED = "listed"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken away.

    :param max_members: members one request may carry; None for any number.
    :param max_body: bytes a body may have; None for the provider's own limit.
    :param single_valued: attributes that hold one value at most.
    :param absent: endpoints below the root that do not exist: the first part of a path.
    """

    max_members: int | None = None
    max_body: int | None = None
    members: Members = Members.LISTED
    member_patch: MemberPatch = MemberPatch.ANY
    group_put: GroupPut = GroupPut.ANYTHING
    put_answer: PutAnswer = PutAnswer.RESOURCE
    single_valued: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    filters: FilterRules = field(default_factory=FilterRules)

    def told(self) -> Iterator[str]:
        """Each limit in a few words."""
        if self.max_members is not None:
            yield f"{self.max_members} members a request"
        if self.max_body is not None:
            yield f"bodies of {self.max_body // 1024 // 1024} MB"
        if self.members is Members.NEVER:
            yield "members never in answers"
        if self.member_patch is MemberPatch.ADD_OR_REMOVE_NAMED:
            yield "members are added or removed by name, not replaced"
        if self.group_put is GroupPut.NO_MEMBERS:
            yield "no members in a PUT (501)"
        if self.put_answer is PutAnswer.NO_CONTENT:
            yield "PUT answers 204"
        if self.single_valued:
            yield f"one value of {', '.join(sorted(self.single_valued))}"
        if self.absent:
            yield f"no {', '.join(f'/{name}' for name in sorted(self.absent))}"
        yield from self._filters_told()

    def _filters_told(self) -> Iterator[str]:
        if self.filters.operators is FilterOperators.EQ_AND:
            yield "filters with eq and and only"
        if self.filters.brackets is Brackets.REFUSED:
            yield "no [ ] in filters"
        if self.filters.max_length is not None:
            yield f"filters of {self.filters.max_length} characters"
