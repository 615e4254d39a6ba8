"""A city's stock over its kecamatan and its dinas, in one of three ways, said in words. Pure.

The dinas prints what is lost, damaged and changed (S4) from the same blanko as the kecamatan their
new cards, so its replacements compete with them. How, is for the head to choose; the proposal shows
all three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ampera.planning.rules.allocation import Allocation, Claim, Limit, Line, allocate

PER_MILLE: Final = 1000


class Way(StrEnum):
    """How the dinas's replacements compete with the kecamatan's new cards."""

    ALIKE = "ALIKE"  #: by the same rule as everybody
    SHARE = "SHARE"  #: the dinas gets a fixed share, the kecamatan the rest
    NEW_FIRST = "NEW_FIRST"  #: the kecamatan first, the dinas what they leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the head chose. `share_per_mille` counts for `Way.SHARE` only."""

    way: Way = Way.ALIKE
    share_per_mille: int = 0

    def __post_init__(self) -> None:
        assert 0 <= self.share_per_mille <= PER_MILLE, "a share is between nothing and everything"


def share_city(
    stock: int, *, kecamatan: Sequence[Claim], dinas: Claim | None, terms: Terms
) -> Allocation:
    """Propose who gets how many. What one side has no room for, the other gets.

    More stock gives nobody less, in each of the three ways.
    """
    if dinas is None:
        return allocate(stock, kecamatan)
    if terms.way is Way.ALIKE:
        return allocate(stock, [*kecamatan, dinas])
    room = sum(each.room for each in kecamatan)
    fixed = stock * terms.share_per_mille // PER_MILLE if terms.way is Way.SHARE else 0
    gets = min(dinas.room, max(fixed, stock - room))
    own = allocate(stock - gets, kecamatan)
    limit = _limit_of_the_rest(dinas, gets)
    lines = sorted(
        [*own.lines, Line(claim=dinas, gets=gets, limit=limit)], key=lambda line: line.claim.office
    )
    return Allocation(stock, tuple(lines))


def _limit_of_the_rest(claim: Claim, gets: int) -> Limit:  # positional: one line
    if not claim.wanted:
        return Limit.ENOUGH
    if gets >= claim.wanted:
        return Limit.NEED
    return Limit.CAPACITY if gets >= claim.room else Limit.SHARE


@dataclass(frozen=True, slots=True)
class Cascade:
    """Two steps down: what each group gets of the whole, and each of its members of that."""

    tops: Allocation
    parts: dict[str, Allocation]  #: by the group's name

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every member's line, by its code."""
        found = (line for part in self.parts.values() for line in part.lines)
        return tuple(sorted(found, key=lambda line: line.claim.office))

    @property
    def given(self) -> int:
        return sum(part.given for part in self.parts.values())


def cascade(stock: int, *, groups: Sequence[tuple[str, Sequence[Claim]]]) -> Cascade:
    """One step down: a centre shares over its provinces, a province over its cities, each by what
    its offices together could be given and what waits at them; then each group shares its part.

    `groups`: (name, claims of those below). Sum exact at both steps; no office gets less from more.
    """
    tops = allocate(stock, [_together(name, claims) for name, claims in groups])
    gets = {line.claim.office: line.gets for line in tops.lines}
    return Cascade(tops, {name: allocate(gets[name], claims) for name, claims in groups})


def _together(name: str, claims: Sequence[Claim]) -> Claim:  # positional: a name and its offices
    """What lies idle at one of them serves none of the others: it does not count as on hand."""
    waiting = [each for each in claims if each.backlog]
    needs = [each.backlog if each.need is None else each.need for each in waiting]
    backlog = sum(each.backlog for each in waiting)
    weighted = sum(each.claim for each in waiting)
    return Claim(
        office=name,
        backlog=backlog,
        on_hand=sum(min(each.on_hand, need) for each, need in zip(waiting, needs, strict=True)),
        need=sum(needs),
        asked=sum(each.room for each in claims),
        minimum=sum(min(each.minimum, each.room) for each in claims),
        weight=max(1, weighted // backlog) if backlog else 100,
    )


def why_id(line: Line, *, name: str, allocation: Allocation, among: str = "kantor") -> str:
    """One sentence for the head, in Indonesian: what decided this number. `among`: what shares
    with it."""
    claim, gets = line.claim, _number(line.gets)
    waits = f"{_number(claim.backlog)} kartu menunggu"
    here = f", {_number(claim.on_hand)} blanko sudah ada" if claim.on_hand else ""
    match line.limit:
        case Limit.ENOUGH if not claim.backlog:
            return f"{name} tidak mendapat tambahan: tidak ada kartu yang menunggu cetak."
        case Limit.ENOUGH:
            return (
                f"{name} tidak mendapat tambahan: {_number(claim.on_hand)} blanko di sana cukup"
                f" untuk {waits}."
            )
        case Limit.NEED:
            return f"{name} mendapat {gets}: semua yang diperlukan ({waits}{here})."
        case Limit.CAPACITY:
            return (
                f"{name} mendapat {gets}: pencetaknya sanggup {_number(claim.capacity or 0)} kartu"
                f" sampai kiriman berikut ({waits}{here})."
            )
        case Limit.ASKED if not line.gets:
            return f"{name} tidak mendapat tambahan: semua yang dimintanya sudah dijanjikan."
        case Limit.ASKED:
            return f"{name} mendapat {gets}: semua yang dimintanya ({waits}{here})."
        case Limit.MINIMUM:
            return f"{name} mendapat {gets}: jatah paling sedikit ({waits}{here})."
        case Limit.SHARE:
            return (
                f"{name} mendapat {gets} dari {_number(allocation.stock)}: bagian yang ditetapkan"
                f" untuknya ({waits}{here})."
            )
        case Limit.LEVEL:
            return (
                f"{name} mendapat {gets} karena {waits}{here}, dan {_number(allocation.stock)}"
                f" blanko hanya cukup untuk {_percent(line.covered)} % di setiap {among}"
                f"{_weight_id(claim)}."
            )


def why_group_id(line: Line, *, name: str, tops: Allocation, among: str) -> str:
    """The sentence of a group: its members together, `among` other groups."""
    if line.limit is not Limit.ASKED:
        return why_id(line, name=name, allocation=tops, among=among)
    if not line.gets:
        return (
            f"{name} tidak mendapat tambahan: di dalamnya tidak ada yang dapat memakainya sekarang."
        )
    return f"{name} mendapat {_number(line.gets)}: semua yang dapat dipakai di dalamnya sekarang."


def why_en(line: Line, *, name: str, allocation: Allocation) -> str:
    """The same sentence in English."""
    claim, gets = line.claim, f"{line.gets:,}"
    waits = "1 card waits" if claim.backlog == 1 else f"{claim.backlog:,} cards wait"
    here = f", {claim.on_hand:,} blanko are there" if claim.on_hand else ""
    match line.limit:
        case Limit.ENOUGH if not claim.backlog:
            return f"{name} gets none: no card waits for its print."
        case Limit.ENOUGH:
            return f"{name} gets none: the {claim.on_hand:,} blanko there are enough, {waits}."
        case Limit.NEED:
            return f"{name} gets {gets}: all that it needs ({waits}{here})."
        case Limit.CAPACITY:
            return (
                f"{name} gets {gets}: its printer can make {claim.capacity or 0:,} cards before the"
                f" next supply ({waits}{here})."
            )
        case Limit.ASKED if not line.gets:
            return f"{name} gets none: all that it asked for was promised already."
        case Limit.ASKED:
            return f"{name} gets {gets}: all that it asked for ({waits}{here})."
        case Limit.MINIMUM:
            return f"{name} gets {gets}: the least that every office is given ({waits}{here})."
        case Limit.SHARE:
            return (
                f"{name} gets {gets} of {allocation.stock:,}: the share set for it ({waits}{here})."
            )
        case Limit.LEVEL:
            weight = "" if claim.weight == 100 else f", counted at {claim.weight} %"
            return (
                f"{name} gets {gets} because {waits}{here}, and {allocation.stock:,} blanko are"
                f" enough for {line.covered:.1f} % at each office{weight}."
            )


def _weight_id(claim: Claim) -> str:
    return "" if claim.weight == 100 else f", dihitung {claim.weight} % karena mendesak"


def _number(count: int) -> str:
    """Thousands as Indonesian papers write them."""
    return f"{count:,}".replace(",", ".")


def _percent(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
