"""An office's server, printers and blanks lie in custody at the dinas: its permits end at once.

Whether every printer and every blank is there comes from who knows them; this writes what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.readiness.models import Permit
from ampera.readiness.projection.refreshing import hold
from ampera.readiness.queries.seizures import is_news_there, is_seized, seizure_seen
from ampera.readiness.rules.seizures import (
    RELEASED,
    SEIZED,
    ReleaseFacts,
    check_office,
    check_release,
    check_texts,
    check_two,
)
from ampera.readiness.rules.states import PermitState
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class InCustody:
    """What lies there, by what two officers saw and wrote down."""

    office: OfficeCode
    server: str
    printers: tuple[str, ...]
    place: str
    document: str
    boxes: tuple[str, ...]  #: sealed ones, by label
    serials: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        return {
            "office": str(self.office),
            "server": self.server,
            "printers": list(self.printers),
            "place": self.place,
            "document": self.document,
            "boxes": sorted(self.boxes),
            "serials": sorted(self.serials),
        }


def lane_of_custody(office: OfficeCode | str) -> str:
    """Whoever grants to this office, or takes it into custody, waits here for the other who does:
    of a lot that is granted at the same moment no permit may stay open."""
    return f"custody/{office}"


def check_seizure_in(pen: Pen, *, seen: InCustody, witness: str) -> Refusal | None:
    """May these two say it of this office, as far as readiness knows? Holds the office's lane: what
    the caller reads after this is what the custody is decided from."""
    hold(lane_of_custody(seen.office))
    no = check_office(seen.office, here=pen.house.code, is_seized=is_seized(seen.office))
    return (
        no
        or check_two(pen.command.officer, witness=witness)
        or check_texts([seen.server, seen.place, seen.document, *seen.printers])
    )


def seize_office_in(  # positional: one act
    pen: Pen, seen: InCustody, *, witness: str, blanko: int, surplus: list[str]
) -> dict[str, Any]:
    """Write it down: every permit that the office still has open is forfeited, in an attempt or
    not, and it is granted none until it is released.

    A card that was printed under one of them after all is void at birth, whenever its news comes.
    Permits that count as spent already (in dispute, suspect) stay so until two officers decide.
    Returns {"seizure", "forfeited": [permit, …]}.
    """
    seizure = pen.new_id("szr")
    forfeited = []
    for row in _unsettled(seen.office):
        ended = {"permit": row.permit, "seizure": seizure}
        for office in sorted({row.office, row.lent_from or row.office}):
            code = OfficeCode(office)
            to = code if code != pen.house.code else None
            pen.write("permit.forfeited/1", subject=row.permit, facts=ended, to=to)
        forfeited.append(row.permit)
    # Last in the chain: who has shown that it holds this entry holds every forfeit before it.
    told: dict[str, Any] = {
        "seizure": seizure,
        **seen.facts(),
        "officers": [pen.command.officer, witness],
        "blanko": blanko,
        "surplus": surplus,
        "permits": len(forfeited),
    }
    pen.write(SEIZED, subject=seizure, facts=told, to=seen.office)
    return {"seizure": seizure, "forfeited": forfeited}


def _unsettled(office: OfficeCode) -> list[Permit]:
    states = (PermitState.OPEN, PermitState.IN_ATTEMPT)
    return list(Permit.objects.filter(office=str(office), state__in=states).order_by("permit"))


def release_office(
    command: Command, *, seizure: str, document: str, witness: str
) -> dict[str, Any] | Refusal:
    """Two officers of the dinas give the office its things back: it is granted permits again.

    Refused until its server has shown the news of the custody. Returns {"seizure"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        known = seizure_seen(seizure)
        if known is not None:
            hold(lane_of_custody(known.office))
            known = seizure_seen(seizure)
        facts = ReleaseFacts(
            here=pen.house.code,
            seizure=known,
            is_news_there=known is not None and is_news_there(known),
        )
        no = check_release(facts, document=document)
        no = no or check_two(command.officer, witness=witness)
        if no is not None or known is None:
            return no or Refusal("readiness.office_not_seized")
        pen.write(
            RELEASED,
            subject=seizure,
            facts={
                "seizure": seizure,
                "office": str(known.office),
                "document": document,
                "officers": [command.officer, witness],
            },
            to=known.office,
        )
        return {"seizure": seizure}

    content = {"seizure": seizure, "document": document, "witness": witness}
    return perform(command, work, content=content)
