"""What a message says, to which address, and when it is tried again. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

WAIT_SECONDS_FIRST: Final = 60
WAIT_SECONDS_MAX: Final = 6 * 3600
#: After so many tries without an answer a person has to look at the way out.
TRIES_MAX: Final = 20
_EMAIL: Final = re.compile(r"[^@\s<>,;\"']{1,64}@[A-Za-z0-9.-]{1,60}\.[A-Za-z]{2,20}")
_PHONE: Final = re.compile(r"(?:\+62|62|0)(8[0-9]{7,11})")
_PHONE_DIRT: Final = re.compile(r"[\s().-]")


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text, filled in."""

    subject: str
    text: str


def read_contact(contact: str) -> tuple[str, str] | None:
    """(channel, address) of what a resident gave: an e-mail address or a mobile number; else None.

    Numbers come out as +62…, however they were written.
    """
    plain = contact.strip()
    if _EMAIL.fullmatch(plain):
        return "email", plain
    found = _PHONE.fullmatch(_PHONE_DIRT.sub("", plain))
    return ("phone", f"+62{found[1]}") if found else None


def words_of(kind: str, *, name: str, office: str, language: str = "id") -> Words:
    """A message of that kind. `name` is cut to first letters here, so that no caller can forget."""
    row = _texts()[kind][language]
    initials = " ".join(f"{word[0]}***" for word in name.split()) or "***"
    told = {"name": initials, "office": office}
    return Words(row["subject"].format(**told), row["text"].format(**told))


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    text = files("ampera.delivery").joinpath("messages.toml").read_text("utf-8")
    return tomllib.loads(text)


def next_try(*, now: datetime, tries: int) -> datetime:
    """Wait twice as long after each failure, never longer than six hours."""
    assert tries >= 1
    wait = min(WAIT_SECONDS_FIRST * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX)
    return now + timedelta(seconds=wait)
