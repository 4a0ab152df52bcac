"""Testing an application's credentials before anything is provisioned (Entra: *Test connection*)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace

from provisor.core import errors, mapping, schema
from provisor.core.application import Application
from provisor.core.errors import ErrorCode, Trouble
from provisor.core.identifiers import ApplicationId
from provisor.core.objects import ObjectType
from provisor.engine import applications, configuration, cycle


class Finding(enum.StrEnum):
    """What came of a test; each but the first has a remedy of its own."""

    WORKS = "works"
    NAME_NOT_FOUND = "nameNotFound"
    REFUSED = "refused"
    NO_CONNECTION = "noConnection"
    TLS = "tls"
    NOT_HTTP = "notHttp"
    NO_ANSWER = "noAnswer"
    CONNECTION_LOST = "connectionLost"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "notFound"
    REDIRECTED = "redirected"
    NOT_SCIM = "notScim"
    FILTER_REFUSED = "filterRefused"
    FILTER_IGNORED = "filterIgnored"
    THROTTLED = "throttled"
    FAULTY = "faulty"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a test: the attribute that was searched by, the HTTP status where there was an answer, and its words."""

    finding: Finding
    attribute: str
    status: int | None = None
    detail: str | None = None


async def run(services: cycle.Services, application_id: ApplicationId) -> str:
    """Search the target by the first matching attribute of users for a value that cannot exist; returns the attribute.

    Raises `InvalidInputError` where no credentials were entered, and what `Target.test_connection` raises.
    """
    application, _, token = configuration.configured(services.store, application_id)
    attribute = _attribute(services, application_id)
    await _ask(services, application, token, attribute)
    return attribute


async def attempt(
    services: cycle.Services, application: Application, tenant_url: str, secret_token: str | None
) -> Trial:
    """Test credentials that need not be saved; without a token, the one that is kept.

    Nothing is kept of it. Raises `InvalidInputError` where the URL or the token cannot be one, or there is no token.
    """
    applications.check_credentials(tenant_url, secret_token)
    if secret_token is None:
        with services.store.read() as unit:
            secret_token = unit.applications.secret_token(application.id)
    if secret_token is None:
        raise errors.InvalidInputError("There is no secret token: enter the one the application gave you.")
    attribute = _attribute(services, application.id)
    tried = replace(application, tenant_url=tenant_url.strip())
    try:
        await _ask(services, tried, secret_token.strip(), attribute)
    except errors.TargetError as error:
        return Trial(finding=finding(error), attribute=attribute, status=error.status, detail=error.detail)
    return Trial(finding=Finding.WORKS, attribute=attribute)


def finding(error: errors.TargetError) -> Finding:
    """What an error says about the credentials."""
    if error.trouble is not None:
        return _TROUBLES[error.trouble]
    if isinstance(error, errors.FilterNotHonouredError):
        return Finding.FILTER_IGNORED if error.status == 200 else Finding.FILTER_REFUSED
    status = error.status or 0
    if 300 <= status < 400:
        return Finding.REDIRECTED
    if error.code is ErrorCode.SERVICE_INCOMPATIBLE:
        return Finding.NOT_FOUND if status == 404 else Finding.NOT_SCIM
    return _CODES.get(error.code, Finding.OTHER)


async def _ask(services: cycle.Services, application: Application, secret_token: str, attribute: str) -> None:
    """Ask once: whoever waits for the answer can ask again, and wants to know what is wrong now."""
    target = (services.open_probe or services.open_target)(application, secret_token)
    try:
        await target.test_connection(ObjectType.USER, attribute)
    finally:
        await target.aclose()


def _attribute(services: cycle.Services, application_id: ApplicationId) -> str:
    with services.store.read() as unit:
        document = schema.parse(unit.applications.schema(application_id))
    return mapping.compile_mapping(document.object_mappings[ObjectType.USER]).matching[0].target.name


_TROUBLES: Mapping[Trouble, Finding] = {
    Trouble.NAME_NOT_FOUND: Finding.NAME_NOT_FOUND,
    Trouble.REFUSED: Finding.REFUSED,
    Trouble.CONNECT_TIMEOUT: Finding.NO_CONNECTION,
    Trouble.TLS: Finding.TLS,
    Trouble.ANSWER_TIMEOUT: Finding.NO_ANSWER,
    Trouble.CONNECTION_LOST: Finding.CONNECTION_LOST,
    Trouble.NOT_HTTP: Finding.NOT_HTTP,
}

_CODES: Mapping[ErrorCode, Finding] = {
    ErrorCode.UNAUTHORIZED: Finding.UNAUTHORIZED,
    ErrorCode.INSUFFICIENT_RIGHTS: Finding.FORBIDDEN,
    ErrorCode.TOO_MANY_REQUESTS: Finding.THROTTLED,
    ErrorCode.INTERNAL_SERVER_ERROR: Finding.FAULTY,
    ErrorCode.TIMEOUT: Finding.NO_ANSWER,
}
