"""One answer to *where is my card?*, in the shape that pages show.

What all stations know of a request is gathered in `delivery.queries.case_of`; the machine interface
shows the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from ampera.delivery.queries import case_of
from ampera.intake.queries import RequestSeen, StateText
from ampera.journal.queries import Journey
from ampera.readiness.queries import CardSeen, PermitSeen


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """How far a request has come, as this server knows it."""

    text: StateText
    journey: Journey  #: how far the newest entry about it has got
    card: CardSeen | None  #: the card made or being made for this request
    permit: PermitSeen | None
    why: tuple[tuple[str, str], ...]  #: (Indonesian, English) reasons to wait, nearest first


def status_seen(found: RequestSeen) -> StatusSeen:
    """The state of a request from the facts of all stations. Opens no personal record."""
    case = case_of(found)
    return StatusSeen(
        text=case.text,
        journey=case.journey,
        card=case.card,
        permit=case.permit,
        why=tuple((wait.text(), wait.text("en")) for wait in case.waits),
    )
