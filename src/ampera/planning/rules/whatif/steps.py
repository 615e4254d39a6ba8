"""The model: one step a working day for every office, in all replications at once.

Morning: supplies arrive, the dinas shares its store. Day: each office prints what waits, as far as
its blanks and its printers' running time go; a spoiled card is fed again the same day while both
last. Evening: what was asked for during the day joins the queue, because a record is print ready on
the next day at the earliest. Nothing is printed twice and nothing gets lost: that is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ampera.planning.rules.whatif.futures import Futures, spoil_rates
from ampera.planning.rules.whatif.scenario import OfficePlan, Policy, Scenario, Sharing
from ampera.planning.rules.whatif.stock import fill, share_out
from ampera.planning.rules.whatif.tables import STEPS, Counts, cards_a_day, spoils

#: Of feeding; after the third, one spoiled card in some thousands waits until tomorrow.
_ROUNDS: Final = 3


@dataclass(slots=True)
class City:
    """What is where at this moment. R replications, N offices, the dinas last."""

    new: Counts  #: first cards waiting; R, N
    pool: Counts  #: replacements waiting in the whole city; R
    shelf: Counts  #: blanks; R, N
    store: Counts  #: R


@dataclass(frozen=True, slots=True)
class Printed:
    """What the printers did on one day."""

    fed: Counts  #: blanks used; R, N
    spoiled: Counts  #: R, N
    new: Counts  #: first cards, by whose they are; R, N
    replacements: Counts  #: R


@dataclass(frozen=True, slots=True)
class DayEnd:
    """What one day did; `city` is the state after it and changes with the next step."""

    day: int
    city: City
    supplied: Counts  #: R
    can: Counts  #: cards that the printers could feed; R, N
    nominal: Counts  #: the same without any stop; N
    printed: Printed
    left: Counts  #: waiting at the close, before the day's own arrivals, replacements with the
    #: dinas; R, N


@dataclass(frozen=True, slots=True)
class Works:
    """What does not change from day to day: tables and sizes of one scenario."""

    scenario: Scenario
    offices: tuple[OfficePlan, ...]
    days: list[date]
    cards: Counts = field(init=False)  #: N, luck
    nominal: Counts = field(init=False)  #: N
    is_open: NDArray[np.bool_] = field(init=False)  #: D, N
    expected: NDArray[np.float64] = field(init=False)  #: cards asked for a day; N
    spoils: Counts = field(init=False)  #: flat: rate, fed, luck
    most: int = field(init=False)

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("cards", np.stack([_cards(each) for each in self.offices]))
        put("nominal", np.array([_nominal(each) for each in self.offices], np.int32))
        put("is_open", np.array([[_prints(each, day) for each in self.offices]
                                 for day in self.days]))  # fmt: skip
        put("expected", _expected(self.scenario))
        most = int(self.nominal.max(initial=0))
        put("most", most)
        tables = [spoils(round(rate, 9), most=most) for rate in spoil_rates(self.scenario)]
        put("spoils", np.stack(tables).ravel())


def works_of(scenario: Scenario) -> Works:
    """The tables of a scenario: some tens of milliseconds, less when they are known already."""
    return Works(scenario, scenario.printing_offices, scenario.calendar.days(scenario.days))


def steps(scenario: Scenario, *, futures: Futures) -> Iterator[DayEnd]:
    """Day by day what the city does in these futures."""
    works = works_of(scenario)
    city = opening(scenario, futures=futures)
    bits = futures.luck.view(np.uint8).reshape(*futures.luck.shape, 4)
    supplied = _supplied(scenario, futures=futures)
    for day in range(futures.days):
        city.store += supplied[day]
        _allocate(city, works=works, day=day, supplied=supplied[day])
        luck = bits[day]
        can = np.where(
            works.is_open[day], works.cards[np.arange(len(works.offices)), luck[:, :, 0]], 0
        ).astype(np.int32)
        printed = _print(city, works=works, can=can, luck=luck, rate=futures.rate)
        left = city.new.copy()
        left[:, -1] += city.pool
        city.new += futures.new[day]
        city.pool += futures.replacements[day]
        nominal = works.nominal * works.is_open[day]
        yield DayEnd(day, city, supplied[day], can, nominal, printed, left)


def opening(scenario: Scenario, *, futures: Futures) -> City:
    """The city on its first morning."""
    shelf = [
        sum(round(each.blanko.middle) for each in (office, *scenario.guests_of(office.code)))
        for office in scenario.printing_offices
    ]
    return City(
        new=futures.new_at_start.copy(),
        pool=futures.replacements_at_start.copy(),
        shelf=np.tile(np.array(shelf, np.int32), (futures.replications, 1)),
        store=np.full(futures.replications, round(scenario.store.middle), np.int32),
    )


def _cards(office: OfficePlan) -> Counts:
    how = office.printing
    return cards_a_day(
        int(office.printers.middle),
        minutes=how.minutes_a_day.middle,
        seconds_a_card=how.seconds_a_card.middle,
        stop_every=how.stop_every_minutes.middle,
        stop=how.stop_minutes.middle,
    )


def _nominal(office: OfficePlan) -> int:
    how = office.printing
    each = int(how.minutes_a_day.middle * 60 // how.seconds_a_card.middle)
    return each * int(office.printers.middle)


def _prints(office: OfficePlan, day: date) -> bool:  # positional: who, when
    return office.opens is None or day >= office.opens


def _supplied(scenario: Scenario, *, futures: Futures) -> Counts:
    """Blanks that arrive by day and replication."""
    found = np.zeros((futures.days + 1, futures.replications), np.int32)
    rows = np.arange(futures.replications)
    for number in range(futures.supply.shape[1]):
        day = np.minimum(futures.supply_day[:, number], futures.days)
        np.add.at(found, (day, rows), futures.supply[:, number])
    return found[:-1]


def _allocate(city: City, *, works: Works, day: int, supplied: Counts) -> None:
    """Share the store: every so many days, and in a replication that has just been supplied."""
    plan = works.scenario.allocation
    rows = slice(None) if day % plan.every_days == 0 else np.flatnonzero(supplied > 0)
    store = city.store[rows]
    if store.size == 0 or not (plan.is_moved or store.any()):
        return
    soon = min(day + plan.every_days, len(works.days) - 1)
    prints = works.nominal * works.is_open[soon]
    waits = _waits(city, works=works, prints=prints, rows=rows)
    rate = works.scenario.spoil_rate.middle
    # What will be asked for until the next sharing is wanted too, else a shelf runs dry.
    needs = np.ceil((waits + works.expected * (plan.every_days + 1)) / (1 - rate))
    target = np.where(prints > 0, np.minimum(needs, prints * plan.keep_days), 0).astype(np.int32)
    if plan.is_moved:
        beyond = np.maximum(city.shelf[rows] - target, 0)
        city.shelf[rows] -= beyond
        city.store[rows] += beyond.sum(axis=1, dtype=np.int32)
    wanted = np.maximum(target - city.shelf[rows], 0)
    even = plan.sharing is Sharing.EQUAL
    weight = (wanted > 0).astype(float) if even else needs
    given = share_out(city.store[rows], wanted=wanted, weight=weight)
    city.shelf[rows] += given
    city.store[rows] -= given.sum(axis=1, dtype=np.int32)


def _expected(scenario: Scenario) -> NDArray[np.float64]:
    """First cards that an office expects a day; the dinas expects the city's replacements too."""
    served = [(each, *scenario.guests_of(each.code)) for each in scenario.printing_offices]
    found = [sum(each.new_a_day.middle for each in those) for those in served]
    found[-1] += sum(each.replacements_a_day.middle for each in scenario.offices)
    return np.array([ceil(each) for each in found], float)


def _waits(
    city: City, *, works: Works, prints: Counts, rows: slice | NDArray[np.intp]
) -> NDArray[np.float64]:
    """Work that each office has before it, replacements with those who may print them."""
    waits = city.new[rows].astype(float)
    pool = city.pool[rows]
    if works.scenario.policy is Policy.DINAS_ONLY:
        waits[:, -1] += pool
    else:
        waits += pool[:, None] * (prints / max(int(prints.sum()), 1))
    return waits


def _print(
    city: City, *, works: Works, can: Counts, luck: NDArray[np.uint8], rate: NDArray[np.intp]
) -> Printed:
    """One working day at every printer, up to the close. Changes `city`.

    In rounds, because a spoiled card goes to whoever still has a blank and a minute.
    """
    policy = works.scenario.policy
    reach = np.minimum(can, city.shelf)
    fed, spoiled, first = np.zeros_like(reach), np.zeros_like(reach), np.zeros_like(reach)
    replaced = np.zeros_like(city.pool)
    base = (rate * ((works.most + 1) * STEPS))[:, None]
    for number in range(1, _ROUNDS + 1):
        mine, extra, foreign = _assigned(city, reach=reach - fed, policy=policy)
        batch = mine + extra + foreign
        bad = works.spoils.take(base + batch * STEPS + luck[:, :, number])
        good = batch - bad
        of_new = np.minimum(good, city.new)
        rest = good - of_new
        of_pool = np.minimum(rest, extra)
        of_pool[:, -1] = np.minimum(rest[:, -1], city.pool)
        if policy is Policy.POOLED:
            others = (rest - of_pool).sum(axis=1, dtype=np.int32)
            of_new += fill(others, room=city.new - of_new)
        pooled = of_pool.sum(axis=1, dtype=np.int32)
        city.new -= of_new
        city.pool -= pooled
        fed += batch
        spoiled += bad
        first += of_new
        replaced += pooled
    city.shelf -= fed
    return Printed(fed, spoiled, first, replaced)


def _assigned(city: City, *, reach: Counts, policy: Policy) -> tuple[Counts, Counts, Counts]:
    """What each office feeds next: of its own work, of the city's replacements, of others' first
    cards."""
    own = city.new.copy()
    own[:, -1] += city.pool
    mine = np.minimum(own, reach)
    spare = reach - mine
    extra = foreign = np.zeros_like(mine)
    if policy is not Policy.DINAS_ONLY:
        at_dinas = np.maximum(mine[:, -1] - city.new[:, -1], 0)
        extra = fill(city.pool - at_dinas, room=spare)
    if policy is Policy.POOLED:
        left = np.maximum(city.new - mine, 0).sum(axis=1, dtype=np.int32)
        foreign = fill(left, room=spare - extra)
    return mine, extra, foreign
