"""What printing does to a permit, inside its own commands: take, give back, spend.

One row decides, keyed by the permit: an attempt and the answer to a recall both insert it, and the
database lets one of them in.
"""

from __future__ import annotations

from datetime import date

from ampera.journal.actions import Pen
from ampera.readiness.models import Card, Permit, PermitHold
from ampera.readiness.rules.states import CardState, PermitFacts, PermitState, check_take
from ampera.register.rules.days import day_at
from ampera.words.refusal import Refusal


def take_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """free → attempt. Refused when it is not this office's, spent, returned, held, or past its
    day."""
    row = Permit.objects.filter(pk=permit).exclude(office="").first()
    if row is None:
        return Refusal("readiness.permit_unknown")
    facts = PermitFacts(
        is_here=row.office == str(pen.house.code),
        state=PermitState(row.state),
        until=date.fromisoformat(row.print_until),
        is_held=PermitHold.objects.filter(pk=permit).exists(),
        is_card_void=Card.objects.filter(pk=row.card, state=CardState.VOID).exists(),
    )
    day = day_at(pen.house.code, at=pen.now)
    no = check_take(facts, day=day, is_clock_doubtful=pen.house.is_clock_doubtful)
    if no is not None:
        return no
    # Whoever inserts second gets an IntegrityError; the command is decided anew and sees the hold.
    PermitHold.objects.create(permit=permit, attempt=attempt)
    return None


def release_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """attempt → free: the blanko was seen whole or ruined."""
    held = PermitHold.objects.filter(permit=permit, attempt=attempt, is_spent=False)
    if held.delete()[0] != 1:
        return Refusal("readiness.permit_not_held")
    return None


def spend_permit_in(pen: Pen, *, permit: str, attempt: str) -> Refusal | None:
    """attempt → spent: a card came out, or nobody can show the blanko."""
    held = PermitHold.objects.filter(permit=permit, attempt=attempt, is_spent=False)
    if held.update(is_spent=True) != 1:
        return Refusal("readiness.permit_not_held")
    return None
