"""How long ribbon, film and the time between two cleanings really last, and when they end. Pure.

What is printed on the box is not what comes out of it: of ribbons sold for 200 cards some gave 125
(domain §5.3). So the yield is counted from change to change, and the box is believed only until
then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.printing.rules.hours import PrintPolicy, day_after
from ampera.printing.rules.models import PrinterModel
from ampera.printing.rules.stops import Upkeep

#: So many of the newest pieces tell what one yields.
MEASURED_PIECES: Final = 5
#: From this many working days left on, somebody should order.
ORDER_DAYS: Final = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One piece that was taken out: cards since the one before, and whether it was used up."""

    cards: int
    was_empty: bool


@dataclass(frozen=True, slots=True)
class Yield:
    """Cards that one piece gives, and whether that was measured here."""

    cards: int
    is_measured: bool


def nominal_of(what: Upkeep, *, model: PrinterModel) -> int:
    """What the box or the handbook says."""
    match what:
        case Upkeep.RIBBON:
            return model.ribbon_cards
        case Upkeep.FILM:
            return model.film_cards
        case _:
            return model.cleaning_cards


def yield_of(changes: Sequence[Change], *, nominal: int) -> Yield:
    """The yield of one piece; `changes` are those before, newest first.

    The median of the newest that were used up. A piece that was taken out early only shows that one
    yields at least so much.
    """
    whole = [each.cards for each in changes if each.was_empty and each.cards > 0]
    newest = sorted(whole[:MEASURED_PIECES])
    at_least = max((each.cards for each in changes if not each.was_empty), default=0)
    if newest:
        return Yield(max(newest[len(newest) // 2], 1), is_measured=True)
    return Yield(max(nominal, at_least), is_measured=False)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How much is left of the piece in the printer."""

    left: int
    runs_out: date | None  #: None while nobody prints, so that no day can be told
    is_short: bool  #: somebody should order


def lasting_of(
    piece: Yield, *, used: int, cards_a_day: float, today: date, by: PrintPolicy
) -> Lasting:
    """What is left and the day on which it runs out when as much is printed a working day as now.

    A piece that has outlived its yield may end with every card: its day is today.
    """
    left = max(0, piece.cards - used)
    if cards_a_day <= 0:
        return Lasting(left, None, left == 0)
    days = int(left / cards_a_day)
    ends = day_after(today, working_days=days + 1, by=by)
    return Lasting(left, ends, days < ORDER_DAYS)


def usual_day(cards_by_day: Sequence[int]) -> float:
    """Cards of a usual working day: the mean of the days on which any were printed."""
    worked = [cards for cards in cards_by_day if cards > 0]
    return sum(worked) / len(worked) if worked else 0.0
