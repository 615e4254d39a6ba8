"""Commands and answers of a chip as bytes: the few of ISO/IEC 7816-4 that a file set needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OK: Final = 0x9000
END_OF_FILE: Final = 0x6282  #: fewer bytes than were asked for, and that is all
MEMORY_FAILURE: Final = 0x6581
NOT_ALLOWED: Final = 0x6982  #: security status not satisfied
NO_CONDITIONS: Final = 0x6985
NO_FILE_CHOSEN: Final = 0x6986
WRONG_DATA: Final = 0x6300  #: verification failed
NOT_FOUND: Final = 0x6A82
NO_ROOM: Final = 0x6A84
WRONG_OFFSET: Final = 0x6B00
UNKNOWN_INS: Final = 0x6D00
#: PC/SC part 3, §3.2.2.1.3: answered by the reader in front of a contactless chip.
GET_UID: Final = bytes.fromhex("FFCA000000")

SELECT: Final = 0xA4
READ: Final = 0xB0
UPDATE: Final = 0xD6
GET_CHALLENGE: Final = 0x84
EXTERNAL_AUTHENTICATE: Final = 0x82
INTERNAL_AUTHENTICATE: Final = 0x88
GET_DATA_UID: Final = 0xCA
GET_RESPONSE: Final = 0xC0

#: No short command carries or asks for more. 256 would be allowed; some readers mishandle it.
SHORT_MAX: Final = 255


@dataclass(frozen=True, slots=True)
class Apdu:
    """One command. `expected` is Le: how many bytes the answer may have, None for none."""

    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = b""
    expected: int | None = None
    cla: int = 0

    def __bytes__(self) -> bytes:
        head = bytes([self.cla, self.ins, self.p1, self.p2])
        is_short = len(self.data) <= SHORT_MAX and (self.expected or 0) <= 256
        if is_short:
            lc = bytes([len(self.data)]) if self.data else b""
            le = b"" if self.expected is None else bytes([self.expected % 256])
            return head + lc + self.data + le
        lc = len(self.data).to_bytes(2, "big") if self.data else b""
        le = b"" if self.expected is None else (self.expected % 65536).to_bytes(2, "big")
        return head + b"\x00" + lc + self.data + le

    @classmethod
    def parse(cls, raw: bytes) -> Apdu:
        """Read the seven cases of ISO/IEC 7816-4 §5.1. Raises ValueError for anything else."""
        if len(raw) < 4:
            raise ValueError("a command has four bytes at least")
        cla, ins, p1, p2 = raw[:4]
        data, expected = _body(raw[4:])
        return cls(ins, p1, p2, data, expected, cla)


def _body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or 256
    if body[0] != 0:
        data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
        if len(data) < body[0] or len(rest) > 1:
            raise ValueError("the length of the data is not what it says")
        return data, (rest[0] or 256) if rest else None
    if len(body) == 3:
        return b"", int.from_bytes(body[1:], "big") or 65536
    size = int.from_bytes(body[1:3], "big")
    data, rest = body[3 : 3 + size], body[3 + size :]
    if size == 0 or len(data) < size or len(rest) not in (0, 2):
        raise ValueError("the length of the data is not what it says")
    return data, (int.from_bytes(rest, "big") or 65536) if rest else None


def takes_extended(atr: bytes) -> bool:
    """Does the chip say in its ATR that it takes extended lengths?

    Historical bytes of category 80, compact-TLV object 73, third byte, bit 7 (ISO/IEC 7816-4
    §8.1.1 and table of the third software function).
    """
    historical = _historical(atr)
    if not historical.startswith(b"\x80"):
        return False
    at = 1
    while at < len(historical):
        tag, size = historical[at] >> 4, historical[at] & 0x0F
        value = historical[at + 1 : at + 1 + size]
        if tag == 7 and len(value) == 3:
            return bool(value[2] & 0x40)
        at += 1 + size
    return False


def _historical(atr: bytes) -> bytes:
    """The historical bytes of an ATR (ISO/IEC 7816-3 §8.2)."""
    if len(atr) < 2:
        return b""
    count, at, interface = atr[1] & 0x0F, 2, atr[1] >> 4
    while interface and at < len(atr):
        at += (interface & 0x7).bit_count()
        if not interface & 0x8 or at >= len(atr):
            break
        interface = atr[at] >> 4
        at += 1
    return atr[at : at + count]
