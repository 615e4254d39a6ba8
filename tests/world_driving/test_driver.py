"""The driver asks everybody in turn, and a silent server stops nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from ampera.words.clock import FixedClock
from ampera.words.office import OfficeCode
from ampera.world.driving import driver as driving
from ampera.world.driving.client import Silent
from ampera.world.driving.driver import Lane
from tests.world_driving.acting import DINAS, KECAMATAN, MORNING, ScriptedCity, ground_of


@dataclass
class Asked:
    """Counts how often it was asked; silent ones raise."""

    code: OfficeCode
    is_silent: bool = False
    name: str = "loket"
    at: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=lambda: [0.0])

    def step(self, now: datetime) -> float:
        self.at.append(self.wall[0])
        if self.is_silent:
            raise Silent("127.0.0.1:8002: timed out")
        return 1.0


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    wall = [0.0]
    monkeypatch.setattr(driving.time, "monotonic", lambda: wall[0])
    well, ill = Asked(KECAMATAN, wall=wall), Asked(DINAS, is_silent=True, wall=wall)
    ground = ground_of(ScriptedCity(tmp_path), clock=FixedClock(MORNING))
    made = Lane([well, ill], ground=ground)

    def pass_(seconds: int) -> None:
        for _ in range(seconds * 10):
            made.turn()
            wall[0] += 0.1

    return pass_, well, ill, tmp_path / "activity.log"


def test_a_silent_server_is_asked_less_and_less_often_and_all_else_goes_on(driver):
    pass_, well, ill, _ = driver
    pass_(100)
    assert len(well.at) > 80
    gaps = [round(later - sooner) for sooner, later in zip(ill.at, ill.at[1:], strict=False)]
    assert gaps[:4] == [3, 6, 12, 24]
    assert max(gaps) <= 31


def test_a_server_that_answers_again_is_asked_as_before(driver):
    pass_, _, ill, _ = driver
    pass_(50)
    ill.is_silent = False
    pass_(60)
    assert len(ill.at) > 20


def test_a_silence_is_one_line_in_the_diary(driver):
    pass_, _, _, diary = driver
    pass_(100)
    assert diary.read_text().count("server tidak menjawab") == 1
