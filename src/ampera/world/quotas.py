"""A city with an order of its own: in some worlds each kecamatan is granted so many cards a day.

Real policy data, read by the real code; dice of its own, so that no other chance of a world moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ampera.readiness.rules.policy import Limit, QuotaClass, QuotaRow, policy
from ampera.world.opening import START

#: Of so many worlds one has a quota.
_WORLDS: Final = 10
#: After the healing so many days are waited for whoever a quota holds back.
DAYS_MAX: Final = 6


def quota_of(seed: int) -> int:
    """Cards a day of each kecamatan in this world; 0 where nothing is limited."""
    dice = random.Random(f"{seed}/quota")
    return dice.choice((1, 2)) if dice.randrange(_WORLDS) == 0 else 0


@contextmanager
def cards_a_day(most: int) -> Iterator[None]:
    """As long as this lasts the city's policy has that quota. 0: none."""
    known = policy()
    before = known.quotas
    row = QuotaRow(
        START.date(), "Kota contoh", (Limit("kecamatan", QuotaClass.ANY, most),) if most else ()
    )
    # The policy of a release never changes while it runs: only a world is another city.
    object.__setattr__(known, "quotas", (*before, row) if most else before)
    try:
        yield
    finally:
        object.__setattr__(known, "quotas", before)
