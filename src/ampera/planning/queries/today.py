"""This city as a scenario: what waits, lies on shelves and was measured, as the books say now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import sqrt
from typing import Final

from ampera.blanko.queries.balances import accounts_of_all
from ampera.journal import sql
from ampera.journal.house import house
from ampera.planning.queries.city import CityNow, OfficeNow, city_now
from ampera.planning.queries.supply import promised
from ampera.planning.rules.backlog import Part, Why
from ampera.planning.rules.whatif.scenario import (
    NOTHING,
    Calendar,
    Figure,
    OfficePlan,
    Policy,
    Printing,
    Scenario,
    Supply,
    exactly,
)
from ampera.printing.queries import printer_names, stops_between
from ampera.printing.rules.hours import HoursRow, print_policy
from ampera.readiness.rules.policy import policy, printing_tier
from ampera.register.queries import local_day
from ampera.words.clock import utc_text
from ampera.words.office import Tier
from ampera.words.reason import Reason

NAME: Final = "kota-ini"
#: Arrivals and stops are measured over so many calendar days before today.
MEASURED_DAYS: Final = 28
_HORIZON: Final = 120
#: Fewer blanks than this say nothing about how many are spoiled.
_ENOUGH: Final = 200
_SPOILS: Final = Figure(0.004, 0.047, "1 dari 227 (Denpasar) sampai 4,7 % (Pekalongan 2016)", True)
_MEASURED: Final = "diukur di kota ini"
_BOOKS: Final = "buku kota ini"
_ARRIVED: Final = """
SELECT CASE WHEN LENGTH(r.host) = 8 THEN r.host ELSE SUBSTR(r.home, 1, 8) END,
       CASE WHEN r.reason = 'NEW' THEN 1 ELSE 0 END, COUNT(*)
  FROM intake_cardrequest r
 WHERE r.taken_at >= %s AND r.taken_at < %s GROUP BY 1, 2
"""


def scenario_today() -> Scenario:
    """The city of this dinas from tomorrow on. What nobody measured yet is marked as assumed."""
    now, today = city_now(), local_day()
    begin = house().now() - timedelta(days=MEASURED_DAYS)
    hours = _hours()
    worked = sum(
        print_policy().hours_on(today - timedelta(days)) is not None
        for days in range(1, MEASURED_DAYS + 1)
    )
    arrived = _arrived(begin, now.backlog.cutoff)
    ordered = sorted(now.offices, key=lambda each: (each.code.tier is Tier.DINAS, each.code))
    offices = [
        _office(each, now=now, arrived=arrived, worked=max(worked, 1), hours=hours)
        for each in ordered
    ]
    dinas = ordered[-1]
    is_decreed = printing_tier(Reason.LOST, day=today, by=policy()) is Tier.DINAS
    return Scenario(
        name=NAME,
        title=f"{dinas.name}, {today:%d-%m-%Y}",
        calendar=_calendar(hours),
        days=_HORIZON,
        policy=Policy.DINAS_ONLY if is_decreed else Policy.AFTER_OWN,
        offices=tuple(offices),
        store=Figure(dinas.shelf, dinas.shelf, _BOOKS),
        spoil_rate=_spoil_rate(),
        supplies=tuple(_promised()),
    )


def _office(
    office: OfficeNow,
    *,
    now: CityNow,
    arrived: dict[tuple[str, bool], int],
    worked: int,
    hours: HoursRow | None,
) -> OfficePlan:
    is_dinas = office.code.tier is Tier.DINAS
    waiting = {
        is_new: sum(
            row.count
            for row in now.backlog.rows
            if row.at == office.code
            and row.is_new is is_new
            and row.place.part is Part.READY
            and row.place.why is not Why.IN_DISPUTE
        )
        for is_new in (True, False)
    }
    new, other = (
        _rate(arrived.get((office.code.text, is_new), 0), days=worked) for is_new in (True, False)
    )
    printers = max(1, len(printer_names(office.code))) if office.capacity else 0
    on_shelf = 0 if is_dinas else office.shelf + office.transit
    return OfficePlan(
        code=office.code.text,
        name=office.name,
        printers=Figure(printers, printers, _BOOKS),
        printing=_printing(office, printers=printers, worked=worked, hours=hours),
        new_waiting=_known(waiting[True]),
        new_a_day=new,
        replacements_waiting=_known(waiting[False]),
        replacements_a_day=other,
        blanko=_known(on_shelf),
        is_dinas=is_dinas,
    )


def _known(count: int) -> Figure:
    return Figure(count, count, _BOOKS) if count else NOTHING


def _rate(count: int, *, days: int) -> Figure:
    """So many a working day, give or take what so few counted days leave open."""
    if count == 0:
        return NOTHING
    slack = 2 * sqrt(count)
    low, high = max(0.0, count - slack) / days, (count + slack) / days
    return Figure(round(low, 2), round(high, 2), _MEASURED)


def _printing(office: OfficeNow, *, printers: int, worked: int, hours: HoursRow | None) -> Printing:
    """A printer's day from the agent's own measurements."""
    minutes = _minutes(hours)
    each = office.capacity / printers if printers and office.capacity else 0
    seconds = min(3600.0, max(20.0, minutes * 60 / each)) if each else 180.0
    until = house().now()
    since = until - timedelta(days=MEASURED_DAYS)
    # A stop of a night costs the working day no more than its own length.
    lasted = []
    for stop in stops_between(office.code, since=since, until=until):
        length = min(stop.until or until, until) - max(stop.since, since)
        lasted.append(min(minutes, length.total_seconds() / 60))
    stopped = sum(lasted)
    if not lasted or stopped <= 0 or not printers:
        every, stop_minutes = NOTHING, NOTHING
    else:
        running = max(0.0, worked * minutes * printers - stopped)
        between = max(5.0, running / len(lasted))
        every = Figure(round(between, 1), round(between, 1), _MEASURED)
        mean = round(stopped / len(lasted), 1)
        stop_minutes = Figure(mean, mean, _MEASURED)
    return Printing(
        minutes_a_day=exactly(minutes),
        seconds_a_card=Figure(round(seconds, 1), round(seconds, 1), _MEASURED),
        stop_every_minutes=every,
        stop_minutes=stop_minutes,
    )


def _promised() -> Iterable[Supply]:
    """What the centre promised for a day and has not sent. A promise without a day is none."""
    begin = local_day() + timedelta(days=1)
    for each in promised():
        day = max(begin, each.day)
        source = f"janji pusat, {each.number}" if each.number else "janji pusat"
        yield Supply(day, day, Figure(each.count, each.count, source), source=source)


def _spoil_rate() -> Figure:
    held = accounts_of_all().values()
    spoiled = sum(each.get("spoiled", 0) for each in held)
    fed = spoiled + sum(each.get("issued", 0) for each in held)
    if fed < _ENOUGH:
        return _SPOILS
    rate, slack = spoiled / fed, 2 * sqrt(max(spoiled, 1)) / fed
    return Figure(round(max(0.0, rate - slack), 4), round(min(0.5, rate + slack), 4), _BOOKS)


def _arrived(since: datetime, until: datetime) -> dict[tuple[str, bool], int]:  # positional: span
    """Requests taken, by serving kecamatan and whether they are first cards."""
    rows = sql.every(_ARRIVED, utc_text(since), utc_text(until))
    return {(office, bool(is_new)): count for office, is_new, count in rows}


def _hours() -> HoursRow | None:
    by, today = print_policy(), local_day()
    rows = (by.hours_on(today + timedelta(days)) for days in range(1, 15))
    return next((row for row in rows if row is not None), None)


def _minutes(hours: HoursRow | None) -> float:
    if hours is None:
        return 480.0
    opens, closes = hours.opens, hours.closes
    return float((closes.hour - opens.hour) * 60 + closes.minute - opens.minute)


def _calendar(hours: HoursRow | None) -> Calendar:
    """From tomorrow on; the holidays as far as the office's own calendar knows them."""
    by, start = print_policy(), local_day() + timedelta(days=1)
    week = 6 if hours is not None and 5 in hours.days else 5
    off = frozenset(
        day
        for count in range(400)
        if (day := start + timedelta(days=count)).weekday() < week and by.hours_on(day) is None
    )
    return Calendar(start, week, off)
