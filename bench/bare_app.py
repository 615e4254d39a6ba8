"""The yardstick of the status look-up: the same rows and the same answer, and nothing around it.

A WSGI handler of its own, without Django: it reads the posted code, hashes it, runs the statements
of `ampera.delivery.queries` on the same database file, and answers the page that our server gave
for this code, with the masked name put into its place from the row that it read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import urllib.parse
from pathlib import Path
from typing import Any

_told = json.loads(Path(os.environ["BENCH_TOLD"]).read_text(encoding="utf-8"))
_database = sqlite3.connect(f"file:{_told['database']}?mode=ro", uri=True, check_same_thread=False)
_facts, _steps, _offices, _promised = (
    _told[name] for name in ("facts", "steps", "offices", "promised")
)
_places: list[str] = _told["places"]
_day: str = _told["day"]
_before, _after = (part.encode() for part in _told["page"])
_ID, _NAMA, _ENROLMENT, _CARD, _PERMIT = (_told["columns"][name] for name in _told["wanted"])


def app(environ: dict[str, Any], start: Any) -> list[bytes]:
    form = urllib.parse.parse_qs(environ["wsgi.input"].read().decode())
    ticket = "".join(form["tiket"][0].split()).replace("-", "").upper()
    hash_ = hashlib.sha256(ticket.encode()).hexdigest()
    row = _database.execute(_facts, [_day, _day, hash_]).fetchall()[0]
    subjects = [row[_ID], row[_ENROLMENT], row[_CARD], row[_PERMIT], row[_CARD]]
    _database.execute(_steps, [each or row[_ID] for each in subjects]).fetchall()
    _database.execute(_offices, _places * 4).fetchall()
    _database.execute(_promised, [hash_]).fetchall()
    name = " ".join(f"{word[0]}***" for word in row[_NAMA].split())
    page = _before + name.encode() + _after
    start(
        "200 OK",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))],
    )
    return [page]
