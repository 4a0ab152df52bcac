"""OAuth as RingCentral documents it (section A.7): consent, code, refresh, revocation, scopes, and its limits."""

import base64
import hashlib
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from provisor.look.sign_in.roles import Role
from provisor.ringcentral.account import oauth_clients
from provisor.ringcentral.account.oauth_clients import ClientError, ClientKind
from provisor.ringcentral.account.scopes import READ_ONLY
from provisor.ringcentral.account.throttling import Throttling
from provisor.ringcentral.console.application import entrance

BACK = "https://idp.example/back?tenant=1"
PASSWORD = "correct horse battery staple"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Idp:
    """An identity provider that has registered its application, and the browser of the administrator."""

    def __init__(self, wire, *, kind=ClientKind.CONFIDENTIAL, **how):
        self.wire = wire
        database = wire.app.state.database
        new = oauth_clients.create(
            database, wire.clock.now, name="Entra <ID>", redirect_uris=[BACK], kind=kind, **how
        )
        self.client, self.secret = new.client, new.secret

    def form(self, method, path, fields, **headers):
        sent = {"content-type": "application/x-www-form-urlencoded", "authorization": ""} | headers
        return self.wire.send(
            method, path, urlencode(fields).encode(), headers=sent, path_prefix="/restapi/oauth"
        )

    def request(self, **changes):
        asked = {"response_type": "code", "client_id": self.client.id, "redirect_uri": BACK, "state": "xyz"}
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def ask(self, **changes):
        query = urlencode(self.request(**changes))
        return self.wire.send("GET", "/authorize", query=query, path_prefix="/restapi/oauth")

    def decide(self, decision="authorize", *, name="jo", password=PASSWORD, **changes):
        typed = {"decision": decision, "name": name, "password": password}
        return self.form("POST", "/authorize", self.request(**changes) | typed)

    def code(self, **changes):
        return sent_back(self.decide(**changes))["code"]

    def token(self, **fields):
        own = {"client_id": self.client.id} | ({"client_secret": self.secret} if self.secret else {})
        return self.form("POST", "/token", {name: v for name, v in (own | fields).items() if v is not None})

    def redeem(self, code, /, **fields):
        return self.token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": BACK} | fields)

    def refresh(self, token, **fields):
        return self.token(**{"grant_type": "refresh_token", "refresh_token": token} | fields)

    def consent(self):
        answer = self.redeem(self.code())
        assert answer.status == 200, answer.body
        return answer.body

    def read(self, pair, method="GET", path="/Users", body=None):
        token = pair["access_token"]
        return self.wire.send(method, path, body, headers={"authorization": f"Bearer {token}"})


def sent_back(answer):
    assert answer.status == 302, answer.body
    location = answer.headers["location"]
    assert location.startswith("https://idp.example/back?tenant=1&")
    return dict(parse_qsl(urlsplit(location).query))


def administrator(wire, name="jo", role=Role.OWNER):
    door = entrance(wire.app.state.database, wire.clock)
    assert door.accept(door.invite(role), name, PASSWORD) is not None


@pytest.fixture
def idp(ringcentral):
    administrator(ringcentral)
    return Idp(ringcentral)


def test_the_consent_page_tells_who_asks_for_what_and_runs_no_script(idp):
    page = idp.ask(state='"><script>alert(1)</script>')

    assert page.status == 200
    assert "Entra &lt;ID&gt;" in page.body
    assert "<script" not in page.body
    assert '"><script>alert(1)</script>' in unescape(page.body)
    assert "Create, change, disable and delete the users" in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


def test_an_administrators_consent_opens_the_account_for_an_hour(idp, ada):
    back = sent_back(idp.decide())
    assert (back["state"], back["expires_in"]) == ("xyz", "60")

    answer = idp.redeem(back["code"])

    assert answer.headers["cache-control"] == "no-store"
    assert answer.body["token_type"] == "bearer"
    assert (answer.body["expires_in"], answer.body["refresh_token_expires_in"]) == (3600, 604800)
    assert answer.body["scope"] == "EditAccounts ReadAccounts"
    assert idp.read(answer.body, "POST", "/Users", ada).status == 201
    idp.wire.clock.pass_seconds(3600)
    expired = idp.read(answer.body)
    assert (expired.status, expired.body["detail"][:8]) == (401, "OAU-128:")


@pytest.mark.parametrize("typed", [{"password": "wrong"}, {"name": "nobody"}, {"name": "", "password": ""}])
def test_nobody_else_consents(idp, typed):
    answer = idp.decide(**typed)

    assert answer.status == 403
    assert "The name or the password is wrong." in answer.body
    assert PASSWORD not in answer.body


def test_too_many_wrong_passwords_are_not_looked_at_any_more(idp):
    for _ in range(30):
        idp.decide(password="wrong")

    answer = idp.decide()

    assert (answer.status, "Too many attempts" in answer.body) == (403, True)


def test_a_denied_request_is_told_to_the_application(idp):
    back = sent_back(idp.decide("deny"))

    assert (back["error"], back["state"]) == ("access_denied", "xyz")


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "nobody"}, {"client_id": "\0"}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": None},
     {"redirect_uri": BACK + "&x=1"}],
)  # fmt: skip
def test_a_request_nobody_registered_is_never_sent_back(idp, changes):
    for answer in (idp.ask(**changes), idp.decide(**changes)):
        assert answer.status == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_a_request_that_cannot_be_granted_is_sent_back_with_the_reason(idp, changes, error):
    assert sent_back(idp.ask(**changes))["error"] == error


def test_a_code_is_redeemed_once_and_a_second_time_ends_what_it_gave(idp):
    code = idp.code()
    pair = idp.redeem(code).body
    assert idp.read(pair).status == 200

    again = idp.redeem(code)

    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    assert idp.read(pair).status == 401
    assert idp.refresh(pair["refresh_token"]).body["error"] == "invalid_grant"


def test_a_code_lives_for_a_minute(idp):
    code = idp.code()
    idp.wire.clock.pass_seconds(60)

    assert idp.redeem(code).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"redirect_uri": "https://idp.example/other"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"code": "nothing"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
    ],
)
def test_what_does_not_fit_gets_no_token(idp, fields, status, error):
    answer = idp.redeem(idp.code(), **fields)

    assert (answer.status, answer.body["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_an_application_proves_itself_by_the_header_too(idp):
    basic = base64.b64encode(f"{idp.client.id}:{idp.secret}".encode()).decode()
    fields = {"grant_type": "authorization_code", "code": idp.code(), "redirect_uri": BACK}

    assert idp.form("POST", "/token", fields, authorization=f"Basic {basic}").status == 200
    assert idp.form("POST", "/token", fields, authorization="Basic ???").status == 401


def test_a_parameter_sent_twice_is_refused(idp):
    headers = {"content-type": "application/x-www-form-urlencoded", "authorization": ""}
    answer = idp.wire.send(
        "POST", "/token", b"grant_type=a&grant_type=b", headers=headers, path_prefix="/restapi/oauth"
    )

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_another_application_cannot_use_a_code_or_a_refresh_token(idp):
    other = Idp(idp.wire)
    pair = idp.consent()

    assert other.redeem(idp.code()).body["error"] == "invalid_grant"
    assert other.refresh(pair["refresh_token"]).body["error"] == "invalid_grant"
    assert (
        other.form(
            "POST",
            "/revoke",
            {"client_id": other.client.id, "client_secret": other.secret, "token": pair["access_token"]},
        ).status
        == 200
    )
    assert idp.read(pair).status == 200


@pytest.mark.parametrize(
    ("method", "challenge", "verifier", "status"),
    [
        ("S256", CHALLENGE, VERIFIER, 200),
        ("S256", CHALLENGE, "another", 400),
        ("S256", CHALLENGE, None, 400),
        (None, "plain-text", "plain-text", 200),
        ("plain", "plain-text", "other", 400),
    ],
)
def test_pkce_proves_that_who_redeems_a_code_has_asked_for_it(idp, method, challenge, verifier, status):
    code = idp.code(code_challenge=challenge, code_challenge_method=method)

    assert idp.redeem(code, code_verifier=verifier).status == status


def test_an_application_without_a_secret_needs_pkce(ringcentral):
    administrator(ringcentral)
    phone = Idp(ringcentral, kind=ClientKind.PUBLIC)

    assert sent_back(phone.ask())["error"] == "invalid_request"
    code = phone.code(code_challenge=CHALLENGE, code_challenge_method="S256")
    assert phone.redeem(code, code_verifier=VERIFIER).status == 200


def test_refreshing_ends_the_access_token_before_it_at_once(idp):
    first = idp.consent()
    assert idp.read(first).status == 200

    second = idp.refresh(first["refresh_token"]).body

    assert (idp.read(first).status, idp.read(second).status) == (401, 200)


def test_a_used_refresh_token_works_on_for_ten_seconds_after_the_new_access_token_is_used(idp):
    first = idp.consent()
    second = idp.refresh(first["refresh_token"]).body
    idp.wire.clock.pass_seconds(1800)
    assert idp.read(second).status == 200
    idp.wire.clock.pass_seconds(9)
    third = idp.refresh(first["refresh_token"])
    assert third.status == 200
    assert idp.read(third.body).status == 200

    idp.wire.clock.pass_seconds(10)

    assert idp.refresh(first["refresh_token"]).body["error"] == "invalid_grant"
    assert idp.refresh(second["refresh_token"]).body["error"] == "invalid_grant"
    assert idp.refresh(third.body["refresh_token"]).status == 200


def test_a_used_refresh_token_works_on_for_an_hour_while_the_answer_may_be_lost(idp):
    first = idp.consent()
    idp.refresh(first["refresh_token"])
    idp.wire.clock.pass_seconds(3599)
    assert idp.refresh(first["refresh_token"]).status == 200

    idp.wire.clock.pass_seconds(1)

    assert idp.refresh(first["refresh_token"]).body["error"] == "invalid_grant"


def test_a_refresh_token_lives_for_seven_days(idp):
    pair = idp.consent()
    idp.wire.clock.pass_seconds(7 * 24 * 3600)

    assert idp.refresh(pair["refresh_token"]).body["error"] == "invalid_grant"


def test_the_sixth_session_of_a_user_and_application_ends_the_first(idp):
    other = Idp(idp.wire)
    beside = other.consent()
    pairs = []
    for _ in range(6):
        pairs.append(idp.consent())
        idp.wire.clock.pass_seconds(1)

    assert [idp.read(pair).status for pair in pairs] == [401, 200, 200, 200, 200, 200]
    assert other.read(beside).status == 200


def test_revoking_either_token_ends_the_session(idp):
    for name in ("access_token", "refresh_token"):
        pair = idp.consent()
        assert idp.read(pair).status == 200
        fields = {"client_id": idp.client.id, "client_secret": idp.secret, "token": pair[name]}

        assert idp.form("POST", "/revoke", fields).status == 200
        assert idp.form("POST", "/revoke", fields).status == 200

        assert idp.read(pair).status == 401
        assert idp.refresh(pair["refresh_token"]).status == 400


def test_a_revoked_application_is_shut_out(idp):
    pair = idp.consent()
    oauth_clients.revoke(idp.wire.app.state.database, idp.client.id, idp.wire.clock.now)
    idp.wire.clock.pass_seconds(1)

    assert idp.read(pair).status == 401
    assert idp.refresh(pair["refresh_token"]).body["error"] == "invalid_client"
    assert idp.ask().status == 400


@pytest.mark.parametrize("by", ["application", "administrator"])
def test_a_write_without_edit_accounts_is_forbidden(ringcentral, ada, by):
    administrator(ringcentral, role=Role.READER if by == "administrator" else Role.OWNER)
    reader = Idp(ringcentral, **({"scopes": READ_ONLY} if by == "application" else {}))
    pair = reader.consent()

    refused = reader.read(pair, "POST", "/Users", ada)

    assert pair["scope"] == "ReadAccounts"
    assert reader.read(pair).status == 200
    assert reader.read(pair, "POST", "/Users/.search", {}).status == 200
    assert refused.status == 403
    assert refused.body["detail"].startswith("CMN-401: ")
    assert "EditAccounts" in refused.body["detail"]


def test_a_missing_scope_in_the_platforms_envelope(make_wire, ada):
    wire = make_wire("ringcentral", knobs=["error-envelope=platform"], throttling=Throttling())
    administrator(wire)
    reader = Idp(wire, scopes=READ_ONLY)

    refused = reader.read(reader.consent(), "POST", "/Users", ada)

    assert (refused.status, refused.body["errorCode"]) == (403, "CMN-401")
    assert refused.headers["x-rate-limit-group"] == "heavy"


def test_the_token_endpoint_takes_five_requests_a_minute_of_an_application(make_wire):
    wire = make_wire("ringcentral", throttling=Throttling())
    idp, other = Idp(wire), Idp(wire)
    for _ in range(5):
        answer = idp.refresh("nothing")
        assert answer.status == 400
        assert answer.headers["x-rate-limit-group"] == "auth"

    refused = idp.refresh("nothing")

    assert (refused.status, refused.body["errorCode"]) == (429, "CMN-301")
    assert (refused.headers["retry-after"], refused.headers["x-rate-limit-limit"]) == ("60", "5")
    assert other.refresh("nothing").status == 400


def test_a_refreshed_token_does_not_start_the_limits_anew(make_wire):
    wire = make_wire("ringcentral", throttling=Throttling(light=2))
    administrator(wire)
    idp = Idp(wire)
    pair = idp.consent()
    idp.read(pair)
    fresh = idp.refresh(pair["refresh_token"]).body

    assert idp.read(fresh).headers["x-rate-limit-remaining"] == "0"


def test_no_token_code_or_secret_is_stored_in_clear(idp, tmp_path):
    code = idp.code()
    pair = idp.redeem(code).body

    stored = b"".join(path.read_bytes() for path in tmp_path.glob("ringcentral.db*"))

    for secret in (code, pair["access_token"], pair["refresh_token"], idp.secret):
        assert secret.encode() not in stored


def test_a_form_without_end_is_refused(idp):
    answer = idp.form("POST", "/token", {"code": "a" * 70_000})

    assert answer.status == 413


@pytest.mark.parametrize(
    "uri", ["http://idp.example/", "https://idp.example/#x", "javascript:alert(1)", "/back", "https://[x"]
)
def test_a_redirect_uri_that_is_not_safe_is_not_registered(ringcentral, uri):
    with pytest.raises(ClientError, match=re.escape("cannot be sent back to")):
        oauth_clients.create(
            ringcentral.app.state.database, ringcentral.clock.now, name="x", redirect_uris=[uri]
        )


def test_the_full_profile_has_no_oauth(full):
    assert full.send("GET", "/authorize", path_prefix="/restapi/oauth").status == 404
