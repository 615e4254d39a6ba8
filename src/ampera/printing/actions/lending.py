"""An office whose printers are all down: its cards are granted elsewhere until one is up again.

`readiness` knows no printer; only here, above it, the stops and the lendings meet.
"""

from __future__ import annotations

from typing import Any

from ampera.journal.actions import Command
from ampera.journal.entry import Entry
from ampera.printing.queries import is_office_down_now, printer_names
from ampera.readiness.actions import end_lending
from ampera.readiness.actions import lend_printing as lend
from ampera.readiness.queries import is_seized, lendings_around
from ampera.readiness.rules.lending import PRINTER_UP, LendWish
from ampera.register.queries import local_day
from ampera.words.refusal import Refusal


def lend_printing(command: Command, *, wish: LendWish) -> dict[str, Any] | Refusal:
    """The dinas lets `wish.at` print the cards of `wish.home`, by what it knows of the printers of
    both. An office in custody has none that print. Returns {"lending"}."""
    return lend(
        command,
        wish=wish,
        is_home_down=is_office_down_now(wish.home) or is_seized(wish.home),
        is_at_down=is_office_down_now(wish.at) or is_seized(wish.at),
    )


def end_when_up(entry: Entry) -> object:
    """Reaction at the dinas to a printer that is up again: its office's cards are granted at home
    from now on, where the lending says so. One that left for good brings nothing back."""
    office = entry.origin
    if is_office_down_now(office) or not printer_names(office):
        return None
    return [
        end_lending(
            Command(id=f"re:up:{entry.hash[:24]}:{each.lending[-32:]}"),
            lending=each.lending,
            why=PRINTER_UP,
        )
        for each in lendings_around((office,), day=local_day())
        if each.home == office and each.ends_when_up
    ]
