"""An application that accounts are provisioned to (Graph: `servicePrincipal` with its synchronization settings)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from provisor.core.assignments import AppRole, RoleReach
from provisor.core.deprovisioning import DeprovisioningPolicy
from provisor.core.escrow import RetrySchedule
from provisor.core.guard import GuardLimits
from provisor.core.identifiers import ApplicationId
from provisor.core.notification import NotificationSettings
from provisor.core.quarantine import QuarantineLimits
from provisor.core.reconciliation import ReconciliationSettings


class ProvisioningScope(enum.StrEnum):
    """Whom an application's job looks at (Entra: *Scope*)."""

    ASSIGNED = "assigned"
    """Only assigned users and groups."""
    ALL = "all"
    """All users and groups of the directory."""


class OutOfScopeDeletions(enum.StrEnum):
    """What becomes of an account whose person leaves the scope (Entra: `SkipOutOfScopeDeletions`)."""

    DISABLE = "disable"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBudget:
    """Requests the target allows us; `None` is without limit."""

    reads_per_minute: int | None = None
    writes_per_minute: int | None = None
    concurrency: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """How to talk to the target: its limits, and its SCIM dialect by name (None: as the tenant URL says, else RFC).

    `listing_omits` are top-level attributes of users that a listing leaves out although a read by id has them.
    """

    rate_budget: RateBudget = field(default_factory=RateBudget)
    dialect: str | None = None
    page_size: int = 100
    max_members_per_request: int = 100
    listing_omits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSettings:
    """What an administrator can choose for one application."""

    scope: ProvisioningScope = ProvisioningScope.ASSIGNED
    role_reach: RoleReach = RoleReach.DIRECT
    out_of_scope_deletions: OutOfScopeDeletions = OutOfScopeDeletions.DISABLE
    deprovisioning: DeprovisioningPolicy = field(default_factory=DeprovisioningPolicy)
    guard: GuardLimits = field(default_factory=GuardLimits)
    retries: RetrySchedule = field(default_factory=RetrySchedule)
    quarantine: QuarantineLimits = field(default_factory=QuarantineLimits)
    reconciliation: ReconciliationSettings = field(default_factory=ReconciliationSettings)
    notification: NotificationSettings = field(default_factory=NotificationSettings)
    target: TargetOptions = field(default_factory=TargetOptions)
    interval_seconds: int = 40 * 60
    default_domain: str = ""
    """What `DefaultDomain()` gives in expressions; empty where nobody has said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application; `schema_version` changes whenever its schema, roles, scope or reach does.

    `tenant_url` is empty until credentials were entered; the secret token never leaves the store with it.
    """

    id: ApplicationId
    name: str
    template_id: str
    roles: tuple[AppRole, ...]
    settings: ApplicationSettings
    schema_version: int
    tenant_url: str | None
    has_secret_token: bool

    @property
    def is_configured(self) -> bool:
        """Whether tenant URL and secret token were entered."""
        return bool(self.tenant_url) and self.has_secret_token
