"""Whole cases played from outside against a running city: what one shows, and what proves it.

Each story is a module with `ABOUT` and `play(city, teller)`. Nothing here knows the inside of a
server: stories speak HTTP with the tokens of `city.json`, and open no database and no Django.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Final

#: Story → its module here.
STORIES: Final = {
    "first-card": "first_card",
    "jakabaring": "jakabaring",
    "lost-at-kecamatan": "lost_at_kecamatan",
    "double-nik": "double_nik",
    "cut-line": "cut_line",
    "dinas-killed": "dinas_killed",
    "printer-crash": "printer_crash",
}


def load(name: str) -> ModuleType:
    """The module of a story. KeyError for one that is not known."""
    return import_module(f"{__name__}.{STORIES[name]}")
