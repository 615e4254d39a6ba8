"""A simulated chip: files behind ISO/IEC 7816-4 commands, and everything that can befall it.

Behind `memory` it is spoken to directly, behind `virtual_card` through a real PC/SC stack. It
knows nothing of cards and people: bytes are written to it in pieces, as to a real one, and when it
is torn away in mid-command, a piece of that command is written and the rest is not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from ampera.devices.chip import apdu
from ampera.devices.chip.apdu import Apdu
from ampera.devices.chip.encoder import CHALLENGE_BYTES
from ampera.devices.chip.layout import Layout, the_layout
from ampera.devices.chip.sam import SIMULATED_KEYS, answer_of_chip, answer_of_reader, chip_key

#: First byte of a UID of a simulated chip: not registered to any maker (ISO/IEC 7816-6).
_MAKER: Final = 0xF9
_UID_BYTES: Final = 7


class Removed(Exception):
    """The chip was taken off the reader in the middle of a command."""


def uid_of_blank(serial: str) -> str:
    """The UID of the simulated chip in the blank with this serial: always the same."""
    digest = hashlib.sha256(f"ampera-simulated-chip/1 {serial}".encode()).digest()
    return (bytes([_MAKER]) + digest[: _UID_BYTES - 1]).hex().upper()


def _with_checksum(atr: bytes) -> bytes:
    """TCK: all bytes after the first, combined by exclusive or, make zero (ISO/IEC 7816-3)."""
    check = 0
    for each in atr[1:]:
        check ^= each
    return atr + bytes([check])


@dataclass(slots=True)
class SimulatedChip:
    """One chip. `files` and `uid` are its memory; the session's marks go when power goes."""

    uid: str
    files: dict[bytes, bytearray]
    keys: bytes = field(default=SIMULATED_KEYS, repr=False)
    layout: Layout = field(default_factory=the_layout, repr=False)
    is_extended: bool = False
    #: The factory's fault: nothing answers.
    is_dead: bool = False
    #: Files whose memory takes no writing any more.
    worn: frozenset[bytes] = frozenset()
    #: So many more UPDATE BINARYs are done; the next is cut in the middle.
    tears_after: int | None = None
    #: Called after each change of a file.
    on_write: Callable[[], None] = lambda: None
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False)
    _is_chosen: bool = False
    _ef: bytes = b""
    _challenge: bytes = b""
    _is_trusted: bool = False

    @classmethod
    def fresh(cls, serial: str, *, layout: Layout | None = None, **more: Any) -> SimulatedChip:
        """The chip of a blank as it comes from the factory: all files there, all empty."""
        plan = layout or the_layout()
        files = {file.ef: bytearray(plan.stored_bytes(file)) for file in plan.every}
        return cls(uid_of_blank(serial), files, layout=plan, **more)

    @property
    def atr(self) -> bytes:
        third = 0x40 if self.is_extended else 0x00
        return _with_checksum(bytes([0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0x80, 0x01, third]))

    def power_off(self) -> None:
        """What a session knew is gone; files stay."""
        self._is_chosen = self._is_trusted = False
        self._ef = self._challenge = b""

    def transmit(self, raw: bytes) -> bytes:
        """One command, one answer. Raises Removed when this is where the chip is torn away."""
        try:
            command = Apdu.parse(raw)
        except ValueError:
            return _status(0x6700)
        if raw == apdu.GET_UID:
            return bytes.fromhex(self.uid) + _status(apdu.OK)
        answers = {
            apdu.SELECT: self._select,
            apdu.READ: self._read,
            apdu.UPDATE: self._update,
            apdu.GET_CHALLENGE: self._give_challenge,
            apdu.EXTERNAL_AUTHENTICATE: self._trust,
            apdu.INTERNAL_AUTHENTICATE: self._prove,
        }
        answer = answers.get(command.ins)
        return answer(command) if answer is not None else _status(apdu.UNKNOWN_INS)

    def _select(self, command: Apdu) -> bytes:
        if command.p1 == 4:
            self._is_chosen = command.data == self.layout.application
            self._ef, self._is_trusted = b"", False
            return _status(apdu.OK if self._is_chosen else apdu.NOT_FOUND)
        if not self._is_chosen:
            return _status(apdu.NO_CONDITIONS)
        if command.data not in self.files:
            return _status(apdu.NOT_FOUND)
        self._ef = command.data
        return _status(apdu.OK)

    def _may_touch(self) -> int:
        if not self._ef:
            return apdu.NO_FILE_CHOSEN
        return apdu.OK if self._is_trusted else apdu.NOT_ALLOWED

    def _read(self, command: Apdu) -> bytes:
        if (no := self._may_touch()) != apdu.OK:
            return _status(no)
        at, file = command.p1 << 8 | command.p2, self.files[self._ef]
        if at >= len(file):
            return _status(apdu.WRONG_OFFSET)
        most = command.expected or 256
        found = bytes(file[at : at + most])
        return found + _status(apdu.OK if len(found) == most else apdu.END_OF_FILE)

    def _update(self, command: Apdu) -> bytes:
        if (no := self._may_touch()) != apdu.OK:
            return _status(no)
        at, file = command.p1 << 8 | command.p2, self.files[self._ef]
        if at + len(command.data) > len(file):
            return _status(apdu.NO_ROOM)
        if self._ef in self.worn:
            return _status(apdu.MEMORY_FAILURE)
        written = command.data
        if self.tears_after == 0:
            written = written[: len(written) // 2]
        file[at : at + len(written)] = written
        self.on_write()
        if self.tears_after is not None:
            self.tears_after -= 1
            if self.tears_after < 0:
                self.tears_after = None
                raise Removed
        return _status(apdu.OK)

    def _give_challenge(self, _: Apdu) -> bytes:
        self._challenge = self.random(CHALLENGE_BYTES)
        return self._challenge + _status(apdu.OK)

    def _trust(self, command: Apdu) -> bytes:
        """EXTERNAL AUTHENTICATE. A challenge is good for one answer."""
        right = answer_of_reader(self._key, challenge=self._challenge)
        is_asked, self._challenge = bool(self._challenge), b""
        self._is_trusted = is_asked and hmac.compare_digest(command.data, right)
        return _status(apdu.OK if self._is_trusted else apdu.WRONG_DATA)

    def _prove(self, command: Apdu) -> bytes:
        if not self._is_trusted:
            return _status(apdu.NOT_ALLOWED)
        return answer_of_chip(self._key, challenge=command.data) + _status(apdu.OK)

    @property
    def _key(self) -> bytes:
        return chip_key(self.keys, uid=self.uid)

    def told(self) -> str:
        """The chip's memory as JSON, for its file."""
        files = {ef.hex(): base64.b64encode(data).decode() for ef, data in self.files.items()}
        flags = {"is_dead": self.is_dead, "is_extended": self.is_extended}
        worn = sorted(ef.hex() for ef in self.worn)
        return json.dumps({"uid": self.uid, "files": files, "worn": worn, **flags})

    @classmethod
    def from_told(cls, text: str, *, keys: bytes, layout: Layout) -> SimulatedChip:
        """Read what `told` wrote. Raises KeyError or ValueError."""
        told = json.loads(text)
        return cls(
            uid=told["uid"],
            files={
                bytes.fromhex(ef): bytearray(base64.b64decode(data))
                for ef, data in told["files"].items()
            },
            keys=keys,
            layout=layout,
            is_extended=told["is_extended"],
            is_dead=told["is_dead"],
            worn=frozenset(bytes.fromhex(ef) for ef in told["worn"]),
        )


def _status(word: int) -> bytes:
    return word.to_bytes(2, "big")
