"""The public status by ticket code, against the same look-up in a bare granian handler."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from bench.city import Browser, api, free_port, running_city
from bench.ground import Measured, in_turn, rate


def measure(folder: Path) -> Measured:
    with running_city(folder, offices="16.71.02") as city:
        people = api(city, "16.71", "loket", path="/demo/residents?kelurahan=16.71.02")
        asked = {
            "nik": people[0]["nik"],
            "reason": "NEW",
            "papers": ["form", "kk_copy", "presence"],
        }
        taken = api(city, "16.71", "loket", path="/requests", body=asked)
        database = city.file.parent / "16.71" / "ampera.sqlite3"
        hash_ = (
            sqlite3.connect(database)
            .execute("SELECT ticket_hash FROM intake_cardrequest WHERE id = ?", [taken["request"]])
            .fetchone()[0]
        )
        port = free_port()
        bare = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
             "--no-ws", "bench.bare_app:app"],
            env={**os.environ, "BENCH_DATABASE": str(database), "BENCH_HASH": hash_},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            time.sleep(2)
            ours, yardstick = (
                Browser(city.server("16.71")["url"]),
                Browser(f"http://127.0.0.1:{port}"),
            )
            ours.ask("/status/")
            status, page = ours.ask("/status/", {"tiket": taken["ticket"]})
            assert status == 200, status
            assert "CITY" in page or "kota" in page.lower()

            def look(_: int) -> None:
                ours.ask("/status/", {"tiket": taken["ticket"]})

            def look_bare(_: int) -> None:
                yardstick.ask("/", {"tiket": urllib.parse.quote(taken["ticket"])})

            figures = in_turn(lambda: rate(look, count=150), lambda: rate(look_bare, count=150))
        finally:
            bare.terminate()
            bare.wait(10)
    return Measured("status look-up / bare handler", *figures, "per second", goal=0.4)
