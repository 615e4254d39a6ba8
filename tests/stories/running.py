"""A real city for the stories: started by the command that everybody uses, and ended again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tiers.running import QUICK

ROOT = Path(__file__).resolve().parents[2]
OFFICES = "16.71.02,16.71.07,16.71.13,16.71.15"
#: City seconds in a wall second: a card of 180 seconds takes a fifth of one.
SPEED = 900
UP_SECONDS = 180
STORY_SECONDS = 240
#: Stories in one wave run side by side at different offices; the second wave kills the dinas.
WAVES = (
    ("first-card", "jakabaring", "lost-at-kecamatan", "double-nik", "cut-line"),
    ("dinas-killed", "printer-crash"),
)


def environment() -> dict[str, str]:
    """The environment of a command: this tree, and nothing that other tests have set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPERA_")}
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL"):
        kept.pop(name, None)
    return {**kept, **QUICK, "PYTHONPATH": str(ROOT / "src")}


def free_base_port() -> int:
    """A base from which every port that a city may use is free just now."""
    for base in range(21_000, 60_000, 200):
        if all(_is_free(base + offset) for offset in (0, 2, 7, 13, 15, 50, 90, *range(100, 119))):
            return base
    raise AssertionError("no free ports for a city")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextlib.contextmanager
def city_running(folder: Path) -> Iterator[Path]:
    """Start a city in that folder; gives its city.json, and ends everything afterwards."""
    command = [sys.executable, "-m", "ampera", "up", "--data", str(folder),
               "--base-port", str(free_base_port()), "--offices", OFFICES,
               "--speed", str(SPEED), "--no-activity"]  # fmt: skip
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        city = subprocess.Popen(
            command, stdout=out, stderr=out, env=environment(), start_new_session=True
        )
    try:
        _wait_until_up(city, folder / "city.json", log)
        yield folder / "city.json"
    finally:
        city.send_signal(signal.SIGTERM)
        try:
            city.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(city.pid, signal.SIGKILL)
            city.wait()


def _wait_until_up(city: subprocess.Popen[bytes], file: Path, log: Path) -> None:
    end = time.monotonic() + UP_SECONDS
    while time.monotonic() < end:
        text = log.read_text(errors="replace")
        # The table of addresses is printed once every server answers.
        if "Ctrl-C" in text and file.exists():
            return
        assert city.poll() is None, f"the city ended: {text[-3000:]}"
        time.sleep(0.1)
    raise AssertionError(f"the city did not come up: {log.read_text(errors='replace')[-3000:]}")


def start_story(name: str, city: Path, *more: str) -> subprocess.Popen[str]:
    """One story as somebody at a terminal plays it."""
    command = [sys.executable, "-m", "ampera", "story", name, "--city", str(city), "--json", *more]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def end_of(story: subprocess.Popen[str]) -> dict[str, Any]:
    """Exit code, report and what was told on the way."""
    try:
        out, told = story.communicate(timeout=STORY_SECONDS)
    except subprocess.TimeoutExpired:
        story.kill()
        out, told = story.communicate()
    return {"code": story.returncode, "told": told, "report": json.loads(out) if out else {}}


def play_all(folder: Path, waves: Sequence[Sequence[str]] = WAVES) -> Mapping[str, Any]:
    """All stories on one city, wave by wave; returns what each left behind, by name."""
    results: dict[str, Any] = {}
    with city_running(folder / "city") as city:
        for wave in waves:
            playing = {name: start_story(name, city, "--patience", "2") for name in wave}
            results |= {name: end_of(story) for name, story in playing.items()}
    return results
