import pytest
from scim2_models import InvalidValueException

from provisor.ringcentral.account import user_rules
from provisor.ringcentral.account.knobs import Knobs
from provisor.ringcentral.resources.ringcentral import EnterpriseUser, User

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def user(**changes):
    document = {
        "userName": "ada@example.com",
        "name": {"givenName": "Ada", "familyName": "Moss"},
        "emails": [{"type": "work", "value": "ada@example.com"}],
    }
    return User[EnterpriseUser].model_validate(document | changes)


def test_a_new_user_is_inactive_unless_it_says_otherwise():
    silent, active = user(), user(active=True)
    user_rules.settle_new(silent, Knobs())
    user_rules.settle_new(active, Knobs())

    assert (silent.active, active.active) == (False, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {"givenName": "A" * 65, "familyName": "Moss"}}, "extension.contact.firstName"),
        ({"name": {"givenName": "Ada", "familyName": "M" * 65}}, "extension.contact.lastName"),
        ({"title": "T" * 65}, "extension.contact.jobTitle"),
        ({ENTERPRISE: {"department": "D" * 65}}, "extension.contact.department"),
        ({"phoneNumbers": [{"type": "mobile", "value": "0612345678"}]}, "extension.contact.mobilePhone"),
        ({"phoneNumbers": [{"type": "mobile", "value": "+18005550100"}]}, "extension.contact.mobilePhone"),
        (
            {"phoneNumbers": [{"type": "mobile", "value": "+123456789012345678"}]},
            "extension.contact.mobilePhone",
        ),
        (
            {"addresses": [{"type": "work", "country": "Atlantis"}]},
            "extension.contact.businessAddress.country",
        ),
        ({"addresses": [{"type": "work", "country": "US"}]}, "extension.contact.businessAddress.state"),
    ],
)
def test_a_refused_value_is_named_by_its_field_of_the_extension(changes, field):
    with pytest.raises(InvalidValueException) as refusal:
        user_rules.settle_new(user(**changes), Knobs())

    assert refusal.value.detail == f"Parameter [{field}] value is invalid."


@pytest.mark.parametrize("length", [(64, 244), (1, 252)])
def test_an_email_may_have_254_characters_and_no_more(length):
    local, domain = length
    long = "a" * local + "@" + "b" * domain
    shorter = long[:254]

    with pytest.raises(InvalidValueException):
        user_rules.settle_new(
            user(userName=long + "bb", emails=[{"type": "work", "value": long + "bb"}]), Knobs()
        )
    user_rules.settle_new(user(userName=shorter, emails=[{"type": "work", "value": shorter}]), Knobs())


@pytest.mark.parametrize(
    "emails",
    [
        [],
        [{"type": "home", "value": "ada@example.com"}],
        [{"type": "work", "value": "ada@example.com"}, {"type": "work", "value": "ada@other.example"}],
    ],
)
def test_there_is_exactly_one_work_email(emails):
    with pytest.raises(InvalidValueException, match="exactly one"):
        user_rules.settle_new(user(emails=emails), Knobs())


def test_a_country_is_answered_by_its_name():
    settled = user(addresses=[{"type": "work", "country": "ca", "region": "Ontario"}])
    user_rules.settle_new(settled, Knobs())

    assert settled.addresses[0].country == "Canada"
    assert settled.addresses[0].region == "Ontario"


def test_the_user_name_follows_a_changed_email_and_the_other_way_round():
    stored = user()
    by_email = user(emails=[{"type": "work", "value": "new@example.com"}])
    by_name = user(userName="newer@example.com")
    user_rules.settle_patch(by_email, stored, Knobs())
    user_rules.settle_patch(by_name, stored, Knobs())

    assert by_email.user_name == "new@example.com"
    assert by_name.emails[0].value == "newer@example.com"
