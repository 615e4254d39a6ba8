"""Permits under which a card may exist that nobody can show: of an attempt in dispute, or of a tail
that a restore lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from ampera.journal.queries import entries_about
from ampera.readiness.models import Card, Permit, Word
from ampera.readiness.queries.cards import PermitSeen, permit_seen
from ampera.readiness.rules.states import PermitState, Said
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode

SUSPECTED: Final = "permit.suspected/1"
_UNDECIDED: Final = (PermitState.SUSPECT, PermitState.DISPUTED)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A permit that counts as spent until two officers of its dinas have decided."""

    permit: PermitSeen
    since: datetime
    #: Under which blanko went to dispute: attempts, and the count after a restore.
    documents: tuple[str, ...]
    is_in_dispute: bool  #: an attempt's blanko cannot be shown; else it is suspect after a restore
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
    """One permit that is or was undecided; None for any other."""
    is_open = _undecided().filter(pk=permit).exists()
    return next(iter(_seen([permit], is_open=is_open)), None)


def _undecided(office: OfficeCode | str | None = None) -> QuerySet[Permit]:
    # A card that was blocked meanwhile is void and waits all the same: it bars the next one.
    barring = Card.objects.filter(bars_another=True)
    rows = Permit.objects.filter(state__in=_UNDECIDED, card__in=barring.values("card"))
    return rows if office is None else rows.filter(office=str(office))


def _seen(permits: Sequence[str], *, is_open: bool) -> list[Suspect]:
    said = {entry.subject: entry for entry in entries_about(permits) if entry.kind == SUSPECTED}
    lost = _disputes(permits)
    found = []
    for each in permits:
        told = [(utc_from_text(word.at), word.attempt) for word in lost.get(each, [])]
        if (entry := said.get(each)) is not None:
            told.append((entry.at, str(entry.facts["why"])))
        permit = permit_seen(each)
        if permit is not None and told:
            documents = tuple(document for _, document in told)
            found.append(Suspect(permit, min(told)[0], documents, each in lost, is_open))
    return found


def _disputes(permits: Sequence[str]) -> dict[str, list[Word]]:
    """Who has the permit says that a blanko cannot be shown; oldest first."""
    holders = dict(Permit.objects.filter(permit__in=permits).values_list("permit", "office"))
    rows = Word.objects.filter(permit__in=permits, said=Said.DISPUTE).order_by("at", "key")
    found: dict[str, list[Word]] = {}
    for row in rows:
        if row.origin == holders.get(row.permit):
            found.setdefault(row.permit, []).append(row)
    return found
