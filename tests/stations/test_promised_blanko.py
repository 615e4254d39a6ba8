"""Blanks that the head gave to others are not printed on at the dinas while they wait to be
packed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from ampera.blanko.actions import open_books, ship
from ampera.planning.actions import decide_allocation, propose_allocation
from ampera.planning.queries.promised import promised_blanko
from ampera.planning.rules.proposals import Wish
from ampera.planning.rules.sharing import Way
from ampera.printing.actions import grant_lots
from ampera.readiness.queries import open_permit_count
from ampera.words import Reason, Tier
from tests.stations.readiness_line import DINAS, KEC, Line, by, write

SERIALS = [f"PRM{number:06d}" for number in range(6)]


@pytest.fixture
def city(offices):
    """Six blanks at the dinas, four first cards at a kecamatan, four replacements at the dinas."""
    line = Line(offices)
    for office in (KEC, DINAS):
        line.describe(office, date(2017, 9, 1))
    with line.at(DINAS):
        opened = open_books(by(), boxes=[], serials=SERIALS, witness="off_other")
        assert isinstance(opened, dict), opened
    for number in range(4):
        resident = f"res_new_{number}"
        line.ready(resident, request=line.ask(resident))
    line.post()
    return line


def replacements(line) -> None:
    for number in range(4):
        resident = f"res_old_{number}"
        request = line.ask(resident, reason=Reason.LOST, at=DINAS)
        line.ready(resident, request=request, reason=Reason.LOST)
        with line.at(DINAS):
            told = {"request": request}
            write("request.completed/1", subject=request, facts=told)
            write("request.confirmed/1", subject=request, facts={**told, "by": "register"})
    line.post()


def share(line) -> None:
    line.offices.clock.move(timedelta(minutes=1))
    with line.at(DINAS):
        made = propose_allocation(by(), wish=Wish(way=Way.NEW_FIRST.value))
        assert isinstance(made, dict), made
        line.offices.clock.move(timedelta(minutes=1))
        done = decide_allocation(by(), allocation=made["allocation"], outcome="ACCEPTED")
        assert done == {"allocation": made["allocation"], "given": 5}


def granted(line) -> int:
    with line.at(DINAS):
        (tick,) = (
            each
            for each in line.offices.registry.ticks[Tier.DINAS]
            if isinstance(each, partial) and each.func is grant_lots
        )
        return tick()


def test_the_dinas_gives_itself_permits_for_its_own_part_only(city) -> None:
    share(city)
    replacements(city)
    with city.at(DINAS):
        assert promised_blanko() == 5
    assert granted(city) == 1
    with city.at(DINAS):
        assert open_permit_count(DINAS) == 1


def test_without_an_accepted_allocation_the_whole_shelf_is_its_own(city) -> None:
    replacements(city)
    assert granted(city) == 4


def test_what_was_packed_is_not_promised_any_more(city) -> None:
    share(city)
    with city.at(DINAS):
        city.offices.clock.move(timedelta(minutes=1))
        sent = ship(by(), to=KEC, boxes=[], serials=SERIALS[:5], courier="off_c")
        assert isinstance(sent, dict), sent
        assert promised_blanko() == 0
