"""What others may ask readiness: the queue, the permits, the cards, and why one waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.readiness.queries.cards import (
    CardSeen,
    NamedPermit,
    PermitSeen,
    card_seen,
    card_state,
    cards_of,
    current_card,
    live_card,
    named_permits,
    open_permit_count,
    open_permits,
    permit_seen,
)
from ampera.readiness.queries.checks import (
    guards_agree,
    nobody_has_two_cards,
    nobody_has_two_live_cards,
    nothing_is_delivered_twice,
)
from ampera.readiness.queries.queue import (
    Waiting,
    is_anyone_waiting,
    office_card,
    office_cards,
    queue_for,
    ready_count,
)
from ampera.readiness.queries.waits import why_it_waits
from ampera.readiness.rules.policy import OfficeCard
from ampera.readiness.rules.states import CardState, PermitState
from ampera.readiness.rules.waits import Wait, WaitCode

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (
    nobody_has_two_live_cards,
    nobody_has_two_cards,
    nothing_is_delivered_twice,
    guards_agree,
)

__all__ = [
    "CHECKS",
    "CardSeen",
    "CardState",
    "NamedPermit",
    "OfficeCard",
    "PermitSeen",
    "PermitState",
    "Wait",
    "WaitCode",
    "Waiting",
    "card_seen",
    "card_state",
    "cards_of",
    "current_card",
    "is_anyone_waiting",
    "live_card",
    "named_permits",
    "office_card",
    "office_cards",
    "open_permit_count",
    "open_permits",
    "permit_seen",
    "queue_for",
    "ready_count",
    "why_it_waits",
]
