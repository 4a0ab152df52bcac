"""The `full` profile as a running provider, one for all tests of a module: each test makes its own resources."""

import pytest

from provisor.ringcentral.background import running_provider
from provisor.ringcentral.protocol import tolerances
from provisor.ringcentral.resources import extensions
from support import postgres
from support.scim_http import ScimHttp
from support.scim_provider import full_provider

ON_BOTH_DATABASES = frozenset(
    {"test_filtering", "test_filter_language", "test_sorting", "test_cursor_paging"}
)
"""The modules whose answers the database works out."""


def pytest_generate_tests(metafunc):
    if "database_url" in metafunc.fixturenames:
        kinds = ["sqlite"]
        if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH_DATABASES:
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgres))
        metafunc.parametrize("database_url", kinds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def database_url(request, tmp_path_factory):
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('provider')}/provider.db"
    else:
        with postgres.fresh_database_url() as url:
            yield url


@pytest.fixture(scope="module")
def provider(database_url):
    with running_provider(database_url=database_url, profile="full") as running:
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
