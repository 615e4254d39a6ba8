"""Which kinds there are, who may write them, where they are projected. Empty here: `tiers` fills
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ampera.journal.entry import ChainName, ChainType, Entry
from ampera.words.office import Tier

__all__ = ["ChainType", "Registry", "Row"]

_LETTER: Final = {Tier.KECAMATAN: "K", Tier.DINAS: "D", Tier.PUSAT: "P"}

Projection = Callable[[Entry], None]
Reaction = Callable[[Entry], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the authority table: kind × who writes it, in which chain, where it is
    projected."""

    kind: str
    writer: Tier
    chain: ChainType
    projected_at: str  #: letters of the tiers that project it: K, D, P
    retelling: bool = False  #: must name the original of the tier further up
    barred: bool = False  #: not written while the server is quarantined after a restore
    body: str = ""  #: what personal data the body holds
    retention: str = ""  #: how long the body is kept

    def is_projected_at(self, tier: Tier) -> bool:
        return _LETTER[tier] in self.projected_at


@dataclass(slots=True)
class Registry:
    """Filled once by `tiers/wiring.py`, then only read."""

    rows: dict[tuple[str, Tier, ChainType], Row] = field(default_factory=dict)
    projections: dict[str, list[Projection]] = field(default_factory=dict)
    reactions: dict[tuple[str, Tier], list[Reaction]] = field(default_factory=dict)
    ticks: dict[Tier, list[Callable[[], object]]] = field(default_factory=dict)
    checks: list[Callable[[], Sequence[str]]] = field(default_factory=list)
    #: Recompute the guards from the facts: after entries came that no action here wrote.
    refreshers: list[Callable[[], object]] = field(default_factory=list)
    #: (app label, lower-case model name) of every table that a rebuild wipes and refills.
    projected_tables: list[tuple[str, str]] = field(default_factory=list)

    def add_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            key = (row.kind, row.writer, row.chain)
            assert key not in self.rows, f"{key} stands twice in the authority table"
            self.rows[key] = row

    def add_projections(self, projections: Mapping[str, Projection]) -> None:
        for kind, projection in projections.items():
            self.projections.setdefault(kind, []).append(projection)

    def add_reactions(self, reactions: Mapping[tuple[str, Tier], Reaction]) -> None:
        for key, reaction in reactions.items():
            self.reactions.setdefault(key, []).append(reaction)

    def row_for(self, kind: str, chain: ChainName) -> Row | None:  # positional: a pair
        """The row that lets the origin of this chain write this kind there; None when nothing
        does."""
        return self.rows.get((kind, chain.origin.tier, chain.type))

    def may_write(self, entry: Entry) -> bool:
        """Has the origin authority over this kind, in this chain, in this form?"""
        row = self.row_for(entry.kind, entry.chain)
        return row is not None and row.retelling == (entry.retells is not None)
