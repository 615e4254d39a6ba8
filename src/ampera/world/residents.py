"""What residents of a simulated province do: who comes for a card, where and when, who asks twice,
who loses a card and asks for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ampera.journal.registry import Registry
from ampera.words.reason import Reason
from ampera.world.auditor import Auditor
from ampera.world.counter import Case, CounterDesk
from ampera.world.offices import Ground
from ampera.world.opening import DINAS, GUEST, Adult, opening
from ampera.world.shelf import Lies, Spot
from ampera.world.size import Size

LOSSES_MAX: Final = 2  #: so many cards are lost in one world


@dataclass(slots=True)
class Residents:
    """Everybody who comes to a counter."""

    ground: Ground
    counters: Mapping[str, CounterDesk]
    auditor: Auditor
    size: Size
    losses: int = 0

    def draw_cases(self, kecamatan: Sequence[str], *, registry: Registry) -> None:
        """Who comes for a card, where and when; some come to two offices, some have two NIKs."""
        chance, source = self.ground.chance, opening(registry)
        rng = chance.rng
        homes = [*kecamatan, *([GUEST] if "16.71.02" in kecamatan else [])]
        pool = [(home, adult) for home in homes for adult in source.adults[home]]
        rng.shuffle(pool)
        for home, adult in pool[: rng.randint(2, self.size.people_max)]:
            serving = str(adult.facts.host) if home == GUEST else home
            self._come(adult, serving, body=adult.facts.resident)
            if rng.random() < chance.faults.twice_asked:
                other, second = pool.pop()
                if rng.random() < 0.5:
                    # The same record at the dinas, or at another kecamatan that still lists it.
                    self._come(adult, rng.choice((DINAS, *kecamatan)), body=adult.facts.resident)
                else:
                    # One body, two records: known to the centre's matcher only.
                    at = str(second.facts.host) if other == GUEST else other
                    self._come(second, at, body=adult.facts.resident)

    def _come(self, adult: Adult, office: str, *, body: str) -> None:
        comes_at = self.ground.chance.rng.randrange(max(1, self.size.ticks // 2))
        self.ground.adults[adult.facts.resident] = adult
        self.ground.bodies[adult.facts.resident] = body
        self.auditor.cards.bodies[adult.facts.resident] = body
        self.counters[office].cases.append(Case(adult, office, body, comes_at))

    def lose_cards(self) -> None:
        """Somebody loses a card and reports it; somebody else wants a change as well; some find the
        lost card again, which is void by then."""
        chance, shelf = self.ground.chance, self.ground.shelf
        rng = chance.rng
        for serial, card in sorted(shelf.cards.items()):
            is_held = shelf.lies[serial] == Lies(Spot.HAND, card.resident)
            if not is_held or self.losses >= LOSSES_MAX or not chance.hits("lost_card"):
                continue
            self.losses += 1
            adult = self.ground.adults[card.resident]
            home = str(adult.facts.host)
            self._ask_again(adult, home, Reason.LOST)
            if rng.random() < chance.faults.twice_asked:
                self._ask_again(adult, DINAS, Reason.DATA_CHANGED)
            if rng.random() < 0.5:
                shelf.lose(serial)

    def _ask_again(self, adult: Adult, office: str, reason: Reason) -> None:
        body = self.ground.bodies[adult.facts.resident]
        case = Case(adult, office, body, self.ground.tick + 1, reason)
        self.counters[office].cases.append(case)
