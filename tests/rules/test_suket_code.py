"""The code on a suket, held to two foreign readers: a COSE library and a Claim 169 library."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import cbor2
import claim169
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pycose.headers import KID, Algorithm
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage

from ampera.suket.rules import base45
from ampera.suket.rules.checking import Finding, check
from ampera.suket.rules.claims import (
    Claims,
    ended_mark,
    key_id,
    payload_of,
    protected_header,
    qr_text,
    to_be_signed,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
KEYS = {key_id(PUBLIC): PUBLIC}
ISSUED = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
EXPIRES = datetime(2018, 3, 6, 17, 0, tzinfo=UTC)
CLAIMS = Claims(
    issuer="16.71 Disdukcapil Kota Palembang",
    suket="skt_" + "0" * 32,
    number="471.13/00001/16.71/2017",
    status="PRINT_READY_RECORD",
    name="SITI CONTOH AMINAH",
    born=date(1990, 7, 1),
    is_female=True,
    issued_at=ISSUED,
    valid_from=ISSUED - timedelta(hours=1),
    expires=EXPIRES,
    is_sample=True,
)


def coded(claims=CLAIMS, *, key=KEY):
    protected = protected_header(key.public_key().public_bytes_raw())
    payload = payload_of(claims)
    signature = key.sign(to_be_signed(protected, payload=payload))
    return qr_text(protected, payload=payload, signature=signature)


def message_of(text):
    return zlib.decompress(base45.decode(text))


def packed(message):
    return base45.encode(zlib.compress(message, 9))


def look(text, *, at=ISSUED, keys=KEYS, ended=()):
    return check(text, keys=keys, at=at, ended=ended)


# ---- foreign readers ----


def cose_of(message):
    found = CoseMessage.decode(message)
    found.key = OKPKey(crv=Ed25519, x=PUBLIC)
    return found


def test_a_foreign_cose_library_finds_the_signature_right():
    found = cose_of(message_of(coded()))
    assert found.verify_signature()
    assert found.phdr[KID] == key_id(PUBLIC)
    assert found.phdr[Algorithm].identifier == -8


def test_a_foreign_cose_library_finds_one_flipped_bit_of_the_payload():
    message = cbor2.loads(message_of(coded()))
    protected, _, payload, signature = message.value
    for at in range(len(payload) * 8):
        flipped = bytearray(payload)
        flipped[at // 8] ^= 1 << at % 8
        planted = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, bytes(flipped), signature]))
        assert not cose_of(planted).verify_signature()


def test_a_foreign_claim_169_library_reads_the_same_person():
    read = claim169.decode(coded(), verify_with_ed25519=PUBLIC, validate_timestamps=False)
    assert read.claim169.full_name == "SITI CONTOH AMINAH"
    assert read.claim169.date_of_birth in ("19900701", "1990-07-01")
    assert read.claim169.id == CLAIMS.number
    assert read.cwt_meta.issuer == CLAIMS.issuer
    assert read.cwt_meta.expires_at == int(EXPIRES.timestamp())


def test_a_foreign_claim_169_library_refuses_another_key():
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(claim169.SignatureError):
        claim169.decode(coded(), verify_with_ed25519=other, validate_timestamps=False)


# ---- our own check ----


def test_a_genuine_code_says_whom_it_speaks_of_and_until_when():
    seen = look(coded())
    assert seen.finding is Finding.VALID
    assert (seen.name, seen.born) == (CLAIMS.name, CLAIMS.born)
    assert (seen.number, seen.status) == (CLAIMS.number, CLAIMS.status)
    assert (seen.valid_until, seen.is_sample) == (EXPIRES, True)


def test_every_flipped_bit_is_found_and_then_nobody_is_named():
    message = message_of(coded())
    body = message.index(b"SITI")
    for at in range(len(message) * 8):
        flipped = bytearray(message)
        flipped[at // 8] ^= 1 << at % 8
        seen = look(packed(bytes(flipped)))
        assert seen.finding in (Finding.NOT_GENUINE, Finding.OTHER_KEY, Finding.UNREADABLE), at
        assert not seen.name
        if body <= at // 8 < body + 4:
            assert seen.finding is Finding.NOT_GENUINE


def test_an_expired_code_is_told_as_expired_from_its_last_midnight_on():
    assert look(coded(), at=EXPIRES - timedelta(seconds=1)).finding is Finding.VALID
    seen = look(coded(), at=EXPIRES)
    assert seen.finding is Finding.EXPIRED
    assert seen.name == CLAIMS.name


def test_a_code_from_tomorrow_is_not_valid_yet():
    assert look(coded(), at=ISSUED - timedelta(days=2)).finding is Finding.TOO_EARLY


def test_a_suket_that_ended_is_told_even_when_it_has_expired_too():
    mark = ended_mark(CLAIMS.suket, number=CLAIMS.number)
    assert look(coded(), ended={mark}).finding is Finding.ENDED
    assert look(coded(), at=EXPIRES, ended={mark}).finding is Finding.ENDED
    assert CLAIMS.number not in mark


def test_a_code_of_another_key_is_not_ours():
    stranger = Ed25519PrivateKey.generate()
    seen = look(coded(key=stranger))
    assert (seen.finding, seen.name) == (Finding.OTHER_KEY, "")
    public = stranger.public_key().public_bytes_raw()
    # Signed by a stranger under our key's name.
    protected = protected_header(PUBLIC)
    payload = payload_of(CLAIMS)
    signature = stranger.sign(to_be_signed(protected, payload=payload))
    forged = qr_text(protected, payload=payload, signature=signature)
    assert look(forged).finding is Finding.NOT_GENUINE
    assert look(coded(key=stranger), keys={key_id(public): public}).finding is Finding.VALID


def test_another_algorithm_is_not_taken():
    protected = cbor2.dumps({1: -7, 4: key_id(PUBLIC)})
    payload = payload_of(CLAIMS)
    signature = KEY.sign(to_be_signed(protected, payload=payload))
    forged = qr_text(protected, payload=payload, signature=signature)
    assert look(forged).finding is Finding.UNREADABLE


def _signed(payload):
    protected = protected_header(PUBLIC)
    signature = KEY.sign(to_be_signed(protected, payload=payload))
    return qr_text(protected, payload=payload, signature=signature)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "https://example.invalid/K7M2",
        "A" * 1_501,
        base45.encode(b"not compressed"),
        base45.encode(zlib.compress(b"\0" * 100_000)),
        base45.encode(zlib.compress(b"")),
        base45.encode(zlib.compress(b"\x81" * 900)),
        base45.encode(zlib.compress(cbor2.dumps([1, 2, 3, 4]))),
        base45.encode(zlib.compress(cbor2.dumps("text"))),
        base45.encode(zlib.compress(cbor2.dumps([b"", {}, b"", b""]))),
        coded()[:-3],
        coded() + "0000",
        packed(message_of(coded()) + b"\0"),
        _signed(cbor2.dumps([1])),
        _signed(cbor2.dumps({1: "x"})),
        _signed(cbor2.dumps({-65537: 5, 169: {}, 4: 1, 7: b"x"})),
        _signed(cbor2.dumps({-65537: {1: "n", 2: "s"}, 169: {}, 4: 2**70, 5: 0, 7: b"x"})),
    ],
)  # fmt: skip
def test_what_is_no_suket_is_told_as_unreadable(text):
    assert look(text).finding is Finding.UNREADABLE


def test_the_code_fits_a_paper_and_carries_no_more_than_it_must():
    longest = replace(CLAIMS, name="X" * 60)
    assert len(coded(longest)) < 520
    told = str(cbor2.loads(payload_of(CLAIMS)))
    assert "9999" not in told


def test_the_same_letter_gives_the_same_code():
    assert coded() == coded()
