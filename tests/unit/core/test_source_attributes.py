import copy

import pytest

from provisor import gallery
from provisor.core import source_attributes
from provisor.core.errors import InvalidInputError
from provisor.sources import graph_attributes


def _schema(expression, *, defined=True):
    document = copy.deepcopy(gallery.template("ringcentral").schema)
    mapping = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"][2]
    mapping["source"] = {"type": "Function", "expression": expression}
    if not defined:
        document["directories"] = []
    return document


@pytest.mark.parametrize("template", gallery.all_templates(), ids=lambda template: template.id)
def test_the_templates_read_attributes_that_exist(template):
    source_attributes.check(template.schema)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "ToLower([givenname])",
            r"Unknown attribute \[givenname\] \(line 1, column 9\). Did you mean givenName\? Names",
        ),
        ("Append([mail],\n  [surnam])", r"\[surnam\] \(line 2, column 3\). Did you mean surname\?"),
        ("[zzz]", r"Add it to the attributes of the source object in the schema, or use one of extension_…"),
    ],
)
def test_a_misspelt_attribute_is_refused_with_its_place_and_the_nearest_name(expression, message):
    with pytest.raises(InvalidInputError, match=message) as refusal:
        source_attributes.check(_schema(expression))
    assert str(refusal.value).startswith(
        "synchronizationRules[0].objectMappings[0].attributeMappings[2].source.expression: "
    )


@pytest.mark.parametrize(
    "expression", ["[extension_costCentre]", "[extensionAttribute7]", "[employeeType]", "[IsSoftDeleted]"]
)
def test_extensions_and_what_the_directory_always_holds_need_no_definition(expression):
    source_attributes.check(_schema(expression))


@pytest.mark.parametrize(
    "name",
    [
        "objectId",
        "accountEnabled",
        "city",
        "companyName",
        "country",
        "department",
        "displayName",
        "employeeId",
        "extensionAttribute15",
        "facsimileTelephoneNumber",
        "givenName",
        "jobTitle",
        "mail",
        "mailNickname",
        "manager",
        "mobile",
        "netId",
        "onPremisesSecurityIdentifier",
        "originalUserPrincipalName",
        "physicalDeliveryOfficeName",
        "postalCode",
        "preferredLanguage",
        "proxyAddresses",
        "state",
        "streetAddress",
        "surname",
        "telephoneNumber",
        "userPrincipalName",
        "IsSoftDeleted",
        "appRoleAssignments",
        "securityEnabled",
        "members",
        "extension_0123456789abcdef_badgeColour",
    ],
)
def test_every_source_attribute_that_entra_documents_can_be_read(name):
    source_attributes.check(_schema(f"[{name}]"))


def test_an_attribute_that_the_schema_lists_can_be_read():
    document = _schema("[badgeColour]")
    document["directories"][0]["objects"][0]["attributes"].append({"name": "badgeColour", "type": "String"})
    source_attributes.check(document)


def test_a_schema_without_a_definition_of_its_source_may_read_anything():
    source_attributes.check(_schema("[badgeColour]", defined=False))


def test_whatever_a_csv_file_can_hold_can_be_read():
    columns = {*graph_attributes.USERS.text, *graph_attributes.USERS.converted, *graph_attributes.GROUPS.text}
    columns |= {*graph_attributes.GROUPS.converted}
    assert {
        name for name in columns if not name.startswith("extension")
    } <= source_attributes.OF_THE_DIRECTORY
