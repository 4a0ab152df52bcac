"""The switches, what the library is told of them, and that each is recorded with what it does when it is off."""

import pathlib

from scim2_models import ScimPolicy

from provisor.ringcentral.profiles import PROFILES
from provisor.ringcentral.protocol.tolerances import LENIENT, STRICT, Tolerance
from support import recordings

CLIENTS = pathlib.Path(__file__).parents[2] / "conformance" / "ringcentral" / "clients"


def test_every_tolerance_is_recorded_on_and_off():
    recorded = {
        each.id.partition("-")[0]
        for each in recordings.read(CLIENTS)
        if each.expectation("strict") is not None
    }

    assert {each.value for each in Tolerance} <= recorded


def test_every_profile_understands_every_habit_unless_told_otherwise():
    assert all(profile.tolerances == LENIENT for profile in PROFILES.values())


def test_the_library_is_told():
    assert LENIENT.policy().unknown is ScimPolicy.Unknown.ignore
    assert STRICT.policy() == ScimPolicy()
    assert LENIENT.without(Tolerance.VALUE_PATH_UPSERT).policy().unmatched_path_filter is (
        ScimPolicy.UnmatchedPathFilter.forbid
    )
