"""SCIM tokens: shown once, described, expiring, rotated, revoked, and noted when used."""

import datetime as dt

import pytest

from provisor.ringcentral.account import tokens
from provisor.ringcentral.account.tokens import TokenState


def status(wire, secret):
    return wire.send("GET", "/Users", headers={"authorization": f"Bearer {secret}"}).status


def made(wire, **how):
    return tokens.create(wire.app.state.database, "ringcentral", wire.clock.now, **how)


def listed(wire):
    return {token.id: token for token in tokens.listed(wire.app.state.database, "ringcentral")}


def test_a_token_is_listed_with_what_it_is_for_and_without_its_secret(ringcentral):
    new = made(ringcentral, description="Entra", created_by="jo")

    shown = listed(ringcentral)[new.token.id]

    assert (shown.description, shown.created_by, shown.last_used) == ("Entra", "jo", None)
    assert shown.created == ringcentral.clock.now
    assert new.secret not in repr(shown)


def test_a_token_opens_until_it_expires(ringcentral):
    new = made(ringcentral, expires=ringcentral.clock.now + dt.timedelta(seconds=30))
    ringcentral.clock.pass_seconds(29.9)
    assert status(ringcentral, new.secret) == 200

    ringcentral.clock.pass_seconds(0.1)
    answer = ringcentral.send("GET", "/Users", headers={"authorization": f"Bearer {new.secret}"})

    assert answer.status == 401
    assert "OAU-128" in answer.body["detail"]
    assert listed(ringcentral)[new.token.id].state(ringcentral.clock.now) is TokenState.EXPIRED


def test_a_revoked_token_opens_nothing_after_a_second(ringcentral):
    new = made(ringcentral)
    assert status(ringcentral, new.secret) == 200

    tokens.revoke(ringcentral.app.state.database, "ringcentral", new.token.id, ringcentral.clock.now)
    ringcentral.clock.pass_seconds(1)

    assert status(ringcentral, new.secret) == 401
    assert status(ringcentral, ringcentral.token) == 200


def test_a_rotated_token_works_beside_the_new_one_for_the_grace_period(ringcentral):
    old = made(ringcentral, description="Entra")
    new = tokens.rotate(
        ringcentral.app.state.database,
        "ringcentral",
        old.token.id,
        ringcentral.clock.now,
        grace=dt.timedelta(minutes=5),
    )

    assert new.token.description == "Entra"
    assert [status(ringcentral, each.secret) for each in (old, new)] == [200, 200]
    ringcentral.clock.pass_seconds(300)
    assert [status(ringcentral, each.secret) for each in (old, new)] == [401, 200]


def test_a_rotation_without_grace_ends_the_old_token_at_once(ringcentral):
    old = made(ringcentral)
    new = tokens.rotate(
        ringcentral.app.state.database,
        "ringcentral",
        old.token.id,
        ringcentral.clock.now,
        grace=dt.timedelta(),
    )

    assert [status(ringcentral, each.secret) for each in (old, new)] == [401, 200]
    with pytest.raises(tokens.UnknownTokenError, match="is revoked"):
        tokens.rotate(ringcentral.app.state.database, "ringcentral", old.token.id, ringcentral.clock.now)


def test_a_rotation_never_lengthens_the_old_tokens_life(ringcentral):
    end = ringcentral.clock.now + dt.timedelta(minutes=1)
    old = made(ringcentral, expires=end)

    tokens.rotate(ringcentral.app.state.database, "ringcentral", old.token.id, ringcentral.clock.now)

    assert listed(ringcentral)[old.token.id].expires == end


def test_a_token_of_another_profile_cannot_be_touched(ringcentral):
    new = made(ringcentral)

    for act in (tokens.revoke, tokens.rotate):
        with pytest.raises(tokens.UnknownTokenError, match="of the profile full"):
            act(ringcentral.app.state.database, "full", new.token.id, ringcentral.clock.now)


def test_the_use_of_a_token_is_noted_once_a_minute(ringcentral):
    new = made(ringcentral)
    start = ringcentral.clock.now
    status(ringcentral, new.secret)
    ringcentral.clock.pass_seconds(59)
    status(ringcentral, new.secret)
    assert listed(ringcentral)[new.token.id].last_used == start

    ringcentral.clock.pass_seconds(1)
    status(ringcentral, new.secret)

    assert listed(ringcentral)[new.token.id].last_used == start + dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "OAU-149"),
        ("Basic YTpi", "OAU-149"),
        ("Bearer a b", "OAU-149"),
        ("Bearer short", "OAU-129"),
        ("Bearer " + "x" * 43, "OAU-213"),
    ],
)
def test_a_refused_token_is_answered_with_ringcentrals_code(ringcentral, value, code):
    answer = ringcentral.send("GET", "/Users", headers={"authorization": value})

    assert (answer.status, answer.body["status"]) == (401, "401")
    assert answer.body["detail"].startswith(f"{code}: ")
