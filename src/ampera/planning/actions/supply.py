"""The dinas asks the centre for blanks: drafted, signed and sent by the head, answered, received.

It is the dinas's own letter and it moves no blanko: what comes is a shipment in the books, and the
letter only names it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from ampera.blanko.queries import shipment_seen
from ampera.blanko.queries.sent import short_of
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.lanes import hold
from ampera.planning.queries.supply import (
    evidence_now,
    is_shipment_used,
    letters_numbered,
    open_draft,
    supply_seen,
)
from ampera.planning.rules.supply import (
    ANSWERED,
    DROPPED,
    NOTE_MAX,
    RECEIVED,
    REQUESTED,
    SENT,
    SupplyState,
    check_answer,
    check_draft,
    check_stage,
)
from ampera.register.queries import local_day
from ampera.register.rules.days import day_at
from ampera.words.office import PUSAT, Tier
from ampera.words.refusal import Refusal

#: Letters to the centre: one act after the other.
LANE: Final = "supply"


def request_supply(command: Command, *, wanted: int, note: str = "") -> dict[str, Any] | Refusal:
    """Draft a letter with the figures of this moment frozen in it. Returns {"request"}."""
    told = note.strip()[:NOTE_MAX]

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        if pen.house.tier is not Tier.DINAS:
            return Refusal("supply.not_the_dinas", office=str(pen.house.code))
        evidence = evidence_now()
        no = check_draft(wanted, evidence=evidence, note=told, open_one=open_draft())
        if no is not None:
            return no
        request = pen.new_id("sup")
        facts = {
            "request": request,
            "wanted": wanted,
            "note": told,
            "evidence": evidence.facts(),
        }
        pen.write(REQUESTED, subject=request, facts=facts)
        return {"request": request}

    return perform(command, work, content={"wanted": wanted, "note": told})


def send_request(command: Command, *, request: str) -> dict[str, Any] | Refusal:
    """The head signs the letter: it gets its number and goes out. Returns {"number"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = supply_seen(request)
        no = check_stage(seen.state if seen else None, wanted=SupplyState.DRAFTED)
        if no is not None:
            return no
        year = local_day().year
        ending = f"/BLANKO/{pen.house.code}/{year}"
        number = f"{letters_numbered(ending) + 1:03d}{ending}"
        pen.write(SENT, subject=request, facts={"request": request, "number": number})
        return {"number": number}

    return perform(command, work, content={"request": request})


def drop_request(command: Command, *, request: str) -> dict[str, Any] | Refusal:
    """A draft is not sent after all."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = supply_seen(request)
        no = check_stage(seen.state if seen else None, wanted=SupplyState.DRAFTED)
        if no is not None:
            return no
        pen.write(DROPPED, subject=request, facts={"request": request})
        return {}

    return perform(command, work, content={"request": request})


def note_answer(
    command: Command, *, request: str, promised: int, promised_on: date | None, answer: str = ""
) -> dict[str, Any] | Refusal:
    """What the centre answered: how many (0: refused), for which day if it names one, and the
    number of its letter."""
    told = {
        "request": request,
        "promised": promised,
        "promised_on": promised_on.isoformat() if promised_on else "",
        "answer": answer.strip()[:120],
    }

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = supply_seen(request)
        no = check_stage(seen.state if seen else None, wanted=SupplyState.SENT)
        if no is not None or seen is None or seen.sent_at is None:
            return no or Refusal("supply.unknown")
        sent_on = day_at(pen.house.code, at=seen.sent_at)
        if (no := check_answer(promised, promised_on=promised_on, sent_on=sent_on)) is not None:
            return no
        pen.write(ANSWERED, subject=request, facts=told)
        return {}

    return perform(command, work, content=told)


def note_supply(command: Command, *, request: str, shipment: str) -> dict[str, Any] | Refusal:
    """The blanks are here: the shipment that brought them, counted by two in the books. Returns
    {"received"}: how many were seen to arrive, those that were short left out."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold(LANE)
        seen = supply_seen(request)
        no = check_stage(seen.state if seen else None, wanted=SupplyState.ANSWERED)
        if no is not None:
            return no
        came = shipment_seen(shipment)
        if came is None or came.source != PUSAT or came.target != pen.house.code:
            return Refusal("supply.no_such_shipment", shipment=shipment)
        if came.under_way:
            return Refusal("supply.shipment_under_way", shipment=shipment, left=came.under_way)
        if is_shipment_used(shipment):
            return Refusal("supply.shipment_used", shipment=shipment)
        received = came.count - short_of(shipment, office=pen.house.code)
        facts = {"request": request, "shipment": shipment, "received": received}
        pen.write(RECEIVED, subject=request, facts=facts)
        return {"received": received}

    return perform(command, work, content={"request": request, "shipment": shipment})
