"""Testing an application's credentials before anything is provisioned (Entra: *Test connection*)."""

from __future__ import annotations

from provisor.core import mapping, schema
from provisor.core.errors import InvalidInputError, NotFoundError
from provisor.core.identifiers import ApplicationId
from provisor.core.objects import ObjectType
from provisor.engine.cycle import Services


async def run(services: Services, application_id: ApplicationId) -> str:
    """Search the target by the first matching attribute of users for a value that cannot exist; returns the attribute.

    Raises `InvalidInputError` where no credentials were entered, and what `Target.test_connection` raises.
    """
    with services.store.read() as unit:
        application = unit.applications.find(application_id)
        if application is None:
            raise NotFoundError(f"There is no application {application_id}.")
        token = unit.applications.secret_token(application_id)
        document = schema.parse(unit.applications.schema(application_id))
    if not application.tenant_url or token is None:
        raise InvalidInputError(
            f"{application.name!r} has no admin credentials yet: enter tenant URL and secret token with "
            "`provisor app credentials`."
        )
    users = mapping.compile_mapping(document.object_mappings[ObjectType.USER])
    attribute = users.matching[0].target.name
    target = services.open_target(application, token)
    try:
        await target.test_connection(ObjectType.USER, attribute)
    finally:
        await services.release_target(target)
    return attribute
