"""The `full` profile as a running provider, one for all tests of a module: each test makes its own resources."""

import pytest

from provisor.ringcentral.background import running_provider
from provisor.ringcentral.protocol import tolerances
from provisor.ringcentral.resources import extensions
from support.scim_http import ScimHttp
from support.scim_provider import full_provider


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


@pytest.fixture(scope="module")
def strict_scim(tmp_path_factory):
    """A client of a provider that tolerates nothing the RFCs do not allow."""
    database = tmp_path_factory.mktemp("strict") / "provider.db"
    with running_provider(
        database_url=f"sqlite:///{database}", profile="full", tolerances=tolerances.STRICT
    ) as running:
        client = ScimHttp(base_url=running.base_url, token=running.token)
        yield client
        client.close()


@pytest.fixture(scope="module")
def scim_with_extension(tmp_path_factory):
    """A client of a provider that has the extension for demonstration, and the URN of the extension."""
    extension = extensions.read(extensions.DEMONSTRATION)
    database = tmp_path_factory.mktemp("extended") / "provider.db"
    with full_provider(f"sqlite:///{database}", extensions=[extension]) as client:
        yield client, str(extension.document.id)
