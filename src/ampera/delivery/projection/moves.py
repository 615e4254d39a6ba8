"""Bundles and the hands that finished cards pass through, from entries in any order of arrival.

Every claim on a move is kept; the place of a card follows from the whole set of claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ampera.delivery.models import Bundle, CardMove, FinishedCard, Undelivered
from ampera.delivery.rules.custody import Claim, Place, standing_of
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import Entry
from ampera.words.clock import utc_from_text, utc_text


def card_passed(entry: Entry) -> None:
    """A card went from one hand into another; `n` is the number of this move.

    Raises ValueError (parked) for a place that nobody knows or a number below one.
    """
    facts = entry.facts
    note_move(
        entry,
        to=Place(facts["target"]),
        n=facts["n"],
        bundle=facts["bundle"],
        why=(facts["why"], facts.get("reason", "")),
    )


def note_move(
    entry: Entry, *, to: Place, n: int, bundle: str, why: tuple[str, str] = ("", "")
) -> None:
    """Keep the claim and put the card where all claims together say."""
    card = entry.facts["card"]
    if n < 1:
        raise ValueError("the first move of a card has the number 1")
    _keep(
        CardMove(
            key=f"{card}/{n}/{to.value}/{bundle}",
            card=card,
            n=n,
            place=to.value,
            bundle=bundle,
            why=why[0][:12],
            reason=why[1][:20],
            officer=entry.officer,
            at=utc_text(entry.at),
            hash=entry.hash,
        )
    )
    rows = CardMove.objects.filter(card=card).values("n", "place", "bundle", "at", "hash")
    standing = standing_of([Claim(**row) for row in rows])
    for number in standing.clashes:
        raise_alarm(
            f"two_hands:{card}:{number}",
            f"{card} is in two hands: its move {number} was made twice",
        )
    is_at_counter = standing.place == Place.COUNTER
    FinishedCard.objects.update_or_create(
        card=card,
        defaults={
            "place": standing.place,
            "bundle": "" if is_at_counter else standing.bundle,
            "moves": standing.n,
            "moved_at": utc_from_text(standing.at),
        },
    )


def _keep(row: CardMove) -> None:
    """The same move told again, by a restored server for one, counts as of its first telling."""
    known = CardMove.objects.filter(pk=row.pk).values_list("at", "hash").first()
    if known is None or (row.at, row.hash) < known:
        row.save(force_insert=known is None)


def bundle_sealed(entry: Entry) -> None:
    """An officer put cards of one kelurahan into a bundle."""
    facts = entry.facts
    told = {
        "office": str(entry.origin),
        "kelurahan": facts["kelurahan"],
        "number": facts["number"],
        "count": len(facts["cards"]),
        "cards": list(facts["cards"]),
        "sealed_at": entry.at,
        "sealed_officer": entry.officer,
    }
    _note(entry, mark="sealed_by", told=told)


def bundle_handed_out(entry: Entry) -> None:
    """A carrier took the bundle, or took it over from another: the highest number has it."""
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    told = {
        "out_n": facts["n"],
        "out_to": Place(facts["to"]).value,
        "out_at": entry.at,
        "carrier": facts["carrier"],
        "carrier_name": body.get("name", "")[:120],
        "carrier_paper": body.get("paper", "")[:120],
        "out_officer": entry.officer,
        "out_second": facts["second"],
    }
    known = Bundle.objects.filter(pk=facts["bundle"]).values_list("out_n", flat=True).first() or 0
    if facts["n"] > known:
        _note(entry, mark="out_by", told=told, is_known=False)
    elif facts["n"] == known:
        _note(entry, mark="out_by", told=told)


def _note(entry: Entry, *, mark: str, told: Mapping[str, Any], is_known: bool = True) -> None:
    """Write one group of columns unless an earlier entry wrote it."""
    bundle, place = entry.facts["bundle"], f"{utc_text(entry.at)} {entry.hash}"
    rows = Bundle.objects.filter(pk=bundle).values_list(mark, flat=True)
    known = rows.first() if is_known else ""
    if not known or place < known:
        Bundle.objects.update_or_create(bundle=bundle, defaults={**told, mark: place})


def card_undelivered(entry: Entry) -> None:
    """The carrier could not give the card at the door, and says why; it is still in that hand."""
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    Undelivered.objects.update_or_create(
        key=entry.hash,
        defaults={
            "card": facts["card"],
            "bundle": facts["bundle"],
            "why": facts["why"][:20],
            "note": body.get("note", "")[:200],
            "officer": entry.officer,
            "told_at": facts["told_at"],
            "at": utc_text(entry.at),
        },
    )
