"""How far the newest entry about a record has got: LOCAL, CITY or CENTRE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from ampera.journal import sql
from ampera.journal.house import house
from ampera.words.clock import utc_from_text
from ampera.words.office import Tier

#: The places of all entries about some subjects, and how far their chains have got; what names the
#: subjects follows in brackets. Looks do not count: opening a record's page must not make it seem
#: to have moved.
STEPS: Final = (
    "SELECT e.subject, e.at, e.chain, e.seq, c.is_own, c.above_seq, c.top_seq"
    " FROM journal_entryrow e JOIN journal_chain c ON c.name = e.chain"
    " WHERE e.kind <> 'look.recorded/1' AND e.subject IN "
)


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


class Step(NamedTuple):
    """One entry about a subject: a row of `STEPS`."""

    subject: str
    at: str
    chain: str
    seq: int
    is_own: bool
    above_seq: int
    top_seq: int


def journey_of(subjects: Iterable[str]) -> Journey:
    """How far the newest entry about any of these subjects has got, over all chains known here."""
    wanted = list(subjects)
    if not wanted:
        return journey_over([])
    marks = ", ".join(["%s"] * len(wanted))
    return journey_over([Step._make(row) for row in sql.every(f"{STEPS}({marks})", *wanted)])


def journey_over(steps: Iterable[Step]) -> Journey:
    """How far the newest of these entries has got."""
    found = list(steps)
    if not found:
        return Journey(Reach.LOCAL, None, 0)
    newest = max(found, key=lambda step: step[1:4])
    return Journey(_reach(newest), utc_from_text(newest.at), len(found))


def _reach(step: Step) -> Reach:
    match house().tier:
        case Tier.PUSAT:
            return Reach.CENTRE
        case Tier.DINAS:
            is_at_centre = step.seq <= step.above_seq or step.chain.startswith("00/")
            return Reach.CENTRE if is_at_centre else Reach.CITY
        case Tier.KECAMATAN:
            if not step.is_own:
                return Reach.CITY
            if step.seq <= step.top_seq:
                return Reach.CENTRE
            return Reach.CITY if step.seq <= step.above_seq else Reach.LOCAL
