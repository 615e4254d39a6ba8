"""From checks, moves, handovers and voids to the tables of delivery, in any order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.delivery.projection.cards import card_checked, card_handed_over, card_voided
from ampera.delivery.projection.moves import (
    bundle_handed_out,
    bundle_sealed,
    card_passed,
    card_undelivered,
)
from ampera.journal.entry import Entry

PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "bundle.handed_out/1": bundle_handed_out,
        "bundle.sealed/1": bundle_sealed,
        "card.checked/1": card_checked,
        "card.handed_over/1": card_handed_over,
        "card.passed/1": card_passed,
        "card.undelivered/1": card_undelivered,
        "card.voided/1": card_voided,
    }
)
