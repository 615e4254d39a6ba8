"""Chains of different servers may arrive in any order: the tables must not show which it was."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from ampera.journal.entry import Entry
from ampera.journal.rebuild import (
    as_default,
    differences,
    dump_projections,
    empty_copy,
    replay,
)
from ampera.journal.store import all_entries


def shuffled(entries: Iterable[Entry], *, rng: random.Random) -> list[Entry]:
    """Another interleaving: each chain keeps its own order, between chains all is left to
    chance."""
    chains: dict[str, list[Entry]] = {}
    for entry in entries:
        chains.setdefault(str(entry.chain), []).append(entry)
    turns = [name for name in sorted(chains) for _ in chains[name]]
    rng.shuffle(turns)
    following = {name: iter(chains[name]) for name in chains}
    return [next(following[name]) for name in turns]


def compare_with_interleaving(rng: random.Random) -> Sequence[str]:
    """Which cells of the acting server's tables would be others, had its chains come otherwise."""
    entries = shuffled(all_entries(), rng=rng)
    before = dump_projections()
    with empty_copy() as copy, as_default(copy):
        replay(entries)
        after = dump_projections()
    return differences(before, after)
