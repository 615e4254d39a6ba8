"""A print desk with a chip reader beside the printer, for tests. Real code; simulated chips."""

from __future__ import annotations

import itertools
from typing import Any

from ampera.devices.chip.memory import memory_encoder
from ampera.journal.alarms import open_alarms
from ampera.printing.actions import check_card, fail_chip, personalise_card
from ampera.printing.ports import ChipContents
from ampera.printing.queries import AttemptSeen
from tests.stations.printing_desk import SARI, Desk, by, grant

_numbers = itertools.count(1)


def contents(number: int = 1) -> ChipContents:
    """The chip of the card of permit `number`."""
    names = ("biodata", "portrait", "signature", "minutiae_1", "minutiae_2")
    files = {name: f"SPESIMEN {name} {number} ".encode() * 20 for name in names}
    return ChipContents(f"{number:064x}", files)


def compose(permit: str) -> ChipContents:
    return contents(int(permit.removeprefix("prm_")))


class ChipDesk(Desk):
    """The same desk, an encoder, and the hands that lay cards on its reader."""

    def __init__(self, offices: Any, *, permits: int = 3, blanks: int = 5) -> None:
        super().__init__(offices, permits=0, blanks=blanks)
        for number in range(1, permits + 1):
            grant(offices, number, version=contents(number).version)
        offices.post()
        self.encoder, self.reader = memory_encoder()

    def printed(self, number: int = 1) -> AttemptSeen:
        """Print the cards up to `number`, and lay that one on the reader."""
        while not self.attempts(number):
            self.start()
            self.work(40)
        self.reader.put(self.attempt(number).serial)
        return self.attempt(number)

    def personalise(self, attempt: AttemptSeen, *, encoder: Any = None) -> Any:
        return personalise_card(
            by(SARI), attempt=attempt.id, encoder=encoder or self.encoder, compose=compose
        )

    def fail(self, attempt: AttemptSeen, cause: str) -> Any:
        return fail_chip(by(SARI), attempt=attempt.id, cause=cause)

    def check(self, number: int, result: str, witness: str | None = None) -> Any:
        return check_card(by(SARI), card=f"crd_{number}", result=result, witness=witness)


def chip_alarms() -> list[str]:
    return [text for key, text in open_alarms() if key.startswith("chip:")]
