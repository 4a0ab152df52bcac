"""`provisor ringcentral token`, `knobs`, `profiles` and what `serve` refuses, called as a user calls them."""

import contextlib

import pytest

from provisor.ringcentral import background, serving
from provisor.ringcentral.account import knob_texts
from provisor.ringcentral.account.settings import Name, SettingsStore
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.profile_names import ProfileName
from provisor.ringcentral.storage.database import Database
from support.command_line import CommandLine


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/ringcentral.db"


@pytest.fixture
def shell(sqlite_url, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return CommandLine(sqlite_url, PROVISOR_RINGCENTRAL_DATABASE_URL=url)


def test_a_token_is_printed_alone_so_that_it_can_be_piped(shell):
    assert len(shell("ringcentral", "token").stdout.strip()) == 43


def test_tokens_are_made_listed_rotated_and_revoked(shell):
    made = shell.json("ringcentral", "token", "create", "--description", "Entra", "--expires", "90d")
    rotated = shell.json("ringcentral", "token", "rotate", made["id"], "--grace", "0s")
    shell("ringcentral", "token", "revoke", rotated["id"])

    listed = shell.json("ringcentral", "token", "list")

    assert [(each["id"], each["state"], each["description"]) for each in listed] == [
        (made["id"], "revoked", "Entra"),
        (rotated["id"], "revoked", "Entra"),
    ]
    assert listed[0]["createdBy"]
    shown = shell("ringcentral", "token", "list").stdout
    assert made["token"] not in shown
    assert rotated["token"] not in shown


def test_an_unknown_token_is_told_in_words(shell):
    refused = shell("ringcentral", "token", "revoke", "nope", expect=1)

    assert "No SCIM token of the profile ringcentral has the id 'nope'" in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "create", "--expires", "soon"), "Give a number and a unit"),
        (("serve", "--knob", "list-shap=legacy"), "Did you mean list-shape?"),
        (("serve", "--knob", "list-shape=long"), "one of: short, legacy"),
        (("serve", "--no-throttling", "--light-limit", "3"), "no sense"),
        (("serve", "--profile", "aws"), "aws-identity-center"),
        (("knobs", "--language", "de"), "en and fr"),
    ],
)
def test_wrong_usage_is_told_in_words(shell, words, said):
    refused = shell("ringcentral", *words, expect=2)

    assert said in " ".join(refused.stderr.replace("│", " ").split())


def test_every_knob_is_told_in_both_languages(shell):
    for language in ("en", "fr"):
        told = {each["name"]: each for each in shell.json("ringcentral", "knobs", "--language", language)}
        assert list(told) == list(knob_texts.KNOBS)
        assert all(each["meaning"] == knob_texts.KNOBS[name].meaning[language] for name, each in told.items())
    assert "legacy" in shell("ringcentral", "knobs").stdout


def test_every_profile_is_told_with_its_limits(shell):
    told = {each["name"]: each["limits"] for each in shell.json("ringcentral", "profiles")}

    assert list(told) == list(ProfileName)
    assert "100 members a request" in told["aws-identity-center"]


def test_a_database_of_another_profile_is_refused_in_words(shell, url):
    with background.running_provider(database_url=url, profile="full"):
        pass

    for words in (("serve",), ("token",)):
        refused = shell("ringcentral", *words, expect=1)
        assert "holds the people of the profile full" in refused.stderr
        assert "--database" in refused.stderr


def test_each_profile_has_a_database_of_its_own_by_default(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell = CommandLine(sqlite_url)
    shell("ringcentral", "token")
    shell("ringcentral", "token", "--profile", "zitadel")

    assert sorted(path.name for path in (tmp_path / ".provisor").glob("*.db")) == [
        "ringcentral.db",
        "zitadel.db",
    ]


def test_applications_are_registered_listed_and_revoked(shell):
    back = "https://portal.example/TokenAuthorize"
    made = shell.json("ringcentral", "client", "create", "Entra ID", "--redirect-uri", back)
    phone = shell.json(
        "ringcentral", "client", "create", "Phone", "--redirect-uri", back, "--public", "--read-only"
    )
    shell("ringcentral", "client", "revoke", made["id"])

    listed = {each["name"]: each for each in shell.json("ringcentral", "client", "list")}

    assert len(made["secret"]) == 43
    assert phone["secret"] is None
    assert listed["Entra ID"]["revoked"]
    assert (listed["Phone"]["kind"], listed["Phone"]["scopes"]) == ("public", ["ReadAccounts"])
    assert made["secret"] not in shell("ringcentral", "client", "list").stdout


def test_an_application_without_a_safe_place_to_return_to_is_refused(shell):
    refused = shell(
        "ringcentral", "client", "create", "Entra", "--redirect-uri", "http://idp.example/", expect=1
    )

    assert "give an https URI" in refused.stderr


def test_the_limits_an_administrator_stored_are_the_ones_that_are_told(url):
    limits = Throttling(light=7, heavy=3)
    with contextlib.closing(Database(url)) as database:
        serving.prepare(database, ProfileName.RINGCENTRAL)
        store = SettingsStore(database, "ringcentral", clock=serving.utc_now)
        store.write(Name.THROTTLING, limits, by="jo")

    told = [
        serving.limits_in_force(url, ProfileName.RINGCENTRAL, asked)
        for asked in (serving.AsStored.LIMITS, None, Throttling(light=9))
    ]

    assert told == [limits, None, Throttling(light=9)]
