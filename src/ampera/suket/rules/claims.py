"""What the code on a suket says: a CBOR Web Token with Claim 169, signed as COSE_Sign1. Pure.

Layers, inside out: CWT claims (RFC 8392) with MOSIP's claim 169 (draft-sasikumar-id-claim-169) →
COSE_Sign1 with EdDSA (RFC 9052) → zlib → Base45 → QR. The draft leaves every attribute to the
issuer. Here: name, birth date, sex; no NIK, no address and no photograph, because whoever finds
the paper can read the code. What the draft has no place for, the letter itself, stands in a claim
for private use.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import cbor2

from ampera.suket.rules import base45

# RFC 8392 §4 and the IANA registry of CWT claims.
ISSUER, EXPIRES, NOT_BEFORE, ISSUED_AT, TOKEN_ID, IDENTITY = 1, 4, 5, 6, 7, 169
#: Below -65536 is private use: {1: number, 2: SIAK's word when issued, 3: 1 in a demonstration}.
LETTER: Final = -65_537
LETTER_NUMBER, LETTER_STATUS, LETTER_IS_SAMPLE = 1, 2, 3
# Attributes of claim 169.
ID, VERSION, LANGUAGE, FULL_NAME, BIRTH_DATE, SEX, NATIONALITY = 1, 2, 3, 4, 8, 9, 13
DATA_VERSION: Final = "1.0"
INDONESIAN: Final = "IND"
MALE, FEMALE = 1, 2
# COSE: header labels, algorithm, tag (RFC 9052 §3.1, RFC 9053 §2.2).
ALGORITHM, KEY_ID, EDDSA, COSE_SIGN1 = 1, 4, -8, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Everything that the code says. Times are whole seconds, as CWT has them."""

    issuer: str
    suket: str  #: record id, the token's id
    number: str
    status: str
    name: str = field(repr=False)
    born: date = field(repr=False)
    is_female: bool | None = field(repr=False, default=None)
    issued_at: datetime
    valid_from: datetime
    expires: datetime  #: the first moment at which it is not valid any more
    is_sample: bool = False


def key_id(public: bytes) -> bytes:
    """Eight bytes that name a public key: the beginning of its SHA-256."""
    return hashlib.sha256(public).digest()[:8]


def payload_of(claims: Claims) -> bytes:
    """The CWT claims set. The same claims give the same bytes (RFC 8949 §4.2.1)."""
    person: dict[int, str | int] = {
        ID: claims.number,
        VERSION: DATA_VERSION,
        LANGUAGE: INDONESIAN,
        FULL_NAME: claims.name,
        BIRTH_DATE: f"{claims.born:%Y%m%d}",
    }
    if claims.is_female is not None:
        person[SEX] = FEMALE if claims.is_female else MALE
    letter: dict[int, str | int] = {
        LETTER_NUMBER: claims.number,
        LETTER_STATUS: claims.status,
    }
    if claims.is_sample:
        letter[LETTER_IS_SAMPLE] = 1
    return cbor2.dumps(
        {
            ISSUER: claims.issuer,
            EXPIRES: int(claims.expires.timestamp()),
            NOT_BEFORE: int(claims.valid_from.timestamp()),
            ISSUED_AT: int(claims.issued_at.timestamp()),
            TOKEN_ID: claims.suket.encode(),
            IDENTITY: person,
            LETTER: letter,
        },
        canonical=True,
    )


def protected_header(public: bytes) -> bytes:
    """Algorithm and key id, both under the signature."""
    return cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: key_id(public)}, canonical=True)


def to_be_signed(protected: bytes, *, payload: bytes) -> bytes:
    """Sig_structure of a COSE_Sign1 (RFC 9052 §4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def qr_text(protected: bytes, *, payload: bytes, signature: bytes) -> str:
    """The text in the QR code."""
    message = cbor2.CBORTag(COSE_SIGN1, [protected, {}, payload, signature])
    return base45.encode(zlib.compress(cbor2.dumps(message), 9))


def ended_mark(suket: str, *, number: str) -> str:
    """How a suket that ended stands on the public list: only who holds its code knows both parts
    of it, so the list tells nobody else whose it is."""
    return hashlib.sha256(f"{suket}\n{number}".encode()).hexdigest()[:32]
