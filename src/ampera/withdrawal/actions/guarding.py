"""What every verb of the register shares: whoever decides about a piece waits for the other who
does, and nothing leaves a hand before its entry lies on a second medium."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from ampera.journal.second_log import secure
from ampera.withdrawal.models import Piece
from ampera.words.refusal import Refusal


def hold(pieces: Sequence[str]) -> None:
    """From here on another window that decides about one of these waits until this one has ended:
    what is read below stands. In one order, so that two windows never wait for each other."""
    for piece in sorted(set(pieces)):
        Piece.objects.filter(pk=piece).update(n=F("n"))


def claim(piece: str, *, n: int, source: str, target: str) -> bool:
    """Compare and set: True when the piece was still where it was read."""
    rows = Piece.objects.filter(pk=piece, n=n, lies=source)
    return rows.update(n=F("n") + 1, lies=target) == 1


def on_second_medium(answer: dict[str, Any] | Refusal) -> dict[str, Any] | Refusal:
    """The same answer once its entries lie on a second medium (architecture §4).

    Refuses withdrawal.second_log_missing: what was written stands, and nothing may be burned or
    carried away yet. The same command given again tries that medium again and writes nothing twice.
    """
    if isinstance(answer, Refusal):
        return answer
    return secure_again() or answer


def secure_again() -> Refusal | None:
    """Bring the second medium up to the books; None when it is."""
    try:
        secure()
    except OSError:
        return Refusal("withdrawal.second_log_missing")
    return None
