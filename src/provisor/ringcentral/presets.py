"""Profiles within the limits of other targets, as reported from the field; the sources are named with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from scim2_models import Bulk, Pagination, Patch, ScimProvider, Sort

from provisor.ringcentral.account.knobs import FilterOperators
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.protocol.filters import Brackets, FilterRules
from provisor.ringcentral.protocol.limited_service import LimitedService
from provisor.ringcentral.protocol.limits import GroupPut, Limits, MemberPatch, Members, PutAnswer

if TYPE_CHECKING:
    from provisor.ringcentral.profiles import Profile

_NO_BULK = Bulk(supported=False, max_operations=0, max_payload_size=0)
_MEGABYTE = 1024 * 1024


def _preset(
    full: Profile,
    name: ProfileName,
    limits: Limits,
    *,
    source: str,
    told: Sequence[str] = (),
    page: int | None = None,
    default_page: int | None = None,
    bulk: Bulk | None = _NO_BULK,
    patch: bool = True,
    sort: bool = True,
    types: Sequence[str] = ("User", "Group"),
    throttling: Throttling | None = None,
) -> Profile:
    base = full.provider
    if base.config is None:
        raise ValueError("the full profile has a configuration")
    size = page or 1000
    config = base.config.model_copy(
        deep=True,
        update={
            "bulk": base.config.bulk if bulk is None else bulk,
            "patch": Patch(supported=patch),
            "sort": Sort(supported=sort),
            "pagination": Pagination(
                cursor=True,
                index=True,
                default_pagination_method=Pagination.DefaultPaginationMethod.index,
                default_page_size=default_page or size,
                max_page_size=size,
                cursor_timeout=3600,
            ),
        },
    )
    if config.filter is not None:
        config.filter.max_results = size
    resource_types = [each for each in base.resource_types if each.name in types]
    models = [model for model in base.models if model.__name__ != "Group" or "Group" in types]
    words = [
        *told,
        *([f"{default_page or page} resources a page, {page} at most"] if page else []),
        *limits.told(),
        *([] if patch else ["no PATCH (501)"]),
        *([] if sort else ["no sorting"]),
        *([] if bulk is None else ["no bulk (501)"]),
    ]
    return replace(
        full,
        name=name,
        provider=ScimProvider(
            models=models, resource_types=resource_types, config=config, policy=base.policy
        ),
        service=partial(LimitedService, limits=limits),
        throttling=throttling,
        limits=tuple(words),
        source=source,
    )


def within_limits(full: Profile) -> Sequence[Profile]:
    """The presets, each the full profile without what its target cannot do."""
    return (
        _preset(
            full,
            ProfileName.AWS_IDENTITY_CENTER,
            Limits(
                max_members=100,
                members=Members.NEVER,
                member_patch=MemberPatch.ADD_OR_REMOVE_NAMED,
                single_valued=frozenset({"emails", "phoneNumbers", "addresses"}),
                absent=frozenset({"me", ".search"}),
                filters=FilterRules(operators=FilterOperators.EQ_AND, aliases={"members": "members.value"}),
            ),
            page=100,
            default_page=50,
            sort=False,
            source="limitations page of AWS; authentik#20410, #23005",
        ),
        _preset(
            full,
            ProfileName.KEYCLOAK,
            Limits(
                group_put=GroupPut.NO_MEMBERS,
                filters=FilterRules(max_length=1000, brackets=Brackets.REFUSED),
            ),
            page=100,
            sort=False,
            source="keycloak#46216, #50366, #52969; the length of a filter is ours",
        ),
        _preset(
            full,
            ProfileName.ZITADEL,
            Limits(filters=FilterRules(max_length=1000)),
            page=100,
            bulk=None,
            types=("User",),
            told=["users only"],
            source="SCIM guide of Zitadel",
        ),
        _preset(
            full,
            ProfileName.VCENTER,
            Limits(put_answer=PutAnswer.NO_CONTENT, members=Members.NEVER),
            patch=False,
            source="authentik#25003, #25024",
        ),
        _preset(
            full,
            ProfileName.LOGFIRE,
            Limits(members=Members.NEVER),
            page=1,
            source="logfire#2353, #2356",
        ),
        _preset(
            full,
            ProfileName.EPTURA,
            Limits(max_body=2 * _MEGABYTE),
            told=["500 reads and 500 writes a minute"],
            throttling=Throttling(light=500, heavy=500),
            source="documentation of Eptura, which counts 500 calls of either kind together",
        ),
    )
