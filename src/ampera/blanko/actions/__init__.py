"""Everything that can be done to a blanko. The only writers of the books; one public function a
verb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.blanko.actions.attempts import (
    dispute_in,
    issue_in,
    reserve_in,
    reserve_next_in,
    shelve_in,
    spoil_in,
)
from ampera.blanko.actions.counting import (
    count_after_restore,
    open_books,
    open_box,
    recount_in,
    refresh_guards,
    take_from_maker,
)
from ampera.blanko.actions.days import close_day
from ampera.blanko.actions.debts import borrow, give_back, waive_debt
from ampera.blanko.actions.exchange import Swap, exchange_in
from ampera.blanko.actions.loans import lend, settle_loan, take_back
from ampera.blanko.actions.settling import (
    destroy,
    destroy_in,
    settle_dispute,
)
from ampera.blanko.actions.shipments import (
    match_unmatched,
    receive_shipment,
    secured,
    ship,
    take_unmatched,
)
from ampera.blanko.rules import MOVED
from ampera.journal.entry import Entry
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {(MOVED, Tier.KECAMATAN): match_unmatched, (MOVED, Tier.DINAS): match_unmatched}
)

__all__ = [
    "REACTIONS",
    "Swap",
    "borrow",
    "close_day",
    "count_after_restore",
    "destroy",
    "destroy_in",
    "dispute_in",
    "exchange_in",
    "give_back",
    "issue_in",
    "lend",
    "match_unmatched",
    "open_books",
    "open_box",
    "receive_shipment",
    "recount_in",
    "refresh_guards",
    "reserve_in",
    "reserve_next_in",
    "secured",
    "settle_dispute",
    "settle_loan",
    "shelve_in",
    "ship",
    "spoil_in",
    "take_back",
    "take_from_maker",
    "take_unmatched",
    "waive_debt",
]
