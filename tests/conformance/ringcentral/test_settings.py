"""What an administrator changes while the provider runs: stored, noticed within a second, overridden by options."""

import datetime as dt

import pytest

from provisor.ringcentral.account.settings import (
    DirectoryProvider,
    Name,
    Overrides,
    ScimService,
    Settings,
    SettingsStore,
    StaleSettingError,
)
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.serving import AsStored

LIMITS = Throttling(light=7, heavy=3, auth=2, window=dt.timedelta(seconds=5), penalty=dt.timedelta(seconds=9))


def another_process(wire):
    return SettingsStore(wire.app.state.database, "ringcentral", clock=wire.clock)


@pytest.mark.parametrize(
    ("name", "value"),
    [(Name.SCIM_SERVICE, ScimService.DISABLED), (Name.DIRECTORY_PROVIDER, DirectoryProvider.NONE)],
)
def test_an_account_without_the_scim_service_answers_403_in_words(ringcentral, name, value):
    ringcentral.app.state.settings.write(name, value, by="jo")

    answer = ringcentral.send("GET", "/Users")

    assert answer.status == 403
    assert "scimType" not in answer.body
    assert "not enabled for this account" in answer.body["detail"]


def test_a_stranger_learns_nothing_of_a_disabled_service(ringcentral):
    ringcentral.app.state.settings.write(Name.SCIM_SERVICE, ScimService.DISABLED, by="jo")

    assert ringcentral.send("GET", "/Users", headers={"authorization": "Bearer x"}).status == 401


def test_a_change_by_another_process_is_noticed_after_a_second(ringcentral):
    assert ringcentral.send("GET", "/Users").status == 200
    another_process(ringcentral).write(Name.SCIM_SERVICE, ScimService.DISABLED, by="jo")
    assert ringcentral.send("GET", "/Users").status == 200

    ringcentral.clock.pass_seconds(1)

    assert ringcentral.send("GET", "/Users").status == 403


def test_stored_limits_hold_where_the_command_line_gives_none(make_wire):
    wire = make_wire("ringcentral", throttling=AsStored.LIMITS)
    assert wire.send("GET", "/Users").headers["x-rate-limit-limit"] == "50"

    wire.app.state.settings.write(Name.THROTTLING, LIMITS, by="jo")
    assert wire.send("GET", "/Users").headers["x-rate-limit-limit"] == "7"

    wire.app.state.settings.write(Name.THROTTLING, None, by="jo")
    assert "x-rate-limit-limit" not in wire.send("GET", "/Users").headers


def test_the_command_line_overrides_what_is_stored(make_wire):
    wire = make_wire("ringcentral", throttling=Throttling(light=9), knobs=["max-count=3"])
    wire.app.state.settings.write(Name.THROTTLING, LIMITS, by="jo")
    wire.app.state.settings.write_knobs({"max_count": 40, "list_shape": "legacy"}, by="jo")

    settings = wire.app.state.settings.current()

    assert settings.throttling == Throttling(light=9)
    assert (settings.knobs.max_count, settings.knobs.list_shape) == (3, "legacy")
    assert wire.app.state.settings.overridden == {"throttling", "knobs.max-count"}


def test_every_setting_is_read_as_it_was_written(ringcentral):
    store = ringcentral.app.state.settings
    written = {
        Name.SCIM_SERVICE: ScimService.DISABLED,
        Name.DIRECTORY_PROVIDER: DirectoryProvider.OKTA,
        Name.THROTTLING: LIMITS,
        Name.FAULTS: "status=503",
        Name.DEFAULT_ROLE: "Manager",
    }
    for name, value in written.items():
        store.write(name, value, by="jo")

    stored = another_process(ringcentral).stored()

    assert {name: each.value for name, each in stored.items()} == written
    assert {(each.version, each.updated, each.updated_by) for each in stored.values()} == {
        (1, ringcentral.clock.now, "jo")
    }


def test_nobody_overwrites_what_he_has_not_seen(ringcentral):
    store = ringcentral.app.state.settings
    store.write(Name.FAULTS, "one", by="jo", expected_version=0)
    another_process(ringcentral).write(Name.FAULTS, "two", by="al", expected_version=1)

    for version in (0, 1):
        with pytest.raises(StaleSettingError, match="faults was changed"):
            store.write(Name.FAULTS, "three", by="jo", expected_version=version)

    assert store.stored()[Name.FAULTS].value == "two"


def test_two_profiles_in_one_database_have_settings_of_their_own(ringcentral):
    ringcentral.app.state.settings.write(Name.FAULTS, "one", by="jo")

    other = SettingsStore(ringcentral.app.state.database, "full", clock=ringcentral.clock)

    assert other.current() == Settings()


def test_an_override_leaves_what_is_stored_as_it_is(ringcentral):
    overridden = SettingsStore(
        ringcentral.app.state.database,
        "ringcentral",
        clock=ringcentral.clock,
        overrides=Overrides(values={Name.DEFAULT_ROLE: "Manager"}),
    )

    assert overridden.current().default_role == "Manager"
    assert another_process(ringcentral).current().default_role == Settings().default_role
