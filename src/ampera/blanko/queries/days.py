"""Closed days: what each said, whose day is open, and the same figures once more from the moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from ampera.blanko import rules
from ampera.blanko.models import DayClosed, Move
from ampera.blanko.queries.standing import code_of, held, held_at
from ampera.blanko.queries.where import in_two_places, whereis
from ampera.blanko.rules import Account, Box, Why
from ampera.journal.entry import ChainType
from ampera.journal.house import house
from ampera.journal.queries import chains
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode

Heads = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DaySeen:
    """A closed day of one office, as its two officers said it."""

    office: OfficeCode
    day: date
    at: datetime
    officer: str
    facts: Mapping[str, Any]
    hash: str

    @property
    def opening(self) -> int:
        return int(self.facts["opening"])

    @property
    def closing(self) -> int:
        return int(self.facts["closing"])

    @property
    def missing(self) -> list[Mapping[str, Any]]:
        """The moves to dispute that this count made."""
        return list(self.facts["moves"])

    @property
    def is_handover(self) -> bool:
        """Did the outgoing officer hand the stock over to the incoming one with this count?"""
        return bool(self.facts.get("occasion") == "HANDOVER")

    @property
    def is_balanced(self) -> bool:
        """Whole: opening + came - went = counted; and so the ruined ones."""
        return _balances(self.facts) and _balances(self.facts["spoils"])


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What moved between two cuts: by the word under which it came or went."""

    came: dict[str, int]
    went: dict[str, int]
    spoils_came: dict[str, int]
    spoils_went: dict[str, int]


def closed_day(office: OfficeCode | str, day: date) -> DaySeen | None:  # positional: a pair
    row = DayClosed.objects.filter(pk=f"{code_of(office)}/{day.isoformat()}").first()
    return _seen(row) if row is not None else None


def closed_days(office: OfficeCode | str, *, most: int = 400) -> list[DaySeen]:
    """The closed days of an office, newest first."""
    rows = DayClosed.objects.filter(office=str(code_of(office))).order_by("-day")[:most]
    return [_seen(row) for row in rows]


def last_day(office: OfficeCode | str) -> DaySeen | None:
    """The last day that this office closed, as far as it is told here."""
    return next(iter(closed_days(office, most=1)), None)


def days_closed_on(day: date) -> dict[str, DaySeen]:
    """Office → its closed day of that date, for everybody who told this server."""
    return {row.office: _seen(row) for row in DayClosed.objects.filter(day=day.isoformat())}


def _seen(row: DayClosed) -> DaySeen:
    return DaySeen(
        office=OfficeCode(row.office),
        day=date.fromisoformat(row.day),
        at=utc_from_text(row.at),
        officer=row.officer,
        facts=row.facts,
        hash=row.hash,
    )


def _balances(facts: Mapping[str, Any]) -> bool:
    moved = sum(facts["came"].values()) - sum(facts["went"].values())
    return bool(facts["opening"] + moved == facts["closing"])


# ---- what a closing reads ----


def heads_of(office: OfficeCode) -> dict[str, int]:
    """Where every chain stands that can move a blanko of this office: the cut of its day."""
    return {
        str(each.name): each.seq
        for each in chains()
        if each.seq
        and each.name.type is not ChainType.AUDIT
        and office in (each.name.origin, each.name.addressee)
    }


def in_hand(office: OfficeCode, *, named: Iterable[str] = ()) -> rules.InHand:
    """What the books have at an office, and where they have whatever else is named."""
    stock = held_at(rules.stock_of(office))
    spoils = held_at(rules.place(office, Account.SPOILED))
    others = [item for item in named if item not in stock and item not in spoils]
    places = {item: each.place for item, each in held(others).items()}
    boxed: dict[str, str] = {}
    for item in others:
        if item not in places and (seen := whereis(item)) is not None:
            places[item] = seen.place
            if seen.box is not None:
                boxed[item] = seen.box
    return rules.InHand(
        stock={item: each.box for item, each in stock.items()},
        spoils=frozenset(spoils),
        places=places,
        boxed=boxed,
    )


def day_state(office: OfficeCode, *, is_open: bool) -> rules.DayState:
    last = last_day(office)
    return rules.DayState(
        is_open=is_open,
        last_day=last.day if last is not None else None,
        reserved=tuple(sorted(held_at(rules.place(office, Account.RESERVED)))),
        unmatched=tuple(sorted(held_at(rules.place(office, Account.UNMATCHED)))),
    )


def figures_between(office: OfficeCode, *, after: Heads, until: Heads) -> DayFigures:
    """What came into and went out of an office's hands between two cuts, by the standing moves."""
    hands = {rules.stock_of(office), rules.place(office, Account.RESERVED)}
    spoils = {rules.place(office, Account.SPOILED)}
    found = DayFigures({}, {}, {}, {})
    rows = _moves_between(after, until=until).filter(
        Q(source__startswith=f"{office}/") | Q(target__startswith=f"{office}/")
    )
    for source, target, why, count in rows.values_list("source", "target", "why", "count"):
        if why == Why.OPENED:
            continue  # what comes out of a box stays in hand
        for places, came, went in (
            (hands, found.came, found.went),
            (spoils, found.spoils_came, found.spoils_went),
        ):
            if target in places and source not in places:
                came[why] = came.get(why, 0) + count
            if source in places and target not in places:
                went[why] = went.get(why, 0) + count
    return found


def _moves_between(after: Heads, *, until: Heads) -> Any:
    wanted = Q(pk__in=[])
    for chain, seq in sorted(until.items()):
        wanted |= Q(chain=chain, seq__gt=after.get(chain, 0), seq__lte=seq)
    return Move.objects.filter(wanted, stands=True)


# ---- the same once more, from the moves ----


def list_at(office: OfficeCode, *, until: Heads) -> tuple[dict[str, Box | None], set[str]]:
    """What lay at an office at a cut, from the moves alone: whole ones with their boxes, and ruined
    ones."""
    lies: dict[str, tuple[str, Box | None]] = {}
    _advance(lies, _moves_between({}, until=until))
    return _lying(lies, office)


def _advance(lies: dict[str, tuple[str, Box | None]], rows: Any) -> None:
    columns = ("item", "target", "first", "count")
    for item, target, first, count in rows.order_by("item", "n").values_list(*columns).iterator():
        lies[item] = (target, Box(item, first, count) if first else None)


def _lying(
    lies: Mapping[str, tuple[str, Box | None]], office: OfficeCode
) -> tuple[dict[str, Box | None], set[str]]:
    stock, spoils = rules.stock_of(office), rules.place(office, Account.SPOILED)
    whole = {item: box for item, (at, box) in lies.items() if at == stock}
    return whole, {item for item, (at, _) in lies.items() if at == spoils}


def days_recounted(office: OfficeCode | str) -> Iterator[tuple[DaySeen, list[str]]]:
    """Every closed day of an office beside the same day counted from its moves: what differs."""
    code = code_of(office)
    lies: dict[str, tuple[str, Box | None]] = {}
    before: DaySeen | None = None
    for day in reversed(closed_days(code, most=100_000)):
        after: Heads = before.facts["heads"] if before is not None else {}
        _advance(lies, _moves_between(after, until=day.facts["heads"]))
        whole, spoils = _lying(lies, code)
        wrong = []
        if not day.is_balanced:
            wrong.append(f"{code} {day.day}: opening + came - went is not what was counted")
        if rules.size_of(whole) != day.closing or len(spoils) != day.facts["spoils"]["closing"]:
            wrong.append(
                f"{code} {day.day}: closed with {day.closing} whole and"
                f" {day.facts['spoils']['closing']} ruined, by moves {rules.size_of(whole)} and"
                f" {len(spoils)}"
            )
        elif rules.list_hash(whole, spoils=spoils) != day.facts["serials"]:
            wrong.append(f"{code} {day.day}: the serials are not those that were counted")
        if before is not None and day.opening != before.closing:
            wrong.append(f"{code} {day.day}: does not open with what {before.day} closed with")
        yield day, wrong
        before = day


def closed_days_stand() -> list[str]:
    """Every closed day can be counted again from the moves and gives the same figures.

    Asked of this server's own days and of its direct children's; where a move was made twice, the
    alarm *in two places* says more than a sum could.
    """
    if in_two_places():
        return []
    here = house().code
    offices = DayClosed.objects.values_list("office", flat=True).distinct().order_by("office")
    return [
        line
        for office in offices
        if here in (OfficeCode(office), OfficeCode(office).upper)
        for _, wrong in days_recounted(office)
        for line in wrong
    ]
