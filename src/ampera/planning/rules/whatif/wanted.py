"""Taking one value out of a scenario file, or saying what stands there instead of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

from ampera.planning.rules.whatif.scenario import Figure
from ampera.words.refusal import Refusal

Choice = TypeVar("Choice", bound=StrEnum)
_SAID_MAX: Final = 60
_YEARS: Final = (2000, 2100)


class NonsenseError(Exception):
    """Carries the refusal out of the depth of a file; never leaves this package."""

    def __init__(self, no: Refusal) -> None:
        super().__init__(no.code)
        self.no = no


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be."""

    least: float
    most: float
    is_whole: bool = False
    is_one: bool = False  #: the model computes with one number: a range would say nothing

    @property
    def wanted_id(self) -> str:
        kind = "bilangan bulat" if self.is_whole else "angka"
        return f"{kind} antara {self.least:g} dan {self.most:g}"

    @property
    def wanted_en(self) -> str:
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} between {self.least:g} and {self.most:g}"


class Section:
    """One table of the file. Whatever is not taken from it by its end is unknown."""

    def __init__(self, rows: object, *, key: str) -> None:
        if not isinstance(rows, Mapping):
            wrong(key, found=rows, wanted_id="satu bagian", wanted_en="a section")
        self.key = key
        self._rows: Mapping[str, Any] = rows
        self._known: list[str] = []

    def place(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def has(self, name: str) -> bool:
        self._known.append(name)
        return name in self._rows

    def take(self, name: str, *, wanted_id: str, wanted_en: str) -> Any:
        """A value that has to be there."""
        if not self.has(name):
            no = Refusal(
                "planning.scenario_missing",
                key=self.place(name), wanted_id=wanted_id, wanted_en=wanted_en,
            )  # fmt: skip
            raise NonsenseError(no)
        return self._rows[name]

    def finish(self) -> None:
        """Nothing may be left: a misspelled key would silently be a default."""
        for name in self._rows:
            if name not in self._known:
                known = ", ".join(dict.fromkeys(self._known))
                no = Refusal("planning.scenario_unknown_key", key=self.place(name), known=known)
                raise NonsenseError(no)

    def section(self, name: str) -> Section:
        """A table inside; an empty one when it is not there."""
        return Section(self._rows[name] if self.has(name) else {}, key=self.place(name))

    def sections(self, name: str, *, most: int) -> list[Section]:
        """A list of tables."""
        rows = self._rows[name] if self.has(name) else []
        if not isinstance(rows, list) or len(rows) > most:
            wrong(self.place(name), found=rows,
                  wanted_id=f"daftar dengan paling banyak {most} bagian",
                  wanted_en=f"a list of at most {most} sections")  # fmt: skip
        return [Section(row, key=f"{self.place(name)}[{at}]") for at, row in enumerate(rows, 1)]

    def text(self, name: str, *, default: str | None = None, most: int = 200) -> str:
        asked = (f"teks sampai {most} huruf", f"text of up to {most} letters")
        if default is not None and not self.has(name):
            return default
        value = self.take(name, wanted_id=asked[0], wanted_en=asked[1])
        if not isinstance(value, str) or len(value) > most or (default is None and not value):
            wrong(self.place(name), found=value, wanted_id=asked[0], wanted_en=asked[1])
        return value

    def flag(self, name: str) -> bool:
        value = self._rows[name] if self.has(name) else False
        if not isinstance(value, bool):
            wrong(self.place(name), found=value, wanted_id="true atau false",
                  wanted_en="true or false")  # fmt: skip
        return value

    def day(self, name: str) -> date:
        asked = ("tanggal seperti 2017-09-11", "a date like 2017-09-11")
        value = self.take(name, wanted_id=asked[0], wanted_en=asked[1])
        return a_day(value, key=self.place(name))

    def choice(self, name: str, *, default: Choice) -> Choice:
        if not self.has(name):
            return default
        value = self._rows[name]
        offered = [each.value for each in type(default)]
        if value not in offered:
            said = " / ".join(offered)
            wrong(self.place(name), found=value, wanted_id=said, wanted_en=said)
        return type(default)(value)

    def number(self, name: str, *, within: Range, default: float | None = None) -> float:
        """A plain number, without a source."""
        if default is not None and not self.has(name):
            return default
        value = self.take(name, wanted_id=within.wanted_id, wanted_en=within.wanted_en)
        return _number(value, key=self.place(name), within=within)

    def whole(self, name: str, *, within: Range, default: int | None = None) -> int:
        return int(self.number(name, within=within, default=default))

    def figure(self, name: str, *, within: Range, default: Figure | None = None) -> Figure:
        """A number, or {value | low, high; source, assumption, note}."""
        if default is not None and not self.has(name):
            return default
        value = self.take(name, wanted_id=within.wanted_id, wanted_en=within.wanted_en)
        key = self.place(name)
        if not isinstance(value, Mapping):
            number = _number(value, key=key, within=within)
            return Figure(number, number)
        inside = Section(value, key=key)
        source = inside.text("source", default="")
        inside.text("note", default="", most=500)
        is_assumption = inside.flag("assumption")
        if inside.has("value"):
            low = high = inside.number("value", within=within)
            inside.finish()
        else:
            low = inside.number("low", within=within)
            high = inside.number("high", within=within)
            inside.has("value")
            inside.finish()
            if within.is_one and high > low:
                wrong(key, found=f"{low:g}-{high:g}", wanted_id="satu angka, bukan kisaran",
                      wanted_en="one number, not a range")  # fmt: skip
            if high < low:
                wrong(f"{key}.high", found=high, wanted_id=f"angka yang tidak di bawah {low:g}",
                      wanted_en=f"a number not below {low:g}")  # fmt: skip
        return Figure(low, high, source, is_assumption)


def a_day(value: object, *, key: str) -> date:
    """A plain date of our century."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if not is_day or not _YEARS[0] <= value.year <= _YEARS[1]:  # type: ignore[attr-defined]
        wrong(key, found=value, wanted_id="tanggal seperti 2017-09-11 (tanpa tanda kutip)",
              wanted_en="a date like 2017-09-11 (without quotes)")  # fmt: skip
    assert isinstance(value, date)
    return value


def _number(value: object, *, key: str, within: Range) -> float:
    # `true` is an int in Python, and NaN is neither below nor above anything.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):  # type: ignore[arg-type]
        wrong(key, found=value, wanted_id=within.wanted_id, wanted_en=within.wanted_en)
    assert isinstance(value, int | float)
    is_wrong = within.is_whole and value != int(value)
    if is_wrong or not within.least <= value <= within.most:
        wrong(key, found=value, wanted_id=within.wanted_id, wanted_en=within.wanted_en)
    return value


def wrong(key: str, *, found: object, wanted_id: str, wanted_en: str) -> NoReturn:
    """What stands there cannot be; it is quoted, shortened."""
    said = str(found)
    said = said if len(said) <= _SAID_MAX else said[:_SAID_MAX] + "…"
    raise NonsenseError(
        Refusal(
            "planning.scenario_wrong_value",
            key=key, found=f"“{said}”", wanted_id=wanted_id, wanted_en=wanted_en,
        )
    )  # fmt: skip
