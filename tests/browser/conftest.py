"""One running city for all journeys; a browser and a pair of eyes for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import SECONDS_MAX, Eyes, chromium
from tests.browser.desks import log_in
from tests.browser.running import BrowserCity
from tests.tiers.running import is_alive, wait_until

#: (office, login, more for the browser's context) → a page on which that officer is signed in.
Desk = Callable[..., Page]


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserCity]:
    """Built and started once a run; a journey takes residents whom no other has."""
    data = tmp_path_factory.mktemp("browser") / "data"
    with BrowserCity(data) as running:
        running.wait_until_up()
        yield running
        pids = running.pids()
        running.stop()
    wait_until(lambda: not any(map(is_alive, pids)))
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
def visitor(browser: Browser) -> Callable[..., Page]:
    """Somebody with a browser of their own: no session of anybody else."""

    def open_page(**more: Any) -> Page:
        page = browser.new_context(locale="id-ID", **more).new_page()
        page.set_default_timeout(SECONDS_MAX * 1000)
        return page

    return open_page


@pytest.fixture
def desk(visitor: Callable[..., Page], city: BrowserCity) -> Desk:
    """An officer who is signed in: `desk("16.71.02", "loket")`."""

    def sit_down(code: str, login: str, **more: Any) -> Page:
        return log_in(visitor(**more), city, code=code, login=login)

    return sit_down
