"""`python -m bench.cardless_city up …`: the demo city on a day when nobody holds a card yet.

In the demo most residents hold a card from before Ampera, and a kecamatan prints first cards only:
there would not be 160 people to come.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ampera.__main__ import main
from ampera.world import people

_people_of = people.people_of


def _without_cards(*where: Any, **how: Any) -> Iterator[people.ResidentSketch]:
    return (replace(each, has_legacy_card=False) for each in _people_of(*where, **how))


if __name__ == "__main__":
    people.people_of = _without_cards  # before the building of cities takes the name
    sys.exit(main())
