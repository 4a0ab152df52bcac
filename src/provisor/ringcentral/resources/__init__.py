"""The resource models each profile serves; the documents of `/Schemas` are made from these classes."""

from scim2_models import URN

USER_SCHEMA = URN("urn:ietf:params:scim:schemas:core:2.0:User")
GROUP_SCHEMA = URN("urn:ietf:params:scim:schemas:core:2.0:Group")
ENTERPRISE_SCHEMA = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")
