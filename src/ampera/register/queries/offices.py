"""Offices, and which of them serves a kecamatan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ampera.journal.house import house
from ampera.register.models import Office, OfficeCopy
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode, Tier


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """An office as it is described now."""

    code: OfficeCode
    name: str
    hosted_by: OfficeCode | None
    capabilities: frozenset[str]
    prints_from: date | None

    @property
    def tier(self) -> Tier:
        return self.code.tier

    def prints_on(self, day: date) -> bool:
        """Has it a printer, and is it open for printing on that day (S2)?"""
        return "cetak" in self.capabilities and self.prints_from is not None and (
            self.prints_from <= day
        )  # fmt: skip


def _seen(row: Office | OfficeCopy) -> OfficeSeen:
    return OfficeSeen(
        code=OfficeCode(row.code),
        name=row.name,
        hosted_by=OfficeCode(row.hosted_by) if row.hosted_by else None,
        capabilities=frozenset(row.capabilities),
        prints_from=row.prints_from,
    )


def offices() -> list[OfficeSeen]:
    """All offices known here, by code: described, or told by the register snapshot."""
    found = {row.code: _seen(row) for row in OfficeCopy.objects.all()}
    found |= {row.code: _seen(row) for row in Office.objects.all()}
    return [found[code] for code in sorted(found)]


def office_seen(code: OfficeCode) -> OfficeSeen | None:
    """One office; None when nobody described it."""
    row: Office | OfficeCopy | None = Office.objects.filter(pk=code.text).first()
    row = row or OfficeCopy.objects.filter(pk=code.text).first()
    return _seen(row) if row is not None else None


def host_of(kecamatan: OfficeCode) -> OfficeCode:
    """The office that serves a kecamatan: its host, or itself (S5)."""
    office = office_seen(kecamatan)
    return office.hosted_by if office is not None and office.hosted_by is not None else kecamatan


def served_kecamatan(office: OfficeCode) -> list[OfficeCode]:
    """The kecamatan whose residents come to this office: its own and those it hosts.

    A dinas serves all of its kabkota and the pusat everybody; both give an empty list here.
    """
    if office.tier is not Tier.KECAMATAN:
        return []
    hosted = [each.code for each in offices() if each.hosted_by == office]
    return [office, *hosted] if host_of(office) == office else []


def local_day() -> date:
    """Today by the calendar of this office's own time zone, on the city's clock."""
    here = house()
    return day_at(here.code, at=here.now())
