"""From checks, handovers and voids to the table of finished cards, in any order of arrival.

The void of a card comes from the dinas's chain and its check from the office's: either may be
first, so each writes its own columns only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ampera.delivery.models import FinishedCard
from ampera.delivery.projection.moves import note_move
from ampera.delivery.rules.custody import Place
from ampera.journal.entry import Entry
from ampera.journal.rows import rows_of
from ampera.words.clock import utc_text


def card_checked(entry: Entry) -> None:
    """A printed card was found READY or REJECTED: it lies at the office that checked it."""
    facts = entry.facts
    _note(
        facts["card"],
        entry=entry,
        mark="checked_by",
        told={
            "permit": facts["permit"],
            "serial": facts["serial"],
            "office": str(entry.origin),
            "result": facts["result"],
            "checked_at": entry.at,
        },
    )


def card_handed_over(entry: Entry) -> None:
    """The card is in a hand, and valid from now;

    The one that it replaces is void in the same entry.
    """
    facts = entry.facts
    body = entry.body or {}  # erased when its retention ended
    _note(
        facts["card"],
        entry=entry,
        mark="handed_by",
        told={
            "handed_at": entry.at,
            "handed_office": str(entry.origin),
            "handed_permit": facts["permit"],
            "officer": entry.officer,
            "receiver": facts["to"],
            "verified": facts.get("verified", ""),
            "exception": facts.get("exception", ""),
            "second": facts.get("second", ""),
            "old_card": facts.get("old_card", ""),
            "old_serial": facts.get("old_serial", ""),
            "from_bundle": facts.get("bundle", ""),
            "told_at": facts.get("told_at", ""),
            "proxy_name": body.get("proxy_name", ""),
            "proxy_basis": body.get("proxy_basis", ""),
            "resident": facts["resident"],
            "request": facts["request"],
            "replaces": facts["voids"] or "",
        },
    )
    if "n" in facts:
        note_move(entry, to=Place.HOLDER, n=facts["n"], bundle=facts.get("bundle", ""))
    if facts["voids"]:
        _replace(facts["voids"], by=facts["card"])


def _replace(card: str, *, by: str) -> None:
    known = FinishedCard.objects.filter(pk=card).values_list("replaced_by", flat=True).first()
    # Only one card replaces another; were there ever two, every order of arrival keeps the same.
    if not known or by < known:
        FinishedCard.objects.update_or_create(card=card, defaults={"replaced_by": by})


def card_voided(entry: Entry) -> None:
    """The dinas voids a card: lost, blocked, dead, NIK annulled."""
    _note(
        entry.facts["card"],
        entry=entry,
        mark="voided_by",
        told={"voided_at": entry.at, "voided_why": str(entry.facts["why"])[:60]},
    )


def _note(card: str, *, entry: Entry, mark: str, told: Mapping[str, Any]) -> None:
    """Write one group of columns unless an earlier entry wrote it."""
    place = f"{utc_text(entry.at)} {entry.hash}"
    known = rows_of(FinishedCard).get(card)
    before = getattr(known, mark) if known is not None else ""
    if not before or place < before:
        rows_of(FinishedCard).put(card=card, **told, **{mark: place})
