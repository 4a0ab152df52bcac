"""What functions and operators mean, as texts to translate: the English ones are the engine's own, and a test holds them to it."""

from __future__ import annotations

from provisor.core import source_attributes
from provisor.core.scoping_filters import MEMBER_OF, Operator
from provisor.look.catalogues import mark as _

MEANINGS: dict[str, str] = {
    "Append": _("The source with the suffix behind it."),
    "Join": _("The sources in a row, the separator between those that are not empty."),
    "Left": _("The first characters of a text."),
    "Mid": _("A part of a text, from a position, of a length."),
    "NormalizeDiacritics": _("The text with plain letters for accented ones."),
    "PCase": _("Each word with a capital letter, the rest in lower case."),
    "StripSpaces": _("The text without its spaces."),
    "ToLower": _("The text in lower case."),
    "ToUpper": _("The text in upper case."),
    "InStr": _("The position of the first occurrence of a text in another, 0 if there is none."),
    "Len": _("The number of characters."),
    "Word": _("One word of a text, the words being separated by any of the delimiters."),
    "InStrRev": _("The position of the last occurrence of a text in another, 0 if there is none."),
    "Replace": _("The source with a text, or what a regular expression finds, replaced."),
    "ReplaceChars": _("The text with single characters replaced, as a list such as ä:ae,ö:oe says."),
    "Trim": _("The text without white space at its ends; of a list, each value."),
    "LTrim": _("The text without white space at its beginning."),
    "RTrim": _("The text without white space at its end."),
    "PadLeft": _("The text with a character in front of it until it is long enough."),
    "PadRight": _("The text with a character behind it until it is long enough."),
    "Right": _("The last characters of a text."),
    "Coalesce": _("The first source that is not null."),
    "IIF": _("One of two values, as a condition says."),
    "IsNull": _("Whether there is no value."),
    "IsNullOrEmpty": _("Whether there is no value or only an empty text."),
    "IsPresent": _("Whether there is a value that is not empty."),
    "Not": _("True becomes False, anything else becomes True."),
    "Switch": _("The value behind the first key that equals the source, else the default value."),
    "Redact": _("The value as it is; logs and reports show [Redact] in its place."),
    "SelectUniqueValue": _(
        "The first of several values that no other account has; only when an account is created."
    ),
    "IgnoreFlowIfNullOrEmpty": _("The value; where there is none, the attribute does not flow at all."),
    "Count": _("How many values there are."),
    "Item": _("The value at a position of a list; a position that does not exist fails the object."),
    "RemoveDuplicates": _("The list with each value once."),
    "Split": _("A text cut into a list at each delimiter."),
    "Contains": _("The position of the first value that contains a text, 0 if there is none."),
    "ItemOrNull": _("The value at a position of a list, null where there is none."),
    "CDate": _("A date written in any usual way, as a date and time in UTC."),
    "DateAdd": _(
        "A date so many years (yyyy), months (m), weeks (ww), days (d), hours, minutes (n) or seconds later."
    ),
    "DateDiff": _("How many years, months, weeks, days, hours, minutes or seconds lie between two dates."),
    "DateFromNum": _("The date behind a time stamp of Active Directory."),
    "FormatDateTime": _("A date in one format, written in another."),
    "NumFromDate": _("A date as a time stamp of Active Directory."),
    "BitAnd": _("The bits that are set in both numbers."),
    "CBool": _("True for True, a number other than zero, or a comparison that holds; else False."),
    "ConvertToBase64": _("The text's UTF-16 bytes in Base64."),
    "ConvertToUTF8Hex": _("The text's UTF-8 bytes in hexadecimal."),
    "CStr": _("A number, reference or truth value as text."),
    "IsString": _("Whether the value can be a text."),
    "BitOr": _("The bits that are set in either number."),
    "CNum": _("The number that a text spells; anything else fails the object."),
    "ConvertFromBase64": _("The text in Base64; its bytes are Unicode (UTF-16), ASCII or UTF8."),
    "ConvertFromUTF8Hex": _("The text in hexadecimal UTF-8 bytes."),
    "DNComponent": _("The value of one part of a distinguished name, counted from the left."),
    "IsBitSet": _("Whether a bit of the flag is set in the value."),
    "IsDate": _("Whether CDate can read the value."),
    "IsEmpty": _("Whether the attribute has no value at all."),
    "IsGuid": _("Whether the value is a GUID with its dashes."),
    "IsNumeric": _("Whether the value is a number."),
    "StringFromSid": _("The security identifier S-1-… that the bytes in Base64 stand for."),
    "AppRoleAssignments": _("All roles of the object as a list of texts."),
    "AppRoleAssignmentsComplex": _("All roles of the object; an update adds them and removes none."),
    "AssertiveAppRoleAssignmentsComplex": _(
        "All roles of the object; an update replaces every role the account has."
    ),
    "SingleAppRoleAssignment": _("One role of the object, the lowest by name where it has several."),
    "DefaultDomain": _("The default domain, as the application's setting defaultDomain says."),
    "Guid": _("A new random GUID; for mappings that apply only when an account is created."),
    "Now": _("The date and time in UTC, the same for all attributes of an object."),
    "RandomString": _("A random text with at least so many digits, special, capital and small characters."),
    "Error": _("Fails the object with this message."),
    "RandomNum": _("A random whole number from start to end, both included."),
}
"""What a function gives, by its name."""

OPERATORS: dict[Operator, str] = {
    Operator.EQUALS: _("the value is exactly the operand"),
    Operator.NOT_EQUALS: _("the value is not the operand"),
    Operator.INCLUDES: _("the value contains the operand"),
    Operator.ENDS_WITH: _("the value ends with the operand"),
    Operator.REGEX_MATCH: _("the regular expression matches somewhere in the value"),
    Operator.NOT_REGEX_MATCH: _("the regular expression matches nowhere in the value"),
    Operator.GREATER_THAN: _("the value is a greater whole number than the operand"),
    Operator.GREATER_THAN_OR_EQUALS: _("the value is a whole number, the operand or greater"),
    Operator.IS_TRUE: _("the value is true"),
    Operator.IS_FALSE: _("the value is false"),
    Operator.IS_NULL: _("the attribute has no value, or an empty one"),
    Operator.IS_NOT_NULL: _("the attribute has a value"),
    Operator.WITHIN: _("the value occurs inside the operand"),
    Operator.NOT_WITHIN: _("the value does not occur inside the operand"),
    Operator.EQUALS_IGNORE_CASE: _("the value is the operand, whatever the case"),
    Operator.NOT_EQUALS_IGNORE_CASE: _("the value is not the operand, whatever the case"),
    Operator.INCLUDES_IGNORE_CASE: _("the value contains the operand, whatever the case"),
    Operator.STARTS_WITH: _("the value begins with the operand"),
    Operator.IS_BEFORE: _("the value is a date before the operand (a date, or now±N d, h, w)"),
    Operator.IS_AFTER: _("the value is a date after the operand (a date, or now±N d, h, w)"),
    Operator.IS_MEMBER_OF: _("is a direct member of the group, by name or id"),
    Operator.NOT_MEMBER_OF: _("is no direct member of the group, by name or id"),
}
"""When an operator is true."""

FILTERED: frozenset[str] = (source_attributes.OF_THE_DIRECTORY - {"members"}) | {
    MEMBER_OF,
    "manager.department",
}
"""What may be compared, whatever a schema lists."""
