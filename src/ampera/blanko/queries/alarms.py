"""Everything in the books that calls for a person, in one answer: for the desk and for *today*."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from ampera.blanko import rules
from ampera.blanko.models import DayClosed, Loan, Move, OpeningCount
from ampera.blanko.queries.days import last_day
from ampera.blanko.queries.disputes import disputes
from ampera.blanko.queries.loans import DebtSeen, LoanSeen, debts, loans
from ampera.blanko.queries.shipments import shipments_to
from ampera.blanko.rules import Account, Why
from ampera.blanko.rules.alarms import (
    Alarm,
    Tried,
    day_due,
    is_above_normal,
    rate_of,
    working_hours,
)
from ampera.journal.house import house
from ampera.journal.queries import chains, oldest_unsent
from ampera.register.queries import offices
from ampera.register.rules.days import day_at, zone_of
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode

#: A blanko put aside stays an alarm so long: then it is settled, or told of again at a count.
ASIDE_DAYS = 30


@dataclass(frozen=True, slots=True)
class _Watch:
    """Which offices are looked at, and when."""

    here: OfficeCode
    offices: tuple[OfficeCode, ...]
    now: datetime

    def local(self, office: OfficeCode) -> datetime:
        return self.now.astimezone(self.zone(office))

    def zone(self, office: OfficeCode) -> timezone:
        return zone_of(office)

    @property
    def today(self) -> date:
        return day_at(self.here, at=self.now)


def alarms(office: OfficeCode | str | None = None, *, now: datetime | None = None) -> list[Alarm]:
    """What in the blanko books calls for a person, of this office and those directly below; of one
    office alone when it is named. Ordered by code as in `alarms.toml`, then by office.

    Each has a stable `code`, `text(language)` and `next_step(language)`. `now` is the city's time
    by default.
    """
    here = house().code
    near = (here, *(each.code for each in offices() if each.code.is_child_of(here)))
    wanted = near if office is None else (OfficeCode(str(office)),)
    watch = _Watch(here, wanted, now if now is not None else house().now())
    return [alarm for ask in _ALL for alarm in ask(watch)]


def _two_places(watch: _Watch) -> Iterator[Alarm]:
    rows = Move.objects.filter(stands=False).order_by("item", "n", "at", "hash")
    told: set[tuple[str, int]] = set()
    for item, n, source, target, at in rows.values_list("item", "n", "source", "target", "at"):
        owner = rules.office_of(source) or rules.office_of(target) or watch.here
        if owner in watch.offices and (item, n) not in told:
            told.add((item, n))
            facts = {"item": item, "n": n}
            yield Alarm("two_places", str(owner), utc_from_text(at), facts)


def _put_aside(watch: _Watch) -> Iterator[Alarm]:
    since = (watch.today - timedelta(days=ASIDE_DAYS)).isoformat()
    for row in DayClosed.objects.filter(day__gte=since).order_by("office", "day"):
        if OfficeCode(row.office) in watch.offices:
            for each in row.facts["aside"]:
                facts = {"item": each["item"], "place": each["place"] or "–"}
                yield Alarm("put_aside", row.office, utc_from_text(row.at), facts)


def _spoils(watch: _Watch) -> Iterator[Alarm]:
    """Offices and officers whose ruined blanko are more than chance explains."""
    rule = rules.policy().spoils_on(watch.today)
    since = watch.now - timedelta(days=rule.window_days)
    by_office: dict[str, Tried] = {}
    by_officer: dict[tuple[str, str], Tried] = {}
    for origin, officer, source, why in _fed_since(since):
        is_new = why == Why.ISSUED or source.endswith(f"/{Account.RESERVED.value}")
        one = Tried(int(is_new), int(why == Why.SPOILED))
        by_office[origin] = by_office.get(origin, Tried()) + one
        if officer:
            by_officer[origin, officer] = by_officer.get((origin, officer), Tried()) + one
    city = sum(by_office.values(), Tried())
    for office, own in sorted(by_office.items()):
        if OfficeCode(office) in watch.offices:
            yield from _above("spoils_office", office, own, city - own, {})
    for (office, officer), own in sorted(by_officer.items()):
        if OfficeCode(office) in watch.offices:
            yield from _above("spoils_officer", office, own, city - own, {"officer": officer})


def _fed_since(since: datetime) -> Iterable[tuple[str, str, str, str]]:
    rows = Move.objects.filter(
        why__in=(Why.ISSUED, Why.SPOILED), at__gte=utc_text(since), stands=True
    )
    return rows.values_list("origin", "officer", "source", "why").iterator(chunk_size=2000)


def _above(  # positional: one code, whose, and both figures
    code: str, office: str, own: Tried, others: Tried, more: dict[str, str]
) -> Iterator[Alarm]:
    rule = rules.policy().spoils_on(day_at(house().code, at=house().now()))
    if is_above_normal(own, others=others, rule=rule):
        normal = round(1000 * rate_of(others, rule=rule))
        facts = {"spoiled": own.spoiled, "tried": own.tried, "normal": normal, **more}
        yield Alarm(code, office, None, facts)


def _silence(watch: _Watch) -> Iterator[Alarm]:
    """A shelf older than its news: nobody here knows what lies there now."""
    most = rules.policy().silence_hours_on(watch.today)
    rule = rules.policy().closing_on(watch.today)
    heard: dict[OfficeCode, datetime] = {}
    for each in chains():
        if each.at is not None and each.name.origin in watch.offices:
            heard[each.name.origin] = max(each.at, heard.get(each.name.origin, each.at))
    for office, at in sorted(heard.items()):
        if office == watch.here:
            continue
        zone = watch.zone(office)
        hours = working_hours(at.astimezone(zone), until=watch.now.astimezone(zone), rule=rule)
        if hours > most:
            yield Alarm("office_silent", str(office), at, {"hours": int(hours)})
    unsent = oldest_unsent()
    if unsent is not None and watch.here in watch.offices:
        hours = (watch.now - unsent).total_seconds() / 3600
        if hours > most:
            yield Alarm("not_confirmed", str(watch.here), unsent, {"hours": int(hours)})


def _shipments(watch: _Watch) -> Iterator[Alarm]:
    rule = rules.policy().overdue_on(watch.today)
    for office in watch.offices:
        for each in shipments_to(office):
            days = (watch.now - each.at).days
            if days >= rule.days_to(office):
                facts = {
                    "count": each.under_way,
                    "source": str(each.source),
                    "days": days,
                    "shipment": each.shipment,
                }
                yield Alarm("shipment_overdue", str(office), each.at, facts)


def _disputes(watch: _Watch) -> Iterator[Alarm]:
    for office in watch.offices:
        for each in disputes(office):
            if each.until < watch.local(office).date():
                facts = {
                    "item": each.item,
                    "until": each.until.isoformat(),
                    "document": each.document,
                }
                yield Alarm("dispute_overdue", str(office), each.since, facts)


def _loans(watch: _Watch) -> Iterator[Alarm]:
    """What another city should have given back by now, and what this one should have."""
    # Asked on every page with alarms, and nearly all offices have lent and borrowed nothing.
    involved = set(Loan.objects.values_list("office", flat=True).distinct())
    for office in (each for each in watch.offices if str(each) in involved):
        today = watch.local(office).date()
        found: list[tuple[str, LoanSeen | DebtSeen]] = []
        found += [("loan_overdue", each) for each in loans(office)]
        found += [("debt_overdue", each) for each in debts(office)]
        for code, each in found:
            if each.owed and each.until < today:
                facts = {
                    "loan": each.document,
                    "count": each.owed,
                    "city": each.city,
                    "until": each.until.isoformat(),
                }
                yield Alarm(code, str(office), each.at, facts)


def _days(watch: _Watch) -> Iterator[Alarm]:
    opened = dict(OpeningCount.objects.values_list("office", "at"))
    for office in watch.offices:
        due = day_due(watch.local(office), rule=rules.policy().closing_on(watch.today))
        if due is None or str(office) not in opened:
            continue
        began = day_at(office, at=utc_from_text(opened[str(office)]))
        last = last_day(office)
        if began <= due and (last is None or last.day < due):
            yield Alarm("day_open", str(office), None, {"day": due.isoformat()})


_ALL: Sequence[Callable[[_Watch], Iterator[Alarm]]] = (
    _two_places,
    _put_aside,
    _spoils,
    _silence,
    _shipments,
    _disputes,
    _loans,
    _days,
)
