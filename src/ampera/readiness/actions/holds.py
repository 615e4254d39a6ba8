"""What printing does to a permit, inside its own commands: take, give back, spend.

One row decides, keyed by the permit: an attempt and the answer to a recall both insert it, and the
database lets one of them in.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ampera.journal import sql
from ampera.journal.actions import Pen
from ampera.journal.rows import rows_of
from ampera.readiness.models import Card, Permit, PermitHold
from ampera.readiness.rules.states import CardState, PermitFacts, PermitState, check_take
from ampera.register.rules.days import day_at
from ampera.words.refusal import Refusal

_RELEASE: Final = """
DELETE FROM readiness_permithold WHERE permit = %s AND attempt = %s AND NOT is_spent
"""
_SPEND: Final = """
UPDATE readiness_permithold SET is_spent = TRUE
 WHERE permit = %s AND attempt = %s AND NOT is_spent
"""


def take_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """free → attempt. Refused when it is not this office's, spent, returned, held, or past its
    day."""
    row = rows_of(Permit).get(permit)
    if row is None or not row.office:
        return Refusal("readiness.permit_unknown")
    card = rows_of(Card).get(row.card)
    facts = PermitFacts(
        is_here=row.office == str(pen.house.code),
        state=PermitState(row.state),
        until=date.fromisoformat(row.print_until),
        is_held=rows_of(PermitHold).get(permit) is not None,
        is_card_void=card is not None and card.state == CardState.VOID,
    )
    day = day_at(pen.house.code, at=pen.now)
    no = check_take(facts, day=day, is_clock_doubtful=pen.house.is_clock_doubtful)
    if no is not None:
        return no
    # Whoever inserts second gets an IntegrityError; the command is decided anew and sees the hold.
    rows_of(PermitHold).add(permit=permit, attempt=attempt)
    return None


def release_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """attempt → free: the blanko was seen whole or ruined."""
    if sql.write(_RELEASE, permit, attempt) != 1:
        return Refusal("readiness.permit_not_held")
    return None


def spend_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """attempt → spent: a card came out, or nobody can show the blanko."""
    if sql.write(_SPEND, permit, attempt) != 1:
        return Refusal("readiness.permit_not_held")
    return None
