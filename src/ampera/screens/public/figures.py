"""The figures that everybody may read: blanks, cards made, who waits, and from when a card asked
for today can be expected.

Counts from 1 to 4 are shown as *fewer than 5*: on one day in one small office a single card is a
person whom neighbours know. All others are rounded down to fives and sums are those of the rounded
ones, so that nothing can be subtracted: not a row from a sum, nor yesterday's page from today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ampera.journal.house import house
from ampera.papers.wording import date_in_words
from ampera.planning.queries.city import CityNow, OfficeNow, city_kept
from ampera.planning.queries.supply import promised
from ampera.planning.rules.backlog import Part
from ampera.planning.rules.expected import Because, Expected, QueueFacts, Supply, expected
from ampera.printing.rules.hours import print_policy
from ampera.register.queries import local_day
from ampera.words.office import Tier

#: Smaller counts of people are not told.
SHOWN_FROM: Final = 5
_WORDS: Final = {
    "id": {
        "few": "< 5",
        "over": "lebih dari",
        Because.QUEUE: "Dihitung dari kartu yang antre lebih dahulu dan kemampuan cetak kantor.",
        Because.SUPPLY: "Blanko habis sebelum giliran; menunggu kiriman yang dijanjikan.",
        Because.NO_BLANKO: "Belum dapat dikatakan: blanko habis sebelum giliran dan tanggal"
        " kiriman berikutnya belum diketahui.",
        Because.NO_CAPACITY: "Kantor ini belum mencetak.",
        Because.TOO_FAR: "Belum dapat dikatakan: antrean lebih panjang dari setahun.",
    },
    "en": {
        "few": "< 5",
        "over": "more than",
        Because.QUEUE: "From the cards that queue before it and the capacity of that office.",
        Because.SUPPLY: "Blanks run out before; it waits for a supply with a promised day.",
        Because.NO_BLANKO: "Cannot be told: blanks run out before, and no day is known for the next"
        " supply.",
        Because.NO_CAPACITY: "This office does not print yet.",
        Because.TOO_FAR: "Cannot be told: the queue is longer than a year.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOffice:
    """One office as the page says it; counts of people are texts, already made coarse."""

    code: str
    name: str
    shelf: int
    yesterday: str
    week: str
    month: str
    waiting: str
    first: str  #: empty when nobody can tell
    last: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """The page's content."""

    offices: tuple[PublicOffice, ...]
    shelf: int
    sums: tuple[str, str, str, str]  #: yesterday, week, month, waiting
    cutoff: str


def public_figures(language: str) -> PublicFigures:
    """Today's figures of the city in one language."""
    city = city_kept()
    supplies = promised()
    needed = sum(each.need for each in city.offices)
    rows = [_office(each, city, _share(supplies, each, needed), language) for each in city.offices]
    columns = [
        [getattr(each, name) for each in city.offices] for name in ("yesterday", "week", "month")
    ]
    columns.append([_waiting(each, city) for each in city.offices])
    yesterday, week, month, waiting = (_sum(column, language) for column in columns)
    return PublicFigures(
        offices=tuple(rows),
        shelf=city.shelf,
        sums=(yesterday, week, month, waiting),
        cutoff=city.backlog.cutoff.isoformat(),
    )


def _office(  # positional: whose, where, what comes, in which language
    each: OfficeNow, city: CityNow, supplies: list[Supply], language: str
) -> PublicOffice:
    told = _expected(each, city, supplies)
    return PublicOffice(
        code=each.code.text,
        name=each.name,
        shelf=each.shelf,
        yesterday=coarse(each.yesterday, language=language),
        week=coarse(each.week, language=language),
        month=coarse(each.month, language=language),
        waiting=coarse(_waiting(each, city), language=language),
        first=date_in_words(told.first) if told.first else "",
        last=date_in_words(told.last) if told.last and told.last != told.first else "",
        because=_WORDS[language][told.because],
    )


def _waiting(each: OfficeNow, city: CityNow) -> int:  # positional: whose, where
    """Cards that this office still has to make."""
    found = city.backlog
    return found.count(Part.READY, at=each.code) + found.count(Part.NOT_READY, at=each.code)


def _expected(each: OfficeNow, city: CityNow, supplies: list[Supply]) -> Expected:  # positional
    facts = QueueFacts(
        ready=each.need,
        not_ready=city.backlog.count(Part.NOT_READY, at=each.code),
        # The dinas's shelf is shared out; what its own queue gets of it is what others leave.
        blanko=each.shelf + each.transit - _owed_to_others(each, city),
        capacity=each.capacity,
        usual=each.usual,
    )
    return expected(facts, today=local_day(), supplies=supplies, by=print_policy())


def _owed_to_others(each: OfficeNow, city: CityNow) -> int:  # positional: whose, where
    """Of the dinas's shelf: what the kecamatan lack for cards that are ready, most of it at the
    most."""
    if each.code != house().code or each.code.tier is not Tier.DINAS:
        return 0
    lacking = sum(
        max(0, other.need - other.shelf - other.transit)
        for other in city.offices
        if other.code != each.code
    )
    return min(lacking, each.shelf)


def _share(  # positional: of what, for whom, among how many
    supplies: list[Supply], each: OfficeNow, needed: int
) -> list[Supply]:
    """What an office may expect of a supply of the city: its part of all that is needed."""
    return [
        Supply(day=one.day, count=one.count * (each.need + 1) // max(1, needed + 1))
        for one in supplies
    ]


def coarse(count: int, *, language: str) -> str:
    """A count of people as the public may read it: rounded down, so that the difference between two
    mornings does not tell of two or three people either."""
    if 0 < count < SHOWN_FROM:
        return _WORDS[language]["few"]
    return _grouped(_rounded(count), language)


def _rounded(count: int) -> int:
    return count - count % SHOWN_FROM


def _sum(counts: list[int], language: str) -> str:  # positional: of what, in which language
    """Of what is told, not of what is known: a sum of exact counts would tell the hidden one."""
    told = sum(_rounded(count) for count in counts)
    if any(0 < count < SHOWN_FROM for count in counts):
        return f"{_WORDS[language]['over']} {_grouped(told, language)}"
    return _grouped(told, language)


def _grouped(count: int, language: str) -> str:  # positional: a number in a language
    return f"{count:,}" if language == "en" else f"{count:,}".replace(",", ".")
