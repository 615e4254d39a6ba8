"""What lies at an office until it is destroyed: withdrawn cards, and the spoils of the books.

The ledger is asked, not copied: a ruined blank stands in it from the moment when it was ruined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from ampera.blanko.queries import MoveSeen, account_moves, held, held_at, history, lying_before
from ampera.blanko.rules import MOVED, Account, place
from ampera.intake.queries import facts_of
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.queries import entries_about
from ampera.readiness.queries import CardState, card_state
from ampera.register.rules.days import day_at, zone_of
from ampera.withdrawal.models import Gone, InBatch, Made, Piece
from ampera.withdrawal.rules.pieces import (
    How,
    PieceFacts,
    Standing,
    cause_of_reason,
    check_destroy,
)
from ampera.withdrawal.rules.policy import Cause, cause_of_spoil, rule_on
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: SQLite takes a limited number of parameters.
_PART: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """One piece that lies at an office. `serial` is empty for a card from before Ampera whose
    serial nobody copied."""

    piece: str
    card: str
    serial: str
    how: How
    cause: Cause
    office: OfficeCode
    place: str
    standing: Standing
    officer: str
    since: datetime  #: when it came to this office
    came_on: date
    batch: str
    is_overdue: bool
    may_go_back: bool  #: a found card that is valid: its holder may have it back
    #: Why it cannot be destroyed; None when it can.
    no: Refusal | None

    @property
    def is_blank(self) -> bool:
        return self.how is How.SPOILED


def lying_at(office: OfficeCode | None = None) -> list[Lying]:
    """Everything that lies at an office (this one, unless another is named), the oldest first."""
    at = office or house().code
    found = [*_cards_at(at), *_spoils_at(at)]
    found.sort(key=lambda each: (each.since, each.piece))
    return found


def why_kept_in_batch(piece: str) -> Refusal | None:
    """Why this piece must stay where it is: it was laid into a batch for destruction."""
    batch = InBatch.objects.filter(pk=piece).values_list("batch", flat=True).first()
    return Refusal("withdrawal.in_another_batch", batch=batch) if batch else None


def piece_seen(piece: str) -> Lying | None:
    """One piece that lies at this office."""
    here = house().code
    row = Piece.objects.filter(pk=piece, lies=str(here), back_at="").exclude(at="").first()
    if row is not None:
        return next(iter(_seen_cards([row], at=here)), None)
    known = held([piece]).get(piece)
    spoils = place(here, Account.SPOILED)
    if known is None or known.place != spoils:
        return None
    came = [each for each in history(piece) if each.stands and each.target == spoils]
    return next(iter(_seen_spoils({piece: came[-1]}, at=here)), None) if came else None


def piece_facts(piece: str) -> PieceFacts | None:
    """What the rules ask about one piece; also of one that is gone or given back."""
    gone = Gone.objects.filter(pk=piece).first()
    batch = InBatch.objects.filter(pk=piece).values_list("batch", flat=True).first() or ""
    row = Piece.objects.filter(pk=piece).exclude(at="").first()
    if row is not None:
        return PieceFacts(
            piece=piece,
            cause=cause_of(row),
            is_here=row.lies == str(house().code),
            is_blank=False,
            state=card_state(row.card) if row.card else None,
            standing=Standing(row.standing),
            is_given_back=bool(row.back_at),
            destroyed_by=gone.destruction if gone is not None else "",
            batch=batch,
        )
    known = held([piece]).get(piece)
    spoils, destroyed = (
        place(house().code, account) for account in (Account.SPOILED, Account.DESTROYED)
    )
    if known is None or known.box is not None:
        return None
    return PieceFacts(
        piece=piece,
        cause=_cause_told(spoil_told([piece]).get(piece)),
        is_here=known.place in (spoils, destroyed),
        is_blank=True,
        destroyed_by=gone.destruction
        if gone is not None
        else (known.document if known.place == destroyed else ""),
        batch=batch,
    )


def cause_of(row: Piece) -> Cause:
    """As an officer said it, or as it follows from the request for the new card."""
    if row.cause:
        return Cause(row.cause)
    asked = facts_of(row.request) if row.request else None
    return cause_of_reason(asked.reason if asked is not None else None)


def overdue_count(day: date) -> int:
    """How many pieces lie at this office since before the days that the rule of that day allows.

    Asked at every tick, so it counts by index. Found live cards wait for their holders.
    """
    here, rule = house().code, rule_on(day)
    if rule.lies_days_max < 0:
        return 0
    first = day - timedelta(days=rule.lies_days_max)
    before = datetime.combine(first, time(), tzinfo=zone_of(here))
    rows = Piece.objects.filter(lies=str(here), back_at="", lies_since__lt=utc_text(before))
    rows = rows.exclude(at="").exclude(standing__in=[Standing.LIVE, Standing.UNDER_WAY])
    cards = rows.exclude(piece__in=Gone.objects.values("piece")).count()
    return cards + lying_before(here, account=Account.SPOILED, before=before)


def serials_of(cards: Iterable[str]) -> Mapping[str, str]:
    """The serial of each card that was made here or at an office below."""
    return dict(Made.objects.filter(card__in=list(cards)).values_list("card", "serial"))


def spoil_told(serials: Sequence[str]) -> Mapping[str, Entry]:
    """The entry that put each of these blanks among the spoils."""
    found: dict[str, Entry] = {}
    for start in range(0, len(serials), _PART):
        for entry in entries_about(serials[start : start + _PART]):
            if entry.kind == MOVED and any(
                move["to"].endswith(f"/{Account.SPOILED.value}") for move in entry.facts["moves"]
            ):
                found[entry.subject] = entry
    return found


def _cards_at(at: OfficeCode) -> list[Lying]:
    rows = Piece.objects.filter(lies=str(at), back_at="").exclude(at="")
    return _seen_cards(rows.exclude(piece__in=Gone.objects.values("piece")), at=at)


def _seen_cards(rows: Iterable[Piece], *, at: OfficeCode) -> list[Lying]:
    rows = list(rows)
    serials = serials_of(row.card for row in rows)
    found = []
    for row in rows:
        facts = piece_facts(row.piece)
        assert facts is not None
        since = utc_from_text(row.lies_since)
        came_on = day_at(at, at=since)
        found.append(
            Lying(
                piece=row.piece,
                card=row.card,
                serial=row.serial or serials.get(row.card, ""),
                how=How(row.how),
                cause=facts.cause,
                office=at,
                place=row.place,
                standing=Standing(row.standing),
                officer=row.officer,
                since=since,
                came_on=came_on,
                batch=facts.batch,
                is_overdue=_is_overdue(came_on, at),
                may_go_back=facts.state is CardState.VALID,
                no=check_destroy(facts, batch=facts.batch)
                if at == house().code
                else Refusal("withdrawal.piece_unknown"),
            )
        )
    return found


def _spoils_at(at: OfficeCode) -> list[Lying]:
    spoils = place(at, Account.SPOILED)
    inside = held_at(spoils)
    came = {each.item: each for each in account_moves(at, Account.SPOILED) if each.target == spoils}
    return _seen_spoils({item: came[item] for item in sorted(inside) if item in came}, at=at)


def _seen_spoils(came: Mapping[str, MoveSeen], *, at: OfficeCode) -> list[Lying]:
    """`came`: the move with which each blank came among the spoils."""
    serials = list(came)
    told, cards, batches = spoil_told(serials), _cards_of(serials), _batches_of(serials)
    found = []
    for serial, move in came.items():
        entry = told.get(serial)
        came_on = day_at(at, at=move.at)
        found.append(
            Lying(
                piece=serial,
                card=cards.get(serial, ""),
                serial=serial,
                how=How.SPOILED,
                cause=_cause_told(entry),
                office=at,
                place="",
                standing=Standing.REJECTED if serial in cards else Standing.SPOILED,
                officer=entry.officer if entry is not None else "",
                since=move.at,
                came_on=came_on,
                batch=batches.get(serial, ""),
                is_overdue=_is_overdue(came_on, at),
                may_go_back=False,
                no=None if at == house().code else Refusal("withdrawal.piece_unknown"),
            )
        )
    return found


def _cause_told(entry: Entry | None) -> Cause:
    return cause_of_spoil(str(entry.facts.get("cause", ""))) if entry is not None else Cause.OTHER


def _batches_of(pieces: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(pieces), _PART):
        rows = InBatch.objects.filter(piece__in=pieces[start : start + _PART])
        found |= dict(rows.values_list("piece", "batch"))
    return found


def _cards_of(serials: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(serials), _PART):
        rows = Made.objects.filter(serial__in=serials[start : start + _PART])
        found |= {
            row.serial: row.card for row in rows if card_state(row.card) is CardState.REJECTED
        }
    return found


def _is_overdue(came_on: date, at: OfficeCode) -> bool:  # positional: a day at an office
    day = day_at(at, at=house().now())
    return rule_on(day).is_overdue(came_on, day=day)
