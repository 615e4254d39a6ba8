"""The dated switch: may sukets be given, by which letter, for how long (domain §2.5). Pure."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """What one letter says, from its day on."""

    since: date
    until: date | None  #: last day; None while no end is known
    is_allowed: bool
    letter: str
    months: int  #: how long a suket is valid
    may_extend: bool
    extend_within_days: int  #: extended in its last days only
    signed_by: str  #: the role whose holder signs


@dataclass(frozen=True, slots=True)
class Policy:
    """All rows, oldest first, and how a number is written."""

    rows: tuple[SwitchRow, ...]
    number: str

    def row_on(self, day: date) -> SwitchRow | None:
        """The row in force on a day; None before the first and after the end of the last."""
        begun = [row for row in self.rows if row.since <= day]
        if not begun or (begun[-1].until is not None and day > begun[-1].until):
            return None
        return begun[-1]

    def allowed_on(self, day: date) -> SwitchRow | Refusal:
        """The row by which a suket may be given on a day.

        Refuses suket.no_policy and suket.not_allowed, with the day and the letter.
        """
        row = self.row_on(day)
        if row is None:
            return Refusal("suket.no_policy", day=day.isoformat())
        if not row.is_allowed:
            return Refusal("suket.not_allowed", day=row.since.isoformat(), letter=row.letter)
        return row

    def number_of(self, n: int, *, office: str, year: int) -> str:
        """`471.13/00012/16.71/2017`."""
        return self.number.format(n=n, office=office, year=year)


def read_policy(text: str) -> Policy:
    """Read policy data. Raises ValueError or KeyError when a row says what nobody understands."""
    data = tomllib.loads(text)
    rows = tuple(
        SwitchRow(
            since=row["from"],
            until=row.get("until"),
            is_allowed=row["allowed"],
            letter=row["letter"],
            months=row["months"],
            may_extend=row["may_extend"],
            extend_within_days=row["extend_within_days"],
            signed_by=row["signed_by"],
        )
        for row in sorted(data["suket"], key=lambda row: row["from"])
    )
    for row in rows:
        if row.months < 1 or not row.letter or (row.until is not None and row.until < row.since):
            raise ValueError(f"the row from {row.since} has no letter, no length, or ends too soon")
    if len({row.since for row in rows}) != len(rows):
        raise ValueError("two rows begin on one day")
    return Policy(rows, data["number"])


@cache
def policy() -> Policy:
    """The policy of this release, from `policy.toml`."""
    return read_policy(files("ampera.suket").joinpath("policy.toml").read_text("utf-8"))


def months_after(day: date, *, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
