"""What should be in the target, worked out from the company's files; and what is said where it differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from provisor.demo import verification

STANDARD, NESTED, DEEP, OTHERS = "g-standard", "g-nested", "g-deep", "g-others"


def row(person: str, **changes: str) -> dict[str, str]:
    values = {
        "id": person,
        "userPrincipalName": f"{person}@sign-in.example",
        "mail": f"{person}@mail.example",
        "givenName": f"Given {person}",
        "surname": f"O'{person}",
        "jobTitle": f"Title of {person}",
        "department": f"Service {person}",
        "mobile": "+33639980001",
        "streetAddress": "12 rue de l'Été",
        "city": "Lyon",
        "state": "Rhône",
        "postalCode": "69001",
        "country": "FR",
        "accountEnabled": "true",
    }
    return {**values, **changes}


def files(people: list[dict[str, str]], members: Mapping[str, set[str]]) -> verification.Files:
    return verification.Files(
        people={each["id"]: each for each in people},
        groups={"Standard": STANDARD, "Nested": NESTED, "Deep": DEEP, "Others": OTHERS},
        members={group: frozenset(ids) for group, ids in members.items()},
    )


def document(account: verification.Account, **changes: Any) -> dict[str, Any]:
    """The account as RingCentral answers it."""
    answered = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", verification._ENTERPRISE],
        "id": "1600000101",
        "userName": account["userName"],
        "externalId": account["externalId"],
        "active": account["active"] == "true",
        "title": account["title"],
        "name": {"givenName": account["name.givenName"], "familyName": account["name.familyName"]},
        "emails": [{"type": "work", "value": account["emails.work"], "primary": False}],
        "phoneNumbers": [
            {"type": "work", "value": "+16505550000"},
            {"type": "mobile", "value": account["phoneNumbers.mobile"]},
        ],
        "addresses": [
            {"type": "work", "primary": False}
            | {part: account[f"addresses.{part}"] for part in verification._ADDRESS}
        ],
        verification._ENTERPRISE: {"department": account["department"]},
    }
    return {**answered, **changes}


EVERYBODY = files([row("ada"), row("bo")], {STANDARD: {"ada", "bo"}})


def test_members_of_nested_groups_belong_in_and_a_cycle_of_groups_ends():
    company = files(
        [row("ada"), row("bo"), row("cy"), row("di")],
        {STANDARD: {"ada", NESTED}, NESTED: {"bo", DEEP}, DEEP: {"cy", STANDARD}, OTHERS: {"di"}},
    )

    assert verification.entitled(company, ["Standard"]) == {"ada", "bo", "cy"}


def test_the_disabled_and_those_in_no_assigned_group_do_not_belong_in():
    company = files(
        [row("ada", accountEnabled="false"), row("bo"), row("cy")], {STANDARD: {"ada", "bo"}, OTHERS: {"cy"}}
    )

    assert verification.entitled(company, ["Standard", "A group nobody has"]) == {"bo"}


def test_whoever_left_the_scope_is_disabled_and_otherwise_as_in_the_morning():
    evening = files(
        [row("ada"), row("bo", jobTitle="Another title"), row("cy")],
        {STANDARD: {"ada"}, OTHERS: {"bo", "cy"}},
    )

    accounts = verification.expected(EVERYBODY, evening, ["Standard"])

    assert {person: each["active"] for person, each in accounts.items()} == {"ada": "true", "bo": "false"}
    assert accounts["bo"]["title"] == "Title of bo"


def test_whoever_stays_is_as_in_the_evening():
    evening = files([row("ada", city="Nantes"), row("bo")], {STANDARD: {"ada", "bo"}})

    assert verification.expected(EVERYBODY, evening, ["Standard"])["ada"]["addresses.locality"] == "Nantes"


def test_an_account_has_the_mail_as_user_name_and_the_name_of_its_country():
    account = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])["ada"]

    assert account == {
        "userName": "ada@mail.example",
        "externalId": "ada",
        "active": "true",
        "title": "Title of ada",
        "name.givenName": "Given ada",
        "name.familyName": "O'ada",
        "emails.work": "ada@mail.example",
        "phoneNumbers.mobile": "+33639980001",
        "addresses.streetAddress": "12 rue de l'Été",
        "addresses.locality": "Lyon",
        "addresses.region": "Rhône",
        "addresses.postalCode": "69001",
        "addresses.country": "France",
        "department": "Service ada",
    }


def test_without_mail_the_sign_in_name_counts_also_that_of_a_guest():
    people = [
        row("ada", mail=""),
        row("bo", mail="", userPrincipalName="bo_van_partner.example#EXT#@sign-in.example"),
    ]
    company = files(people, {STANDARD: {"ada", "bo"}})

    accounts = verification.expected(company, company, ["Standard"])

    assert accounts["ada"]["userName"] == "ada@sign-in.example"
    assert accounts["bo"]["userName"] == "bo_van@partner.example"


def test_an_account_that_ringcentral_answers_is_read_back_as_it_was_wanted():
    account = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])["ada"]

    assert verification.account(document(account)) == account


def test_equal_accounts_are_counted_and_no_difference_is_found():
    evening = dataclasses.replace(EVERYBODY, members={STANDARD: frozenset({"bo"})})
    wanted = verification.expected(EVERYBODY, evening, ["Standard"])

    verdict = verification.compare(wanted, [document(each) for each in wanted.values()])

    assert verdict.sentence == (
        "2 accounts: 1 active and equal in 14 attributes, 1 disabled as they should be, 0 differences"
    )


def test_a_different_value_is_named_with_what_it_is_and_what_it_should_be():
    wanted = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])
    documents = [document(wanted["ada"], title="Somebody else's"), document(wanted["bo"], phoneNumbers=[])]

    verdict = verification.compare(wanted, documents)

    assert verdict.differences == (
        "ada@mail.example: title is \"Somebody else's\" and should be 'Title of ada'",
        "bo@mail.example: phoneNumbers.mobile is 'nothing' and should be '+33639980001'",
    )
    assert (verdict.active, verdict.disabled) == (0, 0)


def test_an_account_that_is_active_and_should_not_be_is_a_difference():
    evening = dataclasses.replace(EVERYBODY, members={})
    wanted = verification.expected(EVERYBODY, evening, ["Standard"])

    verdict = verification.compare(wanted, [document(wanted["ada"], active=True), document(wanted["bo"])])

    assert verdict.differences == ("ada@mail.example: active is 'true' and should be 'false'",)


def test_a_missing_account_is_named():
    wanted = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])

    verdict = verification.compare(wanted, [document(wanted["ada"])])

    assert verdict.differences == ("bo@mail.example should have an account and has none",)


def test_an_account_of_nobody_is_named():
    wanted = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])
    stray = document(wanted["bo"], userName="eve@mail.example", externalId=None)

    verdict = verification.compare(wanted, [*(document(each) for each in wanted.values()), stray])

    assert verdict.differences == ("eve@mail.example has an account, and nobody like that should have one",)


def test_two_accounts_of_one_person_are_named():
    wanted = verification.expected(EVERYBODY, EVERYBODY, ["Standard"])
    documents = [document(each) for each in wanted.values()]

    verdict = verification.compare(wanted, [*documents, document(wanted["ada"], userName="ADA@mail.example")])

    assert "2 accounts have the externalId ada" in verdict.differences
    assert "2 accounts have the userName ada@mail.example" in verdict.differences
