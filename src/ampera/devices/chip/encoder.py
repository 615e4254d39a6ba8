"""The conversation that writes and reads a chip, over whatever carries its bytes.

PC/SC readers and simulated chips are spoken to with the very same commands. Each call is one
session of its own: power, two-sided authentication, work, power off.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from ampera.devices.chip import apdu
from ampera.devices.chip.apdu import Apdu
from ampera.devices.chip.layout import ChipFile, Layout, the_layout
from ampera.printing.ports.chip import (
    ChipChanged,
    ChipContents,
    ChipRefused,
    ChipSeen,
    ChipState,
    ChipTorn,
    ChipUnreachable,
    Sam,
    SamRefused,
)
from ampera.words.refusal import Refusal

CHALLENGE_BYTES: Final = 8
_ANSWER_BYTES_MAX: Final = 64
#: A chip that answers 61xx or 6Cxx for ever is not listened to for ever.
_FOLLOW_UPS_MAX: Final = 8


class Channel(Protocol):
    """A powered chip. `atr` is its answer to reset."""

    @property
    def atr(self) -> bytes: ...

    def transmit(self, command: bytes) -> bytes:
        """One command, one answer with its two status bytes. Raises ChipUnreachable."""
        ...


@dataclass(frozen=True, slots=True)
class ReaderSeen:
    """A reader as it was asked: its driver and name, and whether a chip answers on it."""

    driver: str
    name: str
    is_card_present: bool


class Reader(Protocol):
    """A place for one card."""

    def session(self) -> AbstractContextManager[Channel]:
        """Power the chip for a while, alone. Raises NoReader, NoChip."""
        ...

    def look(self) -> ReaderSeen:
        """What stands there. Raises NoReader."""
        ...


def _random_challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


@dataclass(frozen=True, slots=True)
class ReaderEncoder:
    """Keeps `ampera.printing.ports.ChipEncoder` over a reader and a SAM."""

    reader: Reader
    sam: Sam = field(repr=False)
    layout: Layout = field(default_factory=the_layout, repr=False)
    challenge: Callable[[], bytes] = field(default=_random_challenge, repr=False)

    def look(self) -> ReaderSeen:
        """The reader, without a word to the chip. Raises NoReader."""
        return self.reader.look()

    def fits(self, contents: ChipContents) -> Refusal | None:
        return self.layout.fits(contents)

    def uid(self) -> str:
        with self.reader.session() as channel:
            return _Talk(channel, self.layout).uid()

    def write(self, contents: ChipContents, *, uid: str) -> None:
        assert self.layout.fits(contents) is None, "contents that do not fit were let through"
        with self.reader.session() as channel:
            talk = _Talk(channel, self.layout)
            self._open(talk, uid=uid)
            try:
                self._write(talk, contents)
            except ChipUnreachable as gone:
                if talk.is_written:
                    raise ChipTorn(gone.detail) from None
                raise

    def _write(self, talk: _Talk, contents: ChipContents) -> None:
        layout = self.layout
        # First of all the chip stops saying that it is complete.
        talk.update(layout.control, data=b"\xff" * layout.length_bytes)
        for file in layout.contents:
            talk.update(file, data=layout.stored(contents.files[file.name]))
        talk.update(layout.control, data=layout.stored(layout.marker(contents)))

    def read(self) -> ChipSeen:
        with self.reader.session() as channel:
            talk = _Talk(channel, self.layout)
            uid = talk.uid()
            self._open(talk, uid=uid)
            found = {file.name: talk.content(file) for file in self.layout.every}
        return self._judged(uid, found)

    def _judged(self, uid: str, found: dict[str, bytes | None]) -> ChipSeen:
        if all(data == b"" for data in found.values()):
            return ChipSeen(uid, ChipState.EMPTY)
        marker = found.pop(self.layout.control.name)
        whole = {name: data for name, data in found.items() if data is not None}
        if not marker or len(whole) < len(found):
            return ChipSeen(uid, ChipState.TORN)
        contents = self.layout.complete(whole, marker=marker)
        if contents is None:
            return ChipSeen(uid, ChipState.TORN)
        return ChipSeen(uid, ChipState.COMPLETE, contents)

    def _open(self, talk: _Talk, *, uid: str) -> None:
        """Be sure which chip it is, and that each side knows the other. Nothing is written yet."""
        if (there := talk.uid()) != uid:
            raise ChipChanged(there)
        talk.select_application()
        theirs = talk.ask(Apdu(apdu.GET_CHALLENGE, expected=CHALLENGE_BYTES))
        answer = self.sam.answer(theirs, uid=uid)
        no = talk.status(Apdu(apdu.EXTERNAL_AUTHENTICATE, data=answer))
        if no != apdu.OK:
            raise SamRefused(f"the chip does not take the answer of the SAM ({no:04X})")
        ours = self.challenge()
        proof = talk.ask(
            Apdu(apdu.INTERNAL_AUTHENTICATE, data=ours, expected=_ANSWER_BYTES_MAX),
        )
        self.sam.judge(proof, challenge=ours, uid=uid)


@dataclass(slots=True)
class _Talk:
    """One session with one chip. Holds what was said only as long as it lasts."""

    channel: Channel
    layout: Layout
    is_written: bool = False

    def uid(self) -> str:
        data, status = self._say(apdu.GET_UID)
        if status != apdu.OK or not data:
            raise ChipRefused(f"{status:04X}", is_written=False)
        return data.hex().upper()

    def select_application(self) -> None:
        chosen = self.status(Apdu(apdu.SELECT, 4, 0x0C, data=self.layout.application))
        if chosen != apdu.OK:
            # Another kind of card: a bank's, an old identity card.
            raise ChipRefused(f"{chosen:04X}", is_written=False)

    def update(self, file: ChipFile, *, data: bytes) -> None:
        """UPDATE BINARY from the file's start, in as many commands as it takes."""
        self._select(file)
        for at, part in self._parts(data):
            self.is_written = True
            self._need(Apdu(apdu.UPDATE, at >> 8, at & 0xFF, data=part))

    def content(self, file: ChipFile) -> bytes | None:
        """What the file holds; None when its length is one that no finished file has."""
        self._select(file)
        first = self._read(0, self._step)
        head = self.layout.length_bytes
        size = int.from_bytes(first[:head], "big")
        if size > file.bytes_max:
            return None
        found = bytearray(first)
        while len(found) < head + size:
            more = self._read(len(found), min(self._step, head + size - len(found)))
            if not more:
                return None
            found += more
        return bytes(found[head : head + size])

    def ask(self, command: Apdu) -> bytes:
        """Say a command and need its data. Raises ChipRefused."""
        return self._need(command)

    def status(self, command: Apdu) -> int:
        """Say a command whose data do not matter, and tell the status word."""
        return self._say(bytes(command))[1]

    def _select(self, file: ChipFile) -> None:
        self._need(Apdu(apdu.SELECT, 2, 0x0C, data=file.ef))

    def _read(self, at: int, most: int) -> bytes:
        return self._need(Apdu(apdu.READ, at >> 8, at & 0xFF, expected=most))

    @property
    def _step(self) -> int:
        """Bytes in one command: 255, or more where the chip says that it takes more."""
        is_long = apdu.takes_extended(self.channel.atr)
        return self.layout.extended_bytes if is_long else apdu.SHORT_MAX

    def _parts(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        step = self._step
        for at in range(0, len(data), step):
            yield at, data[at : at + step]

    def _need(self, command: Apdu) -> bytes:
        data, status = self._say(bytes(command))
        if status not in (apdu.OK, apdu.END_OF_FILE):
            raise ChipRefused(f"{status:04X}", is_written=self.is_written)
        return data

    def _say(self, command: bytes) -> tuple[bytes, int]:
        """One command; 61xx is fetched and 6Cxx asked for again (ISO/IEC 7816-4 §5.6)."""
        found = b""
        for _ in range(_FOLLOW_UPS_MAX):
            answer = self.channel.transmit(command)
            if len(answer) < 2:
                raise ChipUnreachable("an answer without a status")
            found, status = found + answer[:-2], int.from_bytes(answer[-2:], "big")
            if status >> 8 == 0x61:
                command = bytes(Apdu(apdu.GET_RESPONSE, expected=status & 0xFF or 256))
            elif status >> 8 == 0x6C:
                asked = replace(Apdu.parse(command), expected=status & 0xFF or 256)
                command = bytes(asked)
            else:
                return found, status
        raise ChipUnreachable("the chip never came to an end of its answer")
