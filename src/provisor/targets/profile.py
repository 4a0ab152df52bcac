"""What is particular about one application's SCIM endpoint, as data."""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping
from dataclasses import dataclass, field

from provisor.core import objects
from provisor.scim import dialects


class MemberUpdates(enum.StrEnum):
    """How members of a group are changed: only the changes, or the whole list read and written back."""

    PATCH = "patch"
    PUT = "put"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a passing fault is waited out (delays in seconds).

    `attempts` counts requests in all; the delay doubles from `first_delay` to `longest_delay` and is shortened by up
    to half at random. `throttled_attempts` bounds how often one request is repeated because the target asked to wait.
    """

    attempts: int = 4
    first_delay: float = 2.0
    longest_delay: float = 60.0
    throttled_attempts: int = 20

    def delay(self, failures: int, random: float) -> float:
        """Seconds to wait after so many failures; `random` is from 0 to 1."""
        longest = min(self.longest_delay, self.first_delay * 2.0 ** (failures - 1))
        return longest * (1.0 - random / 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProfile:
    """One application's limits and peculiarities.

    Budgets are requests a minute, `None` where there is no limit; timeouts are seconds. `dialect` of `None` takes
    what the tenant URL's flag says, else the RFC's. `listing_omissions` names top-level attributes that a listing
    leaves out; `filter_names` gives the name to filter by where the target does not know a path (RingCentral:
    `email` for `emails[type eq "work"].value`). `ca_file` is a PEM file of the authorities to trust.
    """

    reads_per_minute: int | None = None
    writes_per_minute: int | None = None
    concurrency: int = 16
    page_size: int = 100
    max_members_per_request: int = 100
    dialect: dialects.Dialect | None = None
    member_updates: MemberUpdates = MemberUpdates.PATCH
    listing_omissions: Mapping[objects.ObjectType, frozenset[str]] = field(
        default_factory=lambda: types.MappingProxyType({})
    )
    filter_names: Mapping[str, str] = field(default_factory=lambda: types.MappingProxyType({}))
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    ca_file: str | None = None
