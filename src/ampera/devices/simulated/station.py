"""The blank at a simulated printer's reading station, and what the reader there says of it.

A chip is one physical thing: which UID answers for a blank is asked of whoever keeps the chips, so
that the reader inside the printer and the encoder beside it hear the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from ampera.devices.simulated.cards import Card, Fate
from ampera.printing.ports import ManyChips, SilentChip

SILENT: Final = "silent"
#: The UID that answers in the blank with this serial; None when its chip is dead.
ChipOf = Callable[[str], str | None]


class ReaderSwitch(StrEnum):
    """How the reader inside stands. Off is a setting of the printer, made by hands: it then says
    that it has no reader. A broken one is there and says nothing, however often it is asked."""

    ON = "on"
    OFF = "off"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in from the hopper in one go, and how that will go on.

    Two blanks that stick together are taken in as one: `second` came with the first, and
    `second_fate` is how it comes out. Both lie in the field of the reader, which then hears two
    chips (ISO/IEC 14443-3 calls it a collision) and tells none.
    """

    serial: str
    will_jam: bool = False
    second: str = ""
    second_fate: Fate = Fate.UNTOUCHED

    @property
    def serials(self) -> tuple[str, ...]:
        return (self.serial, self.second) if self.second else (self.serial,)

    def uid(self, chip_of: ChipOf) -> str:
        """What the reader hears. Raises ManyChips or SilentChip."""
        heard = [uid for uid in map(chip_of, self.serials) if uid is not None]
        if len(heard) > 1:
            raise ManyChips
        if self.second:
            raise SilentChip("two blanks lie there, and not both answer")
        if not heard:
            raise SilentChip
        return heard[0]

    def second_out(self) -> tuple[Card, ...]:
        """The second blank as it comes out, belonging to no job."""
        return (Card(self.second, "", "", self.second_fate),) if self.second else ()

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Taken:
        return cls(**{**record, "second_fate": Fate(record["second_fate"])})
