"""The counter as its visitors and its server see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ampera.words.clock import FixedClock
from ampera.world.driving.client import No, Silent
from ampera.world.driving.counter import Counter
from tests.world_driving.acting import (
    DINAS,
    KECAMATAN,
    MORNING,
    NO_PAPER,
    PEOPLE,
    ScriptedCity,
    ground_of,
    taken,
)

WAITS = {"enrolment": "", "request": {"is_open": True, "confirmed_at": None}}
CONFIRMED = {"enrolment": "", "request": {"is_open": True, "confirmed_at": "2017-09-07T02:00:00Z"}}


@pytest.fixture
def city(tmp_path: Path) -> ScriptedCity:
    numbers = iter(range(1000))
    return ScriptedCity(
        tmp_path,
        {
            "GET demo/residents": PEOPLE,
            "GET requests/": WAITS,
            "GET requests": [],
            "GET cards/ready": [],
            "GET cards/crd_a": {"request": "req_a"},
            "POST cards/": {},
            "POST residents/look-up": {},
            "POST requests/": {},
            "POST requests": lambda _, __: taken(next(numbers)),
        },
    )


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING - timedelta(minutes=1))


@pytest.fixture
def counter(city: ScriptedCity, clock: FixedClock) -> Callable[..., Counter]:
    return lambda **habits: Counter(ground_of(city, clock=clock, **habits), code=KECAMATAN)


def let_pass(counter: Counter, clock: FixedClock, *, hours: float = 1.0, steps: int = 60) -> None:
    for _ in range(steps):
        clock.move(timedelta(hours=hours / steps))
        counter.step(clock.now())


def test_nobody_is_asked_anything_before_the_doors_open(city, clock, counter):
    here = counter()
    here.step(clock.now())
    assert city.heard == []


def test_visitors_are_served_each_with_a_key_of_their_own(city, clock, counter):
    let_pass(counter(), clock)
    keys = [key for key, body in city.commands("requests") if "papers" in body]
    assert len(keys) > 5
    assert len(set(keys)) == len(keys)
    served = [body["nik"] for _, body in city.commands("requests") if "papers" in body]
    assert len(set(served)) == len(served), "nobody comes twice"


def test_whoever_got_no_answer_is_asked_about_again_under_the_same_key(city, clock, counter):
    city.script["POST requests"] = [Silent("no answer"), *(taken(each) for each in range(99))]
    here = counter()
    clock.move(timedelta(minutes=30))
    with pytest.raises(Silent):
        here.step(clock.now())
    here.step(clock.now())
    first, second = (each for each in city.commands("requests") if "papers" in each[1])
    assert first == second


def test_a_double_click_sends_the_same_command_twice(city, clock, counter):
    let_pass(counter(clicks_twice=1), clock, steps=4)
    told = [each for each in city.commands("requests") if "papers" in each[1]]
    assert len(told) >= 4
    assert told[0::2] == told[1::2]


def test_who_lacks_a_paper_comes_back_with_it(city, clock, counter):
    def strict(_: str, body: dict[str, Any]) -> Any:
        return taken(0) if len(body["papers"]) >= 2 and body["nik"] in seen else refuse(body)

    def refuse(body: dict[str, Any]) -> No:
        seen.add(body["nik"])
        return NO_PAPER

    seen: set[str] = set()
    city.script["POST requests"] = strict
    here = counter(lacks_papers=1)
    let_pass(here, clock, hours=6, steps=200)
    told = [body for _, body in city.commands("requests") if "papers" in body]
    papers = {nik: [len(each["papers"]) for each in told if each["nik"] == nik] for nik in seen}
    back = [counts for counts in papers.values() if len(counts) == 2]
    assert back
    assert all(more == fewer + 1 for fewer, more in back)


def test_a_request_is_reported_then_waits_for_the_dinas_then_recorded_once(
    city, clock, counter, monkeypatch
):
    wall = [0.0]
    monkeypatch.setattr("ampera.world.driving.counter.time.monotonic", lambda: wall[0])
    city.script["GET requests"] = [_row("req_a", completed_at=None)]
    here = counter(per_hour=0)
    clock.move(timedelta(minutes=10))
    for number in range(30):
        wall[0] += 10
        if number == 10:
            city.script["GET requests/"] = CONFIRMED
        here.step(clock.now())
    told = [(asked.split()[1], key) for asked, key, _ in city.heard if asked.startswith("POST")]
    assert told == [
        ("requests/req_a/complete", "complete:req_a"),
        ("requests/req_a/recording", "record:req_a"),
    ]


def test_a_counter_that_begins_anew_leaves_past_visits_alone(city, clock, counter):
    let_pass(counter(), clock)
    first = {key for key, body in city.commands("requests") if "papers" in body}
    city.heard.clear()
    let_pass(counter(), clock)
    later = {key for key, body in city.commands("requests") if "papers" in body}
    assert first
    assert later
    assert not first & later


def test_whoever_waits_too_long_goes_home(city, clock, counter):
    here = counter()
    clock.move(timedelta(minutes=5))
    here.step(clock.now())
    clock.move(timedelta(hours=4))
    here.step(clock.now())
    assert "warga pulang; terlalu lama menunggu" in (city.folder / "activity.log").read_text()


def test_a_finished_card_is_given_out_when_its_holder_comes(city, clock, counter):
    row = {"card": "crd_a", "ready_at": "2017-09-07T01:00:00Z"}
    city.script["GET cards/ready"] = [row]
    here = counter(per_hour=0)
    let_pass(here, clock, hours=0.1, steps=6)
    assert city.commands("cards/crd_a/hand-over") == []
    let_pass(here, clock, hours=3, steps=30)
    assert {key for key, _ in city.commands("cards/crd_a/hand-over")} == {"hand-over:crd_a"}


def _row(request: str, *, completed_at: str | None) -> dict[str, Any]:
    return {
        "id": request,
        "office": KECAMATAN.text,
        "reason": "NEW",
        "handed_to": "",
        "completed_at": completed_at,
    }


def test_who_asks_at_two_offices_asks_the_dinas_first_and_then_at_home(city, clock):
    ground = ground_of(city, clock=clock, asks_at_two_offices=1)
    dinas = Counter(ground, code=DINAS)
    home = Counter(ground, code=KECAMATAN, other=dinas)
    for _ in range(30):
        clock.move(timedelta(minutes=2))
        home.step(clock.now())
        dinas.step(clock.now())
    told = [
        ("/also/also/" not in key, body["nik"])
        for key, body in city.commands("requests")
        if body.get("reason") == "NEW"
    ]
    at_dinas = [nik for is_first, nik in told if is_first]
    at_home = [nik for is_first, nik in told if not is_first]
    assert at_home
    assert at_home == at_dinas[: len(at_home)]
