"""RFC 7644 section 4: what the provider says about itself. Each test is named after its rule in docs/scim-conformance.md."""

import pytest

from provisor.ringcentral.resources import extensions
from support.scim_http import ENTERPRISE, GROUP, USER, unused
from support.scim_provider import full_provider

CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MESSAGES = "urn:ietf:params:scim:api:"
TYPES = {"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"}
KEYWORDS = {
    "mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
    "returned": {"always", "never", "default", "request"},
    "uniqueness": {"none", "server", "global"},
}


@pytest.fixture
def config(scim):
    return scim.get("/ServiceProviderConfig").body


@pytest.fixture
def schemas(scim):
    return {each["id"]: each for each in scim.get("/Schemas").body["Resources"]}


def walked(attributes, depth=1):
    """Every attribute of a schema document and its sub-attributes, with their depth."""
    for attribute in attributes:
        yield attribute, depth
        yield from walked(attribute.get("subAttributes", []), depth + 1)


def test_c1_01_the_configuration_is_an_object_with_its_schema(scim):
    answer = scim.get("/ServiceProviderConfig")

    assert answer.status == 200
    assert answer.body["schemas"] == [CONFIG]


@pytest.mark.parametrize("block", ["patch", "bulk", "filter", "changePassword", "sort", "etag"])
def test_c1_02_every_capability_has_a_boolean(config, block):
    assert isinstance(config[block]["supported"], bool)


def test_c1_03_bulk_has_its_limits_as_integers(config):
    assert type(config["bulk"]["maxOperations"]) is int
    assert type(config["bulk"]["maxPayloadSize"]) is int


def test_c1_04_filter_has_the_most_results_as_an_integer(config):
    assert type(config["filter"]["maxResults"]) is int


def test_c1_05_authentication_schemes_say_type_name_and_description(config):
    assert config["authenticationSchemes"]
    for scheme in config["authenticationSchemes"]:
        assert scheme["type"] in {"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"}
        assert scheme["name"]
        assert scheme["description"]


def test_c1_06_the_configuration_is_read_without_a_token(scim):
    assert scim.get("/ServiceProviderConfig", headers={"Authorization": None}).status == 200


def test_c1_07_the_configuration_leads_to_itself(scim, config):
    assert "id" not in config
    path = config["meta"]["location"].removeprefix(scim.base_url)
    assert scim.get(path).body == config


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_c1_08_the_configuration_cannot_be_written(scim, config, method):
    assert scim.send(method, "/ServiceProviderConfig", config).status in {403, 405, 501}
    assert scim.get("/ServiceProviderConfig").body == config


def test_c1_09_schemas_lists_every_schema_in_use(scim, schemas):
    answer = scim.get("/Schemas").body
    assert answer["schemas"] == [LIST]
    assert answer["totalResults"] == answer["itemsPerPage"] == len(schemas)
    assert {USER, GROUP, ENTERPRISE, CONFIG, SCHEMA} <= set(schemas)


def test_c1_10_a_schema_is_read_by_its_urn(scim, schemas):
    for urn, document in schemas.items():
        assert scim.get(f"/Schemas/{urn}").body == document


def test_c1_11_a_schema_is_found_in_any_case(scim, schemas):
    answer = scim.get(f"/Schemas/{USER.upper()}")

    assert answer.body == schemas[USER]
    assert answer.headers["content-location"] == answer.body["meta"]["location"]


def test_c1_12_messages_are_no_schemas(scim, schemas):
    assert not [urn for urn in schemas if urn.startswith(MESSAGES)]
    assert scim.get(f"/Schemas/{LIST}").error == (404, None)


def test_c1_13_every_attribute_declares_its_characteristics(schemas):
    for schema in schemas.values():
        for attribute, _ in walked(schema["attributes"]):
            assert {"name", "type", "multiValued", "required", "mutability", "returned"} <= set(attribute)
            assert attribute["description"], (schema["id"], attribute["name"])
            assert ("uniqueness" in attribute) == (attribute["type"] != "complex")
            assert ("caseExact" in attribute) == (attribute["type"] in {"string", "reference", "binary"})
            assert ("referenceTypes" in attribute) == (attribute["type"] == "reference")


def test_c1_14_characteristics_are_spelled_exactly(schemas):
    for schema in schemas.values():
        for attribute, _ in walked(schema["attributes"]):
            assert attribute["type"] in TYPES
            for keyword, allowed in KEYWORDS.items():
                assert attribute.get(keyword, next(iter(allowed))) in allowed
            assert type(attribute["multiValued"]) is type(attribute["required"]) is bool


def test_c1_15_nothing_complex_is_inside_a_complex_attribute(schemas):
    for urn, schema in schemas.items():
        deepest = max(depth for _, depth in walked(schema["attributes"]))
        # The schema of schemas describes sub-attributes of attributes, and is the exception RFC 7643 makes.
        assert deepest <= (3 if urn == SCHEMA else 2)


def test_c1_16_complex_attributes_list_their_sub_attributes(schemas):
    for schema in schemas.values():
        for attribute, _ in walked(schema["attributes"]):
            assert (attribute["type"] == "complex") == bool(attribute.get("subAttributes"))


def test_c1_17_what_is_advertised_is_enforced(scim, schemas):
    declared = {each["name"]: each for each in schemas[USER]["attributes"]}
    name = unused("advertised")
    user = scim.user(userName=name, password="t1me-And-tide", groups=[{"value": "g"}])

    assert (declared["userName"]["required"], declared["userName"]["uniqueness"]) == (True, "server")
    assert scim.send("POST", "/Users", {"schemas": [USER]}).error == (400, "invalidValue")
    taken = scim.send("POST", "/Users", {"schemas": [USER], "userName": name.upper()})
    assert taken.error == (409, "uniqueness")
    assert (declared["password"]["mutability"], declared["password"]["returned"]) == ("writeOnly", "never")
    assert declared["groups"]["mutability"] == "readOnly"
    assert not {"password", "groups"} & set(user.body)
    read_only = scim.patch(f"/Users/{user.id}", {"op": "add", "path": "groups", "value": [{"value": "g"}]})
    assert read_only.error == (400, "mutability")


def test_c1_17_what_an_extension_advertises_is_enforced(scim_with_extension):
    scim, urn = scim_with_extension
    first = scim.user(**{urn: {"payrollKey": "P-1", "remarks": "left-handed"}})

    assert "remarks" not in scim.get(f"/Users/{first.id}").body[urn]
    immutable = {"op": "replace", "path": f"{urn}:payrollKey", "value": "P-2"}
    assert scim.patch(f"/Users/{first.id}", immutable).error == (400, "mutability")
    taken = {"schemas": [USER, urn], "userName": unused("second"), urn: {"payrollKey": "P-1"}}
    assert scim.send("POST", "/Users", taken).error == (409, "uniqueness")


def test_c1_18_resource_types_list_users_and_groups(scim):
    answer = scim.get("/ResourceTypes").body

    assert answer["schemas"] == [LIST]
    assert [(each["name"], each["endpoint"], each["schema"]) for each in answer["Resources"]] == [
        ("User", "/Users", USER),
        ("Group", "/Groups", GROUP),
    ]


def test_c1_19_a_resource_type_is_read_by_its_name(scim):
    answer = scim.get("/ResourceTypes/Group")

    assert answer.status == 200
    assert answer.body["endpoint"] == "/Groups"


def test_c1_20_resource_types_name_schemas_that_exist(scim, schemas):
    for each in scim.get("/ResourceTypes").body["Resources"]:
        assert each["schema"] in schemas
        assert all(extension["schema"] in schemas for extension in each.get("schemaExtensions", []))


def test_c1_21_a_required_extension_is_required(tmp_path):
    required = extensions.read(extensions.DEMONSTRATION, extensions.Presence.REQUIRED)
    urn = str(required.document.id)
    with full_provider(f"sqlite:///{tmp_path}/provider.db", extensions=[required]) as scim:
        declared = scim.get("/ResourceTypes/User").body["schemaExtensions"]
        without = scim.send("POST", "/Users", {"schemas": [USER], "userName": "bare"})
        body = {"schemas": [USER, urn], "userName": "full", urn: {"badgeNumber": 7}}
        with_it = scim.send("POST", "/Users", body)

    assert {"schema": urn, "required": True} in declared
    assert without.error == (400, "invalidValue")
    assert with_it.status == 201


@pytest.mark.parametrize("path", ["/Schemas/urn:x", "/ResourceTypes/Printer", "/Printers"])
def test_c1_22_what_is_unknown_is_not_found(scim, path):
    assert scim.get(path).error == (404, None)


@pytest.mark.parametrize(
    "path",
    ["/Schemas", f"/Schemas/{USER}", "/ResourceTypes", "/ResourceTypes/User", "/ServiceProviderConfig"],
)
def test_c1_23_a_filter_on_discovery_is_forbidden(scim, path):
    assert scim.find(path, 'name eq "User"').error == (403, None)


@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig"])
def test_c1_24_other_parameters_on_discovery_are_ignored(scim, path):
    query = "count=1&startIndex=2&sortBy=name&attributes=id"

    assert scim.get(path, query=query).body == scim.get(path).body


def test_c1_25_paging_is_advertised(config):
    assert config["pagination"]["cursor"] is True
    assert config["pagination"]["index"] is True
