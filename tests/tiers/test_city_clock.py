"""The city's clock: as fast as it was told, only ever forward."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from ampera.tiers.city_clock import (
    FIRST_MORNING,
    Anchor,
    CityClock,
    read_anchor,
    save_anchor,
    speed_of,
    start_clock,
)
from ampera.tiers.telling import CannotError

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Wall:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def test_an_hour_of_the_city_passes_in_a_minute():
    wall = Wall()
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 60), wall=wall)
    wall.at += timedelta(minutes=1)
    assert clock.now() == FIRST_MORNING + timedelta(hours=1)


def test_a_wall_clock_set_back_makes_the_citys_clock_stand():
    wall = Wall()
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=wall)
    wall.at += timedelta(minutes=5)
    latest = clock.now()
    wall.at -= timedelta(days=1)
    assert clock.now() == latest


def test_a_new_city_begins_on_the_first_morning(tmp_path):
    clock = start_clock(tmp_path / "clock.json", speed=10, now=NOON)
    assert clock.anchor == Anchor(NOON, FIRST_MORNING, 10)
    assert set(json.loads((tmp_path / "clock.json").read_text())) == {"wall", "city", "speed"}


def test_a_killed_city_goes_on_later_than_anything_it_wrote(tmp_path):
    file = tmp_path / "clock.json"
    wall = Wall()
    first = CityClock(Anchor(NOON, FIRST_MORNING, 60), wall=wall)
    save_anchor(file, clock=first, wall=NOON)
    wall.at += timedelta(seconds=5)  # the longest time between two savings; then the power goes
    written = first.now()
    again = start_clock(file, speed=1, now=NOON + timedelta(days=3))
    assert again.anchor.city > written


def test_a_stopped_city_stands_still(tmp_path):
    file = tmp_path / "clock.json"
    save_anchor(file, clock=CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=Wall()), wall=NOON)
    again = start_clock(file, speed=10, now=NOON + timedelta(days=30))
    assert again.anchor.city - FIRST_MORNING <= timedelta(minutes=1)


def test_a_torn_clock_is_told_and_not_guessed(tmp_path):
    file = tmp_path / "clock.json"
    file.write_text('{"wall": "2026')
    with pytest.raises(CannotError, match="damaged"):
        read_anchor(file)


@pytest.mark.parametrize("wrong", ["0", "-1", "nan", "1e9", "fast"])
def test_what_is_no_speed_is_refused(wrong):
    with pytest.raises(ValueError, match=r"speed|float"):
        speed_of(wrong)


def test_a_clock_that_jumps_goes_on_from_there():
    wall = Wall()
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=wall)
    monday = FIRST_MORNING + timedelta(days=4)
    clock.move(to=monday)
    assert clock.now() == monday
    wall.at += timedelta(seconds=6)
    assert clock.now() == monday + timedelta(minutes=1)


def test_another_speed_holds_from_now_on():
    wall = Wall()
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=wall)
    wall.at += timedelta(seconds=6)
    clock.move(speed=60)
    wall.at += timedelta(seconds=1)
    assert clock.now() == FIRST_MORNING + timedelta(minutes=2)
    assert clock.anchor.speed == 60


def test_a_moment_that_is_over_is_refused():
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=Wall())
    with pytest.raises(ValueError, match="only goes forward"):
        clock.move(to=FIRST_MORNING - timedelta(seconds=1))
    assert clock.now() == FIRST_MORNING


def test_a_process_that_was_forked_before_sees_the_jump():
    clock = CityClock(Anchor(NOON, FIRST_MORNING, 10), wall=Wall())
    monday = FIRST_MORNING + timedelta(days=4)
    reading, writing = os.pipe()
    go_reading, go_writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(go_reading, 1)
        os.write(writing, clock.now().isoformat().encode())
        os._exit(0)
    clock.move(to=monday)
    os.write(go_writing, b"!")
    os.waitpid(pid, 0)
    assert os.read(reading, 100).decode() == monday.isoformat()
    for each in (reading, writing, go_reading, go_writing):
        os.close(each)
