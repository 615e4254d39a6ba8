"""What others may see of finished cards, and of a whole request: where it is, why it waits."""

from __future__ import annotations

from ampera.delivery.queries.case import CaseSeen, TicketSeen, case_of, case_of_ticket
from ampera.delivery.queries.finished import (
    CHECKS,
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

__all__ = [
    "CHECKS",
    "LISTED_MAX",
    "CaseSeen",
    "HandoverSeen",
    "TicketSeen",
    "card_held",
    "case_of",
    "case_of_ticket",
    "handed_over",
    "handed_over_count",
    "handed_over_unchecked",
    "packets_to_delete",
    "ready_cards",
    "ready_count",
    "receipt_of",
    "uncollected",
]
