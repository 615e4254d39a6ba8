"""The same city once more, event by event: printers that run minute by minute and stand still.

Written from the scenario's words and not from the model: SimPy's clock, Python's own chance, one
future at a time. It knows queues of single requests, printers as processes and stops that interrupt
a card. It is slow and plain; the test holds the quick model to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import simpy

from ampera.planning.rules.whatif.scenario import Figure, OfficePlan, Policy, Scenario, Sharing


@dataclass
class Seen:
    """What one future came to."""

    printed: list[int] = field(default_factory=list)  #: so far, by day
    waiting: list[int] = field(default_factory=list)  #: at the close, with the day's arrivals
    clears: int = 0  #: the first day that left nothing of before; the horizon when none did


@dataclass
class Room:
    """One office with what lies and waits in it."""

    plan: OfficePlan
    waiting: int
    shelf: int
    new_a_day: float


class City:
    """One future of a scenario."""

    def __init__(self, scenario: Scenario, *, seed: int) -> None:
        self.chance = Random(seed)
        self.plan = scenario
        self.days = scenario.calendar.days(scenario.days)
        self.rooms = [self._room(each) for each in scenario.printing_offices]
        self.replacements = sum(self._of(each.replacements_waiting) for each in scenario.offices)
        self.replacements_a_day = sum(
            self._of(each.replacements_a_day) for each in scenario.offices
        )
        self.store = self._of(scenario.store)
        self.spoil_rate = self._of(scenario.spoil_rate)
        self.printed = 0
        self.clock = simpy.Environment()
        self.supplies = [
            (
                self.chance.randint(each.earliest.toordinal(), each.latest.toordinal()),
                round(self._of(each.blanko)),
            )
            for each in scenario.supplies
            if self.chance.random() < each.probability
        ]

    def live(self) -> Seen:
        seen = Seen(clears=len(self.days))
        for number, day in enumerate(self.days):
            arrived = [each for each in self.supplies if each[0] <= day.toordinal()]
            self.supplies = [each for each in self.supplies if each not in arrived]
            self.store += sum(count for _, count in arrived)
            if number % self.plan.allocation.every_days == 0 or arrived:
                self._share(number)
            self._work(day)
            left = sum(room.waiting for room in self.rooms) + self.replacements
            if left == 0 and seen.clears == len(self.days):
                seen.clears = number
            for room in self.rooms:
                room.waiting += self._asked(room.new_a_day)
            self.replacements += self._asked(self.replacements_a_day)
            seen.printed.append(self.printed)
            seen.waiting.append(sum(room.waiting for room in self.rooms) + self.replacements)
        return seen

    def _room(self, office: OfficePlan) -> Room:
        served = [office, *self.plan.guests_of(office.code)]
        return Room(
            office,
            waiting=round(sum(self._of(each.new_waiting) for each in served)),
            shelf=round(sum(self._of(each.blanko) for each in served)),
            new_a_day=sum(self._of(each.new_a_day) for each in served),
        )

    def _of(self, figure: Figure) -> float:
        return self.chance.uniform(figure.low, figure.high) if figure.is_range else figure.low

    def _asked(self, rate: float) -> int:
        """People who come one after the other through the day."""
        count, at = 0, self.chance.expovariate(rate) if rate else 2.0
        while at < 1:
            count, at = count + 1, at + self.chance.expovariate(rate)
        return count

    def _work(self, day) -> None:
        for room in self.rooms:
            if room.plan.opens is None or day >= room.plan.opens:
                for _ in range(int(room.plan.printers.low)):
                    self.clock.process(self._printer(room))
        self.clock.run()

    def _printer(self, room: Room):
        """One printer from its warm start to the close. What it has not finished it gives back."""
        how = room.plan.printing
        close = self.clock.now + how.minutes_a_day.low
        every = how.stop_every_minutes.low
        until_stop = self.chance.expovariate(1 / every) if every else math.inf
        while room.shelf > 0 and (give_back := self._next_card(room)) is not None:
            room.shelf -= 1
            left = how.seconds_a_card.low / 60
            while left > 1e-9:
                run = min(left, until_stop)
                yield self.clock.timeout(run)
                left -= run
                until_stop -= run
                if until_stop <= 0:
                    yield self.clock.timeout(how.stop_minutes.low)
                    until_stop = self.chance.expovariate(1 / every)
                if self.clock.now > close:
                    break
            if self.clock.now > close + 1e-6:
                give_back()
                room.shelf += 1
                return
            if self.chance.random() < self.spoil_rate:
                give_back()
            else:
                self.printed += 1

    def _next_card(self, room: Room):
        """Take one request from a queue; the answer puts it back."""
        policy = self.plan.policy
        if room.waiting > 0:
            return self._taken_from(room)
        if (room.plan.is_dinas or policy is not Policy.DINAS_ONLY) and self.replacements > 0:
            self.replacements -= 1
            return self._replacement_back
        if policy is Policy.POOLED:
            for other in self.rooms:
                if other.waiting > 0:
                    return self._taken_from(other)
        return None

    def _taken_from(self, room: Room):
        room.waiting -= 1

        def back() -> None:
            room.waiting += 1

        return back

    def _replacement_back(self) -> None:
        self.replacements += 1

    def _share(self, number: int) -> None:
        """Each office by what waits for it, up to what it can use."""
        rule = self.plan.allocation
        soon = self.days[min(number + rule.every_days, len(self.days) - 1)]
        spoil = self.plan.spoil_rate.middle
        able = [_able(room.plan) if _is_open(room.plan, soon) else 0 for room in self.rooms]
        needs, wants = [], []
        for room, can in zip(self.rooms, able, strict=True):
            waits = room.waiting
            if self.plan.policy is not Policy.DINAS_ONLY:
                waits += self.replacements * can / max(sum(able), 1)
            elif room.plan.is_dinas:
                waits += self.replacements
            coming = sum(
                each.new_a_day.middle for each in (room.plan, *self.plan.guests_of(room.plan.code))
            )
            if room.plan.is_dinas:
                coming += sum(each.replacements_a_day.middle for each in self.plan.offices)
            need = math.ceil((waits + math.ceil(coming) * (rule.every_days + 1)) / (1 - spoil))
            use = int(min(need, can * rule.keep_days))
            if rule.is_moved and room.shelf > use:
                self.store += room.shelf - use
                room.shelf = use
            needs.append(need)
            wants.append(max(0, use - room.shelf))
        if rule.sharing is Sharing.EQUAL:
            needs = [1] * len(wants)
        # One blank after the other to whoever has least of its need: slow, and surely fair.
        given = [0] * len(wants)
        while self.store > 0 and any(want > has for want, has in zip(wants, given, strict=True)):
            _, at = min(
                ((given[at] + 1) / needs[at], at) for at in range(len(wants))
                if wants[at] > given[at]
            )  # fmt: skip
            given[at] += 1
            self.store -= 1
        for room, count in zip(self.rooms, given, strict=True):
            room.shelf += count


def _able(office: OfficePlan) -> int:
    how = office.printing
    return int(how.minutes_a_day.low * 60 // how.seconds_a_card.low) * int(office.printers.low)


def _is_open(office: OfficePlan, day) -> bool:
    return office.opens is None or day >= office.opens


def futures_of(scenario: Scenario, *, count: int, seed: int) -> list[Seen]:
    """So many futures, each with a seed of its own."""
    return [City(scenario, seed=seed * 100_003 + each).live() for each in range(count)]
