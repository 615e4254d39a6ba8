"""Permits under which a card may have been printed in a tail that a restore lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ampera.journal.queries import entries_about
from ampera.readiness.models import Card, Permit
from ampera.readiness.queries.cards import PermitSeen, permit_seen
from ampera.readiness.rules.states import CardState, PermitState
from ampera.words.office import OfficeCode

SUSPECTED = "permit.suspected/1"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A permit that counts as spent until two officers of its dinas have decided."""

    permit: PermitSeen
    since: datetime
    count: str  #: the count after the restore that made it suspect
    is_open: bool  #: still to be decided


def suspect_count(office: OfficeCode | str | None = None) -> int:
    """How many permits wait for that decision, at one office or at all that are known here."""
    return _undecided(office).count()


def suspects(office: OfficeCode | str | None = None, *, most: int | None = None) -> list[Suspect]:
    """Those permits, oldest grant first. Record ids only: whoever wants names looks them up."""
    rows = _undecided(office).order_by("granted_at", "permit")
    permits = list(rows.values_list("permit", flat=True)[:most])
    return _seen(permits, is_open=True)


def suspect_seen(permit: str) -> Suspect | None:
    """One permit that is or was suspect; None for any other."""
    is_open = _undecided().filter(pk=permit).exists()
    return next(iter(_seen([permit], is_open=is_open)), None)


def _undecided(office: OfficeCode | str | None = None) -> QuerySet[Permit]:
    permitted = Card.objects.filter(state=CardState.PERMITTED)
    rows = Permit.objects.filter(state=PermitState.SUSPECT, card__in=permitted.values("card"))
    return rows if office is None else rows.filter(office=str(office))


def _seen(permits: Sequence[str], *, is_open: bool) -> list[Suspect]:
    said = {entry.subject: entry for entry in entries_about(permits) if entry.kind == SUSPECTED}
    found = []
    for each in permits:
        permit, entry = permit_seen(each), said.get(each)
        if permit is not None and entry is not None:
            found.append(Suspect(permit, entry.at, str(entry.facts["why"]), is_open))
    return found
