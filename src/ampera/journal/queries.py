"""What others may ask the journal: where chains stand, how far a record has got, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F

from ampera.journal.entry import ChainName, Entry, SignedHead
from ampera.journal.house import house
from ampera.journal.models import Chain, EntryRow, EntryState, Incarnation, Mark
from ampera.journal.receiving import ChainPart, Place
from ampera.journal.store import entries_after, entry_of, hash_at, sign_own
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode, Tier


class Reach(StrEnum):
    """How far a record has got: shown on every page of it."""

    LOCAL = "LOCAL"
    CITY = "CITY"
    CENTRE = "CENTRE"


@dataclass(frozen=True, slots=True)
class Journey:
    """Where the newest entry about something is known to be, and since when it waits to go
    further."""

    reach: Reach
    newest_at: datetime | None
    entries: int


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
            name=ChainName.read(row.name),
            is_own=row.is_own,
            seq=row.seq,
            hash=row.hash,
            above_seq=row.above_seq,
            top_seq=row.top_seq,
            at=utc_from_text(row.at) if row.at else None,
        )
        for row in Chain.objects.order_by("name")
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
    row = EntryRow.objects.filter(chain=str(name)).order_by("-seq").first()
    if row is None:
        return None
    return SignedHead(name, row.seq, row.hash, sign_own(row))


def journey_of(subjects: Iterable[str]) -> Journey:
    """How far the newest entry about any of these subjects has got, over all chains known here.

    Looks do not count: opening a record's page must not make it seem to have moved.
    """
    about = EntryRow.objects.filter(subject__in=list(subjects)).exclude(kind="look.recorded/1")
    rows = list(about.values_list("chain", "seq", "at"))
    if not rows:
        return Journey(Reach.LOCAL, None, 0)
    at_chain = {row.name: row for row in Chain.objects.filter(name__in={row[0] for row in rows})}
    chain, seq, at = max(rows, key=lambda row: (row[2], row[0], row[1]))
    return Journey(_reach(at_chain[chain], seq), utc_from_text(at), len(rows))


def _reach(chain: Chain, seq: int) -> Reach:
    match house().tier:
        case Tier.PUSAT:
            return Reach.CENTRE
        case Tier.DINAS:
            is_at_centre = seq <= chain.above_seq or chain.name.startswith("00/")
            return Reach.CENTRE if is_at_centre else Reach.CITY
        case Tier.KECAMATAN:
            if not chain.is_own:
                return Reach.CITY
            if seq <= chain.top_seq:
                return Reach.CENTRE
            return Reach.CITY if seq <= chain.above_seq else Reach.LOCAL


def entries_about(subjects: Sequence[str]) -> list[Entry]:
    """Everything known here about these subjects, by time, then chain and place."""
    rows = EntryRow.objects.filter(subject__in=subjects)
    entries = [entry_of(row) for row in rows]
    return sorted(entries, key=lambda entry: (entry.at, str(entry.chain), entry.seq))


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
