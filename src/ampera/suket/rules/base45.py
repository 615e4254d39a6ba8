"""Base45 (RFC 9285): bytes in the 45 characters that a QR code holds most densely. Pure."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(plain: bytes) -> str:
    """Two bytes become three characters, a last single byte two. No text ends in a blank, though a
    blank is one of the 45: a last character stands for 32 at most. So ends may be trimmed."""
    out = []
    for at in range(0, len(plain), 2):
        pair = plain[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, letter = divmod(value, 45)
            out.append(ALPHABET[letter])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes of a text. Raises ValueError for what `encode` never writes."""
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1 or any(letter not in _VALUES for letter in group):
            raise ValueError("no base45 text")
        value = sum(_VALUES[letter] * 45**place for place, letter in enumerate(group))
        width = len(group) - 1
        if value >= 256**width:
            raise ValueError("no base45 text")
        out += value.to_bytes(width, "big")
    return bytes(out)
