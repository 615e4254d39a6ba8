"""From entries to readiness' tables. Facts are kept as sets; every state is recomputed from its
set.

Printing's and delivery's entries are read here by their kind: what they say about a card decides
whether its holder may be granted another. Any order of chains gives the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.readiness.projection import cards, holds, lending, queue, requests, seizures

PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "request.taken/1": requests.request_taken,
        "request.confirmed/1": requests.request_confirmed,
        "request.rejected/1": requests.request_rejected,
        "request.handed_on/1": requests.request_handed_on,
        "enrolment.captured/1": requests.enrolment_captured,
        "dedup.decided/1": requests.dedup_decided,
        "mandate.given/1": requests.mandate_given,
        "permit.granted/1": cards.permit_granted,
        "permit.renewed/1": cards.permit_renewed,
        "permit.recalled/1": cards.permit_recalled,
        "permit.returned/1": cards.permit_returned,
        "permit.suspected/1": cards.permit_suspected,
        "permit.forfeited/1": cards.permit_forfeited,
        "attempt.opened/1": cards.attempt_opened,
        "attempt.ended/1": cards.attempt_ended,
        "attempt.settled/1": cards.attempt_settled,
        "card.checked/1": cards.card_checked,
        "card.handed_over/1": cards.card_handed_over,
        "card.voided/1": cards.card_voided,
        "card.imported/1": cards.card_imported,
        "destruction.done/1": cards.destruction_done,
        "hold.placed/1": holds.hold_placed,
        "hold.lifted/1": holds.hold_lifted,
        "queue.urged/1": queue.queue_urged,
        "queue.jumped/1": queue.queue_jumped,
        "queue.undone/1": queue.queue_undone,
        "printing.lent/1": lending.printing_lent,
        "printing.lending_ended/1": lending.printing_lending_ended,
        "permit.lent/1": lending.permit_lent,
        "permit.told/1": lending.permit_told,
        "office.seized/1": seizures.office_seized,
        "office.released/1": seizures.office_released,
    }
)
