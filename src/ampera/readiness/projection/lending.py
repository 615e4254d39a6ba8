"""Printing lent from one office to another, and what its home office is told of each card.

The same lending is told to both offices, in chains of the same dinas: every copy says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ampera.journal.entry import Entry
from ampera.readiness.models import Card, LentPrinting, Permit, Word
from ampera.readiness.projection.refreshing import hold, rank_of, refresh
from ampera.readiness.rules.states import Said
from ampera.words.clock import utc_text

#: What the office that lent a permit out is told of it.
TOLD = frozenset({Said.READY, Said.REJECTED, Said.HANDED_OVER, Said.RETURNED, Said.SUSPECTED})


def printing_lent(entry: Entry) -> None:
    facts = entry.facts
    known, _ = LentPrinting.objects.get_or_create(pk=facts["lending"])
    LentPrinting.objects.filter(pk=known.pk).update(
        home=facts["home"],
        at=facts["at"],
        since=date.fromisoformat(facts["since"]).isoformat(),
        until=date.fromisoformat(facts["until"]).isoformat(),
        why=facts["why"],
        ends_when_up=facts["ends_when_up"],
        officer=entry.officer,
        begun_at=utc_text(entry.at),
    )


def printing_lending_ended(entry: Entry) -> None:
    """Ended before its last day; of two who say so the earlier stands."""
    facts = entry.facts
    known, _ = LentPrinting.objects.get_or_create(pk=facts["lending"])
    place = (utc_text(entry.at), facts["why"], entry.officer)
    if not known.ended_at or place < (known.ended_at, known.ended_why, known.ended_by):
        LentPrinting.objects.filter(pk=known.pk).update(
            ended_at=place[0], ended_why=place[1], ended_by=place[2]
        )


def permit_lent(entry: Entry) -> None:
    """A request of this office was granted elsewhere: who prints it, and why. Names nobody."""
    facts = entry.facts
    hold(facts["resident"])
    Permit.objects.get_or_create(pk=facts["permit"])
    Permit.objects.filter(pk=facts["permit"]).update(
        card=facts["card"],
        resident=facts["resident"],
        request=facts["request"],
        office=facts["office"],
        print_until=facts["print_until"],
        granted_at=utc_text(entry.at),
        lending=facts["lending"]["lending"],
        lent_from=facts["lending"]["home"],
        lent_why=facts["lending"]["why"],
    )
    told = {
        "resident": facts["resident"],
        "request": facts["request"],
        "permit": facts["permit"],
        "rank": rank_of(entry, weight=0),
    }
    Card.objects.get_or_create(pk=facts["card"], defaults=told)
    refresh(facts["resident"])


def permit_told(entry: Entry) -> None:
    """What became of a permit that was granted elsewhere, as the dinas passes it on.

    Raises ValueError (parked) on a word that nobody passes on.
    """
    facts = entry.facts
    said = Said(facts["said"])
    if said not in TOLD:
        raise ValueError(f"{said} is not passed on")
    hold(facts["resident"])
    # Believed as the word of who printed it: only a holder may say most of this.
    _note(facts, said, card=facts["card"], permit=facts["permit"])
    if facts["voids"]:
        _note(facts, Said.REPLACED, card=facts["voids"], permit="")
    refresh(facts["resident"])


def _note(  # positional: one word
    facts: Mapping[str, Any], said: Said, *, card: str, permit: str
) -> None:
    Word.objects.get_or_create(
        key=f"{card}|{permit}||{said}|{facts['office']}",
        defaults={
            "card": card,
            "permit": permit,
            "attempt": "",
            "said": said,
            "origin": facts["office"],
            "at": facts["at"],
        },
    )
