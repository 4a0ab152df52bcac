"""What the Provisioning tab calls what the engine found, as texts to translate."""

from __future__ import annotations

from provisor.core.errors import ErrorCode, InvalidInputError
from provisor.core.job import CycleKind
from provisor.core.job_health import ExecutionState
from provisor.engine.connection_test import Finding
from provisor.engine.job_status import Cause
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit

FINDINGS: dict[Finding, tuple[str, str]] = {
    Finding.WORKS: (
        _("The connection works."),
        _("The application accepts the secret token and answered a search as SCIM 2.0 wants it."),
    ),
    Finding.NAME_NOT_FOUND: (
        _("The name of the host was not found."),
        _("Check the host name in the tenant URL, and the name service of the machine Provisor runs on."),
    ),
    Finding.REFUSED: (
        _("Nothing accepts connections there."),
        _("Check the host and port of the tenant URL, and that firewalls let Provisor through."),
    ),
    Finding.NO_CONNECTION: (
        _("No connection came about in time."),
        _("Check the host and port of the tenant URL, and that firewalls let Provisor through."),
    ),
    Finding.TLS: (
        _("No secure connection came about."),
        _(
            "The certificate must be valid for the host and issued by an authority that the machine Provisor runs on trusts. Check also that the port speaks TLS."
        ),
    ),
    Finding.NOT_HTTP: (
        _("What answered there does not speak HTTP."),
        _("Check the port of the tenant URL, and whether it begins with http:// or https://."),
    ),
    Finding.NO_ANSWER: (
        _("The application did not answer in time."),
        _("Try again in a moment; ask the operator of the application if it lasts."),
    ),
    Finding.CONNECTION_LOST: (
        _("The connection broke before the answer was in."),
        _(
            "Check whether the tenant URL begins with http:// or https:// as it should; look at proxies in between."
        ),
    ),
    Finding.UNAUTHORIZED: (
        _("The application refuses the secret token."),
        _("It is wrong, has expired or was revoked. Copy it again, or have the application issue a new one."),
    ),
    Finding.FORBIDDEN: (
        _("The secret token is known, but may not look at accounts."),
        _("Give the owner of the token the right to read and change accounts in the application."),
    ),
    Finding.NOT_FOUND: (
        _("There is no SCIM service at this address."),
        _("Check the path of the tenant URL; it often ends in /scim/v2 and never in /Users."),
    ),
    Finding.REDIRECTED: (
        _("The address leads on to another one."),
        _(
            "Redirections are not followed, so that the secret token goes nowhere else. Enter the address it leads to, often the same with https://."
        ),
    ),
    Finding.NOT_SCIM: (
        _("What answered is no SCIM service."),
        _("Check the tenant URL: a web page or a sign-in page answers there."),
    ),
    Finding.FILTER_REFUSED: (
        _("The application refuses to be searched by the matching attribute."),
        _("Choose a matching attribute in the mappings that the application can search by."),
    ),
    Finding.FILTER_IGNORED: (
        _("The application does not honour the search."),
        _(
            "It answered with accounts that do not match, so nobody could be told apart. Choose a matching attribute that it can search by."
        ),
    ),
    Finding.THROTTLED: (
        _("The application asks to wait."),
        _("Too many requests were made with its limit, by Provisor or by others. Try again in a minute."),
    ),
    Finding.FAULTY: (
        _("The application has a fault of its own."),
        _("Try again in a moment; ask the operator of the application if it lasts."),
    ),
    Finding.OTHER: (
        _("The application refused the search."),
        _("What it said stands below; see its documentation."),
    ),
}
"""What came of a connection test, and what to do about it."""

OUTAGES: dict[str, tuple[str, str]] = {
    ErrorCode.UNAUTHORIZED: FINDINGS[Finding.UNAUTHORIZED],
    ErrorCode.INSUFFICIENT_RIGHTS: FINDINGS[Finding.FORBIDDEN],
    ErrorCode.SERVICE_INCOMPATIBLE: FINDINGS[Finding.NOT_SCIM],
    ErrorCode.TIMEOUT: FINDINGS[Finding.NO_ANSWER],
    ErrorCode.TOO_MANY_REQUESTS: FINDINGS[Finding.THROTTLED],
    ErrorCode.INTERNAL_SERVER_ERROR: FINDINGS[Finding.FAULTY],
    ErrorCode.WEB_EXCEPTION: (
        _("The application cannot be reached."),
        _("Check the tenant URL, the network and firewalls. Test Connection below says more."),
    ),
}
"""What keeps a job from using its target at all, by the code of its quarantine."""

CYCLES: dict[CycleKind, str] = {
    CycleKind.INITIAL: _("Initial cycle"),
    CycleKind.INCREMENTAL: _("Incremental cycle"),
    CycleKind.RECONCILIATION: _("Reconciliation"),
}

ENDINGS: dict[ExecutionState, tuple[str, str]] = {
    ExecutionState.SUCCEEDED: ("success", _("Succeeded")),
    ExecutionState.ENTRY_LEVEL_ERRORS: ("warning", _("Some objects failed")),
    ExecutionState.FAILED: ("danger", _("Failed")),
}
"""Tone and words of how a cycle ended."""

CAUSES: dict[Cause, str] = {
    Cause.INTERVAL: _("the interval is over then"),
    Cause.RETRY: _("failed objects are due then"),
    Cause.DELETION: _("a disabled account is to be deleted then"),
    Cause.FILTER_DATE: _("a date in a scoping filter comes then"),
    Cause.CHANGES: _("something changed"),
    Cause.QUARANTINE: _("the next attempt of the quarantine"),
    Cause.REQUEST: _("somebody asked for it"),
}
"""Why the next cycle is due."""

VALUE_PROBLEMS = (
    _("it must be a whole number, 0 or more"),
    _("it must be a whole number, 1 or more"),
    _("it must be whole numbers between commas, for example 0,6,12,24"),
    _("it must be a number from 0 to 100"),
    _("it must be a number of days, 3650 at most"),
    _("it must be a length of time from 1 seconds to 7 days, for example 30s, 40m, 6h, 1d or PT40M"),
    _("it must be one mail address, such as it-duty@example.com, or none"),
    _("it must be a domain such as example.com, or nothing"),
)
"""What the engine says about values that are none."""


def of_problem(visit: Visit, error: InvalidInputError) -> str:
    """What is wrong with a value, as a sentence beside its field."""
    cause = error.__cause__
    if not isinstance(cause, ValueError):
        return str(error)
    told = visit.text(str(cause))
    return f"{told[:1].upper()}{told[1:]}."
