"""Schema and message URNs (RFC 7643 section 8, RFC 7644 section 8.2)."""

from __future__ import annotations

from typing import Final

CORE_PREFIX: Final = "urn:ietf:params:scim:schemas:core:2.0:"
EXTENSION_PREFIX: Final = "urn:ietf:params:scim:schemas:extension:"

USER: Final = CORE_PREFIX + "User"
GROUP: Final = CORE_PREFIX + "Group"
ENTERPRISE_USER: Final = EXTENSION_PREFIX + "enterprise:2.0:User"
SERVICE_PROVIDER_CONFIG: Final = CORE_PREFIX + "ServiceProviderConfig"
RESOURCE_TYPE: Final = CORE_PREFIX + "ResourceType"
SCHEMA: Final = CORE_PREFIX + "Schema"

LIST_RESPONSE: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_REQUEST: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


def core(resource_type: str) -> str:
    """The core schema of a resource type (`User`, `Group`)."""
    return CORE_PREFIX + resource_type
