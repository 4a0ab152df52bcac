"""What the client makes of answers that are not proper, and of no answer."""

import asyncio
import random
import socket
import ssl
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from provisor.core import errors, objects
from provisor.core.changes import Modification
from provisor.core.errors import ErrorCode
from provisor.targets import connection, profile, scim_target
from support import scripted_target, told_clock
from support.scripted_target import Commit

USER, GROUP = objects.ObjectType.USER, objects.ObjectType.GROUP
ADA = {"id": "2819", "userName": "ada@example.com", "active": True}
DISABLE = [Modification(path="active", old=True, new=False)]


@pytest.fixture(autouse=True)
def _people(peer):
    peer.users["2819"] = dict(ADA)


def creating(client):
    return client.create(USER, {"userName": "bo@example.com"})


CALLS = {
    "create": creating,
    "find": lambda client: client.find(USER, "userName", "bo@example.com"),
    "read": lambda client: client.read(USER, "2819"),
    "update": lambda client: client.update(USER, "2819", DISABLE),
    "members": lambda client: client.change_members("7", add=["2819"]),
    "delete": lambda client: client.delete(USER, "2819"),
    "probe": lambda client: client.test_connection(USER, "userName"),
}
EVERY_CALL = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
REPEATABLE = pytest.mark.parametrize("call", [CALLS["read"], CALLS["update"]], ids=["read", "update"])


@EVERY_CALL
async def test_a_refused_token_stops_the_cycle_and_is_told_to_nobody(connect, call):
    client = connect(token="wr0ng-t0ken")
    with pytest.raises(errors.TargetUnusableError, match="Enter a valid secret token") as caught:
        await call(client)
    assert caught.value.code is ErrorCode.UNAUTHORIZED
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + repr(vars(client))
    assert "wr0ng-t0ken" not in told


async def test_a_target_that_repeats_the_token_does_not_get_it_into_a_message(client, peer):
    peer.script(scripted_target.status(401, detail=f"bad token {scripted_target.TOKEN}!"))
    with pytest.raises(errors.TargetUnusableError) as caught:
        await client.read(USER, "2819")
    assert scripted_target.TOKEN not in str(caught.value)
    assert caught.value.detail == "bad token …!"


@pytest.mark.parametrize(
    "refusal",
    [
        (400, errors.ObjectRefusedError, ErrorCode.UNPROCESSABLE_ENTITY),
        (403, errors.ObjectRefusedError, ErrorCode.INSUFFICIENT_RIGHTS),
        (405, errors.ObjectRefusedError, ErrorCode.METHOD_NOT_ALLOWED),
        (409, errors.TargetConflictError, ErrorCode.CONFLICT),
        (413, errors.ObjectRefusedError, ErrorCode.UNPROCESSABLE_ENTITY),
        (422, errors.ObjectRefusedError, ErrorCode.UNPROCESSABLE_ENTITY),
        (501, errors.ObjectRefusedError, ErrorCode.NOT_IMPLEMENTED),
    ],
)
@pytest.mark.parametrize("call", [CALLS["create"], CALLS["update"]], ids=["create", "update"])
async def test_a_refusal_of_one_object_says_what_the_target_said(client, peer, call, refusal):
    status, error, code = refusal
    peer.script(scripted_target.status(status, detail="no such thing", scim_type="invalidValue"))
    with pytest.raises(error, match="“no such thing” \\(invalidValue\\)") as caught:
        await call(client)
    assert (caught.value.code, caught.value.status, caught.value.detail) == (code, status, "no such thing")
    assert client.writes.requests == 1


async def test_the_platforms_own_envelope_is_understood(client, peer):
    body = {"errorCode": "CMN-101", "message": "Parameter [x] value is invalid", "errors": []}
    peer.script(scripted_target.status(400, body=body))
    with pytest.raises(errors.ObjectRefusedError, match=r"“Parameter \[x\] value is invalid” \(CMN-101\)"):
        await creating(client)


async def test_the_first_of_the_platforms_listed_errors_speaks_where_the_envelope_is_silent(client, peer):
    body = {"errors": [{"errorCode": "CMN-203", "message": "Try again"}]}
    peer.script(scripted_target.status(400, body=body))
    with pytest.raises(errors.ObjectRefusedError, match=r"“Try again” \(CMN-203\)"):
        await creating(client)


@pytest.mark.parametrize(
    "words", ["License limit has been reached.", "No seats available", "The number of licences was exceeded"]
)
async def test_a_lack_of_licences_is_told_from_a_lack_of_rights(client, peer, words):
    peer.script(scripted_target.status(403, detail=words))
    with pytest.raises(errors.ObjectRefusedError, match="Free or buy a licence") as caught:
        await creating(client)
    assert caught.value.code is ErrorCode.LICENSE_LIMIT_EXCEEDED


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"detail": "title", "scim_type": "invalidPath"}, ErrorCode.SCHEMA_ATTRIBUTE_NOT_FOUND),
        ({"detail": "phones", "scim_type": "noTarget"}, ErrorCode.SCHEMA_ATTRIBUTE_NOT_FOUND),
        ({"detail": "name.familyName is required", "scim_type": "invalidValue"}, ErrorCode.MISSING_VALUES),
        ({"detail": "Missing required attribute: emails"}, ErrorCode.MISSING_VALUES),
        (
            {"detail": "The required format is E.164", "scim_type": "invalidValue"},
            ErrorCode.UNPROCESSABLE_ENTITY,
        ),
    ],
)
async def test_an_unknown_attribute_and_a_missing_value_are_told_from_other_refusals(
    client, peer, fault, code
):
    peer.script(scripted_target.status(400, **fault))
    with pytest.raises(errors.ObjectRefusedError) as caught:
        await creating(client)
    assert caught.value.code is code


@pytest.mark.parametrize("call", [CALLS["find"], CALLS["probe"]], ids=["find", "probe"])
async def test_a_token_that_may_not_even_look_stops_the_cycle(client, peer, call):
    peer.script(scripted_target.status(403, detail="not allowed"))
    with pytest.raises(errors.TargetUnusableError, match="right to read accounts") as caught:
        await call(client)
    assert caught.value.code is ErrorCode.INSUFFICIENT_RIGHTS


@pytest.mark.parametrize("call", [CALLS["read"], CALLS["update"]], ids=["read", "update"])
async def test_a_resource_that_is_gone_is_matched_again(client, peer, call):
    peer.users.clear()
    with pytest.raises(errors.ResourceGoneError) as caught:
        await call(client)
    assert caught.value.code is ErrorCode.INVALID_ANCHOR


@pytest.mark.parametrize("call", [CALLS["find"], CALLS["probe"]], ids=["find", "probe"])
async def test_a_collection_that_is_not_there_is_a_wrong_tenant_url(client, peer, call):
    peer.script(scripted_target.status(404, body=b""))
    with pytest.raises(errors.TargetUnusableError, match="Check the tenant URL") as caught:
        await call(client)
    assert caught.value.code is ErrorCode.SERVICE_INCOMPATIBLE


@pytest.mark.parametrize(
    "call", [CALLS["find"], CALLS["read"], CALLS["probe"]], ids=["find", "read", "probe"]
)
@pytest.mark.parametrize(
    "answer",
    [
        scripted_target.html(),
        scripted_target.status(200, body=b"OK"),
        scripted_target.status(200, body=b""),
        scripted_target.status(200, body={}),
        scripted_target.status(200, body=[1, 2]),
        scripted_target.status(302, headers={"Location": "https://login.example/"}),
    ],
    ids=["html", "text", "empty", "object", "list", "redirection"],
)
async def test_a_success_that_is_not_scim_stops_the_cycle(client, peer, call, answer):
    peer.script(answer)
    with pytest.raises(errors.TargetUnusableError) as caught:
        await call(client)
    assert caught.value.code is ErrorCode.SERVICE_INCOMPATIBLE
    assert peer.url in str(caught.value) or "without an id" in str(caught.value)


async def test_a_web_page_is_named_by_its_title(client, peer):
    peer.script(scripted_target.html(403, title="Access denied by the firewall"))
    with pytest.raises(errors.ObjectRefusedError, match="a web page titled Access denied by the firewall"):
        await creating(client)


@pytest.mark.parametrize("code", [200, 404])
@pytest.mark.parametrize(
    "call",
    [CALLS["read"], CALLS["update"], CALLS["members"], CALLS["delete"]],
    ids=["read", "update", "members", "delete"],
)
async def test_a_web_page_proves_neither_that_something_was_written_nor_that_it_is_gone(
    client, peer, call, code
):
    peer.always(scripted_target.html(code, title="404 Not Found"))
    with pytest.raises(errors.TargetUnusableError, match="a web page instead of its own answer") as caught:
        await call(client)
    assert caught.value.code is ErrorCode.SERVICE_INCOMPATIBLE


async def test_a_creation_answered_by_a_web_page_is_looked_up(client, peer):
    peer.script(scripted_target.html(200))
    with pytest.raises(errors.OutcomeUnknownError):
        await creating(client)


async def test_the_detail_is_never_very_long(client, peer):
    peer.script(scripted_target.status(400, detail="word " * 5000))
    with pytest.raises(errors.ObjectRefusedError) as caught:
        await creating(client)
    assert len(caught.value.detail) == 300


@REPEATABLE
@pytest.mark.parametrize(
    "answer",
    [
        scripted_target.status(500, commit=Commit.NOT_DONE),
        scripted_target.status(502, commit=Commit.DONE),
        scripted_target.status(503),
        scripted_target.drop(commit=Commit.DONE),
        scripted_target.drop(commit=Commit.NOT_DONE),
    ],
    ids=["500", "502-after", "503", "dropped-after", "dropped-before"],
)
async def test_a_passing_fault_is_waited_out(client, peer, time, call, answer):
    peer.script(answer, answer)
    await call(client)
    assert time.waits
    assert time.waits[0] <= 2.0


async def test_the_waits_double_up_to_a_limit(connect, peer, time):
    peer.always(scripted_target.status(500))
    client = connect(retry=profile.RetryPolicy(attempts=8, first_delay=2.0, longest_delay=20.0))
    with pytest.raises(errors.TryLaterError):
        await client.read(USER, "2819")
    assert len(peer.requests) == 8
    for wait, longest in zip(time.waits, [2, 4, 8, 16, 20, 20, 20], strict=True):
        assert longest / 2 <= wait <= longest


async def test_a_read_that_never_succeeds_is_tried_later(client, peer):
    peer.always(scripted_target.drop(commit=Commit.NOT_DONE))
    with pytest.raises(errors.TryLaterError, match="connection broke") as caught:
        await client.read(USER, "2819")
    assert caught.value.code is ErrorCode.WEB_EXCEPTION


async def test_a_write_that_never_succeeds_may_have_been_done(client, peer):
    peer.always(scripted_target.status(500, detail="oops", commit=Commit.DONE))
    with pytest.raises(errors.OutcomeUnknownError, match="“oops”") as caught:
        await client.update(USER, "2819", DISABLE)
    assert caught.value.code is ErrorCode.INTERNAL_SERVER_ERROR
    assert peer.users["2819"]["active"] is False


@pytest.mark.parametrize("commit", Commit)
@pytest.mark.parametrize(
    "fault",
    [
        lambda commit: scripted_target.status(500, commit=commit),
        lambda commit: scripted_target.status(503, commit=commit),
        lambda commit: scripted_target.drop(commit=commit),
        lambda commit: scripted_target.silence(commit=commit),
    ],
    ids=["500", "503", "dropped", "silent"],
)
async def test_a_creation_is_never_repeated_once_it_was_sent(connect, peer, fault, commit):
    peer.script(fault(commit))
    with pytest.raises(errors.OutcomeUnknownError, match="looked up before it is repeated"):
        await creating(connect(read_timeout=0.1))
    assert len(peer.asked("POST")) == 1


async def test_a_creation_that_was_not_received_is_repeated(peer, connect, monkeypatch):
    client = connect()
    exchange, refused = client._transport._connection.exchange, []

    async def refuse_once(method, url, body):
        if not refused:
            refused.append(url)
            return connection.NoAnswer(trouble=connection.Trouble.REFUSED, detail="no route")
        return await exchange(method, url, body)

    monkeypatch.setattr(client._transport._connection, "exchange", refuse_once)
    assert (await creating(client)).id == "1001"


async def test_a_timeout_is_named(connect, peer):
    peer.always(scripted_target.silence(commit=Commit.NOT_DONE))
    client = connect(read_timeout=0.05, retry=profile.RetryPolicy(attempts=2))
    with pytest.raises(errors.TryLaterError, match="did not answer in time") as caught:
        await client.read(USER, "2819")
    assert caught.value.code is ErrorCode.TIMEOUT


@EVERY_CALL
@pytest.mark.parametrize(
    "asked",
    [
        (scripted_target.throttled(retry_after="7"), 7),
        (scripted_target.throttled(X_Rate_Limit_Window="45"), 45),
        (scripted_target.throttled(), 30),
        (scripted_target.status(503, headers={"Retry-After": "11"}), 11),
    ],
    ids=["seconds", "window", "silent", "503"],
)
async def test_a_target_that_asks_to_wait_is_obeyed(client, peer, time, call, asked):
    answer, seconds = asked
    peer.groups["7"] = {"id": "7"}
    peer.script(answer)
    await call(client)
    assert seconds <= time.monotonic() <= seconds + 2
    assert len(peer.requests) == 2


async def test_a_target_that_asks_to_wait_for_ever_is_left_for_later(connect, peer):
    peer.always(scripted_target.throttled(retry_after="60"))
    client = connect(retry=profile.RetryPolicy(throttled_attempts=5))
    with pytest.raises(errors.TryLaterError, match="Request rate exceeded") as caught:
        await creating(client)
    assert caught.value.code is ErrorCode.TOO_MANY_REQUESTS
    assert len(peer.requests) == 5


async def test_a_limit_used_up_is_waited_out(client, peer, time):
    peer.script(scripted_target.with_headers(X_Rate_Limit_Remaining="0", X_Rate_Limit_Window="60"))
    await client.read(USER, "2819")
    await client.read(USER, "2819")
    assert 60 <= time.monotonic() <= 62


async def test_within_its_budget_the_client_is_never_refused(connect, peer, time):
    peer.limiter = scripted_target.SlidingWindow(limit=60, window=60.0, monotonic=time.monotonic)
    client = connect(reads_per_minute=60, writes_per_minute=60)
    for _ in range(200):
        await client.read(USER, "2819")
    assert client.reads.throttled == 0
    assert time.monotonic() < 200 / 0.97


async def test_a_budget_that_is_too_high_still_gets_everything_done(connect, peer, time):
    peer.limiter = scripted_target.SlidingWindow(limit=10, window=60.0, monotonic=time.monotonic)
    client = connect(reads_per_minute=600)
    await asyncio.gather(*(client.read(USER, "2819") for _ in range(40)))
    assert client.reads.throttled > 0


async def test_a_value_that_is_no_json_refuses_its_object_alone(client, peer):
    with pytest.raises(errors.ObjectRefusedError, match="half a character") as caught:
        await client.create(USER, {"userName": "ada\ud800"})
    assert caught.value.code is ErrorCode.ATTRIBUTE_VALIDATION_FAILED
    with pytest.raises(errors.ObjectRefusedError):
        await client.find(USER, "userName", "ada\ud800")
    assert peer.requests == []


async def test_a_host_that_does_not_exist_is_said_so(connect, monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = connect(url="https://scim.nowhere.example/v2")
    with pytest.raises(errors.TargetUnusableError, match="its name cannot be resolved") as caught:
        await client.test_connection(USER, "userName")
    assert "https://scim.nowhere.example/v2" in str(caught.value)


async def test_a_port_where_nobody_listens_is_said_so(connect, time):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = connect(url=f"http://127.0.0.1:{unused.getsockname()[1]}/scim")
        with pytest.raises(errors.TargetUnusableError, match="does not accept connections"):
            await client.test_connection(USER, "userName")
    assert len(time.waits) == 3


async def test_a_target_that_speaks_no_tls_is_said_so(connect, peer, time):
    client = connect(url=peer.url.replace("http:", "https:"))
    with pytest.raises(errors.TargetUnusableError, match="TLS"):
        await client.test_connection(USER, "userName")
    assert time.waits == []


async def test_something_that_speaks_no_http_is_said_so(connect):
    async def greet(_reader, writer):
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        client = connect(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(errors.TargetUnusableError, match="not HTTP"):
            await client.test_connection(USER, "userName")


@pytest.fixture(scope="module")
def own_authority(tmp_path_factory):
    """A certificate for 127.0.0.1 that vouches for itself: its file, and a server's context."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return str(folder / "ca.pem"), context


async def test_a_certificate_is_verified_with_the_authorities_of_ones_own(own_authority):
    ca_file, context = own_authority
    async with scripted_target.scripted_target(tls=context) as peer:

        async def probe(ca_file):
            client = scim_target.ScimTarget(
                tenant_url_text=peer.url,
                token=peer.token,
                settings=profile.TargetProfile(ca_file=ca_file),
                time=told_clock.ToldClock(),
                random=random.Random(4),
            )
            try:
                await client.test_connection(USER, "userName")
            finally:
                await client.aclose()

        await probe(ca_file)
        with pytest.raises(errors.TargetUnusableError, match="certificate"):
            await probe(None)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("api.example.com/scim", "must begin with https://"),
        ("ftp://api.example.com", "must begin with https://"),
        ("https://", "name a host"),
        ("https://user:pass@api.example.com", "must not hold a user name or password"),
        ("https://[::1", "cannot be read"),
        ("https://api.example.com:port", "cannot be read"),
    ],
)
async def test_a_tenant_url_that_cannot_be_used_is_explained(connect, url, said):
    with pytest.raises(errors.InvalidInputError, match=said) as caught:
        connect(url=url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "said"), [("", "no secret token"), ("Bearer ", "no secret token"), ("to\nken", "copy it again")]
)
async def test_a_token_that_cannot_be_used_is_explained(connect, token, said):
    with pytest.raises(errors.InvalidInputError, match=said):
        connect(token=token)


async def test_a_file_of_authorities_that_cannot_be_used_is_explained(connect, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(errors.InvalidInputError, match=r"ca\.pem"):
        connect(ca_file=str(file))


def test_a_token_has_no_representation():
    assert "s3cr3t" not in repr(connection.BearerToken("s3cr3t"))
    assert "s3cr3t" not in str(connection.BearerToken("s3cr3t"))
