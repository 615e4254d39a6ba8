"""Whatever order chains arrive in, the tables are the same, even where servers contradict each
other.

The stories here are such as only a restored or dishonest server tells: claims on the same move that
differ, gaps, boxes opened twice.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ampera.blanko import queries, rules
from ampera.blanko.projection import PROJECTIONS
from ampera.blanko.rules import Box, Move
from ampera.journal.entry import FIRST_PREV, ChainName, Entry, seal
from ampera.journal.rebuild import as_default, dump_projections, empty_copy
from ampera.words import OfficeCode
from tests.houses import START

DINAS, KEC, OTHER = OfficeCode("16.71"), OfficeCode("16.71.02"), OfficeCode("16.71.06")
CHAINS = {
    "dinas": ChainName(DINAS, "up", 1),
    "down": ChainName(DINAS, f"to/{KEC}", 1),
    "kec": ChainName(KEC, "up", 1),
    "kec again": ChainName(KEC, "up", 2),
    "other": ChainName(OTHER, "up", 1),
}
BOX = Box("BOX-1", "SPC00000001", 3)
ITEMS = {"BOX-1": BOX, "SPC00000002": None, "SPC00000009": None}


def legal_moves(chain: ChainName) -> list[tuple[str, str]]:
    me = chain.origin
    stock, transit = rules.stock_of(me), rules.transit_to(me)
    own = [(stock, f"{me}/reserved"), (f"{me}/reserved", f"{me}/issued"), (transit, stock)]
    if me == DINAS:
        return [*own, (stock, f"transit:{KEC}"), (f"{KEC}/dispute", f"{KEC}/shelf")]
    return [*own, (stock, "transit:16.71"), (transit, f"{me}/dispute"), (stock, "opened")]


@st.composite
def claims(draw):
    """(chain, minutes, item, n, source, target, document)"""
    name = draw(st.sampled_from(sorted(CHAINS)))
    item = draw(st.sampled_from(sorted(ITEMS)))
    legal = [
        each for each in legal_moves(CHAINS[name]) if each[1] != "opened" or ITEMS[item] is not None
    ]
    source, target = draw(st.sampled_from(legal))
    return (
        name,
        draw(st.integers(0, 3)),
        item,
        draw(st.integers(1, 3)),
        source,
        target,
        draw(st.sampled_from(["shp_1", "att_1"])),
    )


def entries_of(told) -> dict[str, list[Entry]]:
    """The chains that these claims make, each in its own order."""
    chains: dict[str, list[Entry]] = {}
    for name, minutes, item, n, source, target, document in told:
        before = chains.setdefault(name, [])
        place = (before[-1].seq, before[-1].hash) if before else (0, FIRST_PREV)
        at = START + timedelta(minutes=minutes)
        why = "SHIPPED" if target.startswith("transit:") else "SETTLED"
        facts = {
            "move": document,
            "why": why,
            "document": document,
            "moves": [Move(item, n, source, target, ITEMS[item]).facts()],
        }
        if why == "SHIPPED":
            facts["to"] = target.removeprefix("transit:")
        before.append(
            seal(
                after=place,
                chain=CHAINS[name],
                about=(rules.MOVED, item),
                by=("", "cmd"),
                at=at if not before else max(at, before[-1].at),
                content=(facts, "", None),
            )
        )
    return chains


def tables_after(chains, choices) -> dict:
    waiting = {name: list(entries) for name, entries in sorted(chains.items())}
    with empty_copy() as copy, as_default(copy):
        while waiting:
            name = sorted(waiting)[choices.randrange(len(waiting))]
            entry = waiting[name].pop(0)
            PROJECTIONS[entry.kind](entry)
            if not waiting[name]:
                del waiting[name]
        return dump_projections() | {("in two places", "", ""): queries.in_two_places()}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    told=st.lists(claims(), max_size=12),
    one=st.randoms(use_true_random=False),
    other=st.randoms(use_true_random=False),
)
def test_any_interleaving_of_chains_gives_the_same_tables(offices, told, one, other):
    chains = entries_of(told)
    with offices.at("16.71"):
        assert tables_after(chains, one) == tables_after(chains, other)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(claims(), min_size=1, max_size=8), chance=st.randoms(use_true_random=False))
def test_two_contents_under_one_number_are_always_seen(offices, told, chance):
    contents: dict[tuple[str, int], set[tuple[str, str, str]]] = {}
    for _, _, item, n, source, target, document in told:
        contents.setdefault((item, n), set()).add((source, target, document))
        if target == "opened":
            for serial in BOX.serials():
                birth = (f"box:{item}", source, document)
                contents.setdefault((serial, 1), set()).add(birth)
    expected = sorted({item for (item, _), said in contents.items() if len(said) > 1})
    with offices.at("16.71"):
        assert tables_after(entries_of(told), chance)["in two places", "", ""] == expected
