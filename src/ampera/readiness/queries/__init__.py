"""What others may ask readiness: the queue, the permits, the cards, and why one waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.readiness.queries.cards import (
    CardSeen,
    NamedPermit,
    PermitSeen,
    WordSeen,
    card_seen,
    card_state,
    card_words,
    cards_of,
    current_card,
    is_printed_unchanged,
    live_card,
    named_permits,
    open_permit_count,
    open_permits,
    permit_seen,
    voided_by,
    voided_cards,
    why_no_card,
)
from ampera.readiness.queries.checks import (
    guards_agree,
    nobody_came_first_by_himself,
    nobody_has_two_cards,
    nobody_has_two_live_cards,
    nothing_is_delivered_twice,
)
from ampera.readiness.queries.holds import HoldSeen, hold_of, holds_in_force, holds_of
from ampera.readiness.queries.late import late_permits
from ampera.readiness.queries.lending import (
    LendingSeen,
    LentHolder,
    ReadyCard,
    is_anything_lent,
    lending_of,
    lending_seen,
    lendings,
    lendings_around,
    lent_holder,
    lent_place,
    office_card,
    ready_elsewhere,
    returned_count,
    waiting_of,
)
from ampera.readiness.queries.queue import (
    Waiting,
    is_anyone_waiting,
    office_cards,
    owed_count,
    queue_for,
    ready_count,
    urgent_count,
)
from ampera.readiness.queries.queue_page import (
    QueueLine,
    QueuePage,
    RequestInQueue,
    queue_page,
    request_in_queue,
)
from ampera.readiness.queries.seizures import (
    finished_count,
    is_news_there,
    is_seized,
    seizure_of,
    seizure_seen,
    seizures,
    unsettled_count,
)
from ampera.readiness.queries.waits import why_it_waits
from ampera.readiness.queries.why_before import (
    EntryPlace,
    MoveSeen,
    RequestStands,
    WhyBefore,
    moves_of,
    why_one_before,
)
from ampera.readiness.rules.policy import OfficeCard
from ampera.readiness.rules.seizures import Seizure
from ampera.readiness.rules.states import CardState, PermitState
from ampera.readiness.rules.waits import Wait, WaitCode

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (
    nobody_has_two_live_cards,
    nobody_has_two_cards,
    nothing_is_delivered_twice,
    guards_agree,
    nobody_came_first_by_himself,
)

__all__ = [
    "CHECKS",
    "CardSeen",
    "CardState",
    "EntryPlace",
    "HoldSeen",
    "LendingSeen",
    "LentHolder",
    "MoveSeen",
    "NamedPermit",
    "OfficeCard",
    "PermitSeen",
    "PermitState",
    "QueueLine",
    "QueuePage",
    "ReadyCard",
    "RequestInQueue",
    "RequestStands",
    "Seizure",
    "Wait",
    "WaitCode",
    "Waiting",
    "WhyBefore",
    "WordSeen",
    "card_seen",
    "card_state",
    "card_words",
    "cards_of",
    "current_card",
    "finished_count",
    "hold_of",
    "holds_in_force",
    "holds_of",
    "is_anyone_waiting",
    "is_anything_lent",
    "is_news_there",
    "is_printed_unchanged",
    "is_seized",
    "late_permits",
    "lending_of",
    "lending_seen",
    "lendings",
    "lendings_around",
    "lent_holder",
    "lent_place",
    "live_card",
    "moves_of",
    "named_permits",
    "nobody_came_first_by_himself",
    "office_card",
    "office_cards",
    "open_permit_count",
    "open_permits",
    "owed_count",
    "permit_seen",
    "queue_for",
    "queue_page",
    "ready_count",
    "ready_elsewhere",
    "request_in_queue",
    "returned_count",
    "seizure_of",
    "seizure_seen",
    "seizures",
    "unsettled_count",
    "urgent_count",
    "voided_by",
    "voided_cards",
    "waiting_of",
    "why_it_waits",
    "why_no_card",
    "why_one_before",
]
