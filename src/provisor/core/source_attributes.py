"""Which attributes an expression may read: a misspelt name is found when the schema is saved, not as a null in the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisor.core import expressions, schema
from provisor.core.errors import InvalidInputError

_COMPUTED = ("IsSoftDeleted", "appRoleAssignments", "accountEnabled", "objectId", "originalUserPrincipalName")
_KEPT = """
ageGroup city classification companyName consentProvidedForMinor country createdDateTime creationType department description displayName
employeeHireDate employeeId employeeLeaveDateTime employeeType externalUserState facsimileTelephoneNumber givenName
groupTypes id imAddresses jobTitle mail mailEnabled mailNickname manager members mobile netId
onPremisesDistinguishedName onPremisesDomainName onPremisesImmutableId onPremisesSamAccountName
onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails physicalDeliveryOfficeName postalCode
preferredDataLocation preferredLanguage preferredName proxyAddresses securityEnabled state streetAddress surname
telephoneNumber usageLocation userPrincipalName userType visibility
"""
OF_THE_DIRECTORY = frozenset((*_COMPUTED, *_KEPT.split()))
"""What the directory may hold of any user or group, whatever a schema lists."""

_FREE = "extension"
"""Attributes that begin like this (`extension_…`, `extensionAttribute1`) have no definition."""


def check(document: Mapping[str, Any]) -> None:
    """Passes if every expression reads attributes that exist.

    Only object mappings whose source object is defined under `directories` are looked at. Raises `InvalidInputError`
    with the mapping, line and column.
    """
    for rule_index, rule in enumerate(document.get("synchronizationRules") or ()):
        for index, mapping in enumerate(rule.get("objectMappings") or ()):
            defined = frozenset(schema.source_attributes(document, rule, mapping))
            if defined:
                where = f"synchronizationRules[{rule_index}].objectMappings[{index}]"
                _check_mapping(mapping, defined | OF_THE_DIRECTORY, where)


def _check_mapping(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for place, text in _expressions(mapping.get("attributeMappings") or ()):
        try:
            expressions.require_attributes(expressions.parse(text), known, free=_FREE)
        except expressions.ExpressionSyntaxError as error:
            raise InvalidInputError(
                f"{where}.attributeMappings[{place}].source.expression: {error}"
            ) from error


def _expressions(mappings: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    for place, mapping in enumerate(mappings):
        text = (mapping.get("source") or {}).get("expression")
        if isinstance(text, str) and text.strip():
            yield place, text
