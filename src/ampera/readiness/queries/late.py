"""Permits whose day has long passed and that nobody gave back."""

from __future__ import annotations

from datetime import timedelta

from ampera.readiness.models import Permit
from ampera.readiness.rules.policy import policy
from ampera.readiness.rules.states import PermitState
from ampera.register.queries import local_day
from ampera.words.office import OfficeCode


def late_permits(*, most: int) -> list[tuple[str, OfficeCode]]:
    """(permit, office) of those that may be forfeited by the day at this server, the oldest first;
    the action asks again by the day at their office."""
    last = local_day() - timedelta(days=policy().forfeit_after_days)
    rows = (
        Permit.objects.filter(
            state__in=[PermitState.OPEN, PermitState.IN_ATTEMPT], print_until__lt=last.isoformat()
        )
        .exclude(office="")
        .exclude(print_until="")
    )
    found = rows.order_by("print_until", "permit").values_list("permit", "office")[:most]
    return [(permit, OfficeCode(office)) for permit, office in found]
