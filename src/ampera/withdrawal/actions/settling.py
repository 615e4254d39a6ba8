"""What two officers decide about pieces that were missed, or that stood on no list."""

from __future__ import annotations

from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.withdrawal.actions.guarding import claim, hold
from ampera.withdrawal.models import InHand, Package, Piece, Surplus
from ampera.withdrawal.queries.look_up import card_of_serial, standing_seen
from ampera.withdrawal.queries.packages import package_of_dispute, piece_named
from ampera.withdrawal.rules.packages import (
    Outcome,
    SurplusOutcome,
    check_two,
    dispute_at,
    disputed_at,
    judge_of,
    settled_to,
)
from ampera.withdrawal.rules.pieces import How, Standing
from ampera.withdrawal.rules.policy import Cause
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def settle_missing(
    command: Command, *, piece: str, outcome: str, document: str, second: str
) -> dict[str, Any] | Refusal:
    """Two officers of the dinas decide about a piece that was missing in a package: it was in it
    after all, it never left the sender, or nobody can show it. `document` is the berita acara.

    Returns {"piece", "place"}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if outcome not in set(Outcome):
            return Refusal("withdrawal.outcome_unknown")
        if not document.strip():
            return Refusal("withdrawal.minutes_incomplete")
        no = check_two(command.officer, second=second)
        if no is not None:
            return no
        hold([piece])
        row = Piece.objects.filter(pk=piece).first()
        office = disputed_at(row.lies) if row is not None else None
        if row is None or office is None:
            return Refusal("withdrawal.not_missing")
        if judge_of(office) != pen.house.code:
            return Refusal("withdrawal.not_yours_to_settle", office=str(judge_of(office)))
        package = package_of_dispute(piece)
        assert package is not None, "a dispute comes of a package"
        return _settle(
            pen,
            row=row,
            package=package,
            office=office,
            said={"outcome": outcome, "document": document.strip(), "second": second},
        )

    content = {"piece": piece, "outcome": outcome, "document": document, "second": second}
    return perform(command, work, content=content)


def _settle(
    pen: Pen, *, row: Piece, package: Package, office: OfficeCode, said: dict[str, str]
) -> dict[str, Any] | Refusal:
    sender = OfficeCode(package.source)
    target = settled_to(Outcome(said["outcome"]), office=office, sender=sender)
    if not claim(row.piece, n=row.n, source=dispute_at(office), target=target):
        return Refusal("withdrawal.moved_meanwhile")
    # Whichever of the two is the kecamatan learns it from the chain that is written for it.
    below = office if office != pen.house.code else sender
    pen.write(
        "withdrawal.settled/1",
        subject=row.piece,
        facts={
            "piece": row.piece,
            "n": row.n + 1,
            "package": package.package,
            "office": str(office),
            "sender": str(sender),
            "outcome": said["outcome"],
            "document": said["document"],
            "officers": [pen.command.officer, said["second"]],
        },
        to=below,
    )
    return {"piece": row.piece, "place": target}


def settle_surplus(
    command: Command, *, surplus: str, outcome: str, document: str, second: str
) -> dict[str, Any] | Refusal:
    """Two officers decide about a piece that stood on no list: entered here, where the books know
    no other place for it, or given back to its sender. Returns {"piece"}, empty when returned."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if outcome not in set(SurplusOutcome):
            return Refusal("withdrawal.outcome_unknown")
        if not document.strip():
            return Refusal("withdrawal.minutes_incomplete")
        no = check_two(command.officer, second=second)
        if no is not None:
            return no
        here = str(pen.house.code)
        row = Surplus.objects.filter(pk=surplus, office=here, settled_at="").first()
        if row is None:
            return Refusal("withdrawal.not_surplus")
        entered = _enter(pen, row) if outcome == SurplusOutcome.ENTERED else ""
        if isinstance(entered, Refusal):
            return entered
        pen.write(
            "withdrawal.surplus_settled/1",
            subject=row.package,
            facts={
                "package": row.package,
                "mark": row.mark,
                "outcome": outcome,
                "document": document.strip(),
                "officers": [command.officer, second],
                "piece": entered,
            },
        )
        return {"piece": entered}

    content = {"surplus": surplus, "outcome": outcome, "document": document, "second": second}
    return perform(command, work, content=content)


def _enter(pen: Pen, row: Surplus) -> str | Refusal:  # positional: a pair
    """Into this office's register, as a card that was found: who lost it is asked elsewhere."""
    card = card_of_serial(row.mark)
    seen = standing_seen(card=card, serial=row.mark)
    named = piece_named(row.mark)
    elsewhere = seen.lies_at or seen.away or (named.lies if named is not None else "")
    if elsewhere:
        return Refusal("withdrawal.listed_elsewhere", place=elsewhere)
    piece = pen.new_id("wdr")
    InHand.objects.create(key=card or row.mark, piece=piece)
    pen.write(
        "withdrawal.taken_in/1",
        subject=piece,
        facts={
            "piece": piece,
            "card": card,
            "serial": row.mark,
            "how": How.FOUND.value,
            "standing": seen.standing.value,
            "cause": Cause.OTHER.value if seen.standing is Standing.VOID else "",
            "place": "",
            "away": "",
        },
    )
    return piece
