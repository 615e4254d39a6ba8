"""From attempts and checks to tables. Reads the entry only and takes entries in any order.

Every fact is kept beside the place of the entry that told it (time and hash); if two chains of an
office ever tell the same fact, the earlier one stands, whichever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Q

from ampera.journal.entry import Entry
from ampera.journal.rows import rows_of
from ampera.printing.models import (
    Attempt,
    CardCheck,
    ChipBinding,
    ChipEncoding,
    PrinterNote,
    PrinterStop,
)
from ampera.printing.rules.attempts import AttemptState, Result
from ampera.printing.rules.chips import ChipCause, Encoded
from ampera.printing.rules.stops import StopCause, Upkeep
from ampera.words.clock import utc_from_text, utc_text

_NAMED: Final = ("permit", "card", "serial")


def attempt_opened(entry: Entry) -> None:
    """An attempt began: which blank, which permit, which printer."""
    _note(
        entry,
        mark="opened_by",
        facts={
            "office": str(entry.origin),
            **{name: entry.facts[name] for name in _NAMED},
            "printer": entry.facts["printer"],
            "incarnation": entry.chain.incarnation,
            "officer": entry.officer,
            "opened_at": entry.at,
        },
    )


def attempt_ended(entry: Entry) -> None:
    """An attempt ended PRINTED, SPOILED, UNKNOWN or WITHDRAWN."""
    _note(
        entry,
        mark="ended_by",
        facts={
            "office": str(entry.origin),
            **{name: entry.facts[name] for name in _NAMED},
            "ended": AttemptState(entry.facts["outcome"]).value,
            "cause": entry.facts["cause"],
            "document": entry.facts["document"],
            "ended_at": entry.at,
        },
    )


def attempt_settled(entry: Entry) -> None:
    """Two persons settled an attempt of unknown outcome."""
    _note(
        entry,
        mark="settled_by",
        facts={
            "office": str(entry.origin),
            **{name: entry.facts[name] for name in _NAMED},
            "settled": AttemptState(entry.facts["outcome"]).value,
            "settled_at": entry.at,
            "settled_officer": entry.officer,
            "witness": entry.facts["witness"],
        },
    )


def _note(entry: Entry, *, mark: str, facts: Mapping[str, Any]) -> None:
    """Write the facts unless an earlier entry told them.

    `mark` is the column of the entry's place.
    """
    attempt = entry.facts["attempt"]
    place = _place(entry)
    known = rows_of(Attempt).get(attempt)
    told = getattr(known, mark) if known is not None else ""
    if told and told <= place:
        return
    if known is not None and known.corrected:
        facts = {name: told for name, told in facts.items() if name != "serial"}
    rows_of(Attempt).put(id=attempt, **facts, **{mark: place})


def attempt_corrected(entry: Entry) -> None:
    """Two officers saw another serial on a card than its attempt named; the attempt of that other
    blanko, if there is one, names the first from now on. The highest number stands."""
    place = _place(entry)
    for each in entry.facts["named"]:
        known = rows_of(Attempt).get(each["attempt"])
        if known is not None and (-known.corrected, known.corrected_by) <= (-each["n"], place):
            continue
        rows_of(Attempt).put(
            id=each["attempt"],
            office=str(entry.origin),
            **{name: each[name] for name in _NAMED},
            corrected=each["n"],
            corrected_by=place,
        )


def printer_emptied(entry: Entry) -> None:
    """Two officers emptied a printer: its jobs cannot print any more. The newest time is kept."""
    for attempt in entry.facts["attempts"]:
        known = rows_of(Attempt).get(attempt)
        if known is None or known.emptied_at is None or known.emptied_at < entry.at:
            rows_of(Attempt).put(id=attempt, emptied_at=entry.at)


def card_checked(entry: Entry) -> None:
    """A printed card was found READY or REJECTED."""
    facts = entry.facts
    place = _place(entry)
    known = rows_of(CardCheck).get(facts["card"])
    if known is not None and known.checked_by <= place:
        return
    rows_of(CardCheck).put(
        card=facts["card"],
        permit=facts["permit"],
        office=str(entry.origin),
        result=Result(facts["result"]).value,
        officer=entry.officer,
        witness=facts["witness"],
        checked_at=entry.at,
        checked_by=place,
    )


def chip_bound(entry: Entry) -> None:
    """A reader saw which chip sits in which blank. Each pair that was ever told is kept: two that
    contradict each other are found by `verify`, whichever came first."""
    uid, serial = entry.facts["uid"], entry.facts["serial"]
    attempt, place = entry.facts.get("attempt") or "", _place(entry)
    pair = f"{uid} {serial}"
    known = rows_of(ChipBinding).get(pair)
    told: dict[str, Any] = {}
    if known is None or place < known.bound_by:
        told = {"office": str(entry.origin), "bound_at": entry.at, "bound_by": place}
    if not attempt:
        told["is_sure"] = True
    elif known is None or known.read_by < _later(entry):
        told |= {"attempt": attempt, "read_by": _later(entry)}
    if known is None:
        rows_of(ChipBinding).add(id=pair, uid=uid, serial=serial, **told)
    elif told:
        rows_of(ChipBinding).change(pair, **told)


def card_encoded(entry: Entry) -> None:
    """The chip of a card was WRITTEN, or FAILED for a cause."""
    facts, place = entry.facts, _place(entry)
    known = rows_of(ChipEncoding).get(facts["attempt"])
    if known is not None and known.encoded_by <= place:
        return
    rows_of(ChipEncoding).put(
        attempt=facts["attempt"],
        **{name: facts[name] for name in ("permit", "card", "uid")},
        office=str(entry.origin),
        outcome=Encoded(facts["outcome"]).value,
        cause=ChipCause(facts["cause"]).value if facts["cause"] else "",
        officer=entry.officer,
        encoded_at=entry.at,
        encoded_by=place,
    )


def printer_down(entry: Entry) -> None:
    """A printer has been standing still for some minutes."""
    _note_stop(entry)


def printer_up(entry: Entry) -> None:
    """It prints again; the entry tells the whole stop, so that it needs no other."""
    _note_stop(entry)
    until = utc_from_text(entry.facts["until"])
    # Told twice, from two lives of a server, the earlier end stands.
    rows = PrinterStop.objects.filter(pk=entry.facts["stop"])
    rows.filter(Q(until__isnull=True) | Q(until__gt=until)).update(until=until)


def _note_stop(entry: Entry) -> None:
    rows_of(PrinterStop).add_if_new(
        id=entry.facts["stop"],
        office=str(entry.origin),
        printer=entry.facts["printer"],
        cause=StopCause(entry.facts["cause"]).value,
        since=utc_from_text(entry.facts["since"]),
    )


def supply_changed(entry: Entry) -> None:
    """A new ribbon or film was put in, or the printer was cleaned."""
    facts = entry.facts
    _note_upkeep(
        entry, what=facts["supply"], cards=facts["cards"], was_empty=bool(facts["was_empty"])
    )


def printer_repaired(entry: Entry) -> None:
    """A technician was there, a part was changed, or the printer left or came back."""
    _note_upkeep(entry, what=entry.facts["what"], cards=-1, was_empty=False)


def _note_upkeep(entry: Entry, *, what: str, cards: int, was_empty: bool) -> None:
    PrinterNote.objects.update_or_create(
        id=entry.hash,
        defaults={
            "office": str(entry.origin),
            "printer": entry.facts["printer"],
            "what": Upkeep(what).value,
            "at": entry.at,
            "officer": entry.officer,
            "cards": cards,
            "was_empty": was_empty,
        },
    )


def _place(entry: Entry) -> str:
    return f"{utc_text(entry.at)} {entry.hash}"


def _later(entry: Entry) -> str:
    """Where the newest word counts: of two at one moment the one further down its chain."""
    return f"{utc_text(entry.at)} {entry.chain} {entry.seq:012d}"


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "attempt.opened/1": attempt_opened,
        "attempt.ended/1": attempt_ended,
        "attempt.settled/1": attempt_settled,
        "attempt.corrected/1": attempt_corrected,
        "printer.emptied/1": printer_emptied,
        "card.checked/1": card_checked,
        "printer.down/1": printer_down,
        "printer.up/1": printer_up,
        "supply.changed/1": supply_changed,
        "printer.repaired/1": printer_repaired,
        "chip.bound/1": chip_bound,
        "card.encoded/1": card_encoded,
    }
)
