"""A desk where a hand takes the blank beside the right one, for tests of the exchange."""

from __future__ import annotations

import json
from typing import Any

from ampera.journal.models import EntryRow
from ampera.printing.actions import end_attempt, exchange_blanko, open_attempt
from ampera.printing.queries import AttemptSeen
from tests.stations.chip_desk import ChipDesk
from tests.stations.printing_desk import BUDI, SARI, by, serial

#: Who printed; the second of an exchange is somebody else.
S1, S2, S3, S4 = (serial(number) for number in (1, 2, 3, 4))


class ExchangeDesk(ChipDesk):
    """Attempts by hand, without a printer in between: which blank went in is said by the test."""

    def opened(self, number: int, blank: str) -> str:
        opened = open_attempt(by(SARI), permit=f"prm_{number}", printer=f"p{number}", serial=blank)
        assert isinstance(opened, dict), opened
        return str(opened["attempt"])

    def made(self, number: int, blank: str) -> str:
        """An attempt that named this blank and printed."""
        attempt = self.opened(number, blank)
        end = end_attempt(by(), attempt=attempt, outcome="PRINTED", cause="completed")
        assert isinstance(end, dict), end
        return attempt

    def unknown(self, number: int, blank: str) -> str:
        attempt = self.opened(number, blank)
        assert isinstance(end_attempt(by(), attempt=attempt, outcome="UNKNOWN"), dict)
        return attempt

    def names(self, number: int) -> str:
        seen: AttemptSeen = self.attempt(number)
        return seen.serial


def exchange(attempt: str, blank: str, *, officer: str = SARI, witness: str = BUDI) -> Any:
    return exchange_blanko(by(officer), attempt=attempt, serial=blank, witness=witness)


def told(kind: str) -> list[dict[str, Any]]:
    """The facts of every entry of that kind, in order."""
    rows = EntryRow.objects.filter(kind=kind).order_by("id")
    return [json.loads(row.facts) for row in rows]
