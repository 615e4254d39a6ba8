"""Taking in a card that was brought, found, fetched or left over; giving a live one back."""

from __future__ import annotations

from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import house
from ampera.readiness.queries import card_words
from ampera.readiness.rules.states import Said
from ampera.withdrawal.actions.guarding import hold
from ampera.withdrawal.models import Counted, Gone, InBatch, InHand, OneCount, Piece
from ampera.withdrawal.queries.look_up import card_of_serial, standing_seen
from ampera.withdrawal.queries.lying import piece_facts, serials_of
from ampera.withdrawal.rules.pieces import (
    Found,
    Standing,
    cause_of_void,
    check_give_back,
    check_take_in,
)
from ampera.withdrawal.rules.policy import Cause
from ampera.words.refusal import Refusal


def take_in(command: Command, *, found: Found) -> dict[str, Any] | Refusal:
    """Enter a card into this office's register of withdrawn cards.

    A valid card is only taken in when it was found: it waits here for its holder, and the find is
    an alarm. Returns {"piece", "standing"}.
    """
    typed = found.serial.strip().upper()

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        card = found.card or card_of_serial(typed)
        serial = typed or serials_of([card]).get(card, "")
        seen = standing_seen(card=card, serial=serial)
        cause = _cause(found, card, seen.standing)
        no = check_take_in(
            found,
            standing=seen.standing,
            is_here=seen.lies_at == str(pen.house.code),
            cause=cause,
            officer=command.officer,
        )
        if no is not None:
            return no
        piece = pen.new_id("wdr")
        by_books = seen.lies_at or seen.away
        # Of two windows that take the same card in, the second is decided anew and finds it here.
        InHand.objects.create(key=card or serial, piece=piece)
        pen.write(
            "withdrawal.taken_in/1",
            subject=piece,
            facts={
                "piece": piece,
                "card": card,
                "serial": seen.serial,
                "how": found.how.value,
                "standing": seen.standing.value,
                "cause": cause.value if cause is not None else "",
                "place": found.place.strip(),
                # Outside, although some register or package has it by the books.
                "away": by_books if by_books != str(pen.house.code) else "",
            },
            body={"brought_by": found.brought_by.strip()} if found.brought_by.strip() else None,
        )
        return {"piece": piece, "standing": seen.standing.value}

    content = {
        "how": found.how.value,
        "place": found.place,
        "card": found.card,
        "serial": typed,
        "cause": found.cause,
        "brought_by": found.brought_by,
    }
    return perform(command, work, content=content)


def give_back(command: Command, *, piece: str, is_holder: bool) -> dict[str, Any] | Refusal:
    """Give a found card that is still valid back to its holder, who is here in person."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        hold([piece])
        no = check_give_back(piece_facts(piece), to_holder=is_holder)
        if no is not None:
            return no
        if InBatch.objects.filter(pk=piece).exists():
            return Refusal("withdrawal.not_to_be_given_back")
        row = Piece.objects.get(pk=piece)
        facts = {"piece": piece, "card": row.card}
        pen.write("withdrawal.given_back/1", subject=piece, facts=facts)
        return {"piece": piece}

    return perform(command, work, content={"piece": piece, "is_holder": is_holder})


def refresh_guards() -> None:
    """Make the guards anew from the facts, after a rebuild or a restore."""
    InHand.objects.all().delete()
    here = str(house().code)
    rows = Piece.objects.filter(lies=here, back_at="").exclude(at="")
    rows = rows.exclude(piece__in=Gone.objects.values("piece"))
    for row in rows.order_by("at", "hash"):
        if key := row.card or row.serial:
            InHand.objects.get_or_create(key=key, defaults={"piece": row.piece})
    InBatch.objects.filter(piece__in=Gone.objects.values("piece")).delete()
    OneCount.objects.all().delete()
    OneCount.objects.bulk_create(
        (
            OneCount(code=row.code, count=row.count)
            for row in Counted.objects.filter(office=here, is_dropped=False).order_by("at", "count")
        ),
        ignore_conflicts=True,
    )


def _cause(found: Found, card: str, standing: Standing) -> Cause | None:  # positional: one find
    """As it follows from why the card is void, else as the officer says."""
    said: set[Said] = {each.said for each in card_words(card)} if card else set()
    followed = cause_of_void(said) if standing is Standing.VOID else None
    if followed is not None:
        return followed
    return Cause(found.cause) if found.cause in set(Cause) else None
