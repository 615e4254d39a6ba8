"""Voiding cards and importing those from before Ampera. Card validity belongs to the mandate's
dinas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.readiness.actions.permits import recall_in
from ampera.readiness.models import Card, Permit
from ampera.readiness.rules.states import (
    ENDS_REQUEST,
    CardState,
    PermitState,
    Said,
    VoidFacts,
    check_void,
)
from ampera.readiness.rules.voiding import check_void_all, is_voided_by
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: Legacy cards in one entry.
IMPORT_MAX = 500


def void_card(
    command: Command, *, card: str, why: str, document: str = "", witness: str = ""
) -> dict[str, Any] | Refusal:
    """Void a card at once: LOST or DIED, or by two officers BLOCKED, ANNULLED, UNCOLLECTED or
    NOT_MADE (architecture §5: both credentials in the same act, the second not the author).

    `document`: the paper that says so, where there is one. An open permit for the card is recalled
    in the same act, and its office is told. Returns {"card"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        row = Card.objects.filter(pk=card).first()
        if row is None:
            return Refusal("readiness.card_unknown")
        permit = Permit.objects.filter(pk=row.permit).exclude(office="").first()
        is_disputed = row.bars_another and (
            permit is not None and permit.state in (PermitState.DISPUTED, PermitState.SUSPECT)
        )
        facts = VoidFacts(CardState(row.state), is_disputed)
        no = check_void(why, facts=facts, officer=command.officer, witness=witness)
        if no is not None:
            return no
        told = {"card": card, "resident": row.resident, "why": why, "witness": witness}
        _void_in(pen, permit=permit, told=told, document=document.strip())
        return {"card": card}

    content = {"card": card, "why": why, "document": document, "witness": witness}
    return perform(command, work, content=content)


def void_cards_of(
    command: Command, *, resident: str, why: str, document: str, witness: str = ""
) -> dict[str, Any] | Refusal:
    """Void every card of a resident: LOST, DIED, or by two officers BLOCKED or ANNULLED.

    `document`: the paper that says so. What is being printed is recalled in the same act; what was
    handed over or lies ready is on the seize list from here on. Returns {"cards", "recalled"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        no = check_void_all(why, document=document, officer=command.officer, witness=witness)
        if no is not None:
            return no
        rows = Card.objects.filter(resident=resident).order_by("rank")
        wanted = [row for row in rows if is_voided_by(Said(why), state=CardState(row.state))]
        if not wanted:
            return Refusal("readiness.no_card_to_void")
        recalled = 0
        for row in wanted:
            permit = Permit.objects.filter(pk=row.permit).exclude(office="").first()
            told = {
                "card": row.card,
                "resident": resident,
                "why": why,
                "witness": witness,
                "request": _ended_request(row, why),
            }
            recalled += _void_in(pen, permit=permit, told=told, document=document.strip())
        return {"cards": [row.card for row in wanted], "recalled": recalled}

    content = {"resident": resident, "why": why, "document": document, "witness": witness}
    return perform(command, work, content=content)


def _ended_request(row: Card, why: str) -> str:  # positional: one card
    """The request that ends with the card: no other card follows from it, and its resident may ask
    anew. A request whose card was handed over ended with that."""
    return row.request if Said(why) in ENDS_REQUEST and row.state != CardState.VALID else ""


def _void_in(pen: Pen, *, permit: Permit | None, told: dict[str, str], document: str = "") -> bool:
    """Void inside a command; true when an open permit was recalled with it."""
    is_recalled = False
    if permit is not None and permit.state in (PermitState.OPEN, PermitState.IN_ATTEMPT):
        is_recalled = recall_in(pen, permit=permit.permit, why=told["why"]) is None
    body = {"document": document} if document else None
    # Upward for the pusat, and to the office that may have the card in its drawer.
    pen.write("card.voided/1", subject=told["card"], facts=told, body=body)
    # … and to the one whose resident's card it is, where another office prints for it.
    offices = {permit.office, permit.lent_from or permit.office} if permit is not None else set()
    for each in sorted(offices - {str(pen.house.code)}):
        office = OfficeCode(each)
        pen.write("card.voided/1", subject=told["card"], facts=told, body=body, to=office)
    return is_recalled


def void_lost(entry: Entry) -> object:
    """Reaction at the dinas to a request for a lost card: a report of loss voids at once."""
    if entry.facts["reason"] != Reason.LOST:
        return None
    valid = Card.objects.filter(resident=entry.facts["resident"], state=CardState.VALID)
    return [
        void_card(
            Command(id=f"re:lost:{entry.hash[:24]}:{row.card[-32:]}"),
            card=row.card,
            why=Said.LOST.value,
        )
        for row in valid.order_by("rank")
    ]


def import_cards(command: Command, *, residents: Sequence[str]) -> dict[str, Any] | Refusal:
    """Note that these residents hold a card from before Ampera; it bars a first card.

    Who has a card in these books already is left out. Returns {"imported": number}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        wanted = sorted(set(residents))
        known: set[str] = set()
        for start in range(0, len(wanted), IMPORT_MAX):
            part = wanted[start : start + IMPORT_MAX]
            known |= set(Card.objects.filter(resident__in=part).values_list("resident", flat=True))
        new = [each for each in wanted if each not in known]
        for start in range(0, len(new), IMPORT_MAX):
            cards = [
                {"card": pen.new_id("crd"), "resident": each}
                for each in new[start : start + IMPORT_MAX]
            ]
            pen.write("card.imported/1", subject=cards[0]["card"], facts={"cards": cards})
        return {"imported": len(new)}

    return perform(command, work, content={"residents": sorted(set(residents))})
