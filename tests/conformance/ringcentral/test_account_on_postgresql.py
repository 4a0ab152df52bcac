"""The account on PostgreSQL: what SQLite forgives in its SQL is asked of both."""

import pytest

from provisor.look.sign_in.roles import Role
from provisor.ringcentral.account import oauth_clients, oauth_sessions, tokens
from provisor.ringcentral.account.extensions import Having
from provisor.ringcentral.account.oauth_sessions import Consent
from provisor.ringcentral.account.settings import Name
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.console.application import entrance
from provisor.ringcentral.storage.database import Access
from support import postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def wire(make_wire):
    with postgres.fresh_database_url() as url:
        knobs = ["listed-users=no-disabled", "filter-attributes=externalId,active,id", "welcome-mail=both"]
        made = make_wire("ringcentral", url=url, seats=12, knobs=knobs)
        yield made
        made.app.state.database.close()


def test_seats_states_and_filters(wire, ada):
    user = wire.send("POST", "/Users", ada | {"active": True}).body
    account = wire.app.state.account

    found = [
        wire.find("/Users", scim_filter).body["totalResults"]
        for scim_filter in ('externalId eq "hr-4411"', "active eq true", f'id eq "{user["id"]}"')
    ]
    account.set_status(user["id"], ExtensionStatus.FROZEN, by="jo")

    assert found == [1, 1, 1]
    assert wire.send("GET", "/Users").body["totalResults"] == 0
    assert [each.seat.extension_id for each in account.page(having=Having.USER)] == [user["id"]]
    account.set_role(user["id"], "Manager", by="jo")
    account.set_site(user["id"], "Lyon", by="jo")
    account.add_seats(by="jo", how_many=2)
    account.delete_user(user["id"], by="jo")
    assert (account.counts().total, account.counts().available) == (14, 14)
    assert len(account.events()) == 6
    assert wire.send("POST", "/Users", ada).status == 201


def test_settings_and_tokens(wire):
    wire.app.state.settings.write(Name.DEFAULT_ROLE, "Manager", by="jo")
    database, now = wire.app.state.database, wire.clock.now
    old = tokens.create(database, "ringcentral", now)
    new = tokens.rotate(database, "ringcentral", old.token.id, now)
    tokens.revoke(database, "ringcentral", new.token.id, now)

    assert wire.app.state.settings.current().default_role == "Manager"
    assert wire.send("GET", "/Users", headers={"authorization": f"Bearer {old.secret}"}).status == 200
    assert wire.send("GET", "/Users", headers={"authorization": f"Bearer {new.secret}"}).status == 401


def test_oauth(wire):
    database, now = wire.app.state.database, wire.clock.now
    door = entrance(database, wire.clock)
    assert door.accept(door.invite(Role.OWNER), "jo", "correct horse battery staple") is not None
    client = oauth_clients.create(database, now, name="Entra", redirect_uris=["https://idp.example/"]).client
    consent = Consent(
        client=client,
        subject="jo",
        scopes=client.scopes,
        redirect_uri="https://idp.example/",
        challenge=None,
        challenge_method=None,
    )
    pairs = []
    for _ in range(6):
        with database.transaction(Access.WRITE) as connection:
            code = oauth_sessions.issue_code(connection, consent, wire.clock.now)
            pairs.append(
                oauth_sessions.redeem(
                    connection,
                    client,
                    code=code,
                    redirect_uri="https://idp.example/",
                    verifier=None,
                    now=wire.clock.now,
                )
            )
        wire.clock.pass_seconds(1)
    with database.transaction(Access.WRITE) as connection:
        fresh = oauth_sessions.refresh(connection, client, pairs[-1].refresh, wire.clock.now)

    opened = [*pairs, fresh]
    statuses = [
        wire.send("GET", "/Users", headers={"authorization": f"Bearer {pair.access}"}).status
        for pair in opened
    ]

    assert statuses == [401, 200, 200, 200, 200, 401, 200]
