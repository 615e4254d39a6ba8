"""Where each piece is, from every claim about its moves, in any order of the chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import Entry
from ampera.withdrawal.models import Piece, PieceMove
from ampera.withdrawal.rules.packages import Move
from ampera.words.clock import utc_text


def keep(piece: str, *, told: Mapping[str, Any], entry: Entry, weight: int = 0) -> None:
    """What is told of a piece: the smallest (weight, at, hash) is believed."""
    rank = (weight, utc_text(entry.at), entry.hash)
    known, _ = Piece.objects.get_or_create(pk=piece)
    if not known.at or rank < (known.weight, known.at, known.hash):
        Piece.objects.filter(pk=piece).update(**told, weight=weight, at=rank[1], hash=rank[2])
    refresh_place(piece)


def note_move(move: Move, *, package: str, entry: Entry) -> None:
    """Add one claim. Of two claims on one number the earlier (at, hash) stands, with an alarm."""
    Piece.objects.get_or_create(pk=move.piece)
    # Nothing changes, but whoever else tells of this piece waits from here on.
    Piece.objects.filter(pk=move.piece).update(n=F("n"))
    row = PieceMove(
        key=move.claim(package),
        piece=move.piece,
        n=move.n,
        source=move.source,
        target=move.target,
        package=package,
        origin=str(entry.origin),
        at=utc_text(entry.at),
        hash=entry.hash,
        stands=True,
    )
    known = PieceMove.objects.filter(pk=row.key).first()
    if known is None:
        row.save(force_insert=True)
    elif (row.at, row.hash) < (known.at, known.hash):
        row.stands = known.stands
        row.save()
    _settle(move)
    refresh_place(move.piece)


def _settle(move: Move) -> None:
    rows = sorted(
        PieceMove.objects.filter(piece=move.piece, n=move.n),
        key=lambda row: (row.at, row.hash, row.key),
    )
    if len(rows) > 1:
        raise_alarm(
            f"piece_in_two_places:{move.piece}:{move.n}",
            f"{move.piece} is in two places: its move {move.n} was made to {rows[0].target}"
            f" by {rows[0].origin} and to {rows[1].target} by {rows[1].origin}",
        )
    for rank, row in enumerate(rows):
        if row.stands != (rank == 0):
            PieceMove.objects.filter(pk=row.key).update(stands=rank == 0)


def refresh_place(piece: str) -> None:
    """By the highest move that stands; a piece that never moved lies where it was taken in."""
    row = Piece.objects.get(pk=piece)
    last = PieceMove.objects.filter(piece=piece, stands=True).order_by("-n").first()
    now = (last.n, last.target, last.at) if last is not None else (0, row.office, row.at)
    if now != (row.n, row.lies, row.lies_since):
        Piece.objects.filter(pk=piece).update(n=now[0], lies=now[1], lies_since=now[2])


def place(entry: Entry) -> dict[str, str]:
    """When and by which entry something was told."""
    return {"at": utc_text(entry.at), "hash": entry.hash}
