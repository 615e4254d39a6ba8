"""A city in which residents come by themselves, seen from outside like any other visitor."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ampera.words.reason import Reason
from tests.tiers.running import (
    RunningCity,
    ampera,
    ask,
    finished,
    free_base_port,
    is_alive,
    wait_until,
)

KECAMATAN = "16.71.02"
DINAS = "16.71"
#: A first card takes the post some ten wall seconds; a working day lasts a minute and a half.
SPEED = "300"


class LivelyCity(RunningCity):
    """A city of one kecamatan, with residents."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.base = free_base_port()
        self.process = ampera(
            *("up", "--data", str(data), "--base-port", str(self.base)),
            *("--offices", KECAMATAN, "--speed", SPEED, "--activity-per-hour", "60"),
        )
        self.said = ""

    @property
    def driver(self) -> int:
        """The process that plays the residents; 0 while there is none."""
        told = self.file.get("activity")
        return told["pid"] if told and is_alive(told["pid"]) else 0

    @property
    def diary(self) -> str:
        return Path(self.file["activity"]["log"]).read_text()

    def count(self, what: str) -> int:
        with contextlib.suppress(FileNotFoundError):
            return len(re.findall(what, self.diary))
        return 0

    def told(self, code: str, login: str, path: str) -> Any:
        """What the machine interface of that server says to that officer."""
        (officer,) = (each for each in self.server(code)["officers"] if each["login"] == login)
        token = {"Authorization": f"Bearer {officer['token']}"}
        status, told = ask(self.url(code, f"api/v1/{path}"), headers=token)
        assert status == 200, told
        return told

    def unsent(self) -> int:
        return sum(self.told(code, "loket", "health")["unsent"] for code in (DINAS, KECAMATAN))

    def requests(self) -> list[dict[str, Any]]:
        """Every open request of the city, by the office that took it."""
        found = {}
        for code in (DINAS, KECAMATAN):
            skip, page = 0, [{}]
            while page and (skip == 0 or len(page) == 50):
                page = self.told(code, "loket", f"requests?skip={skip}&most=50")
                found |= {each["id"]: each for each in page if each["office"] == code}
                skip += 50
        return list(found.values())


@pytest.fixture
def lively(data: Path) -> Iterator[LivelyCity]:
    with LivelyCity(data) as city:
        city.wait_until_up()
        yield city


def test_residents_come_and_take_cards_home_and_a_killed_driver_doubles_nothing(lively):
    assert "--no-activity" in lively.said, "whoever starts the city learns how to turn it off"
    wait_until(lambda: lively.driver, seconds_max=30)
    wait_until(lambda: lively.count("diserahkan kepada"), seconds_max=120)
    first, before = lively.driver, lively.count("permohonan req")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: lively.driver not in (0, first), seconds_max=60)
    wait_until(lambda: lively.count("permohonan req") > before, seconds_max=90)
    second = lively.driver
    # Frozen, so that every server hears of all that was done: looks travel last of all.
    os.kill(second, signal.SIGSTOP)
    wait_until(lambda: lively.unsent() == 0, seconds_max=90)
    _nobody_has_two(lively)
    code, said = finished("verify", "--city", str(lively.data / "city.json"), "--json")
    assert code == 0, said
    assert json.loads(said[said.index("{") :])["findings"] == []
    for log in lively.data.glob("*/ampera.log"):
        assert "fault" not in log.read_text(), log.read_text()
    os.kill(second, signal.SIGCONT)
    assert lively.stop() == 0
    assert not is_alive(second)


def _nobody_has_two(city: LivelyCity) -> None:
    # Whoever asks at two counters on purpose is told of in the diary; of this seed nobody does.
    assert "rekaman ganda" not in city.diary
    asked = Counter(
        (each["resident"], Reason(each["reason"]).is_replacement) for each in city.requests()
    )
    assert asked
    assert set(asked.values()) == {1}, "a resident has one open request of a kind"
    for code in (DINAS, KECAMATAN):
        permits = city.told(code, "cetak", "permits")
        assert len({each["request"] for each in permits}) == len(permits)
        assert len({each["card"] for each in permits}) == len(permits)
    numbers = re.findall(r"\b\d{16}\b", city.diary)
    assert numbers == [], "no NIK stands in the diary"


def test_nobody_comes_to_a_city_without_activity(city):
    assert "activity" not in city.file
    _, status = city.control("/", method="GET")
    assert status["activity"] == {"state": "off", "pid": 0, "restarts": 0}
    assert not (city.data / "activity.log").exists()
    assert "DATA CONTOH) datang sendiri" not in city.said


def test_a_rate_that_cannot_be_is_refused_before_anything_is_made(tmp_path: Path):
    data = tmp_path / "city"
    code, said = finished("up", "--data", str(data), "--activity-per-hour", "-1")
    assert code == 1
    assert "--activity-per-hour lies between 0 and" in said
    assert not data.exists()
