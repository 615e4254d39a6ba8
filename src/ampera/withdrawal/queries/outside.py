"""Void cards that are still outside: the seize list, and old cards that were not handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ampera.readiness.queries import card_words, voided_cards
from ampera.readiness.rules.states import Said
from ampera.withdrawal.models import Gone, NotShown, Piece
from ampera.withdrawal.queries.lying import serials_of
from ampera.withdrawal.rules.packages import LOST
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode

LISTED_MAX: Final = 200
_SEIZED_FOR: Final = (
    *(Said.BLOCKED, Said.DIED, Said.ANNULLED, Said.LOST),
    Said.UNCOLLECTED,
)


@dataclass(frozen=True, slots=True)
class Outside:
    """A void card that lies in no register of withdrawn cards. Record ids only."""

    card: str
    resident: str
    serial: str
    why: Said
    since: datetime
    office: OfficeCode  #: where it was handed over or lies ready
    is_handed_over: bool  #: else it lies in that office's drawer


def seize_list(*, most: int = LISTED_MAX) -> list[Outside]:
    """Cards that were voided while somebody held them or while they lay ready, the latest first."""
    found = []
    withdrawn = _withdrawn()
    cards = [each for each in voided_cards(_SEIZED_FOR, most=most) if each.card not in withdrawn]
    serials = serials_of(each.card for each in cards)
    for card in cards:
        words = card_words(card.card)
        void = next(each for each in words if each.said in _SEIZED_FOR)
        had = [each for each in words if each.said in (Said.READY, Said.HANDED_OVER, Said.IMPORTED)]
        handed = [each for each in had if each.said is not Said.READY]
        where = (handed or had or [void])[-1].office
        found.append(
            Outside(
                card=card.card,
                resident=card.resident,
                serial=serials.get(card.card, ""),
                why=void.said,
                since=void.at,
                office=where,
                is_handed_over=bool(handed),
            )
        )
    return found


def not_handed_in(*, most: int = LISTED_MAX) -> list[Outside]:
    """Old cards that were voided by the handover of their successor and not shown then."""
    withdrawn = _withdrawn()
    rows = NotShown.objects.exclude(card__in=withdrawn).order_by("-at", "card")[:most]
    rows_seen = list(rows)
    serials = serials_of(row.card for row in rows_seen)
    return [
        Outside(
            card=row.card,
            resident="",
            serial=serials.get(row.card, ""),
            why=Said.REPLACED,
            since=utc_from_text(row.at),
            office=OfficeCode(row.office),
            is_handed_over=True,
        )
        for row in rows_seen
    ]


def _withdrawn() -> set[str]:
    """Cards that lie in a register, travel between two, or are destroyed; not those that were lost
    on the way."""
    rows = Piece.objects.filter(back_at="").exclude(card="").exclude(lies__startswith=LOST)
    lying = rows.values_list("card", flat=True)
    gone = Gone.objects.exclude(card="").values_list("card", flat=True)
    return {*lying, *gone}
