"""Who of the synthetic people of a kecamatan waits for a card: pure and seeded. DATA CONTOH."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

from ampera.register.rules.ages import must_hold_card
from ampera.words.reason import Reason
from ampera.world.people import ResidentSketch, people_of

#: More people than cases are made until enough of them are grown.
_GROWN_SHARE: Final = 0.55


def people_waiting(
    kelurahan: Sequence[str], *, counts: tuple[int, int], seed: int, today: date
) -> tuple[list[ResidentSketch], list[tuple[ResidentSketch, Reason]]]:
    """Everybody who lives there, and those who wait: so many for a first card, so many for another
    one (every second has lost his)."""
    first, others = counts
    wanted, count = first + others, round((first + others) / _GROWN_SHARE) + len(kelurahan)
    while True:
        people = list(people_of(kelurahan, count=count, seed=seed, today=today))
        grown = [n for n, each in enumerate(people) if _is_grown(each, on=today)]
        if len(grown) >= wanted:
            break
        count += count // 5 + 1
    chosen = sorted(Random(f"{seed}/{kelurahan[0]}").sample(grown, wanted))
    has_card = dict.fromkeys(grown, True)
    reasons: dict[int, Reason] = {}
    for place, number in enumerate(chosen):
        is_first = place * first // wanted != (place + 1) * first // wanted if wanted else False
        has_card[number] = not is_first
        replacing = Reason.LOST if len(reasons) % 2 else Reason.DATA_CHANGED
        reasons[number] = Reason.NEW if is_first else replacing
    told = [
        replace(each, has_legacy_card=has_card.get(number, False))
        for number, each in enumerate(people)
    ]
    return told, [(told[number], reason) for number, reason in reasons.items()]


def _is_grown(person: ResidentSketch, *, on: date) -> bool:
    return must_hold_card(born=person.born, marital=person.marital, on=on)
