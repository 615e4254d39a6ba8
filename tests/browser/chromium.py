"""Debian's Chromium, driven for real; and eyes that judge each page as WCAG 2.2 AA does."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: Where each journey leaves its picture; not kept by git.
PICTURES: Final = Path(__file__).resolve().parents[2] / "test-output" / "browser"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OPTIONS: Final = {"runOnly": RULES, "resultTypes": ["violations"]}
#: A page may be slow while the machine is busy with other servers.
SECONDS_MAX: Final = 40


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for one journey. Without one: skipped here, failed in CI.

    Playwright's loop runs as long as this is open, and Django refuses its database meanwhile: so
    never longer than one test.
    """
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"no {CHROMIUM}", pytrace=False)
        pytest.skip(f"no {CHROMIUM}")
    expect.set_options(timeout=SECONDS_MAX * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def another(browser: Browser, *flags: str) -> Iterator[Browser]:
    """A second browser beside the first, started with flags of its own."""
    path = str(CHROMIUM)
    opened = browser.browser_type.launch(executable_path=path, args=[*FLAGS, *flags])
    try:
        yield opened
    finally:
        opened.close()


class Eyes:
    """Looks at every page that it is shown, and says at the end what was wrong with any."""

    def __init__(self) -> None:
        self.looked_at = 0
        self.wrong: list[str] = []
        self._axe = Axe()

    def look(self, page: Page) -> Page:
        """Judge the page as it stands; gives it back."""
        page.wait_for_load_state()
        found: dict[str, Any] = self._axe.run(page, options=_OPTIONS).response
        self.looked_at += 1
        for each in found["violations"]:
            spots = [f"{node['target'][0]} in {node['html'][:160]}" for node in each["nodes"]]
            self.wrong.append(f"{page.title()}: {each['id']}: {each['help']}: {spots[:3]}")
        return page

    def picture(self, page: Page, name: str) -> Path:
        """One picture of the whole page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path


def overflow(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
