"""The page for administrators says what the functions say."""

import re
from pathlib import Path

from provisor.core.expressions.functions import FAMILIES, FUNCTIONS
from provisor.core.expressions.signatures import Origin

PAGE = (Path(__file__).parents[4] / "docs" / "expressions.md").read_text(encoding="utf-8")


def test_every_function_has_its_row_with_usage_meaning_and_mark():
    for function in FUNCTIONS.values():
        mark = " *extra*" if function.origin is Origin.HERITAGE else ""
        assert f"| `{function.usage}`{mark} | {function.meaning} |" in PAGE


def test_the_page_has_no_row_of_a_function_that_does_not_exist():
    rows = re.findall(r"^\| `(\w+)\([^`]*\)`(?: \*extra\*)? \| [A-Z]", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(FUNCTIONS)
    assert [name for name in FAMILIES if f"### {name}\n" not in PAGE] == []


def test_every_documented_function_of_entra_is_there():
    documented = [
        "Append",
        "AppRoleAssignmentsComplex",
        "BitAnd",
        "CBool",
        "CDate",
        "Coalesce",
        "ConvertToBase64",
        "ConvertToUTF8Hex",
        "Count",
        "CStr",
        "DateAdd",
        "DateDiff",
        "DateFromNum",
        "FormatDateTime",
        "Guid",
        "IgnoreFlowIfNullOrEmpty",
        "IIF",
        "InStr",
        "IsNull",
        "IsNullOrEmpty",
        "IsPresent",
        "IsString",
        "Item",
        "Join",
        "Left",
        "Mid",
        "NormalizeDiacritics",
        "Not",
        "Now",
        "NumFromDate",
        "PCase",
        "RandomString",
        "Redact",
        "RemoveDuplicates",
        "Replace",
        "SelectUniqueValue",
        "SingleAppRoleAssignment",
        "Split",
        "StripSpaces",
        "Switch",
        "ToLower",
        "ToUpper",
        "Word",
        "AssertiveAppRoleAssignmentsComplex",
        "Len",
        "DefaultDomain",
        "AppRoleAssignments",
    ]
    assert len(documented) == 43 + 4
    entra = {name for name, function in FUNCTIONS.items() if function.origin is Origin.PROVISIONING}
    assert entra == set(documented)
