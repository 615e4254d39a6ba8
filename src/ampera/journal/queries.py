"""What others may ask the journal: where chains stand, how far a record has got, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F

from ampera.journal import sql
from ampera.journal.entry import ChainName, Entry, SignedHead
from ampera.journal.house import house
from ampera.journal.journeys import Journey, Reach, journey_of
from ampera.journal.models import Chain, EntryRow, EntryState, Incarnation, Mark
from ampera.journal.receiving import ChainPart, Place
from ampera.journal.store import entries_after, entry_of, hash_at, sign_own, sign_place
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode, Tier

_CHAINS: Final = (
    "SELECT name, is_own, seq, hash, above_seq, top_seq, at FROM journal_chain ORDER BY name"
)
_HEAD: Final = (
    "SELECT id, seq, hash, signature FROM journal_entryrow WHERE chain = %s"
    " ORDER BY seq DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ChainSeen:
    """One chain as it stands here."""

    name: ChainName
    is_own: bool
    seq: int
    hash: str
    above_seq: int
    top_seq: int
    at: datetime | None


def chains() -> list[ChainSeen]:
    """All chains known here, sorted by name."""
    return [
        ChainSeen(
            name=ChainName.read(name),
            is_own=bool(is_own),
            seq=seq,
            hash=hash_,
            above_seq=above_seq,
            top_seq=top_seq,
            at=utc_from_text(at) if at else None,
        )
        for name, is_own, seq, hash_, above_seq, top_seq, at in sql.every(_CHAINS)
    ]


def chain_seen(name: ChainName) -> ChainSeen | None:
    return next((each for each in chains() if each.name == name), None)


def place_known(name: ChainName, seq: int) -> Place | None:  # positional: a pair
    """(seq, hash) of one place, None when it is not known here."""
    known = hash_at(name, seq)
    return None if known is None else Place(seq, known)


def part_after(name: ChainName, seq: int, *, most: int) -> ChainPart | None:  # positional: a pair
    """The next entries of a chain, ending at a place that a signature vouches for.

    Own chains are signed here, at the end of the part; of another's chain only what its origin has
    signed is given on. None when there is nothing to give.
    """
    rows = entries_after(name, seq, most=most)
    if not rows:
        return None
    if name.origin == house().code and name.incarnation == house().incarnation:
        sign_own(rows[-1])
    while rows and rows[-1].signature is None:
        rows.pop()
    if not rows:
        # The origin's batches are longer than ours: go on to the end of the one that begins here.
        end = (
            EntryRow.objects.filter(chain=str(name), seq__gt=seq, signature__isnull=False)
            .order_by("seq")
            .values_list("seq", flat=True)
            .first()
        )
        if end is None:
            return None
        rows = entries_after(name, seq, most=end - seq)
    return ChainPart(
        chain=name,
        entries=tuple(entry_of(row) for row in rows),
        signatures=tuple(
            SignedHead(name, row.seq, row.hash, row.signature)
            for row in rows
            if row.signature is not None
        ),
    )


def head_claim(name: ChainName) -> SignedHead | None:
    """The signed head of an own chain, for the heads that ride on each push; None when it is
    empty."""
    row = sql.one(_HEAD, str(name))
    if row is None:
        return None
    number, seq, hash_, signature = row
    return SignedHead(name, seq, hash_, signature or sign_place(number, name, seq, hash_))


def entries_about(subjects: Sequence[str]) -> list[Entry]:
    """Everything known here about these subjects, by time, then chain and place."""
    rows = EntryRow.objects.filter(subject__in=subjects)
    entries = [entry_of(row) for row in rows]
    return sorted(entries, key=lambda entry: (entry.at, str(entry.chain), entry.seq))


def arrival_of(entry: Entry) -> int:
    """Where this entry stands in the order in which this server came to know all entries: what
    stands behind a decision's own entry was not known here when it was taken."""
    rows = EntryRow.objects.filter(chain=str(entry.chain), seq=entry.seq)
    return rows.values_list("id", flat=True).get()


def oldest_unsent() -> datetime | None:
    """When the oldest own entry was written that the tier above has not acknowledged."""
    behind = Chain.objects.filter(seq__gt=F("above_seq"))
    if house().tier is Tier.PUSAT:
        return None
    times = []
    for name, above in behind.values_list("name", "above_seq"):
        if ChainName.read(name).origin == house().upper:
            continue
        at = (
            EntryRow.objects.filter(chain=name, seq__gt=above)
            .order_by("seq")
            .values_list("at", flat=True)
            .first()
        )
        if at:
            times.append(utc_from_text(at))
    return min(times, default=None)


def count_unsent() -> int:
    """How many entries the tier above has not acknowledged."""
    rows = Chain.objects.filter(seq__gt=F("above_seq")).values_list("name", "seq", "above_seq")
    upper = house().upper
    return sum(seq - above for name, seq, above in rows if ChainName.read(name).origin != upper)


def known_offices() -> list[tuple[OfficeCode, int]]:
    """(office, incarnation) of every server whose open key is known here."""
    rows = Incarnation.objects.filter(is_closed=False).order_by("office", "number")
    return [(OfficeCode(row.office), row.number) for row in rows]


def open_incarnation(office: OfficeCode) -> int | None:
    numbers = [number for code, number in known_offices() if code == office]
    return max(numbers, default=None)


def waiting_count() -> dict[str, int]:
    """How many entries are parked, held or not projected for want of authority."""
    states = [EntryState.PARKED, EntryState.HELD, EntryState.NOT_MINE, EntryState.CLOSED]
    return {
        state.value: count
        for state in states
        if (count := EntryRow.objects.filter(state=state).count())
    }


def is_all_read(office: OfficeCode) -> bool:
    """Is everything that this office is known to have written also in the tables here?

    While entries are parked, not understood, or signed but still on the way, nothing is granted
    to it.
    """
    waiting = [EntryState.PARKED, EntryState.HELD, EntryState.NOT_MINE]
    own = f"{office}/"
    return not (
        EntryRow.objects.filter(state__in=waiting, chain__startswith=own).exists()
        or Chain.objects.filter(
            # What a closed life had signed and lost will never come.
            name__startswith=f"{office}/up@",
            claimed_seq__gt=F("seq"),
            closed_seq__isnull=True,
        ).exists()
    )


def mark(key: str) -> str | None:
    return Mark.objects.filter(pk=key).values_list("value", flat=True).first()


__all__ = [
    "ChainSeen",
    "Journey",
    "Reach",
    "arrival_of",
    "chain_seen",
    "chains",
    "count_unsent",
    "entries_about",
    "head_claim",
    "is_all_read",
    "journey_of",
    "known_offices",
    "mark",
    "oldest_unsent",
    "open_incarnation",
    "part_after",
    "place_known",
    "waiting_count",
]
