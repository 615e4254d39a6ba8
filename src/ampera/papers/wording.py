"""Indonesian dates and amounts as they stand on an official paper."""

from __future__ import annotations

from datetime import date
from typing import Final

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_ONES: Final = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES: Final = ((1_000_000_000, "miliar"), (1_000_000, "juta"), (1_000, "ribu"), (100, "ratus"))


def date_in_words(on: date) -> str:
    """`7 September 2017`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_and_date(on: date) -> str:
    """`Kamis, 7 September 2017`, as a berita acara begins."""
    return f"{WEEKDAYS[on.weekday()]}, {date_in_words(on)}"


def grouped(count: int) -> str:
    """`4.000`: Indonesian thousands are parted by dots."""
    return f"{count:,}".replace(",", ".")


def amount_in_words(count: int) -> str:
    """`empat ribu`. An amount stands twice on a signed paper: so no digit can be added later.

    Raises ValueError below zero and from a trillion on.
    """
    if not 0 <= count < 1_000_000_000_000:
        raise ValueError("an amount on paper lies between zero and a trillion")
    if count < 12:
        return _ONES[count]
    if count < 20:
        return f"{_ONES[count - 10]} belas"
    if count < 100:
        tens, rest = divmod(count, 10)
        return _joined(f"{_ONES[tens]} puluh", rest)
    scale, name = next(each for each in _SCALES if count >= each[0])
    many, rest = divmod(count, scale)
    # One hundred and one thousand are one word each: seratus, seribu; one million is two.
    head = f"se{name}" if many == 1 and scale <= 1_000 else f"{amount_in_words(many)} {name}"
    return _joined(head, rest)


def _joined(head: str, rest: int) -> str:
    return head if rest == 0 else f"{head} {amount_in_words(rest)}"


def count_twice(count: int) -> str:
    """`4.000 (empat ribu)`."""
    return f"{grouped(count)} ({amount_in_words(count)})"
