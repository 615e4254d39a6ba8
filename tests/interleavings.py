"""Holds a server's tables to the promise that the order of different chains does not matter.

`assert_order_free(offices, code)` takes what a server knows, chain by chain, plays it into fresh
databases in random orders (each chain in its own order) and compares every projected table with
the live one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from django.apps import apps

from ampera.journal.entry import Entry
from ampera.journal.house import acting_in, house
from ampera.journal.models import EntryRow, EntryState
from ampera.journal.store import entry_of
from tests.houses import Offices, as_default, new_database

Tables = dict[str, list[tuple[tuple[str, Any], ...]]]


def dump() -> Tables:
    """Every projected table of the server that acts, as sorted rows."""
    tables: Tables = {}
    for label, name in house().registry.projected_tables:
        model = apps.get_model(label, name)
        rows = [tuple(sorted(row.items())) for row in model.objects.values()]
        tables[f"{label}.{name}"] = sorted(rows, key=repr)
    return tables


def chains_known(offices: Offices, code: str) -> list[list[Entry]]:
    """What a server knows and has projected, one list a chain, each in its order."""
    with offices.at(code):
        waiting = EntryRow.objects.exclude(state=EntryState.PROJECTED)
        assert not waiting.exists(), f"{code} holds entries that are not projected"
        rows = EntryRow.objects.order_by("chain", "seq")
        return [
            [entry_of(row) for row in group]
            for _, group in itertools.groupby(rows, key=lambda row: row.chain)
        ]


def interleavings(chains: Sequence[Sequence[Entry]], *, chance: Random) -> Iterator[list[Entry]]:
    """Orders that keep each chain's own: at random, and each chain alone first and last."""
    for chain in chains:
        others = [entry for other in chains if other is not chain for entry in other]
        yield [*chain, *others]
        yield [*others, *chain]
    while True:
        rest = [list(reversed(chain)) for chain in chains if chain]
        order = []
        while rest:
            picked = chance.choice(rest)
            order.append(picked.pop())
            rest = [each for each in rest if each]
        yield order


def play(offices: Offices, code: str, order: Sequence[Entry]) -> Tables:
    """The tables of a fresh server of that code after these entries, in this order."""
    with offices.at(code) as same_house:
        pass
    database = new_database()
    try:
        with as_default(database), acting_in(same_house):
            for entry in order:
                _project(entry)
            return dump()
    finally:
        database.close()
        if database.connection is not None:
            database.connection.close()


def _project(entry: Entry) -> None:
    """What the journal does with an entry; an error is the failure of the test, never parked."""
    registry = house().registry
    row = registry.row_for(entry.kind, entry.chain)
    assert row is not None, f"{entry.chain} may not write {entry.kind}"
    if row.is_projected_at(house().tier):
        for projection in registry.projections.get(entry.kind, []):
            projection(entry)


def assert_order_free(offices: Offices, code: str, *, tries: int = 20, seed: int = 7) -> None:
    """Any interleaving of the chains that this server knows gives the tables that it has."""
    with offices.at(code):
        live = dump()
    chains = chains_known(offices, code)
    assert any(live.values()), f"{code} has nothing projected: this would prove nothing"
    orders = interleavings(chains, chance=Random(seed))
    for number, order in enumerate(itertools.islice(orders, tries + 2 * len(chains))):
        found = play(offices, code, order)
        for name, rows in live.items():
            kinds = [f"{entry.chain} {entry.kind}" for entry in order]
            assert found[name] == rows, f"order {number} gives another {name}: {kinds}"
