"""What the printing station asks of a printer that can read a blank's chip before it prints on it.

Such a printer has a reading station: a place between hopper and print heads where a blank lies and
its chip answers. Two verbs and no more. A blank that lies there is printed by the next Print-Job,
so whoever has read it knows which blanko becomes the card. Printers without a station are fed one
by one, and their cards are known by the hand that fed them.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from ampera.printing.ports.printer import BlankoGone, DeviceError

#: UIDs of ISO/IEC 14443-3 have 4, 7 or 10 bytes; other readers give 8. Upper-case hex.
_UID: Final = re.compile(r"(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{16}|[0-9A-F]{20})")


def is_uid(text: str) -> bool:
    """Can this be what a chip calls itself?"""
    return _UID.fullmatch(text) is not None


class StageError(DeviceError):
    """No one chip was read. Nothing is printed by any of these, and no blank is used up.

    ::

        StageError            may_retry
        ├── HopperEmpty       yes   no blank was there to take in
        ├── SilentChip        no    a blank lies at the station, and nothing in it answers
        ├── ManyChips         no    more than one chip answers: two blanks were taken in as one
        └── ReaderSilent      yes   the reader itself says nothing; a blank may lie there
    """

    def __init__(self, detail: str, *, may_retry: bool) -> None:
        super().__init__(detail, may_retry=may_retry, is_blanko_gone=BlankoGone.NO)


class HopperEmpty(StageError):
    """No blank was there to take in; the printer now asks for one."""

    def __init__(self, detail: str = "the hopper is empty") -> None:
        super().__init__(detail, may_retry=True)


class SilentChip(StageError):
    """A blank lies at the station and nothing in it answers."""

    def __init__(self, detail: str = "nothing in the blank answers") -> None:
        super().__init__(detail, may_retry=False)


class ManyChips(StageError):
    """More than one chip answers (a collision, ISO/IEC 14443-3): a double feed."""

    def __init__(self, detail: str = "more than one chip answers") -> None:
        super().__init__(detail, may_retry=False)


class ReaderSilent(StageError):
    """The reader says nothing, or nothing that can be a UID; a blank may lie there unread."""

    def __init__(self, detail: str = "the reader says nothing") -> None:
        super().__init__(detail, may_retry=True)


class Stage(Protocol):
    """The reading station of a printer whose `look` says `has_reader`. Raises `DeviceError`s."""

    def present(self) -> str:
        """Have the next blank at the station and tell its chip's UID, upper-case hex.

        A blank that lies there already is read again and no other is taken in: after a lost
        answer, a restart of either side or a power cut the same question tells the same blank.
        Raises `StageError`s; `Rejected` while the printer has a job or a person has to help it
        first; `Unreachable`, `AnswerLost`.
        """
        ...

    def reject(self) -> None:
        """Put whatever lies at the station into the reject bin, unprinted; nothing there is fine.

        What it is and whether it is whole, eyes have to see. Raises `Rejected`, `Unreachable`,
        `AnswerLost`.
        """
        ...
