"""The two profiles a service provider can have, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Extension,
    Filter,
    Pagination,
    Patch,
    ResourceType,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from provisor.ringcentral import presets
from provisor.ringcentral.account.seat_rules import SeatRules
from provisor.ringcentral.account.settings import Settings
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.choices import Choices, InvalidChoiceError
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.protocol.cursors import ClientCursors
from provisor.ringcentral.protocol.full_service import FullService
from provisor.ringcentral.protocol.request_limits import LIMITS
from provisor.ringcentral.protocol.ringcentral_service import RingCentralService
from provisor.ringcentral.protocol.tolerances import LENIENT, Tolerances
from provisor.ringcentral.protocol.tolerant_service import TolerantService
from provisor.ringcentral.resources import extensions, full, ringcentral
from provisor.ringcentral.resources.extensions import ExtensionError, ExtraSchema
from provisor.ringcentral.storage.references import ReferenceRules
from provisor.ringcentral.storage.resource_rules import ResourceRules
from provisor.ringcentral.storage.sql_storage import Clock


class ConfigAccess(Enum):
    """Who may read `/ServiceProviderConfig`."""

    OPEN = "open"
    AUTHENTICATED = "authenticated"


class Gateway(Enum):
    """What stands in front of the SCIM service: nothing, or RingCentral's platform with OAuth and its ways of calling."""

    NONE = "none"
    RINGCENTRAL = "ringcentral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All a profile differs by.

    :param throttling: the limits it has unless told otherwise; None for none.
    :param service: makes its protocol, which reads the settings in force at each request.
    :param rules: makes what its storage adds to a write.
    :param seats: the size of its seat pool unless told otherwise; None where users need no seat.
    :param limits: what it cannot do that the full profile can, in words.
    :param source: where its limits are reported.
    :param indexed: the only paths its storage indexes, by resource type; all where absent.
    :param tolerances: the habits of clients it understands that the RFCs do not allow.
    """

    name: ProfileName
    provider: ScimProvider
    service: Callable[[ScimProvider, Callable[[], Settings], ClientCursors], TolerantService]
    rules: Callable[[Callable[[], Settings], Clock], ResourceRules]
    gateway: Gateway = Gateway.NONE
    config_access: ConfigAccess
    throttling: Throttling | None = None
    seats: int | None = None
    indexed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tolerances: Tolerances = LENIENT
    limits: tuple[str, ...] = ()
    source: str = ""

    def tolerating(self, tolerances: Tolerances | None) -> Profile:
        """The same profile, which understands other habits of clients; None for its own."""
        if tolerances is None:
            return self
        provider = ScimProvider(
            models=self.provider.models,
            resource_types=self.provider.resource_types,
            config=self.provider.config,
            policy=tolerances.policy(),
        )
        return replace(self, provider=provider, tolerances=tolerances)


def _config(
    *, sort: Sort, etag: ETag, bulk: Bulk, max_results: int, pagination: Pagination | None = None
) -> ServiceProviderConfig:
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=bulk,
        filter=Filter(supported=True, max_results=max_results),
        change_password=ChangePassword(supported=False),
        sort=sort,
        etag=etag,
        pagination=pagination,
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="OAuth Bearer Token",
                description="Authentication by a bearer token",
                primary=True,
            )
        ],
    )


def _extended(model: Any, extension: type[Extension]) -> ResourceType:
    return ResourceType.from_resource(model[extension])


MOST_RESULTS = 1_000_000
"""What bounds a page before the knob max-count does."""

RINGCENTRAL = Profile(
    name=ProfileName.RINGCENTRAL,
    provider=ScimProvider(
        models=[ringcentral.User, ringcentral.EnterpriseUser],
        resource_types=[_extended(ringcentral.User, ringcentral.EnterpriseUser)],
        config=_config(
            sort=Sort(supported=False),
            etag=ETag(supported=False),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            max_results=MOST_RESULTS,
        ),
        policy=LENIENT.policy(),
    ),
    service=RingCentralService,
    rules=SeatRules,
    config_access=ConfigAccess.AUTHENTICATED,
    gateway=Gateway.RINGCENTRAL,
    limits=(
        "users only",
        "a seat for each user",
        "filters on userName and email",
        "50 reads and 10 writes a minute",
    ),
    source="RingCentral's API reference and developer guide",
    throttling=Throttling(),
    seats=10_000,
    indexed={"User": frozenset({"userName", "emails.value", "externalId", "active", "id"})},
)

# Index stays the method of a search that names none, as RFC 9865 section 2.4 recommends.
_PAGINATION = Pagination(
    cursor=True,
    index=True,
    default_pagination_method=Pagination.DefaultPaginationMethod.index,
    default_page_size=1000,
    max_page_size=1000,
    cursor_timeout=3600,
)

FULL = Profile(
    name=ProfileName.FULL,
    provider=ScimProvider(
        models=[full.User, full.Group, full.EnterpriseUser],
        resource_types=[
            _extended(full.User, full.EnterpriseUser),
            ResourceType.from_resource(full.Group),
        ],
        config=_config(
            sort=Sort(supported=True),
            etag=ETag(supported=True),
            bulk=Bulk(
                supported=True, max_operations=LIMITS.bulk_operations, max_payload_size=LIMITS.bulk_bytes
            ),
            max_results=1000,
            pagination=_PAGINATION,
        ),
        policy=LENIENT.policy(),
    ),
    service=FullService,
    rules=lambda _settings, _clock: ReferenceRules(Choices()),
    config_access=ConfigAccess.OPEN,
    source="RFC 7643, RFC 7644, RFC 9865",
)

PROFILES: Mapping[ProfileName, Profile] = {
    profile.name: profile for profile in (RINGCENTRAL, FULL, *presets.within_limits(FULL))
}


def with_choices(profile: Profile, choices: Choices) -> Profile:
    """The `full` profile with other decisions than its own; the default decisions fit every profile.

    :raises InvalidChoiceError: for a profile that decides as RingCentral does.
    """
    if choices == Choices():
        return profile
    if profile.name is not ProfileName.FULL:
        raise InvalidChoiceError(f"The {profile.name} profile has no choices: they are the full profile's.")
    return replace(
        profile,
        service=partial(FullService, choices=choices),
        rules=lambda _settings, _clock: ReferenceRules(choices),
    )


def with_extensions(profile: Profile, extras: Sequence[ExtraSchema]) -> Profile:
    """The profile with more schemas on its resource types.

    :raises ExtensionError: when the profile takes none, or a schema cannot be added.
    """
    if not extras:
        return profile
    if profile.name is not ProfileName.FULL:
        raise ExtensionError(
            f"The {profile.name} profile has the schemas of RingCentral and takes no other: "
            "serve the full profile to add extensions."
        )
    return replace(profile, provider=extensions.extended(profile.provider, extras))
