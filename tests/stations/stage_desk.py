"""A print desk whose printer reads a blank's chip before it prints on it, for tests."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import COOL
from ampera.journal.models import EntryRow
from tests.stations.chip_desk import ChipDesk
from tests.stations.printing_desk import place_of, serial

WITH_READER = replace(COOL, has_reader=True)


class StageDesk(ChipDesk):
    """The reader inside the printer and the encoder beside it hear the same chips."""

    def __init__(self, offices: Any, *, permits: int = 3, blanks: int = 5) -> None:
        super().__init__(offices, permits=permits, blanks=blanks)
        self.blanks = blanks
        self.printer = MemoryPrinter(now=offices.clock.at, rng=Random(7), model=WITH_READER)
        self.machine = self.printer.machine
        self.machine.chip_of = self.reader.uid_of
        self.feeds_by_hand = False

    def load(self, *numbers: int) -> None:
        """Lay these blanks into the hopper."""
        self.machine.load([serial(number) for number in numbers])

    def begin(self, *numbers: int) -> None:
        """A run over a hopper that is said to hold these blanks, in this order."""
        self.start(len(numbers), serials=tuple(serial(number) for number in numbers))

    def plastic(self) -> dict[str, int]:
        """How many of the desk's blanks the books have where."""
        places = [place_of(serial(number)) for number in range(1, self.blanks + 1)]
        return {place: places.count(place) for place in sorted(set(places))}

    def finished(self) -> list[tuple[str, str]]:
        """(serial, attempt) of every finished card that exists."""
        tray = self.machine.physical().tray
        return [(card.serial, card.job_name) for card in tray if card.job_name]


def bound() -> list[tuple[str, str]]:
    """(serial, uid) of every pair that was told, in the order of its first telling."""
    rows = EntryRow.objects.filter(kind="chip.bound/1").order_by("id")
    found = [json.loads(row.facts) for row in rows]
    return list(dict.fromkeys((each["serial"], each["uid"]) for each in found))
