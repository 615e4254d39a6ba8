"""Sharing the dinas's store over the offices, in all replications at once.

The rule for a real allocation stands elsewhere and explains itself office by office; this one is
its plain sister for a thousand futures: in proportion to what waits, never more than an office can
use, whole blanks, none made and none lost. What proportion cannot divide goes one each by code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ampera.planning.rules.whatif.tables import Counts


def share_out(store: Counts, *, wanted: Counts, weight: NDArray[np.float64]) -> Counts:
    """Blanks for each office (R, N): at most `wanted`, together at most `store` (R)."""
    given = np.zeros_like(wanted)
    left = store.copy()
    # What an office at its cap leaves is offered to the others again; each round caps one more.
    for _ in range(wanted.shape[1] + 1):
        room = wanted - given
        claims = np.where(room > 0, weight, 0.0)
        total = claims.sum(axis=1)
        share = left / np.where(total > 0, total, 1.0)
        part = np.minimum(np.floor(claims * share[:, None] + 1e-9), room).astype(np.int32)
        if not part.any():
            break
        given += part
        left -= part.sum(axis=1, dtype=np.int32)
    lacks = wanted > given
    one = lacks & (np.cumsum(lacks, axis=1) <= left[:, None])
    given += one.astype(np.int32)
    left -= one.sum(axis=1, dtype=np.int32)
    assert (left >= 0).all(), "more blanks were shared out than there were"
    return given


def fill(amount: Counts, *, room: Counts) -> Counts:
    """Of `amount` (R) as much as each column has room for, the columns in order."""
    before = np.cumsum(room, axis=1, dtype=np.int32) - room
    return np.clip(amount[:, None] - before, 0, room).astype(np.int32)
