"""How many wait in a city that is built by a scenario, and what blanko it has: numbers only, so
that a no comes before anything heavy is imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ampera.tiers.telling import CannotError
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

if TYPE_CHECKING:
    from ampera.planning.rules.whatif.scenario import Scenario

PART_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """`first`: who waits for a first card, by home kecamatan; `others`: who waits for another one,
    in the whole city; `store`: blanko at the dinas."""

    first: Mapping[str, int]
    others: int
    store: int

    def counts(self, home: OfficeCode, *, lived_in: Sequence[OfficeCode]) -> tuple[int, int]:
        """First cards and replacements of one kecamatan. Nobody said where those live who wait for
        another card: they are spread evenly."""
        place, places = list(lived_in).index(home), len(lived_in)
        share = self.others * (place + 1) // places - self.others * place // places
        return self.first.get(home.text, 0), share


def waiting_of(name: str, *, part: int) -> Waiting:
    """The figures of a shipped scenario, or one in `part` of them. Raises CannotError."""
    if not 1 <= part <= PART_MAX:
        raise CannotError(
            f"--part harus antara 1 dan {PART_MAX}.", f"--part lies between 1 and {PART_MAX}."
        )
    # Only here: who reads a city's plan for its ports needs no scenario, and no Django.
    from ampera.planning.rules.whatif.shipped import shipped, shipped_scenario

    scenario = shipped_scenario(name)
    if isinstance(scenario, Refusal):
        known = ", ".join(shipped())
        raise CannotError(
            f"--scenario: {name} tidak ada. Pilih dari: {known}.",
            f"--scenario: there is no {name}. Choose from: {known}.",
        )
    return _waiting(scenario, part=part)


def _waiting(scenario: Scenario, *, part: int) -> Waiting:
    first = {each.code: round(each.new_waiting.middle / part) for each in scenario.offices}
    others = sum(each.replacements_waiting.middle for each in scenario.offices)
    return Waiting(first, round(others / part), max(1, round(scenario.store.middle / part)))
