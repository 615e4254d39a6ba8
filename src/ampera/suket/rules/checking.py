"""Is the code on a suket genuine, and still valid? For who checks on the server. Pure.

The browser asks the same in the same order (`screens/static/screens/suket/`); one table of tests
holds both.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ampera.suket.rules import base45, claims

#: A letter's code has some 350 characters and unpacks to some 250 bytes; a stranger sends anything.
TEXT_MAX: Final = 1_500
UNPACKED_MAX: Final = 4_096


class Finding(StrEnum):
    """What is said to whoever shows a code. Worst first."""

    UNREADABLE = "unreadable"  #: no code of a suket at all
    OTHER_KEY = "other_key"  #: signed, by whom is not known here
    NOT_GENUINE = "not_genuine"  #: the key is ours and the signature is not
    ENDED = "ended"  #: taken back, or exchanged for the card
    EXPIRED = "expired"
    TOO_EARLY = "too_early"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the code is worth. Who it speaks of is told only when the signature is right."""

    finding: Finding
    issuer: str = ""
    number: str = ""
    status: str = ""
    name: str = field(default="", repr=False)
    born: date | None = field(default=None, repr=False)
    valid_until: datetime | None = None  #: the first moment at which it is not valid any more
    is_sample: bool = False


def check(
    text: str, *, keys: Mapping[bytes, bytes], at: datetime, ended: Collection[str]
) -> Checked:
    """Judge the text of a QR code. `keys`: public Ed25519 keys by key id; `ended`: marks of sukets
    that are worth nothing any more."""
    try:
        protected, payload, signature = _opened(text)
        header = _loaded(protected)
        if header.get(claims.ALGORITHM) != claims.EDDSA:
            return Checked(Finding.UNREADABLE)
        public = keys.get(header.get(claims.KEY_ID, b""))
    except (ValueError, TypeError, AttributeError):
        return Checked(Finding.UNREADABLE)
    if public is None:
        return Checked(Finding.OTHER_KEY)
    signed = claims.to_be_signed(protected, payload=payload)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return Checked(Finding.NOT_GENUINE)
    try:
        return _judged(_loaded(payload), at=at, ended=ended)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        # Signed by us and not a suket: not ours to explain.
        return Checked(Finding.UNREADABLE)


def _opened(text: str) -> tuple[bytes, bytes, bytes]:
    plain = text.strip()
    if len(plain) > TEXT_MAX:
        raise ValueError("longer than any code of a suket")
    unpacking = zlib.decompressobj()
    try:
        packed = base45.decode(plain)
        unpacked = unpacking.decompress(packed, UNPACKED_MAX)
    except zlib.error as wrong:
        raise ValueError("not compressed") from wrong
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("cut short, too long, or followed by something")
    message = _read(unpacked)
    if isinstance(message, cbor2.CBORTag) and message.tag == claims.COSE_SIGN1:
        message = message.value
    protected, unprotected, payload, signature = message
    # Nothing stands outside of the signature: what we sign has an empty header there.
    if unprotected != {} or not all(
        isinstance(each, bytes) for each in (protected, payload, signature)
    ):
        raise ValueError("no COSE_Sign1 of ours")
    return protected, payload, signature


def _loaded(encoded: bytes) -> dict[Any, Any]:
    found = _read(encoded)
    if not isinstance(found, dict):
        raise ValueError("no map")
    return found


def _read(encoded: bytes) -> Any:
    """One CBOR item and nothing behind it."""
    stream = io.BytesIO(encoded)
    try:
        found = cbor2.load(stream)
    except (cbor2.CBORDecodeError, RecursionError) as wrong:
        raise ValueError("no CBOR") from wrong
    if stream.tell() != len(encoded):
        raise ValueError("something follows")
    return found


def _judged(told: Mapping[int, Any], *, at: datetime, ended: Collection[str]) -> Checked:
    letter, person = told[claims.LETTER], told[claims.IDENTITY]
    number = str(letter[claims.LETTER_NUMBER])
    expires = datetime.fromtimestamp(told[claims.EXPIRES], UTC)
    mark = claims.ended_mark(told[claims.TOKEN_ID].decode(), number=number)
    if mark in ended:
        finding = Finding.ENDED
    elif at >= expires:
        finding = Finding.EXPIRED
    elif at < datetime.fromtimestamp(told[claims.NOT_BEFORE], UTC):
        finding = Finding.TOO_EARLY
    else:
        finding = Finding.VALID
    return Checked(
        finding,
        issuer=str(told[claims.ISSUER]),
        number=number,
        status=str(letter[claims.LETTER_STATUS]),
        name=str(person[claims.FULL_NAME]),
        born=date.fromisoformat(person[claims.BIRTH_DATE]),
        valid_until=expires,
        is_sample=bool(letter.get(claims.LETTER_IS_SAMPLE)),
    )
