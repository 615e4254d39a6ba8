"""Permits that an office gives back of its own accord: it cannot print them.

The same compare-and-set as the answer to a recall: an attempt that begins at the same moment and
the return both insert the hold, and the database lets one of them in (architecture §5, Permit).
"""

from __future__ import annotations

from typing import Any, Final

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import house
from ampera.readiness.models import Permit, PermitHold
from ampera.readiness.rules.states import PermitState
from ampera.words.refusal import Refusal

#: A tick makes progress in steps of this many.
RETURNED_MAX: Final = 50
_RETURNED: Final = "returned"


def return_open_permits(*, why: str, most: int = RETURNED_MAX) -> int:
    """Give back up to `most` of this office's permits that no attempt holds; `why` is a code that
    stands in the entry. Returns how many went back; the next tick goes on."""
    here = house()
    rows = Permit.objects.filter(office=str(here.code), state=PermitState.OPEN)
    rows = rows.exclude(permit__in=PermitHold.objects.values("permit"))
    permits = list(rows.order_by("permit").values_list("permit", flat=True)[:most])
    return sum(isinstance(return_permit(permit, why=why), dict) for permit in permits)


def return_permit(permit: str, *, why: str) -> dict[str, Any] | Refusal:
    """Give one permit back. Refused when an attempt holds it, or when it is gone already."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        row = Permit.objects.filter(pk=permit, office=str(pen.house.code)).first()
        is_held = PermitHold.objects.filter(pk=permit).exists()
        if row is None or row.state != PermitState.OPEN or is_held:
            return Refusal("readiness.permit_held")
        PermitHold.objects.create(permit=permit, attempt=_RETURNED, is_spent=True)
        pen.write("permit.returned/1", subject=permit, facts={"permit": permit, "why": why})
        return {"permit": permit}

    return perform(Command(id=f"give-back:{permit}"), work, content={"permit": permit, "why": why})
