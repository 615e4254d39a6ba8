"""A package of withdrawn cards leaves: counted and sealed by two officers, in one entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.quarantine import is_quarantined
from ampera.withdrawal.actions.guarding import claim, hold, on_second_medium
from ampera.withdrawal.models import Piece
from ampera.withdrawal.queries.lying import piece_facts, serials_of
from ampera.withdrawal.rules.packages import (
    Sealed,
    check_leave,
    check_package,
    code_of,
    transit_to,
)
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def send_package(
    command: Command, *, to: OfficeCode, pieces: Sequence[str], sealed: Sealed
) -> dict[str, Any] | Refusal:
    """Send withdrawn cards to the own dinas, or from there to a kecamatan.

    From now on they are under way, and only the receiver takes them out of that. The package leaves
    the hand only after this returned without a refusal: then its entry lies on a second medium.
    Returns {"package", "code", "count"}.
    """
    chosen = list(pieces)

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if is_quarantined():
            return Refusal("server.quarantined")
        no = check_package(chosen, sealed=sealed, here=here, to=to, officer=command.officer)
        if no is not None:
            return no
        hold(chosen)
        listed = _listed(chosen, here=here, to=to)
        if isinstance(listed, Refusal):
            return listed
        package = pen.new_id("wpk")
        pen.write(
            "withdrawal.sent/1",
            subject=package,
            facts={
                "package": package,
                "to": str(to),
                "seal": sealed.seal.strip(),
                "officers": [command.officer, sealed.second],
                "count": len(listed),
                "pieces": listed,
            },
            body={"courier": sealed.courier.strip()},
            to=to if to.upper == here else None,
        )
        return {"package": package, "code": code_of(package), "count": len(listed)}

    content = {
        "to": str(to),
        "pieces": chosen,
        "seal": sealed.seal,
        "courier": sealed.courier,
        "second": sealed.second,
    }
    return on_second_medium(perform(command, work, content=content))


def _listed(
    chosen: Sequence[str], *, here: OfficeCode, to: OfficeCode
) -> list[dict[str, Any]] | Refusal:
    """What the list says of each piece; each is moved into transit on the way."""
    serials = serials_of(Piece.objects.filter(pk__in=chosen).values_list("card", flat=True))
    found = []
    for piece in chosen:
        facts = piece_facts(piece)
        if (no := check_leave(facts)) is not None:
            return no
        assert facts is not None
        row = Piece.objects.get(pk=piece)
        if not claim(piece, n=row.n, source=str(here), target=transit_to(to)):
            return Refusal("withdrawal.moved_meanwhile")
        found.append(
            {
                "piece": piece,
                "n": row.n + 1,
                "card": row.card,
                "serial": row.serial or serials.get(row.card, ""),
                "how": row.how,
                "cause": facts.cause.value,
                "standing": row.standing,
            }
        )
    return found
