"""The `full` profile as a running provider, one for all tests of a module: each test makes its own resources."""

import pytest

from provisor.ringcentral.background import running_provider
from support.scim_http import ScimHttp


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    database = tmp_path_factory.mktemp("provider") / "provider.db"
    with running_provider(database_url=f"sqlite:///{database}", profile="full") as running:
        yield running


@pytest.fixture(scope="module")
def scim(provider):
    """A client of the provider."""
    client = ScimHttp(base_url=provider.base_url, token=provider.token)
    yield client
    client.close()
