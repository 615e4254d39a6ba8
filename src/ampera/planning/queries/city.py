"""The city at one glance: blanks, cards, printers and contact of each office, in few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Final

from ampera.blanko.queries.balances import accounts_of_all
from ampera.journal.house import house
from ampera.journal.marks import child_contacts
from ampera.planning.queries.backlog import backlog_at
from ampera.planning.rules.backlog import CityBacklog, Part
from ampera.printing.queries import StopSeen, measured_capacity, open_stops
from ampera.printing.queries.today import cards_made
from ampera.printing.rules.hours import print_policy
from ampera.register.queries import local_day, offices
from ampera.register.rules.days import zone_of
from ampera.words.office import OfficeCode, Tier

#: Calendar days over which the usual pace of an office is counted.
USUAL_DAYS: Final = 21
#: An office that said nothing for so long is told as not in contact.
SILENT_AFTER: Final = timedelta(hours=1)
#: An answer that took longer than this is kept so long (wall time), for pages only.
LONG_SECONDS: Final = 0.5
KEPT_SECONDS: Final = 60.0
_kept: dict[tuple[str, int], tuple[float, CityNow]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeNow:
    """One office that works, as its dinas knows it now."""

    code: OfficeCode
    name: str
    shelf: int
    transit: int
    dispute: int
    spoiled: int
    printed: int  #: today
    yesterday: int  #: the last calendar day before today
    week: int  #: since Monday
    month: int  #: since the first of the month
    usual: int  #: cards a working day over the last three weeks
    #: Cards a working day: measured, 160 before ten cards were; 0 where the office does not print.
    capacity: int
    stops: tuple[StopSeen, ...]
    need: int  #: cards ready to print here
    waiting: tuple[int, int, int]  #: of its residents: ready, not ready, printed
    contact: datetime | None  #: when it last spoke; None for this server itself and before ever
    is_silent: bool

    @property
    def days_of_stock(self) -> int | None:
        """Working days until the shelf is empty at the usual pace, or at full capacity where cards
        wait and nothing was printed; None where nothing uses them up."""
        pace = self.usual or (self.capacity if self.need else 0)
        return None if pace < 1 else self.shelf // pace

    @property
    def backlog(self) -> int:
        """All who wait here, in all three parts."""
        return sum(self.waiting)


@dataclass(frozen=True, slots=True)
class CityNow:
    """All offices of the city and their backlog at one moment."""

    offices: tuple[OfficeNow, ...]
    backlog: CityBacklog

    @property
    def shelf(self) -> int:
        return sum(each.shelf for each in self.offices)

    @property
    def transit(self) -> int:
        return sum(each.transit for each in self.offices)

    @property
    def dispute(self) -> int:
        return sum(each.dispute for each in self.offices)

    @property
    def printed(self) -> int:
        return sum(each.printed for each in self.offices)

    @property
    def capacity(self) -> int:
        return sum(each.capacity for each in self.offices)

    @property
    def parts(self) -> tuple[int, int, int]:
        """Ready and not printed, asked for and not ready, printed and not handed over."""
        ready, not_ready, printed = (self.backlog.count(part) for part in Part)
        return ready, not_ready, printed

    def office(self, code: OfficeCode) -> OfficeNow | None:
        return next((each for each in self.offices if each.code == code), None)


def city_now(backlog: CityBacklog | None = None) -> CityNow:
    """Every office known here that works itself: at a dinas the city, at a kecamatan itself."""
    here, today = house().code, local_day()
    found = backlog if backlog is not None else backlog_at()
    stock = accounts_of_all()
    made = cards_made(_spans(today))
    stops: dict[str, list[StopSeen]] = {}
    for stop in open_stops():
        stops.setdefault(stop.office, []).append(stop)
    contacts = child_contacts()
    said_since = house().clock.now() - SILENT_AFTER
    days = max(1, _working_days(today))
    rows = []
    for each in offices():
        code = each.code
        is_ours = here in (code, code.upper)
        if not is_ours or code.tier is Tier.PUSAT or each.hosted_by not in (None, code):
            continue
        held = stock.get(code, {})
        counts = made.get(code.text, [0] * 5)
        contact = contacts[code][0] if code in contacts else None
        rows.append(
            OfficeNow(
                code=code,
                name=each.name,
                shelf=held.get("shelf", 0),
                transit=held.get("transit", 0),
                dispute=held.get("dispute", 0),
                spoiled=held.get("spoiled", 0),
                printed=counts[0],
                yesterday=counts[1],
                week=counts[2],
                month=counts[3],
                usual=-(-counts[4] // days),
                capacity=measured_capacity(code) if each.prints_on(today) else 0,
                stops=tuple(stops.get(code.text, ())),
                need=found.need(code),
                waiting=_waiting(found, code),
                contact=contact,
                is_silent=code != here and (contact is None or contact < said_since),
            )
        )
    return CityNow(tuple(rows), found)


def city_kept() -> CityNow:
    """As `city_now`; where counting took long the answer is shown to everybody for a minute.

    A city of 100,000 cases takes a second or two to count, and a page that the whole city may open
    must not do that each time. Its cut-off stands on the page.
    """
    begun = monotonic()
    key = (house().code.text, house().incarnation)
    kept = _kept.get(key)
    if kept is not None and begun - kept[0] < KEPT_SECONDS:
        return kept[1]
    seen = city_now()
    if monotonic() - begun > LONG_SECONDS:
        _kept[key] = (monotonic(), seen)
    return seen


def _waiting(found: CityBacklog, code: OfficeCode) -> tuple[int, int, int]:  # positional: of whom
    """Of a kecamatan those it serves; of the dinas those whose cards are made there."""
    if code.tier is Tier.DINAS:
        ready, not_ready, printed = (found.count(part, at=code) for part in Part)
    else:
        ready, not_ready, printed = (found.count(part, office=code) for part in Part)
    return ready, not_ready, printed


def _spans(today: date) -> list[tuple[datetime, datetime]]:
    """Today, yesterday, this week, this month, and the last three weeks without today."""
    begins = (
        (today, today + timedelta(1)),
        (today - timedelta(1), today),
        (today - timedelta(today.weekday()), today + timedelta(1)),
        (today.replace(day=1), today + timedelta(1)),
        (today - timedelta(USUAL_DAYS), today),
    )
    zone = zone_of(house().code)
    return [
        (datetime.combine(since, time(), tzinfo=zone), datetime.combine(until, time(), tzinfo=zone))
        for since, until in begins
    ]


def _working_days(today: date) -> int:
    """Working days of the span over which the usual pace is counted."""
    by = print_policy()
    return sum(
        by.hours_on(today - timedelta(days)) is not None for days in range(1, USUAL_DAYS + 1)
    )
