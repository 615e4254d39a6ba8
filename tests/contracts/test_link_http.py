"""The link over HTTP refuses whatever is not signed by the right server for this one, byte for
byte."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import HTTPMessageSigner, algorithms

from ampera.journal.keys import ServerKey
from ampera.journal.models import EntryRow
from ampera.journal.queries import part_after
from ampera.sync.encoding import MESSAGE_BYTES_MAX, decode_answer, encode, unpack
from ampera.sync.http import HttpLink, PlainHttpError
from ampera.sync.joining import Joined, join, make_join_code
from ampera.sync.link import Garbled, Rejected, TooLarge, Unreachable
from ampera.sync.protocol.messages import Part, Push, PushAnswer, Speaker
from ampera.sync.signing import COMPONENTS, TAG, RequestSeen, _OwnKey, sign
from ampera.words import OfficeCode
from tests.contracts.post_server import served
from tests.houses import START
from tests.sync.province import chain, write_many

KEC, DINAS = "16.71.02", "16.71"
PATH = f"/post/{KEC}/to/{DINAS}"


def message(pair, count: int = 3) -> bytes:
    with pair.sending():
        write_many("req_k", count=count)
        part = part_after(chain("16.71.02/up@1"), 0, most=count)
    return encode(Push(at=START, parts=(Part(part.chain, part.entries, part.signatures),)))


def signed(pair, body: bytes, *, path: str = PATH, method: str = "POST") -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    request = RequestSeen(method, path, headers)
    sign(request, body=body, key=pair.key, speaker=pair.speaker)
    return headers


def send(pair, body: bytes, headers: dict[str, str], *, path: str = PATH, method: str = "POST"):
    host, port = pair.link.address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response.status, data


def code_of(data: bytes) -> str:
    problem = json.loads(data)
    assert problem["type"] == f"urn:ampera:refusal:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return problem["code"]


def stored(pair) -> int:
    with pair.receiving():
        return EntryRow.objects.count()


def test_a_signed_request_is_taken_and_its_replay_changes_nothing(line):
    body = message(line)
    headers = signed(line, body)
    first = send(line, body, headers)
    assert first[0] == 200
    answer = decode_answer(unpack(first[1]))
    assert isinstance(answer, PushAnswer)
    assert answer.places[chain("16.71.02/up@1")].seq == 3
    for _ in range(3):
        assert send(line, body, headers) == first
    assert stored(line) == 3


def test_a_changed_body_is_refused(line):
    body = message(line)
    headers = signed(line, body)
    status, data = send(line, body.replace(b"req_k1", b"req_k9"), headers)
    assert (status, code_of(data)) == (401, "post.not_signed")
    assert stored(line) == 0


def test_a_body_put_where_an_empty_one_was_signed_is_refused(line):
    headers = signed(line, b"")
    assert send(line, b"", headers)[0] == 422
    assert send(line, message(line), headers)[0] == 401


def test_another_key_than_the_servers_is_refused(line):
    body = message(line)
    headers: dict[str, str] = {}
    other = ServerKey.from_seed(b"o" * 32)
    sign(RequestSeen("POST", PATH, headers), body=body, key=other, speaker=line.speaker)
    status, data = send(line, body, headers)
    assert (status, code_of(data)) == (401, "post.not_signed")


def test_a_server_that_nobody_admitted_is_refused(line):
    body = message(line)
    headers: dict[str, str] = {}
    stranger = Speaker(OfficeCode(KEC), 2)
    sign(RequestSeen("POST", PATH, headers), body=body, key=line.key, speaker=stranger)
    status, data = send(line, body, headers)
    assert (status, code_of(data)) == (401, "post.unknown_server")


def test_the_path_must_name_the_one_who_signed(line):
    body = message(line)
    path = f"/post/16.71.06/to/{DINAS}"
    status, data = send(line, body, signed(line, body, path=path), path=path)
    assert (status, code_of(data)) == (401, "post.not_signed")


def test_a_message_for_another_addressee_is_refused(line):
    body = message(line)
    path = f"/post/{KEC}/to/16.72"
    status, data = send(line, body, signed(line, body, path=path), path=path)
    assert (status, code_of(data)) == (403, "post.wrong_addressee")
    assert stored(line) == 0


def test_a_signature_for_one_path_is_none_for_another(line):
    body = message(line)
    for_another = signed(line, body, path=f"/post/{KEC}/to/16.72")
    assert send(line, body, for_another)[0] == 401
    assert send(line, body, signed(line, body), path=f"{PATH}?more=1")[0] == 401
    assert send(line, body, signed(line, body, method="PUT"))[0] == 401


@pytest.mark.parametrize("missing", COMPONENTS)
def test_each_of_the_four_components_is_required(line, missing):
    """The library accepts a signature over the method alone."""
    body = message(line)
    headers: dict[str, str] = {}
    covered = [each for each in COMPONENTS if each != missing]
    request = RequestSeen("POST", PATH, headers)
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519, key_resolver=_OwnKey(line.key)
    )
    if missing == "content-digest":
        signer.sign(request, key_id=str(line.speaker), tag=TAG, covered_component_ids=covered)
        from http_message_signatures import ContentDigest

        ContentDigest.add(headers, body)
    else:
        signer.sign(
            request, key_id=str(line.speaker), tag=TAG, covered_component_ids=covered, body=body
        )
    status, data = send(line, body, headers)
    assert (status, code_of(data)) == (401, "post.not_signed")


@pytest.mark.parametrize("hours", [-24 * 400, -1, 1, 24 * 400])
def test_no_clock_decides_whether_a_signature_holds(line, hours):
    body = message(line)
    headers: dict[str, str] = {}
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519, key_resolver=_OwnKey(line.key)
    )
    at = datetime.now(UTC) + timedelta(hours=hours)
    signer.sign(
        RequestSeen("POST", PATH, headers),
        key_id=str(line.speaker),
        created=at,
        expires=at,
        tag=TAG,
        covered_component_ids=COMPONENTS,
        body=body,
    )
    assert send(line, body, headers)[0] == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers.pop("Signature"),
        lambda headers: headers.pop("Signature-Input"),
        lambda headers: headers.pop("Content-Digest"),
        lambda headers: headers.update({"Signature": "garbage"}),
        lambda headers: headers.update({"Signature-Input": "ampera=(((("}),
        lambda headers: headers.update({"Content-Digest": "sha-256=:AAAA:"}),
        lambda headers: headers.update(
            {"Signature-Input": headers["Signature-Input"].replace(TAG, "another")}
        ),
        lambda headers: headers.update(
            {"Signature-Input": headers["Signature-Input"].replace(f"{KEC}@1", "nobody")}
        ),
    ],
)
def test_torn_signature_headers_are_refused(line, spoil):
    body = message(line)
    headers = signed(line, body)
    assert send(line, body, dict(headers))[0] == 200
    spoil(headers)
    status, data = send(line, body, headers)
    assert (status, code_of(data)) == (401, "post.not_signed")


def test_a_request_cut_off_on_the_way_is_not_taken(line):
    body = message(line)
    headers = signed(line, body)
    host, port = line.link.address.removeprefix("http://").split(":")
    head = f"POST {PATH} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(head.encode() + b"\r\n" + body[: len(body) // 2])
        raw.shutdown(socket.SHUT_WR)
        raw.recv(65536)
    assert stored(line) == 0
    assert send(line, body, headers)[0] == 200


def test_bytes_that_are_no_message_are_refused_though_signed(line):
    for body in (b"{}", b"\x1f\x8btorn", b"[1,2"):
        status, data = send(line, body, signed(line, body))
        assert (status, code_of(data)) == (422, "post.garbled")


def test_a_join_does_not_come_signed_and_a_push_does_not_come_unsigned(line):
    body = message(line)
    assert send(line, body, {})[0] == 401
    status, data = send(line, body, {}, path="/post/join")
    assert (status, code_of(data)) == (422, "post.garbled")


def test_more_than_a_message_may_hold_is_refused(line):
    body = b" " * (MESSAGE_BYTES_MAX + 1)
    status, data = send(line, body, signed(line, body))
    assert (status, code_of(data)) == (413, "post.too_large")
    bomb = gzip.compress(body, compresslevel=1)
    status, data = send(line, bomb, signed(line, bomb))
    assert (status, code_of(data)) == (422, "post.garbled")


def test_the_errors_of_the_link_say_what_happened(line):
    nobody = HttpLink(
        "http://127.0.0.1:9", addressee=line.receiver.code, speaker=line.speaker, key=line.key
    )
    with pytest.raises(Unreachable):
        nobody.ask(Push(at=START))
    stranger = line.another_link(key=ServerKey.from_seed(b"s" * 32))
    with pytest.raises(Rejected) as caught:
        stranger.ask(Push(at=START))
    assert caught.value.code == "post.not_signed"
    assert not caught.value.may_retry
    assert TooLarge("post.too_large").may_retry


def test_a_kept_connection_that_the_other_side_closed_is_made_anew(line):
    host, port = line.link.address.removeprefix("http://").split(":")
    kept = http.client.HTTPConnection(host, int(port))
    kept.connect()
    kept.sock.shutdown(socket.SHUT_RDWR)
    line.link._connection = kept
    assert isinstance(line.link.ask(Push(at=START)), PushAnswer)


def test_a_server_that_does_not_answer_in_time_is_asked_once(line):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        link = HttpLink(
            address,
            addressee=line.receiver.code,
            speaker=line.speaker,
            key=line.key,
            timeout_seconds=0.2,
        )
        with pytest.raises(Unreachable):
            link.ask(Push(at=START))
        silent.settimeout(0.2)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1:80", "http://dinas.example", "http://1.1.1.1"]
)
def test_plain_http_goes_to_this_machine_only(address):
    with pytest.raises(PlainHttpError, match="in clear"):
        HttpLink(address, addressee=OfficeCode(DINAS))


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "127.0.0.1:80", "https://x.example/path"])
def test_an_address_that_cannot_work_is_refused_at_once(address):
    with pytest.raises(ValueError, match="address"):
        HttpLink(address, addressee=OfficeCode(DINAS))


@pytest.mark.parametrize("address", ["http://localhost:1", "http://[::1]:1", "http://127.8.8.8"])
def test_this_machine_has_several_names(address):
    HttpLink(address, addressee=OfficeCode(DINAS)).close()


def test_a_server_joins_over_http(line):
    with line.receiving():
        code = make_join_code(OfficeCode("16.71.06"))
    line.offices.open("16.71.06")
    with line.offices.at("16.71.06") as here:
        link = line.another_link(speaker=None, key=None)
        joined = join(link, office=here.code, code=code, key=here.key)
        assert isinstance(joined, Joined)
        assert joined.speaker == Speaker(OfficeCode("16.71.06"), 1)
        again = line.another_link(speaker=joined.speaker, key=here.key)
        assert isinstance(again.ask(Push(at=START)), PushAnswer)
        with pytest.raises(Rejected) as caught:
            join(link, office=here.code, code="AAAA", key=here.key)
    assert caught.value.code == "post.bad_code"


def test_something_else_that_answers_is_garbled(line):
    link = line.another_link()
    with pytest.raises(Rejected) as caught:
        link._request("GET", "/post/join", is_signed=False)
    assert caught.value.code == "http.405"

    class Page(HttpLink):
        def _request(self, *_, **__):
            found = super()._request("POST", PATH, body=encode(Push(at=START)), is_signed=True)
            return type(found)(200, {}, b"<html>Silakan masuk</html>")

    page = Page(link.address, addressee=link._addressee, speaker=line.speaker, key=line.key)
    with pytest.raises(Garbled):
        page.ask(Push(at=START))


@pytest.fixture
def authority(tmp_path):
    """A CA of our own and a certificate of it for this machine."""
    return made_certificates(tmp_path)


def made_certificates(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC)

    def certificate(name, key, issuer, issuer_key, *, is_ca):
        import ipaddress

        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        )
        if not is_ca:
            here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([here]), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = certificate("CA CONTOH", ca_key, "CA CONTOH", ca_key, is_ca=True)
    mine = certificate("dinas", key, "CA CONTOH", ca_key, is_ca=False)
    paths = [folder / name for name in ("ca.pem", "dinas.pem", "dinas.key")]
    paths[0].write_bytes(ca.public_bytes(pem))
    paths[1].write_bytes(mine.public_bytes(pem))
    paths[2].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_https_holds_against_the_ca_given_at_join_and_no_other(line, authority, tmp_path):
    ca, certificate, key = authority
    other = tmp_path / "other"
    other.mkdir()
    told = {"addressee": line.receiver.code, "speaker": line.speaker, "key": line.key}
    with served(line.receiver, tls=(certificate, key)) as address:
        link = HttpLink(address, ca_file=ca, **told)
        assert isinstance(link.ask(Push(at=START)), PushAnswer)
        link.close()
        stranger = HttpLink(address, ca_file=made_certificates(other)[0], **told)
        with pytest.raises(Unreachable):
            stranger.ask(Push(at=START))
