"""Where a service provider takes more than RFC 7643 and 7644 allow: one named switch for each habit of clients.

The names are the settings a client's maintainer would look for. With a switch on, the request is understood as its
sender meant it; with it off, it is refused as the RFCs say. Whatever is on, nothing that was not understood empties a
group, and no filter that was not understood gives an empty list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scim2_models import ScimPolicy


class Tolerance(StrEnum):
    """One habit of clients that the RFCs do not allow."""

    OP_CASE = "opCase"
    """`Add`, `Replace` and `Remove` are read as `add`, `replace` and `remove`; otherwise 400 invalidSyntax."""

    BOOLEAN_STRINGS = "booleanStrings"
    """`"True"` and `"false"` are read as booleans, in values and in filters; otherwise 400 invalidValue."""

    NUMERIC_STRINGS = "numericStrings"
    """`"startIndex": "1"` in a search is read as a number; otherwise 400 invalidValue."""

    PATHLESS_DOTTED_KEYS = "pathlessDottedKeys"
    """A PATCH without a path may name attributes as `name.givenName`; otherwise 400 invalidPath."""

    VALUE_PATH_UPSERT = "valuePathUpsert"
    """`emails[type eq "work"].value` that matches nothing creates the entry; otherwise 400 noTarget."""

    REMOVE_WITH_VALUE_LIST = "removeWithValueList"
    """A `remove` with a value removes the entries it lists; otherwise 400 invalidValue.

    The RFC would have the value ignored, and everything removed: that is never done.
    """

    REMOVE_MISSING = "removeMissing"
    """Removing what is not there changes nothing; otherwise 400 noTarget, but for members."""

    MANAGER_SCALAR = "managerScalar"
    """A manager may be the id alone; otherwise 400 invalidValue."""

    SINGULAR_ARRAY = "singularArray"
    """A list of one is read as its entry where one value is expected; otherwise 400 invalidValue."""

    EMPTY_STRING_CLEARS = "emptyStringClears"
    """An empty text, or no value, clears a manager; otherwise 400 invalidValue."""

    UNKNOWN_ATTRIBUTES = "unknownAttributes"
    """Attributes and schemas that no schema here declares are ignored; otherwise 400 invalidValue."""

    LEGACY_URN_ALIASES = "legacyUrnAliases"
    """`urn:scim:schemas:…` of SCIM 1.1 is read as the schema that replaced it; otherwise 400 invalidValue."""

    UNDECLARED_EXTENSION = "undeclaredExtension"
    """An extension may be sent without its URN in `schemas`; otherwise 400 invalidValue."""

    UNQUOTED_FILTER_LITERALS = "unquotedFilterLiterals"
    """`externalId eq jyoung` is read as a text; otherwise 400 invalidFilter."""

    FILTER_VALUE_PATH_SUB_ATTRIBUTE = "filterValuePathSubAttr"
    """`emails[type eq "work"].value eq "…"` is understood as a filter; otherwise 400 invalidFilter."""

    MULTI_VALUED_BARE_NAME = "multiValuedBareName"
    """`members eq "…"` means `members.value eq "…"`; otherwise 400 invalidFilter."""

    JSON_IN_STRING = "jsonInString"
    """A role whose value is an object in JSON is unwrapped; otherwise the text is kept as it is."""

    CONTENT_TYPE_MISSING = "contentTypeMissing"
    """A body without a `Content-Type` is read as JSON; otherwise 415."""

    READ_ONLY_ECHO = "readOnlyEcho"
    """A PATCH may name a read-only attribute with the value it has; otherwise 400 mutability."""

    PUT_OMITTED_ACTIVE = "putOmittedActive"
    """A PUT without `active` leaves it as it is; otherwise it is cleared like every other attribute."""

    FILTER_ON_SINGLE_VALUE = "filterOnSingleValue"
    """A PATCH path with a filter on one complex value, as `name[…].givenName`, asks that the filter matches it;
    otherwise 400 invalidPath."""

    LOWER_CASE_ENDPOINTS = "lowerCaseEndpoints"
    """`/users` is `/Users`; otherwise 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """The switches that are on."""

    on: frozenset[Tolerance]

    def __contains__(self, tolerance: Tolerance) -> bool:
        return tolerance in self.on

    def without(self, *tolerances: Tolerance) -> Tolerances:
        """The same with some switches off."""
        return Tolerances(on=self.on.difference(tolerances))

    def policy(self) -> ScimPolicy:
        """The part of it scim2-models decides on.

        Texts are compared as it does by default: NFC and lower case, the mapping RFC 8265 gives user names.
        """
        unknown = ScimPolicy.Unknown
        removal = ScimPolicy.RemoveValue
        unmatched = ScimPolicy.UnmatchedPathFilter
        return ScimPolicy(
            unknown=unknown.ignore if Tolerance.UNKNOWN_ATTRIBUTES in self else unknown.forbid,
            remove_value_as_filter=removal.apply
            if Tolerance.REMOVE_WITH_VALUE_LIST in self
            else removal.forbid,
            unmatched_path_filter=unmatched.create
            if Tolerance.VALUE_PATH_UPSERT in self
            else unmatched.forbid,
        )


LENIENT = Tolerances(on=frozenset(Tolerance))
"""Everything is understood that can be: what both profiles do unless told otherwise."""

STRICT = Tolerances(on=frozenset())
"""What the RFCs do not allow is refused."""
