"""What others may see of finished cards, and of a whole request: where it is, why it waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.delivery.queries.bundles import (
    BundleSeen,
    ConflictSeen,
    bundle_seen,
    bundles_of_carrier,
    bundles_out,
    cards_in_two_hands,
    conflicts,
    kelurahan_of_cards,
    message_states,
    residents_of,
    signature_of,
)
from ampera.delivery.queries.case import CaseSeen, TicketSeen, case_of, case_of_ticket
from ampera.delivery.queries.doors import DoorLine, door_lines, names_on_cards
from ampera.delivery.queries.finished import (
    LISTED_MAX,
    HandoverSeen,
    card_held,
    handed_over,
    handed_over_count,
    handed_over_unchecked,
    packets_to_delete,
    ready_cards,
    ready_count,
    receipt_of,
    uncollected,
)

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (handed_over_unchecked, cards_in_two_hands)

__all__ = [
    "CHECKS",
    "LISTED_MAX",
    "BundleSeen",
    "CaseSeen",
    "ConflictSeen",
    "DoorLine",
    "HandoverSeen",
    "TicketSeen",
    "bundle_seen",
    "bundles_of_carrier",
    "bundles_out",
    "card_held",
    "cards_in_two_hands",
    "case_of",
    "case_of_ticket",
    "conflicts",
    "door_lines",
    "handed_over",
    "handed_over_count",
    "handed_over_unchecked",
    "kelurahan_of_cards",
    "message_states",
    "names_on_cards",
    "packets_to_delete",
    "ready_cards",
    "ready_count",
    "receipt_of",
    "residents_of",
    "signature_of",
    "uncollected",
]
