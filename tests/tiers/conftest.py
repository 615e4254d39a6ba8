"""A real city of two kecamatan: processes, files and ports of its own, built once a run."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
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

    data: Path
    exit_code: int
    pids: list[int]  #: of all its processes while it ran
    said: str


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BuiltCity]:
    """The first start; tests work on copies of its folder."""
    data = tmp_path_factory.mktemp("city") / "data"
    with RunningCity(data) as city:
        city.wait_until_up()
        pids = city.pids()
        exit_code = city.stop()
        said = city.said
    yield BuiltCity(data, exit_code, pids, said)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def data(built_city: BuiltCity, tmp_path: Path) -> Path:
    """A copy of the stopped city, for one test to spoil."""
    copy = tmp_path / "data"
    shutil.copytree(built_city.data, copy)
    return copy


@pytest.fixture(scope="module")
def city(built_city: BuiltCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCity]:
    """The second start of the same city, running for the tests of one file."""
    copy = tmp_path_factory.mktemp("running") / "data"
    shutil.copytree(built_city.data, copy)
    began = time.monotonic()
    with RunningCity(copy) as running:
        running.wait_until_up()
        running.seconds = time.monotonic() - began
        yield running
        pids = running.pids()
    wait_until(lambda: not any(map(is_alive, pids)))
