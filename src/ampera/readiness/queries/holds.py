"""Holds on handovers as others see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ampera.readiness.models import Hold
from ampera.readiness.rules.holds import HoldFacts
from ampera.register.queries import local_day


@dataclass(frozen=True, slots=True)
class HoldSeen:
    """A hold: who asked for it, on which paper, until when (its last day). `lifted_on`: lifted
    early by two officers. Owner and basis are empty once their retention has ended."""

    hold: str
    resident: str
    reason: str
    owner: str
    basis: str
    since: date
    until: date
    placed_by: str
    lifted_on: date | None
    lifted_by: tuple[str, ...]
    lifted_basis: str

    def is_in_force(self, on: date) -> bool:
        return HoldFacts(since=self.since, until=self.until, lifted_on=self.lifted_on).is_in_force(
            on
        )


def hold_of(resident: str) -> HoldSeen | None:
    """The hold in force on the local day that ends last; None when the card may be handed over."""
    day = local_day()
    held = [each for each in holds_of(resident) if each.is_in_force(day)]
    return max(held, key=lambda each: (each.until, each.hold), default=None)


def holds_of(resident: str) -> list[HoldSeen]:
    """Every hold on this resident that is known here, oldest first."""
    if not resident:
        return []
    rows = Hold.objects.filter(resident=resident).exclude(since="").order_by("since", "hold")
    return [_seen(row) for row in rows]


def holds_in_force() -> list[HoldSeen]:
    """Every hold in force on the local day, the first to end first."""
    day = local_day().isoformat()
    rows = Hold.objects.filter(since__lte=day, until__gte=day, lifted_on="").exclude(since="")
    return [_seen(row) for row in rows.order_by("until", "hold")]


def _seen(row: Hold) -> HoldSeen:
    return HoldSeen(
        hold=row.hold,
        resident=row.resident,
        reason=row.reason,
        owner=row.owner,
        basis=row.basis,
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        placed_by=row.placed_by,
        lifted_on=date.fromisoformat(row.lifted_on) if row.lifted_on else None,
        lifted_by=tuple(each for each in row.lifted_by.split(",") if each),
        lifted_basis=row.lifted_basis,
    )
