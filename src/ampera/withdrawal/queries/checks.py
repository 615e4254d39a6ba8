"""What must hold of withdrawn pieces, asked by `verify` and by the auditor of a simulated
province."""

from __future__ import annotations

from typing import Final

from django.db.models import Count

from ampera.blanko.queries import held
from ampera.blanko.rules import Account, account_of
from ampera.readiness.queries import CardState, card_state
from ampera.withdrawal.models import Destruction, Gone, Piece, PieceMove

_PART: Final = 500


def nothing_destroyed_is_live() -> list[str]:
    """A destroyed card is void, and a destroyed blank stands as destroyed in the books."""
    cards = Gone.objects.exclude(card="").order_by("card").values_list("card", flat=True)
    found = [
        f"{card} was destroyed and is {state.value}"
        for card in cards.distinct()
        if (state := card_state(card)) is not None and state is not CardState.VOID
    ]
    pieces = list(Piece.objects.values_list("piece", flat=True))
    others = Gone.objects.exclude(piece__in=pieces).order_by("piece")
    names = list(others.values_list("piece", flat=True))
    for start in range(0, len(names), _PART):
        for item, each in sorted(held(names[start : start + _PART]).items()):
            if account_of(each.place) is not Account.DESTROYED:
                found.append(f"{item} was destroyed and stands at {each.place}")
    return found


def batches_have_their_pieces() -> list[str]:
    """Each berita acara has as many pieces as it says; one told in two batches shows here."""
    counted = dict(
        Gone.objects.values("destruction")
        .annotate(number=Count("piece"))
        .values_list("destruction", "number")
    )
    return [
        f"{row.destruction} says {row.total} pieces and has {counted.get(row.destruction, 0)}"
        for row in Destruction.objects.order_by("destruction")
        if counted.get(row.destruction, 0) != row.total
    ]


def no_card_lies_twice() -> list[str]:
    """A card lies in one register at a time."""
    rows = Piece.objects.filter(back_at="").exclude(card="").exclude(at="").exclude(lies="")
    rows = rows.exclude(lies__contains=":")
    rows = rows.exclude(piece__in=Gone.objects.values("piece"))
    many = rows.values("card").annotate(number=Count("piece")).filter(number__gt=1)
    return [f"{each['card']} lies in two registers" for each in many.order_by("card")]


def no_piece_in_two_places() -> list[str]:
    """Every number of a move was claimed once, and each move begins where the one before ended."""
    found = [
        f"{row.piece} is in two places at its move {row.n}"
        for row in PieceMove.objects.filter(stands=False).order_by("piece", "n", "key")
    ]
    before: PieceMove | None = None
    for row in PieceMove.objects.filter(stands=True).order_by("piece", "n").iterator():
        follows = before is not None and before.piece == row.piece
        if before is not None and follows and (before.n + 1, before.target) != (row.n, row.source):
            found.append(f"{row.piece}: move {row.n} does not begin where {before.n} ended")
        before = row
    return found
