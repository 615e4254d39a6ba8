"""Permits and cards as others see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from ampera.enrolment.queries import enrolments_of, printed_fields
from ampera.journal import sql
from ampera.journal.actions import record_look
from ampera.journal.rows import rows_of
from ampera.readiness.models import Card, Permit, Word
from ampera.readiness.rules.states import VOIDS, CardState, PermitState, Said
from ampera.register.queries import ResidentSeen, local_day
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

_OPEN_COUNT: Final = "SELECT COUNT(*) FROM readiness_permit WHERE state = %s AND office = %s"


@dataclass(frozen=True, slots=True)
class PermitSeen:
    """Leave to print one card. `version` is the hash of the record that may be printed, and no
    other."""

    permit: str
    card: str
    resident: str
    request: str
    version: str
    replaces: str | None
    office: OfficeCode
    print_until: date
    granted_at: datetime
    state: PermitState
    is_recalled: bool
    lent_from: str = ""  #: the office for whose resident another one prints; empty at home


@dataclass(frozen=True, slots=True)
class NamedPermit:
    """A permit with the name for the printing officer's list; the look at it is recorded."""

    permit: PermitSeen
    nama: str
    nik: str


@dataclass(frozen=True, slots=True)
class CardSeen:
    """One card and where it stands. `permit` and `request` are empty for a card from before
    Ampera."""

    card: str
    resident: str
    request: str
    permit: str
    state: CardState


@dataclass(frozen=True, slots=True)
class WordSeen:
    """One thing that was said about a card or its permit, by which office, first when."""

    said: Said
    office: OfficeCode
    at: datetime


def _permit(row: Permit) -> PermitSeen:
    return PermitSeen(
        permit=row.permit,
        card=row.card,
        resident=row.resident,
        request=row.request,
        version=row.version,
        replaces=row.replaces or None,
        office=OfficeCode(row.office),
        print_until=date.fromisoformat(row.print_until),
        granted_at=utc_from_text(row.granted_at),
        state=PermitState(row.state),
        is_recalled=row.is_recalled,
        lent_from=row.lent_from,
    )


def permit_seen(permit: str) -> PermitSeen | None:
    """One permit; None when its grant is not known here."""
    row = rows_of(Permit).get(permit)
    return _permit(row) if row is not None and row.office else None


def open_permits(
    office: OfficeCode | str | None = None, *, most: int | None = None
) -> list[PermitSeen]:
    """Permits under which nothing is printed or being printed, in the order of their grants."""
    asked: tuple[str | int, ...] = (PermitState.OPEN.value,)
    condition = "state = %s"
    if office is not None:
        condition, asked = f"{condition} AND office = %s", (*asked, str(office))
    condition += " ORDER BY granted_at, permit"
    if most is not None:
        condition, asked = f"{condition} LIMIT %s", (*asked, most)
    return [_permit(row) for row in rows_of(Permit).where(condition, *asked)]


def open_permit_count(office: OfficeCode | str) -> int:
    """How many blanko of the office's shelf are spoken for by permits."""
    found = sql.read(_OPEN_COUNT, PermitState.OPEN.value, str(office))
    return int(found[0][0])


def named_permits(officer: str, *, permits: Sequence[str], purpose: str) -> list[NamedPermit]:
    """Permits with names, for the list of who prints. One audit entry says who looked at whom."""
    rows = Permit.objects.filter(permit__in=permits).exclude(office="")
    found = [NamedPermit(_permit(row), row.nama, row.nik) for row in rows]
    found.sort(key=lambda each: (each.permit.granted_at, each.permit.permit))
    if found:
        residents = sorted({each.permit.resident for each in found})
        record_look(officer=officer, subjects=residents, purpose=purpose)
    return found


def card_seen(card: str) -> CardSeen | None:
    row = Card.objects.filter(pk=card).first()
    return _card(row) if row is not None else None


def _card(row: Card) -> CardSeen:
    return CardSeen(row.card, row.resident, row.request, row.permit, CardState(row.state))


def card_state(card: str) -> CardState | None:
    """Where a card stands; None when it is not known here."""
    seen = card_seen(card)
    return seen.state if seen is not None else None


def why_no_card(permit: str) -> Refusal | None:
    """Why no card may be made under this permit any more, although an attempt holds it; or None.

    An attempt may wait long for its blank; until Print-Job is said it takes nothing to give back.
    """
    seen = permit_seen(permit)
    if seen is None:
        return Refusal("readiness.permit_unknown")
    if seen.state is PermitState.FORFEITED:
        return Refusal("readiness.permit_forfeited")
    if card_state(seen.card) is CardState.VOID:
        return Refusal("readiness.card_void")
    if seen.is_recalled:
        return Refusal("readiness.recalled_already")
    if seen.print_until < local_day():
        return Refusal("readiness.permit_expired", day=seen.print_until.isoformat())
    return None


def card_words(card: str) -> list[WordSeen]:
    """The story of a card: everything that was said about it and its permit, in order of time."""
    permit = Card.objects.filter(pk=card).values_list("permit", flat=True).first()
    about = Q(card=card) | Q(permit=permit) if permit else Q(card=card)
    rows = Word.objects.filter(about).order_by("at", "key")
    return [WordSeen(Said(row.said), OfficeCode(row.origin), utc_from_text(row.at)) for row in rows]


def voided_by(words: Sequence[WordSeen]) -> WordSeen | None:
    """What voided the card first; None while nothing did."""
    return next((each for each in words if each.said in VOIDS), None)


def voided_cards(reasons: Collection[Said], *, most: int) -> list[CardSeen]:
    """Void cards that somebody may hold, voided for one of these reasons, the latest first: they
    were handed over, imported, or found ready to be handed over."""
    rows = Word.objects.filter(said__in=list(reasons)).order_by("-at", "key")
    told = rows.values_list("card", flat=True)
    exist = set(
        Word.objects.filter(
            card__in=told, said__in=[Said.HANDED_OVER, Said.IMPORTED, Said.READY]
        ).values_list("card", flat=True)
    )
    void = Card.objects.filter(card__in=exist, state=CardState.VOID).in_bulk(list(exist))
    found: dict[str, CardSeen] = {}
    for card in told:
        if card in void and len(found) < most:
            found[card] = _card(void[card])
    return list(found.values())


def cards_of(resident: str) -> list[CardSeen]:
    """All cards of a resident known here."""
    return [_card(row) for row in Card.objects.filter(resident=resident).order_by("rank")]


def current_card(resident: str) -> str | None:
    """The valid card of a resident; by the rules there is at most one."""
    return _first(resident, [CardState.VALID])


def is_printed_unchanged(seen: ResidentSeen) -> bool | None:
    """Does the register still say what is printed on the resident's present card?

    None where that is not known here: no valid card, or one from before Ampera, or one whose
    recording lies elsewhere.
    """
    card = current_card(seen.id)
    permits = Permit.objects.filter(card=card).exclude(version="") if card is not None else None
    version = permits.values_list("version", flat=True).first() if permits is not None else None
    if not version:
        return None
    for each in enrolments_of(seen.id):
        if each.version == version and each.printed is not None:
            today = printed_fields(seen)
            return replace(each.printed, printable_from=today.printable_from) == today
    return None


def live_card(resident: str) -> str | None:
    """The card of a resident that is under way; by the rules there is at most one."""
    return _first(resident, [state for state in CardState if state.is_live])


def _first(resident: str, states: Sequence[CardState]) -> str | None:
    rows = Card.objects.filter(resident=resident, state__in=states).order_by("rank")
    return rows.values_list("card", flat=True).first()
