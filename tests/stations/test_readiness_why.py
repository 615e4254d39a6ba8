"""Why one came before the other: the proof for every pair, from the journal of the dinas."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest

from ampera.readiness import actions, queries
from ampera.readiness.models import Asked
from ampera.readiness.rules.lending import LendWish
from ampera.words import OfficeCode, Refusal
from tests.stations.queue_moves import FIRST_CARDS, jump, three, undo, urge, why
from tests.stations.readiness_line import DINAS, KEC, OTHER, assert_whole, by

# ---- why ----


def test_of_two_who_wait_the_page_says_who_is_first_and_why(line):
    one, two, three_ = three(line)
    seen = why(line, three_, one)
    assert (seen.first.request, seen.second.request) == (one, three_)
    assert seen.because == "waiting_since"
    urge(line, three_)
    seen = why(line, one, three_)
    assert (seen.first.request, seen.because) == (three_, "urgency")
    assert [each.reason for each in seen.first.moves] == ["HOSPITAL"]
    jump(line, two)
    assert why(line, two, three_).because == "jump"
    assert "queue.jumped/1" in [each.kind for each in why(line, two, three_).first.entries]


def test_why_is_told_by_what_was_known_when_the_first_one_was_granted(line):
    one, two, three_ = three(line)
    line.grant(most=1)
    # Said after the grant: it explains nothing of it.
    jump(line, two)
    seen = why(line, one, two)
    assert (seen.first.request, seen.because) == (one, "waiting_since")
    assert seen.second.key.is_jump is False
    assert (seen.first.place, seen.first.queue_length) == (1, 3)
    line.grant(most=1)
    assert why(line, two, three_).because == "jump"
    assert [each.kind for each in why(line, one, two).first.entries][-1] == "permit.granted/1"


def test_who_was_not_ready_then_did_not_wait(line):
    late = line.ask("res_late")
    line.offices.clock.move(timedelta(days=1))
    early = line.ready("res_early")
    line.post()
    line.grant()
    line.ready("res_late", request=late)
    line.post()
    seen = why(line, late, early)
    assert (seen.first.request, seen.because) == (early, "not_waiting_then")
    line.grant()
    assert why(line, late, early).because == "not_waiting_then"


def test_two_queues_are_not_compared(line):
    one, *_ = three(line)
    other = line.ready("res_9", home=OTHER)
    line.post()
    assert why(line, one, other).because == "other_queue"


def test_a_grant_out_of_order_is_called_unexplained(line):
    one, two, _ = three(line)
    with line.at(DINAS):
        Asked.objects.filter(pk=one).update(state="HAS_CARD")
    line.grant(most=1)
    with line.at(DINAS):
        Asked.objects.filter(pk=one).update(state="WAITING")
    seen = why(line, one, two)
    assert (seen.first.request, seen.because, seen.is_explained) == (two, "unexplained", False)


def test_what_cannot_be_compared_is_refused(line):
    one, *_ = three(line)
    unready = [line.ask("res_7"), line.ask("res_8")]
    line.post()
    with line.at(DINAS):
        ask = queries.why_one_before
        assert ask(one, one) == Refusal("readiness.same_request")
        assert ask(one, "req_unknown") == Refusal("readiness.not_here")
        assert ask(*unready) == Refusal("readiness.not_in_queue")
    with line.at(KEC):
        no = queries.why_one_before(one, unready[0])
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


class WildDay:
    """Requests come, are moved, taken back and granted in any mixture."""

    def __init__(self, line, chance: Random) -> None:
        self.line, self.chance = line, chance
        self.requests: list[tuple[str, str]] = []
        self.moves: list[str] = []

    def new(self) -> None:
        resident = f"res_w{len(self.requests)}"
        self.requests.append((resident, self.line.ask(resident)))

    def verdict(self) -> None:
        if self.requests:
            resident, request = self.chance.choice(self.requests)
            self.line.ready(resident, request=request)

    def move(self) -> None:
        if self.requests:
            act = self.chance.choice((urge, jump))
            request = self.chance.choice(self.requests)[1]
            done = act(self.line, request, at=self.chance.choice((KEC, DINAS)))
            self.moves += [done["move"]] if isinstance(done, dict) else []

    def undo(self) -> None:
        if self.moves:
            at = self.chance.choice((KEC, DINAS))
            undo(self.line, self.chance.choice(self.moves), at=at)

    def grant(self) -> None:
        self.line.grant(most=self.chance.randint(1, 2))

    def night(self) -> None:
        self.line.offices.clock.move(timedelta(days=1))

    def run(self, steps: int) -> None:
        acts = (self.new, self.new, self.verdict, self.move, self.undo, self.grant, self.night)
        for _ in range(steps):
            self.chance.choice(acts)()
            self.line.offices.clock.move(timedelta(minutes=7))
            if self.chance.random() < 0.6:
                self.line.post()
        self.line.post()
        for resident, request in self.requests[:4]:
            self.line.ready(resident, request=request)
        self.line.post()
        self.grant()


@pytest.mark.parametrize("seed", range(6))
def test_every_pair_of_a_wild_day_is_explained(line, quotas, seed):
    """Whatever happened in which order: the books say why each one came before each other."""
    if seed % 2:
        quotas(FIRST_CARDS)
    day = WildDay(line, Random(seed))
    day.run(45)
    compared = 0
    with line.at(DINAS):
        for a, b in combinations([request for _, request in day.requests], 2):
            seen = queries.why_one_before(a, b)
            if isinstance(seen, queries.WhyBefore):
                compared += 1
                assert seen.is_explained, (seen.first, seen.second)
                assert seen.because != "request", "minutes lie between any two"
    assert compared > 5


class LentDay(WildDay):
    """The same with two offices, of which one prints for the other now and then."""

    def new(self) -> None:
        resident = f"res_w{len(self.requests)}"
        home = self.chance.choice((KEC, OTHER))
        request = self.line.ask(resident, at=home, home=home, host=home)
        self.requests.append((resident, request))
        self.homes[request] = home

    def verdict(self) -> None:
        if self.requests:
            resident, request = self.chance.choice(self.requests)
            self.line.ready(resident, request=request, home=self.homes[request])

    def move(self) -> None:
        """An office cannot print, or can again."""
        if self.lending:
            with self.line.at(DINAS):
                actions.end_lending(by(), lending=self.lending)
            self.lending = ""
            return
        home, at = self.chance.sample((KEC, OTHER), 2)
        day = self.line.offices.clock.at.date()
        wish = LendWish(
            home=OfficeCode(home),
            at=OfficeCode(at),
            since=day,
            until=day + timedelta(days=self.chance.randint(0, 3)),
            why="OFFICE_SHUT",
            ends_when_up=False,
        )
        with self.line.at(DINAS):
            done = actions.lend_printing(by(), wish=wish, is_home_down=False, is_at_down=False)
        self.lending = done["lending"] if isinstance(done, dict) else ""

    def undo(self) -> None:
        """A permit comes back."""
        with self.line.at(self.chance.choice((KEC, OTHER))):
            actions.return_open_permits(why="PRINTER_DOWN", most=1)

    def grant(self) -> None:
        self.line.grant(self.chance.choice((KEC, OTHER)), most=self.chance.randint(1, 2))


@pytest.mark.parametrize("seed", range(3))
def test_every_pair_is_explained_while_offices_print_for_each_other(line, seed):
    line.describe(OTHER, date(2017, 9, 1))
    day = LentDay(line, Random(seed))
    day.homes, day.lending = {}, ""
    day.run(60)
    compared = set()
    with line.at(DINAS):
        for a, b in combinations([request for _, request in day.requests], 2):
            seen = queries.why_one_before(a, b)
            if isinstance(seen, queries.WhyBefore):
                compared.add(seen.because)
                assert seen.is_explained, (seen.first, seen.second)
    assert {"other_queue", "waiting_since"} <= compared
    assert_whole(line)
