"""Packages of withdrawn cards: sent, counted, received, and what two officers decided about the
rest."""

from __future__ import annotations

from typing import Any

from ampera.journal.entry import Entry
from ampera.withdrawal.models import Arrival, Counted, InHand, OneCount, Package, Surplus
from ampera.withdrawal.projection.places import keep, note_move, place
from ampera.withdrawal.rules.packages import (
    Move,
    Outcome,
    SurplusOutcome,
    code_of,
    dispute_at,
    is_near,
    judge_of,
    moves_of,
    settled_to,
    transit_to,
)
from ampera.withdrawal.rules.pieces import How, Standing
from ampera.withdrawal.rules.policy import Cause
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode


def withdrawal_sent(entry: Entry) -> None:
    """Pieces leave an office for another. Raises ValueError (parked) when that is no way for
    them."""
    facts, body = entry.facts, entry.body or {}
    target = OfficeCode(facts["to"])
    moves = moves_of(facts, names="pieces", source=str(entry.origin), target=transit_to(target))
    if not is_near(entry.origin, target=target) or len(moves) != facts["count"]:
        raise ValueError("a package goes to a neighbour, and is as large as its list")
    told = {
        "code": code_of(facts["package"]),
        "source": str(entry.origin),
        "target": str(target),
        "seal": facts["seal"],
        "count": facts["count"],
        "officers": list(facts["officers"]),
        "courier": body.get("courier") or "",
        **place(entry),
    }
    known = Package.objects.filter(pk=facts["package"]).values_list("at", "hash").first()
    if known is None or (told["at"], told["hash"]) < known:
        Package.objects.update_or_create(package=facts["package"], defaults=told)
    for each, move in zip(facts["pieces"], moves, strict=True):
        # The office that gets the package may never have heard of the piece.
        keep(move.piece, told=_told(each, entry), entry=entry, weight=1)
        note_move(move, package=facts["package"], entry=entry)
        InHand.objects.filter(piece=move.piece).delete()


def _told(each: dict[str, Any], entry: Entry) -> dict[str, Any]:  # positional: a piece of an entry
    return {
        "card": each["card"],
        "serial": each["serial"],
        "how": How(each["how"]).value,
        "cause": Cause(each["cause"]).value,
        "standing": Standing(each["standing"]).value,
        "office": str(entry.origin),
        "officer": entry.officer,
    }


def withdrawal_counted(entry: Entry) -> None:
    """Goods before their news: what two officers counted out of a package."""
    facts = entry.facts
    Counted.objects.get_or_create(pk=facts["count"])
    Counted.objects.filter(pk=facts["count"]).update(
        office=str(entry.origin),
        code=facts["code"],
        is_seal_whole=facts["seal"] == "WHOLE",
        marks=list(facts["marks"]),
        officers=list(facts["officers"]),
        at=utc_text(entry.at),
    )


def withdrawal_count_dropped(entry: Entry) -> None:
    """Two officers say that a count was told under a wrong code."""
    Counted.objects.get_or_create(pk=entry.facts["count"])
    Counted.objects.filter(pk=entry.facts["count"]).update(is_dropped=True)
    OneCount.objects.filter(count=entry.facts["count"]).delete()


def withdrawal_received(entry: Entry) -> None:
    """What was in the package lies here now; what was not is in dispute; the rest lies aside."""
    facts, here = entry.facts, entry.origin
    package, transit = facts["package"], transit_to(here)
    there = moves_of(facts, names="received", source=transit, target=str(here))
    missing = moves_of(facts, names="missing", source=transit, target=dispute_at(here))
    told = {
        "office": str(here),
        "is_seal_whole": facts["seal"] == "WHOLE",
        "officers": list(facts["officers"]),
        "received": len(there),
        "missing": len(missing),
        **place(entry),
    }
    known = Arrival.objects.filter(pk=package).values_list("at", "hash").first()
    if known is None or (told["at"], told["hash"]) < known:
        Arrival.objects.update_or_create(package=package, defaults=told)
    for move in (*there, *missing):
        note_move(move, package=package, entry=entry)
    for mark in facts["surplus"]:
        _note_surplus(entry, package=package, mark=mark)


def _note_surplus(entry: Entry, *, package: str, mark: str) -> None:
    row = _surplus(package, mark)
    if not row.at or (utc_text(entry.at), entry.hash) < (row.at, row.hash):
        Surplus.objects.filter(pk=row.pk).update(
            office=str(entry.origin), officers=list(entry.facts["officers"]), **place(entry)
        )


def _surplus(package: str, mark: str) -> Surplus:  # positional: a pair
    row, _ = Surplus.objects.get_or_create(
        pk=f"{package}|{mark}", defaults={"package": package, "mark": mark}
    )
    return row


def withdrawal_settled(entry: Entry) -> None:
    """Two officers of the dinas decided about a missing piece. Raises ValueError (parked) when
    another decides."""
    facts = entry.facts
    office, sender = OfficeCode(facts["office"]), OfficeCode(facts["sender"])
    if judge_of(office) != entry.origin or not is_near(sender, target=office):
        raise ValueError(f"{entry.origin} may not decide about what was missed at {office}")
    move = Move(
        piece=facts["piece"],
        n=int(facts["n"]),
        source=dispute_at(office),
        target=settled_to(Outcome(facts["outcome"]), office=office, sender=sender),
    )
    note_move(move, package=facts["package"], entry=entry)


def withdrawal_surplus_settled(entry: Entry) -> None:
    """Two officers decided about a piece that stood on no list; the earlier word stands."""
    facts = entry.facts
    row = _surplus(facts["package"], facts["mark"])
    since = (utc_text(entry.at), entry.hash)
    if not row.settled_at or since < (row.settled_at, row.settled_hash):
        Surplus.objects.filter(pk=row.pk).update(
            settled_as=SurplusOutcome(facts["outcome"]).value,
            settled_at=since[0],
            settled_hash=since[1],
        )
