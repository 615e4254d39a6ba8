"""Dates and amounts in Indonesian words."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.papers.wording import (
    amount_in_words,
    count_twice,
    date_in_words,
    day_and_date,
    grouped,
)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (250, "dua ratus lima puluh"),
        (1_000, "seribu"),
        (1_011, "seribu sebelas"),
        (4_000, "empat ribu"),
        (16_760, "enam belas ribu tujuh ratus enam puluh"),
        (100_000, "seratus ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (2_000_000_001, "dua miliar satu"),
    ],
)
def test_an_amount_is_spoken(count: int, words: str) -> None:
    assert amount_in_words(count) == words


def test_amounts_below_a_hundred_thousand_are_all_different() -> None:
    assert len({amount_in_words(count) for count in range(100_000)}) == 100_000


@pytest.mark.parametrize("count", [-1, 1_000_000_000_000])
def test_an_amount_that_no_paper_holds_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="trillion"):
        amount_in_words(count)


def test_an_amount_stands_twice() -> None:
    assert grouped(1_234_567) == "1.234.567"
    assert count_twice(4_000) == "4.000 (empat ribu)"


def test_a_date_is_written_out() -> None:
    assert date_in_words(date(2017, 9, 7)) == "7 September 2017"
    assert day_and_date(date(2017, 9, 7)) == "Kamis, 7 September 2017"
    assert day_and_date(date(2018, 1, 1)) == "Senin, 1 Januari 2018"
