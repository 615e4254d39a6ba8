"""A scenario: what is known of a city's offices, printers, blanks and people, and what is assumed.

Days are working days throughout, counted from the start of the scenario; the first one is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

#: A file of this form; a later form gets the next number.
FORM: Final = 1
DAYS_MAX: Final = 1500  #: some six years of working days
REPLICATIONS_MAX: Final = 20_000
OFFICES_MAX: Final = 200
MINUTES_MAX: Final = 1440  #: a printer that is never switched off
SUPPLIES_MAX: Final = 200
#: days × replications × offices: what fits into half a gigabyte of draws.
CELLS_MAX: Final = 60_000_000


class Policy(StrEnum):
    """Who prints the replacements (lost, damaged, changed, moved)."""

    DINAS_ONLY = "dinas-only"  #: as decreed in 2017: the kecamatan print first cards only (S4)
    AFTER_OWN = "after-own"  #: a kecamatan whose own first cards are done prints replacements
    POOLED = "pooled"  #: and after those the first cards of other kecamatan


class Sharing(StrEnum):
    """By what the dinas shares its store over the offices."""

    BY_NEED = "by-need"  #: in proportion to what waits
    EQUAL = "equal"  #: the same for each office that can use it


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, or the range in which it lies: then each replication draws its own."""

    low: float
    high: float
    source: str = ""  #: where it stands; empty when nobody said
    is_assumption: bool = False

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def is_range(self) -> bool:
        return self.low < self.high


def exactly(value: float) -> Figure:
    """A number that is known."""
    return Figure(value, value)


NOTHING: Final = Figure(0, 0)


@dataclass(frozen=True, slots=True)
class Printing:
    """A printer's day: how long it is on, how long a card takes, how often it stands still.

    Stops (faults and the printer's own thermal cut-off, S12) come at random: between two of them
    lie `stop_every_minutes` of running on average, exponentially; each lasts `stop_minutes`. Zero
    `stop_every_minutes` means that it never stops.
    """

    minutes_a_day: Figure
    seconds_a_card: Figure
    stop_every_minutes: Figure
    stop_minutes: Figure

    @property
    def availability(self) -> float:
        """The share of its open time in which such a printer runs, in the long run."""
        every, stop = self.stop_every_minutes.middle, self.stop_minutes.middle
        return every / (every + stop) if every > 0 else 1.0


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """One office that prints, or that has its cards printed by a host."""

    code: str
    name: str
    printers: Figure
    printing: Printing
    opens: date | None = None  #: the first day on which it prints; None: prints already
    hosted_by: str = ""
    new_waiting: Figure = NOTHING  #: print ready first cards at the start
    new_a_day: Figure = NOTHING  #: recordings a working day that become print ready
    replacements_waiting: Figure = NOTHING
    replacements_a_day: Figure = NOTHING
    blanko: Figure = NOTHING  #: on the office's own shelf at the start
    is_dinas: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """Blanks from the centre, on a day between two dates, with a probability."""

    earliest: date
    latest: date
    blanko: Figure
    probability: float = 1.0
    source: str = ""
    is_assumption: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: five or six a week, without the holidays."""

    start: date
    days_a_week: int = 5
    holidays: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return day.weekday() < self.days_a_week and day not in self.holidays

    def days(self, count: int) -> list[date]:
        """The first `count` working days on or after the start."""
        found: list[date] = []
        day = self.start
        while len(found) < count:
            if self.is_open(day):
                found.append(day)
            day += timedelta(days=1)
        return found


@dataclass(frozen=True, slots=True)
class Allocation:
    """How the dinas shares its store: each so many working days, and when a supply arrives.

    An office gets no more than it can use in `keep_days`: a shelf that is full elsewhere prints
    nothing here.
    """

    every_days: int = 5
    keep_days: int = 10
    sharing: Sharing = Sharing.BY_NEED
    is_moved: bool = False  #: blanks beyond an office's need are taken back and shared again


@dataclass(frozen=True, slots=True)
class Levers:
    """How far each lever is pulled when the plan asks what would change most."""

    evening_minutes: int = 120
    supply_days_earlier: int = 10
    spoils_kept: float = 0.5  #: the share of today's spoils that is left


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that the model needs. What the file said about sources stays with each figure."""

    name: str
    title: str
    calendar: Calendar
    days: int
    policy: Policy
    offices: tuple[OfficePlan, ...]  #: the kecamatan by code, then the dinas
    store: Figure  #: blanks in the dinas's store at the start
    spoil_rate: Figure
    supplies: tuple[Supply, ...] = ()
    allocation: Allocation = Allocation()
    levers: Levers = Levers()
    note: str = ""

    @property
    def printing_offices(self) -> tuple[OfficePlan, ...]:
        """Those with a server and printers of their own; the dinas is the last."""
        return tuple(each for each in self.offices if not each.hosted_by)

    def guests_of(self, code: str) -> tuple[OfficePlan, ...]:
        return tuple(each for each in self.offices if each.hosted_by == code)


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a scenario with its place in the file and where it comes from."""

    key: str
    low: float
    high: float
    source: str
    is_assumption: bool


def figures_of(scenario: Scenario) -> list[Told]:
    """Every figure that the scenario gives, in the order of the file; the same said by all offices
    is told once."""
    found: list[Told] = []

    def tell(key: str, figure: Figure) -> None:
        if figure is not NOTHING:
            found.append(Told(key, figure.low, figure.high, figure.source, figure.is_assumption))

    tell("blanko.store", scenario.store)
    tell("printing.spoil_rate", scenario.spoil_rate)
    commons: set[tuple[str, Figure]] = set()
    for office in scenario.offices:
        for name in (*("minutes_a_day", "seconds_a_card", "stop_every_minutes", "stop_minutes"),):
            figure = getattr(office.printing, name)
            if (name, figure) not in commons:
                commons.add((name, figure))
                tell(f"printing.{name}", figure)
        place = "dinas" if office.is_dinas else office.code
        for name in (
            *("printers", "new_waiting", "new_a_day", "replacements_waiting"),
            *("replacements_a_day", "blanko"),
        ):
            tell(f"{place}.{name}", getattr(office, name))
    for supply in scenario.supplies:
        told = Figure(supply.blanko.low, supply.blanko.high, supply.source, supply.is_assumption)
        tell(f"supply.{supply.earliest}", told)
    return found
