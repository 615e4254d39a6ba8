"""From attempts and checks to tables. Reads the entry only and takes entries in any order.

Every fact is kept beside the place of the entry that told it (time and hash); if two chains of an
office ever tell the same fact, the earlier one stands, whichever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ampera.journal.entry import Entry
from ampera.printing.models import Attempt, CardCheck
from ampera.printing.rules.attempts import AttemptState, Result
from ampera.words.clock import utc_text

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
    known = Attempt.objects.filter(pk=attempt).values_list(mark, flat=True).first()
    if known and known <= place:
        return
    Attempt.objects.update_or_create(id=attempt, defaults={**facts, mark: place})


def printer_emptied(entry: Entry) -> None:
    """Two officers emptied a printer: its jobs cannot print any more. The newest time is kept."""
    for attempt in entry.facts["attempts"]:
        known = Attempt.objects.filter(pk=attempt).values_list("emptied_at", flat=True).first()
        if known is None or known < entry.at:
            Attempt.objects.update_or_create(id=attempt, defaults={"emptied_at": entry.at})


def card_checked(entry: Entry) -> None:
    """A printed card was found READY or REJECTED."""
    facts = entry.facts
    place = _place(entry)
    known = CardCheck.objects.filter(pk=facts["card"]).values_list("checked_by", flat=True).first()
    if known and known <= place:
        return
    CardCheck.objects.update_or_create(
        card=facts["card"],
        defaults={
            "permit": facts["permit"],
            "serial": facts["serial"],
            "office": str(entry.origin),
            "result": Result(facts["result"]).value,
            "officer": entry.officer,
            "witness": facts["witness"],
            "checked_at": entry.at,
            "checked_by": place,
        },
    )


def _place(entry: Entry) -> str:
    return f"{utc_text(entry.at)} {entry.hash}"


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "attempt.opened/1": attempt_opened,
        "attempt.ended/1": attempt_ended,
        "attempt.settled/1": attempt_settled,
        "printer.emptied/1": printer_emptied,
        "card.checked/1": card_checked,
    }
)
