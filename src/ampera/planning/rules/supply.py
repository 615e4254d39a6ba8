"""A request for blanks to the centre: its stages, and what the evidence supports. Pure.

The centre shares out by print capacity: a city that asked for 100,000 got 20,000 because it can
print no more in a month (domain §5.1). So the letter carries the figures that the centre asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from ampera.words.refusal import Refusal

REQUESTED: Final = "supply.requested/1"
SENT: Final = "supply.sent/1"
DROPPED: Final = "supply.dropped/1"
ANSWERED: Final = "supply.answered/1"
RECEIVED: Final = "supply.received/1"
#: The centre's own answer, where it shares out by the same system.
GRANTED: Final = "supply.granted/1"
#: More than the whole country gets in a month.
WANTED_MAX: Final = 2_000_000
NOTE_MAX: Final = 500


class SupplyState(StrEnum):
    """How far a request has come."""

    DRAFTED = "DRAFTED"
    DROPPED = "DROPPED"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    RECEIVED = "RECEIVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyEvidence:
    """What the centre asks for, at the cut-off. Counts of cards or blanks; `days_of_stock` None
    where nothing uses them up."""

    cutoff: str  #: UTC text
    prr_new: int  #: PRINT_READY_RECORD, not printed: first cards
    prr_other: int  #: the same, replacements
    not_ready: int
    capacity_day: int  #: all offices together: measured, 160 where too few cards were made to tell
    capacity_month: int  #: over the working days of a month
    used: int  #: printed in the last 30 days
    spoiled: int  #: ruined in the last 30 days
    shelf: int
    transit: int
    dispute: int
    days_of_stock: int | None

    @property
    def proven(self) -> int:
        """Blanks that the figures justify: what waits, but not more than a month's printing,
        without what is there already."""
        useful = min(self.prr_new + self.prr_other, self.capacity_month)
        return max(0, useful - self.shelf - self.transit)

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def evidence_from(facts: Mapping[str, Any]) -> SupplyEvidence:
    """Read what `facts` wrote."""
    return SupplyEvidence(**facts)


def check_draft(
    wanted: int, *, evidence: SupplyEvidence, note: str, open_one: str
) -> Refusal | None:
    """May this be asked for? More than the evidence supports takes a reason in the note."""
    if open_one:
        return Refusal("supply.request_open", number=open_one)
    if not 1 <= wanted <= WANTED_MAX:
        return Refusal("supply.count_wrong", most=WANTED_MAX)
    if wanted > evidence.proven and not note.strip():
        return Refusal("supply.above_evidence", wanted=wanted, proven=evidence.proven)
    return None


def check_stage(state: SupplyState | None, *, wanted: SupplyState) -> Refusal | None:
    """Each act belongs to one stage."""
    if state is None:
        return Refusal("supply.unknown")
    return None if state is wanted else Refusal("supply.wrong_state", state=state.value)


def check_answer(promised: int, *, promised_on: date | None, sent_on: date) -> Refusal | None:
    """The centre promises a count, and a day where it names one."""
    is_wrong = not 0 <= promised <= WANTED_MAX or (
        promised_on is not None and (promised == 0 or promised_on < sent_on)
    )
    return Refusal("supply.answer_wrong") if is_wrong else None
