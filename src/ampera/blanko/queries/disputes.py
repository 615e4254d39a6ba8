"""What nobody could show: since when, under which document, whose it is to clear up, and until
when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ampera.blanko import rules
from ampera.blanko.models import DayClosed, Move
from ampera.blanko.queries.standing import code_of, held_at
from ampera.blanko.rules import Account, Why
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """One blanko or box in dispute. `holder` is an officer's id, empty where no count named one."""

    item: str
    office: OfficeCode
    why: Why
    document: str
    since: datetime
    holder: str
    until: date
    count: int


def disputes(office: OfficeCode | str) -> list[DisputeSeen]:
    """Everything in dispute at an office, by its deadline.

    Without a count that named a day the policy's days run from the move itself.
    """
    code = code_of(office)
    lost = held_at(rules.place(code, Account.DISPUTE))
    if not lost:
        return []
    days = DayClosed.objects.filter(office=str(code)).values_list("facts", flat=True)
    told = {facts["count"]: facts for facts in days if facts["settle_by"]}
    found = []
    for row in _moves(each.item for each in lost.values()):
        known = lost[row.item]
        if row.n != known.n:
            continue
        since = utc_from_text(row.at)
        facts = told.get(row.document)
        found.append(
            DisputeSeen(
                item=row.item,
                office=code,
                why=Why(row.why),
                document=row.document,
                since=since,
                holder=str(facts["holder"]) if facts is not None else "",
                until=date.fromisoformat(facts["settle_by"]) if facts else _deadline(code, since),
                count=row.count,
            )
        )
    return sorted(found, key=lambda one: (one.until, one.item))


def _moves(items: Iterable[str]) -> list[Move]:
    wanted = sorted(items)
    found: list[Move] = []
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found += Move.objects.filter(item__in=part, stands=True)
    return found


def _deadline(office: OfficeCode, since: datetime) -> date:  # positional: a pair
    day = day_at(office, at=since)
    return day + timedelta(days=rules.policy().closing_on(day).settle_days)
