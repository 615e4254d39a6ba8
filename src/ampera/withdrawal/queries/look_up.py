"""*Is this found card live?* Asked by serial, or by NIK through the register's door.

Whoever looks is recorded. The answer names no person: what the finder must do is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ampera.blanko.queries import whereis
from ampera.blanko.rules import account_of, is_serial
from ampera.journal.actions import record_look
from ampera.readiness.queries import (
    CardSeen,
    WordSeen,
    card_seen,
    card_state,
    card_words,
    cards_of,
    voided_by,
)
from ampera.readiness.rules.states import Said
from ampera.register.queries import OfficerSeen, Purpose, ResidentSeen, resident_for
from ampera.withdrawal.models import Gone, Made, Piece
from ampera.withdrawal.queries.lying import serials_of
from ampera.withdrawal.rules.packages import is_lost, is_office
from ampera.withdrawal.rules.pieces import ALARMING, Standing, standing_of
from ampera.words.clock import utc_from_text
from ampera.words.nik import Nik
from ampera.words.refusal import Refusal

_LENGTH_MAX: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSeen:
    """What the books say of a card or serial that somebody shows."""

    serial: str
    card: str  #: empty where no card with that serial is known here
    standing: Standing
    since: datetime | None  #: from when it is so
    why: str  #: what voided it (`LOST`, `REPLACED` …), or the batch in which it was destroyed
    office: str  #: who said so, or where it is by the blanko books
    lies_at: str  #: the office in whose register of withdrawn cards it stands
    away: str = ""  #: `transit:16.71` in a package, `dispute:16.71` missing from one

    @property
    def is_alarming(self) -> bool:
        return self.standing in ALARMING


def look_up_serial(officer: OfficerSeen, *, serial: str) -> FoundSeen | Refusal:
    """What this serial is. Refuses withdrawal.no_serial for what is no number of a card."""
    typed = serial.strip().upper()
    if not typed or len(typed) > _LENGTH_MAX or not is_serial(typed):
        return Refusal("withdrawal.no_serial")
    card = card_of_serial(typed)
    record_look(
        officer=officer.id,
        subjects=[card] if card else [typed],
        purpose=Purpose.COUNTER.value,
    )
    return standing_seen(card=card, serial=typed)


def look_up_resident(
    officer: OfficerSeen, *, nik: Nik
) -> tuple[ResidentSeen, list[FoundSeen]] | Refusal:
    """The resident through the register's door, and what each of their cards is."""
    seen = resident_for(officer, nik, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return seen
    return seen, cards_seen(cards_of(seen.id))


def cards_seen(cards: list[CardSeen]) -> list[FoundSeen]:
    """What each of these cards is."""
    serials = serials_of(each.card for each in cards)
    return [standing_seen(card=each.card, serial=serials.get(each.card, "")) for each in cards]


def card_of_serial(serial: str) -> str:
    """The card made of this blanko, as its check says; empty where none is known here."""
    rows = Made.objects.filter(serial=serial).order_by("at", "hash", "card")
    return rows.values_list("card", flat=True).first() or ""


def standing_seen(*, card: str, serial: str) -> FoundSeen:
    """What a card or serial is, without a look: for actions."""
    gone = _gone(card, serial)
    blanko = whereis(serial) if serial and is_serial(serial) else None
    account = account_of(blanko.place) if blanko is not None else None
    standing = standing_of(
        card_state(card) if card else None,
        account=account.value if account is not None else ("transit" if blanko else ""),
        is_destroyed=gone is not None,
    )
    words = card_words(card) if card else []
    told = _told(standing, words)
    since, why, office = "", "", ""
    if gone is not None:
        since, why, office = gone.at, gone.destruction, gone.office
    elif blanko is not None and told is None:
        office = blanko.place.partition("/")[0]
    lies = _place_by_books(card, serial)
    found = FoundSeen(
        serial=serial,
        card=card,
        standing=standing,
        since=None,
        why=why or (told.said.value if told is not None else ""),
        office=office or (str(told.office) if told is not None else ""),
        lies_at=lies if is_office(lies) else "",
        away="" if is_office(lies) else lies,
    )
    return _since(found, told, since)


def _since(found: FoundSeen, told: WordSeen | None, at: str) -> FoundSeen:  # positional
    if at:
        return replace(found, since=utc_from_text(at))
    return replace(found, since=told.at) if told is not None else found


def _told(standing: Standing, words: list[WordSeen]) -> WordSeen | None:  # positional: a pair
    """The word from which on the card is what it is."""
    wanted = {
        Standing.LIVE: (Said.HANDED_OVER, Said.IMPORTED),
        Standing.UNDER_WAY: (Said.READY, Said.PRINTED),
        Standing.REJECTED: (Said.REJECTED,),
    }
    if standing is Standing.VOID:
        # Void at birth: what ended its permit.
        ended = (Said.RETURNED, Said.FORFEITED)
        return voided_by(words) or next((each for each in words if each.said in ended), None)
    return next((each for each in words if each.said in wanted.get(standing, ())), None)


def _gone(card: str, serial: str) -> Gone | None:  # positional: the same piece
    rows = Gone.objects.order_by("at", "hash")
    if card and (row := rows.filter(card=card).first()) is not None:
        return row
    return rows.filter(serial=serial).first() if serial else None


def _place_by_books(card: str, serial: str) -> str:  # positional: the same piece
    """Where it is as a withdrawn card; an office before a package. Given up is nowhere."""
    rows = Piece.objects.filter(back_at="").exclude(at="")
    rows = rows.exclude(piece__in=Gone.objects.values("piece")).order_by("at", "hash")
    of_card = rows.filter(card=card) if card else rows.none()
    of_serial = rows.filter(serial=serial) if serial else rows.none()
    for found in (of_card, of_serial):
        places = [each for each in found.values_list("lies", flat=True) if not is_lost(each)]
        if places:
            return str(next((each for each in places if is_office(each)), places[0]))
    return ""


def resident_of_card(card: str) -> str:
    """Whose card it is, as a record id; empty where that is not known here."""
    seen = card_seen(card) if card else None
    return seen.resident if seen is not None else ""
