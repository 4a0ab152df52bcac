"""`provisor ringcentral token create --for-user`: a token that may say `/Me`."""

import pytest

from provisor.ringcentral.background import running_provider
from support.command_line import CommandLine
from support.scim_http import ScimHttp


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/provider.db"


@pytest.fixture
def shell(tmp_path, database_url):
    return CommandLine(f"sqlite:///{tmp_path}/provisor.db", PROVISOR_RINGCENTRAL_DATABASE_URL=database_url)


def test_a_token_made_for_a_user_says_me_and_so_does_the_one_in_its_place(shell, database_url):
    full = ("--profile", "full")
    with running_provider(database_url=database_url, profile="full") as running:
        service = ScimHttp(base_url=running.base_url, token=running.token)
        user = service.user().id
        made = shell.json("ringcentral", "token", "create", "--for-user", user, *full)
        rotated = shell.json("ringcentral", "token", "rotate", made["id"], *full)

        for token in (made["token"], rotated["token"]):
            client = ScimHttp(base_url=running.base_url, token=token)
            assert client.get("/Me").id == user
            client.close()
        service.close()


def test_a_token_for_nobody_is_not_made(shell):
    refused = shell("ringcentral", "token", "create", "--for-user", "4711", "--profile", "full", expect=1)

    assert "4711" in refused.output
    assert shell.json("ringcentral", "token", "list", "--profile", "full") == []
