"""What may be done at the printers. One function a verb; each writes its entries in one
transaction.

`agent` is the worker's hand at the devices: it looks, and asks these verbs for every consequence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.printing.actions.agent import Render, step_printer, step_printers
from ampera.printing.actions.attempts import (
    empty_printer,
    end_attempt,
    open_attempt,
    settle_attempt,
)
from ampera.printing.actions.cards import check_card
from ampera.printing.actions.chips import (
    ChipEvidence,
    Compose,
    bind_chip,
    fail_chip,
    personalise_card,
    read_chip_of,
)
from ampera.printing.actions.custody import seize_office
from ampera.printing.actions.exchange import exchange_blanko
from ampera.printing.actions.lending import end_when_up, lend_printing
from ampera.printing.actions.lots import forfeit_late, grant_lots
from ampera.printing.actions.runs import start_run, stop_run
from ampera.printing.actions.stops import change_supply, note_repair, return_while_down
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {("printer.up/1", Tier.DINAS): end_when_up}
)
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {
        Tier.KECAMATAN: (return_while_down,),
        Tier.DINAS: (return_while_down, forfeit_late, grant_lots),
    }
)

__all__ = [
    "REACTIONS",
    "TICKS",
    "ChipEvidence",
    "Compose",
    "Render",
    "bind_chip",
    "change_supply",
    "check_card",
    "empty_printer",
    "end_attempt",
    "exchange_blanko",
    "fail_chip",
    "grant_lots",
    "lend_printing",
    "note_repair",
    "open_attempt",
    "personalise_card",
    "read_chip_of",
    "return_while_down",
    "seize_office",
    "settle_attempt",
    "start_run",
    "step_printer",
    "step_printers",
    "stop_run",
]
