"""The ticket code of a receipt: twelve characters that nobody misreads, known here by hash only."""

from __future__ import annotations

import hashlib
from typing import Final

#: No 0 O, 1 I L, U V: what looks alike on a smeared receipt or sounds alike on the telephone is
#: left out.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTWXYZ"
TICKET_LENGTH: Final = 12

assert len(set(ALPHABET)) == len(ALPHABET) == 29


def ticket_from(salt: bytes) -> str:
    """A ticket code from 16 random bytes: 58 bits, spread evenly but for one part in 2^69."""
    assert len(salt) == 16, "a ticket code is drawn from 16 random bytes"
    number = int.from_bytes(salt, "big")
    drawn = []
    for _ in range(TICKET_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        drawn.append(ALPHABET[rest])
    return "".join(drawn)


def read_ticket(text: str) -> str | None:
    """What a person typed, as it was printed; None when it cannot be a ticket code."""
    plain = "".join(text.split()).replace("-", "").upper()
    if len(plain) != TICKET_LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return plain


def hash_of_ticket(ticket: str) -> str:
    """SHA-256 of the code: all that the journal knows of it."""
    return hashlib.sha256(ticket.encode("ascii")).hexdigest()
