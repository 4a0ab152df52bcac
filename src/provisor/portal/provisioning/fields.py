"""The settings of the Provisioning tab: what each is called, explained and typed as."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from provisor.look.catalogues import mark as _
from provisor.scim import dialects


class Kind(enum.Enum):
    """How a value is typed."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting by its name on the command line; `when_empty` is what an empty field stands for."""

    key: str
    label: str
    hint: str = ""
    kind: Kind = Kind.TEXT
    options: Sequence[tuple[str, str]] = ()
    when_empty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings that belong together, behind one line that says what they are about."""

    id: str
    title: str
    about: str
    fields: Sequence[Field]


def _number(key: str, label: str, hint: str = "") -> Field:
    return Field(key=key, label=label, hint=hint, kind=Kind.NUMBER)


def _choice(key: str, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> Field:
    return Field(key=key, label=label, hint=hint, kind=Kind.CHOICE, options=options)


LEAVING = (
    ("nothing", _("Leave it as it is")),
    ("disable", _("Disable it")),
    ("disableThenDelete", _("Disable it, and delete it later")),
    ("delete", _("Delete it at once")),
)
"""What becomes of an account."""

SCHEDULE = Group(
    id="schedule",
    title=_("Cycles"),
    about=_("How often everything is looked at that no change has announced."),
    fields=(
        Field(
            key="intervalSeconds",
            label=_("Interval"),
            hint=_("For example 40m, 6h or 1d. What changes in the directory does not wait for it."),
        ),
        Field(
            key="reconcileHours",
            label=_("Hours between reconciliations"),
            hint=_("A reconciliation reads every account of the application. Empty: only when asked for."),
            when_empty="never",
        ),
        _choice(
            "drift",
            _("Accounts that were changed in the application"),
            (("repair", _("Repair them")), ("report", _("Only report them"))),
        ),
        _choice(
            "unowned",
            _("Accounts that nobody is linked to"),
            (("report", _("Only report them")), ("adopt", _("Link them to the person they match"))),
        ),
    ),
)

LEAVERS = Group(
    id="leavers",
    title=_("Deprovisioning"),
    about=_("What becomes of the account of somebody who does not belong into the application any more."),
    fields=(
        _choice("onUnassigned", _("When an assignment ends"), LEAVING),
        _choice("onOutOfScope", _("When the scoping filter does not pass any more"), LEAVING),
        _choice("onDisabled", _("When the person is blocked from signing in"), LEAVING),
        _choice("onSoftDeleted", _("When the person is deleted and can be restored"), LEAVING),
        _choice("onHardDeleted", _("When the person is deleted for good"), LEAVING),
        _number("deleteAfterDays", _("Days between disabling and deleting"), _("1 to 3650.")),
        _choice(
            "outOfScopeDeletions",
            _("Out-of-scope deletions"),
            (
                ("disable", _("As chosen above")),
                ("skip", _("Skip them: nobody who leaves the scope is touched")),
            ),
        ),
        _choice(
            "roleReach",
            _("Whom the role of an assigned group reaches"),
            (("direct", _("Its direct members")), ("effective", _("Members of nested groups, too"))),
        ),
    ),
)

GUARD = Group(
    id="guard",
    title=_("Prevent accidental deletions"),
    about=_("What is more than both the share and the number waits for a person; everything else goes on."),
    fields=(
        _choice(
            "guard",
            _("Accidental deletion prevention"),
            (("on", _("On")), ("off", _("Off: nothing is held"))),
        ),
        _number("guardPercent", _("Accounts taken away by one plan, percent"), _("Of the linked accounts.")),
        _number("guardFloor", _("Accounts taken away by one plan, number")),
        _number("guardDailyPercent", _("Accounts taken away within 24 hours, percent")),
        _number("guardDailyFloor", _("Accounts taken away within 24 hours, number")),
        _number(
            "guardUpdatePercent",
            _("Accounts whose same attribute is overwritten, percent"),
            _("Catches a mapping or a source that went wrong."),
        ),
        _number("guardUpdateFloor", _("Accounts whose same attribute is overwritten, number")),
        _number("guardMembersPercent", _("Memberships that end, percent")),
        _number("guardMembersFloor", _("Memberships that end, number")),
    ),
)

RETRIES = Group(
    id="retries",
    title=_("Retries and quarantine"),
    about=_("When what failed is tried again, and from how much on the job goes slowly until it is well."),
    fields=(
        Field(
            key="retryHours",
            label=_("Hours between attempts where somebody must mend something"),
            hint=_("Numbers between commas; the last one repeats. 0: with the next cycle."),
        ),
        Field(
            key="retryMinutes",
            label=_("Minutes between attempts after a passing fault"),
            hint=_("Numbers between commas; the last one repeats."),
        ),
        _number("retryDays", _("Days until an object is given up")),
        _number("quarantineMinimumFailures", _("Failures from which a share counts")),
        _number("quarantinePercent", _("Share of changes that may fail, percent")),
        _number("quarantineFailures", _("Objects that may fail")),
        _number("quarantineTotal", _("Objects and references that may fail")),
        _number(
            "quarantineSmallCycles",
            _("Successive cycles in which nothing succeeds"),
            _("For small jobs. 0 switches this off."),
        ),
        _number("quarantineSmallFailures", _("Failures in the last of these cycles")),
        Field(
            key="quarantineHours",
            label=_("Hours from the beginning of a quarantine to its attempts"),
            hint=_("Numbers between commas; the last one repeats."),
        ),
        _number("quarantineDays", _("Days in quarantine until the job is switched off")),
    ),
)

REQUESTS = Group(
    id="requests",
    title=_("Rate budget"),
    about=_("How much may be asked of the application. Where it says so itself, its word counts."),
    fields=(
        Field(
            key="readsPerMinute",
            label=_("Reads a minute"),
            hint=_("Empty: without limit."),
            kind=Kind.NUMBER,
            when_empty="unlimited",
        ),
        Field(
            key="writesPerMinute",
            label=_("Writes a minute"),
            hint=_("Empty: without limit."),
            kind=Kind.NUMBER,
            when_empty="unlimited",
        ),
        _number("concurrency", _("Requests at once")),
        _number("pageSize", _("Accounts on a page of a listing")),
        _number("maxMembersPerRequest", _("Members in one request")),
        _choice(
            "dialect",
            _("SCIM dialect"),
            (
                ("auto", _("As the tenant URL says, else the standard")),
                *((name, name) for name in dialects.DIALECTS),
            ),
        ),
        Field(
            key="defaultDomain",
            label=_("Default domain"),
            hint=_("What DefaultDomain() gives in expressions, such as example.com."),
            when_empty="",
        ),
    ),
)

GROUPS = (SCHEDULE, LEAVERS, GUARD, RETRIES, REQUESTS)

FIELDS = {field.key: field for group in GROUPS for field in group.fields}
