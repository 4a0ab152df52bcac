"""The documents of `/Schemas`, with the errata of RFC 7643 applied that scim2-models leaves out.

It applies most of them itself: `Group.displayName` is required, `groups.$ref` refers to groups only, `manager.value`
is case-exact as every reference is, `members.display` exists, `binary` is a type.
"""

from __future__ import annotations

from typing import Any

from scim2_models import ResourceType, Schema, ScimProvider, ServiceProviderConfig

from provisor.ringcentral import resources

JsonObject = dict[str, Any]

_DESCRIBED_MODELS = (ServiceProviderConfig, ResourceType, Schema)
_TYPE_OF_SUB_ATTRIBUTES = "urn:ietf:params:scim:schemas:core:2.0:Schema:attributes.subAttributes.type"
_DESCRIPTIONS = {
    f"{resources.USER_SCHEMA}:locale": "The language tag of the user's region, for dates and numbers; en_US is taken, too.",
    f"{resources.USER_SCHEMA}:emails": "The e-mail addresses of the user, kept as they were sent.",
    f"{resources.USER_SCHEMA}:emails.value": "An e-mail address.",
    f"{resources.GROUP_SCHEMA}:members.display": "A name of the member, for display.",
    f"{resources.ENTERPRISE_SCHEMA}:manager": "The manager of the user.",
    f"{resources.ENTERPRISE_SCHEMA}:manager.value": "The id of the manager, who is another user.",
    f"{resources.ENTERPRISE_SCHEMA}:manager.$ref": "The URI of the manager; made here.",
    f"{resources.ENTERPRISE_SCHEMA}:manager.displayName": "The displayName of the manager.",
}
_SCHEMA_DESCRIPTIONS = {
    str(resources.USER_SCHEMA): "A user account.",
    str(resources.GROUP_SCHEMA): "A group of users and groups.",
    str(resources.ENTERPRISE_SCHEMA): "What an enterprise knows of a user.",
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig": "What a service provider supports.",
    "urn:ietf:params:scim:schemas:core:2.0:ResourceType": "A type of resources.",
    "urn:ietf:params:scim:schemas:core:2.0:Schema": "The description of a schema.",
}


def documents(provider: ScimProvider) -> list[JsonObject]:
    """Every schema: those of the resources, then those of the discovery endpoints (RFC 7643 sections 5 to 7)."""
    schemas = [*provider.schemas, *(model.to_schema() for model in _DESCRIBED_MODELS)]
    return [_published(schema.model_dump()) for schema in schemas]


def _published(document: JsonObject) -> JsonObject:
    identifier = document["id"]
    return {
        **document,
        "description": _SCHEMA_DESCRIPTIONS.get(identifier, document.get("description")),
        "attributes": [_attribute(each, f"{identifier}:") for each in document["attributes"]],
    }


def _attribute(attribute: JsonObject, place: str) -> JsonObject:
    path = f"{place}{attribute['name']}"
    shown = {**attribute, "description": attribute.get("description") or _DESCRIPTIONS.get(path, "")}
    if attribute["type"] == "complex":
        # A complex value is neither unique nor compared (erratum 6004).
        del shown["uniqueness"], shown["caseExact"]
        shown["subAttributes"] = [_attribute(each, f"{path}.") for each in attribute["subAttributes"]]
    elif path == _TYPE_OF_SUB_ATTRIBUTES:
        # Nothing complex is inside a complex attribute (erratum 8415).
        shown["canonicalValues"] = [each for each in attribute["canonicalValues"] if each != "complex"]
    elif attribute["type"] in ("boolean", "integer", "decimal", "dateTime"):
        del shown["caseExact"]
    return shown
