"""What the printing station asks of a chip encoder, and the few ways in which it can fail.

An encoder is a reader with one place for a card. It may stand beside the printer or inside it. The
station names contents by their meaning (`biodata`, `portrait`); into which files of the chip they
go is the driver's data. Nothing that passes between encoder and chip is ever written down: the
station keeps the chip's UID and what came of it (domain §3.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ampera.journal.house import house
from ampera.printing.ports.printer import BlankoGone, DeviceError
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ChipContents:
    """What one chip holds. `version` is the record's, as the permit names it (64 hex digits)."""

    version: str
    files: Mapping[str, bytes] = field(repr=False)


class ChipState(StrEnum):
    """What the files of a chip say of themselves when it is read."""

    EMPTY = "empty"  #: nothing was ever begun
    TORN = "torn"  #: begun and not finished, or changed since: no marker, or a hash differs
    COMPLETE = "complete"  #: the marker is there and every file agrees with its hash


@dataclass(frozen=True, slots=True)
class ChipSeen:
    """One chip as it was read: a sighting. `contents` is None unless it is COMPLETE."""

    uid: str
    state: ChipState
    contents: ChipContents | None = None


class ChipError(DeviceError):
    """A chip did not do what it was asked. Every leaf answers the two questions of a DeviceError.

    ::

        ChipError                        may_retry          is_blanko_gone
        ├── NoReader                     yes                no     nothing to speak to
        ├── NoChip                       yes                no     nothing lies on the reader
        ├── ChipUnreachable              yes                no     it answers nothing; unwritten
        ├── ChipChanged(uid)             yes, with its own  no     another chip lies there now
        ├── ChipTorn                     yes, from the      maybe  it went away while it was being
        │                                start, same UID           written
        ├── SamRefused                   no                 no     no key for it, or no real chip
        └── ChipRefused(status, …)       no                 maybe  it said no with a status word
    """


class NoReader(ChipError):
    """No reader is there, or the service that speaks to it is not running."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=True, is_blanko_gone=BlankoGone.NO)


class NoChip(ChipError):
    """The reader answers and nothing lies on it; or what lies on it has no chip that speaks."""

    def __init__(self, detail: str = "nothing on the reader") -> None:
        super().__init__(detail, may_retry=True, is_blanko_gone=BlankoGone.NO)


class ChipUnreachable(ChipError):
    """The chip stopped answering before anything was written to it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=True, is_blanko_gone=BlankoGone.NO)


class ChipChanged(ChipError):
    """Between looking and writing somebody laid another card on the reader."""

    def __init__(self, uid: str) -> None:
        super().__init__(f"chip {uid} lies there now", may_retry=True, is_blanko_gone=BlankoGone.NO)
        self.uid = uid


class ChipTorn(ChipError):
    """The chip went away in mid-write: it is neither empty nor complete."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=True, is_blanko_gone=BlankoGone.MAYBE)


class SamRefused(ChipError):
    """The SAM has no key for this chip, or the chip could not prove that it is one of ours."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=False, is_blanko_gone=BlankoGone.NO)


class ChipRefused(ChipError):
    """The chip answered with a status word that is not 9000 (ISO/IEC 7816-4 §5.6).

    `is_written` tells whether anything had been written to it by then.
    """

    def __init__(self, status: str, *, is_written: bool) -> None:
        gone = BlankoGone.MAYBE if is_written else BlankoGone.NO
        super().__init__(f"status {status}", may_retry=False, is_blanko_gone=gone)
        self.status = status
        self.is_written = is_written


class ChipEncoder(Protocol):
    """One encoder. `fits` asks no device; the other methods raise only `ChipError`s."""

    def fits(self, contents: ChipContents) -> Refusal | None:
        """Do these contents fit a chip, each file and all together? None is yes.

        Refuses `printing.chip_too_small`, `printing.chip_file_missing`. Asked before anything is
        written, so that no chip is begun that cannot be finished.
        """
        ...

    def uid(self) -> str:
        """UID of the chip on the reader, upper-case hex. It is no secret and proves nothing."""
        ...

    def write(self, contents: ChipContents, *, uid: str) -> None:
        """Write everything to the chip with this UID: marker taken away first and set last.

        A chip that was begun before is written from the start. Nothing is compared here: `read`
        tells what lies on the chip. Contents that do not fit are a defect.
        """
        ...

    def read(self) -> ChipSeen:
        """Read the chip on the reader whole and judge it by its own marker and hashes."""
        ...


class Sam(Protocol):
    """A secure access module: the only place where keys are. Both methods raise `SamRefused`.

    In service it is a tamper-proof chip given out by the centre; here there is a simulator only.
    """

    def answer(self, challenge: bytes, *, uid: str) -> bytes:
        """The answer to a chip's challenge that proves that we may write it (ISO/IEC 7816-4
        external authenticate)."""
        ...

    def judge(self, answer: bytes, *, challenge: bytes, uid: str) -> None:
        """Is this the answer of a chip of ours to our challenge (internal authenticate)? A copied
        UID does not pass. Says no by raising."""
        ...


_encoders: dict[OfficeCode, ChipEncoder] = {}


def open_encoder(code: OfficeCode, *, encoder: ChipEncoder | None) -> None:
    """From now on that office has this encoder; None takes it away."""
    if encoder is None:
        _encoders.pop(code, None)
    else:
        _encoders[code] = encoder


def encoder_here() -> ChipEncoder | None:
    """The encoder of the server that acts; None where the office has none.

    Where there is one, no card is READY before its chip is written.
    """
    return _encoders.get(house().code)
