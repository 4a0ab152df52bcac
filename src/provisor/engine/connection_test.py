"""Testing an application's credentials before anything is provisioned (Entra: *Test connection*)."""

from __future__ import annotations

from provisor.core import mapping, schema
from provisor.core.identifiers import ApplicationId
from provisor.core.objects import ObjectType
from provisor.engine import configuration, cycle


async def run(services: cycle.Services, application_id: ApplicationId) -> str:
    """Search the target by the first matching attribute of users for a value that cannot exist; returns the attribute.

    Raises `InvalidInputError` where no credentials were entered, and what `Target.test_connection` raises.
    """
    application, _, token = configuration.configured(services.store, application_id)
    with services.store.read() as unit:
        document = schema.parse(unit.applications.schema(application_id))
    users = mapping.compile_mapping(document.object_mappings[ObjectType.USER])
    attribute = users.matching[0].target.name
    target = services.open_target(application, token)
    try:
        await target.test_connection(ObjectType.USER, attribute)
    finally:
        await services.release_target(target)
    return attribute
