"""A real city of two kecamatan: processes, files and ports of its own, built once a run."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.houses import Offices
from tests.tiers.running import RunningCity, is_alive, wait_until


@pytest.fixture
def offices(django_db_blocker: Any) -> Iterator[Offices]:
    """A small province in this process: `with offices.at("16.71.02"): …`."""
    with django_db_blocker.unblock(), Offices() as made:
        yield made


@dataclass(frozen=True)
class BuiltCity:
    """A city that was built, ran, and was stopped with Ctrl-C."""

    folder: str
    exit_code: int
    left_alive: list[int]  #: processes of it that were there a moment after the end
    processes: int  #: how many there were while it ran
    said: str

    @property
    def data(self) -> Path:
        return Path(self.folder)


@pytest.fixture(scope="session")
def built_city(run_folder: Path) -> BuiltCity:
    """The first start, shared by all workers of this run; tests work on copies of its folder."""
    folder = run_folder / "tiers-city"
    folder.mkdir(exist_ok=True)
    told = folder / "told.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(asdict(_build(folder / "data"))))
    return BuiltCity(**json.loads(told.read_text()))


def _build(data: Path) -> BuiltCity:
    with RunningCity(data) as city:
        city.wait_until_up()
        pids = city.pids()
        exit_code = city.stop()
        left = [pid for pid in pids if is_alive(pid)]
        return BuiltCity(str(data), exit_code, left, len(pids), city.said)


@pytest.fixture
def data(built_city: BuiltCity, tmp_path: Path) -> Path:
    """A copy of the stopped city, for one test to spoil."""
    copy = tmp_path / "data"
    shutil.copytree(built_city.data, copy)
    return copy


@pytest.fixture(scope="session")
def city(built_city: BuiltCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """The second start of the same city. Whoever stops something in it starts it again."""
    copy = tmp_path_factory.mktemp("running") / "data"
    shutil.copytree(built_city.data, copy)
    with RunningCity(copy) as running:
        running.wait_until_up()
        yield running
        pids = running.pids()
    wait_until(lambda: not any(map(is_alive, pids)))
