"""Mandates, permits and cards: the only writers of readiness, one public function a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.readiness.actions.card_holds import lift_hold, place_hold
from ampera.readiness.actions.cards import (
    import_cards,
    void_card,
    void_cards_of,
    void_lost,
)
from ampera.readiness.actions.guards import refresh_guards
from ampera.readiness.actions.holds import release_permit_in, spend_permit_in, take_permit_in
from ampera.readiness.actions.lending import end_lending, lend_printing, tell_home
from ampera.readiness.actions.mandates import (
    ReadyRecord,
    give_mandate,
    give_mandate_for,
    give_mandates,
)
from ampera.readiness.actions.permits import (
    answer_recalls,
    forfeit_permit,
    grant_lot,
    mark_open_suspect_in,
    recall_outdated,
    recall_permit,
    renew_at_contact,
    renew_permits,
)
from ampera.readiness.actions.queue import jump_queue, undo_move, urge_request
from ampera.readiness.actions.returns import return_open_permits, return_permit
from ampera.readiness.actions.seizures import (
    InCustody,
    check_seizure_in,
    release_office,
    seize_office_in,
)
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {
        ("dedup.decided/1", Tier.PUSAT): give_mandate_for,
        ("mandate.given/1", Tier.DINAS): recall_outdated,
        ("request.taken/1", Tier.DINAS): void_lost,
        ("card.checked/1", Tier.DINAS): tell_home,
        ("card.handed_over/1", Tier.DINAS): tell_home,
        ("permit.returned/1", Tier.DINAS): tell_home,
        ("permit.suspected/1", Tier.DINAS): tell_home,
    }
)
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {
        Tier.KECAMATAN: (answer_recalls,),
        Tier.DINAS: (answer_recalls, renew_at_contact),
        Tier.PUSAT: (give_mandates,),
    }
)

__all__ = [
    "REACTIONS",
    "TICKS",
    "InCustody",
    "ReadyRecord",
    "answer_recalls",
    "check_seizure_in",
    "end_lending",
    "forfeit_permit",
    "give_mandate",
    "give_mandate_for",
    "give_mandates",
    "grant_lot",
    "import_cards",
    "jump_queue",
    "lend_printing",
    "lift_hold",
    "mark_open_suspect_in",
    "place_hold",
    "recall_outdated",
    "recall_permit",
    "refresh_guards",
    "release_office",
    "release_permit_in",
    "renew_at_contact",
    "renew_permits",
    "return_open_permits",
    "return_permit",
    "seize_office_in",
    "spend_permit_in",
    "take_permit_in",
    "undo_move",
    "urge_request",
    "void_card",
    "void_cards_of",
    "void_lost",
]
