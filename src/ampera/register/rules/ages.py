"""Who must hold a card, who may be recorded, and from which day a card may be printed.

UU 24/2013 art. 63: seventeen years or older, or married, or ever married. Recording is done from
sixteen, printing only from seventeen (domain §2.1).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ampera.register.rules.codes import NOT_MARRIED

CARD_AGE_YEARS: Final = 17
RECORDING_AGE_YEARS: Final = 16


def birthday(born: date, *, years: int) -> date:
    """The day on which somebody completes that many years.

    Whoever was born on 29 February completes a common year on 1 March.
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def is_or_was_married(marital: int) -> bool:
    return marital != NOT_MARRIED


def must_hold_card(*, born: date, marital: int, on: date) -> bool:
    """Wajib KTP: seventeen, or married, or once married."""
    return is_or_was_married(marital) or on >= birthday(born, years=CARD_AGE_YEARS)


def may_be_recorded(*, born: date, marital: int, on: date) -> bool:
    """From sixteen, or whoever must hold a card already; nobody before the day of birth."""
    if born > on:
        return False
    return is_or_was_married(marital) or on >= birthday(born, years=RECORDING_AGE_YEARS)


def printable_from(*, born: date, marital: int, on: date) -> date:
    """The first day on which the card may be printed: the 17th birthday; `on` if married before.

    A record that is ready before that day stays out of the print queue until it comes.
    """
    seventeenth = birthday(born, years=CARD_AGE_YEARS)
    return min(seventeenth, on) if is_or_was_married(marital) else seventeenth
