"""Which offices lie in custody at this dinas, since when, and whether their servers know it."""

from __future__ import annotations

from django.db.models import QuerySet

from ampera.journal.entry import ChainName
from ampera.journal.marks import shown_by
from ampera.journal.queries import entries_about
from ampera.readiness.models import Card, Permit, SeizedOffice
from ampera.readiness.rules.seizures import SEIZED, Seizure
from ampera.readiness.rules.states import CardState, PermitState
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


def is_seized(office: OfficeCode | str) -> bool:
    """Does this office lie in custody now?"""
    return _in_custody().filter(office=str(office)).exists()


def seized_offices() -> frozenset[str]:
    """The codes of all that do."""
    return frozenset(_in_custody().values_list("office", flat=True))


def seizure_of(office: OfficeCode | str) -> Seizure | None:
    """The custody in which an office lies now; None where it does not."""
    row = _in_custody().filter(office=str(office)).order_by("at", "seizure").first()
    return None if row is None else _seen(row)


def seizures(office: OfficeCode | str | None = None) -> list[Seizure]:
    """All that were ever declared, the newest first."""
    rows = SeizedOffice.objects.exclude(at="").order_by("-at", "seizure")
    if office is not None:
        rows = rows.filter(office=str(office))
    return [_seen(row) for row in rows]


def seizure_seen(seizure: str) -> Seizure | None:
    """One of them; None for an unknown one."""
    row = SeizedOffice.objects.exclude(at="").filter(pk=seizure).first()
    return None if row is None else _seen(row)


def is_news_there(seizure: Seizure) -> bool:
    """Has the office's server shown that it holds this dinas's news of the custody? All that was
    forfeited stands before it in the same chain."""
    told = [entry for entry in entries_about([seizure.seizure]) if entry.kind == SEIZED]
    shown: dict[ChainName, int] = {
        chain: place.seq for chain, place in shown_by(seizure.office).items()
    }
    return any(shown.get(entry.chain, 0) >= entry.seq for entry in told)


def unsettled_count(office: OfficeCode | str) -> int:
    """Permits of an office that its custody would end: open, or in an attempt."""
    states = (PermitState.OPEN, PermitState.IN_ATTEMPT)
    return Permit.objects.filter(office=str(office), state__in=states).count()


def finished_count(office: OfficeCode | str) -> int:
    """Cards of an office that were made and not handed over, as far as it has told."""
    permits = Permit.objects.filter(office=str(office)).values("permit")
    made = (CardState.PRINTED, CardState.READY)
    return Card.objects.filter(permit__in=permits, state__in=made).count()


def _in_custody() -> QuerySet[SeizedOffice]:
    return SeizedOffice.objects.exclude(at="").filter(released_at="")


def _seen(row: SeizedOffice) -> Seizure:
    return Seizure(
        seizure=row.seizure,
        office=OfficeCode(row.office),
        at=utc_from_text(row.at),
        officers=tuple(row.officers),
        server=row.server,
        printers=tuple(row.printers),
        place=row.place,
        document=row.document,
        blanko=row.blanko,
        surplus=tuple(row.surplus),
        permits=row.permits,
        released_at=utc_from_text(row.released_at) if row.released_at else None,
        released_by=tuple(row.released_by),
        released_document=row.released_document,
    )
