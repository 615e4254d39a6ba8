"""The copy of the register that a kecamatan fetches by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Q

from ampera.register.models import RegisterMark, Resident, Snapshot
from ampera.register.queries.offices import local_day, offices, served_kecamatan
from ampera.register.queries.residents import lives_in
from ampera.register.rules import codes
from ampera.register.rules.ages import RECORDING_AGE_YEARS
from ampera.register.rules.snapshot import hash_of, pack
from ampera.words.office import OfficeCode, Tier

LAST_RUN: Final = "last_run"
LOADED_HASH: Final = "snapshot_hash"
#: The columns of a resident that travel, in the names of the table.
COLUMNS: Final = (
    "id", "nik", "family_id", "name", "birth_place", "born", "is_female", "religion", "marital",
    "blood", "shdk", "education", "occupation", "nationality", "base_status", "address", "rt",
    "rw", "kelurahan", "has_legacy_card", "warnings", "is_sample",
)  # fmt: skip


def last_run() -> int:
    """The number of the last import or snapshot that wrote residents here; 0 before the first."""
    value = RegisterMark.objects.filter(pk=LAST_RUN).values_list("value", flat=True).first()
    return int(value or 0)


def loaded_snapshot_hash() -> str:
    """The hash of the copy that this kecamatan holds; empty before the first."""
    known = RegisterMark.objects.filter(pk=LOADED_HASH).values_list("value", flat=True)
    return known.first() or ""


def snapshot_for(office: OfficeCode) -> bytes:
    """The register of that kecamatan: card-age residents of its own and hosted kelurahan, no dead.

    The copy made ready by `publish_snapshots` when it is fresh, else one made now.
    """
    ready = Snapshot.objects.filter(pk=office.text, basis=basis_of(office)).first()
    return bytes(ready.content) if ready is not None else make_snapshot(office)


def snapshot_hash_for(office: OfficeCode) -> str:
    """The hash of what `snapshot_for` gives."""
    known = Snapshot.objects.filter(pk=office.text, basis=basis_of(office))
    return known.values_list("hash", flat=True).first() or hash_of(make_snapshot(office))


def basis_of(office: OfficeCode) -> str:
    """What a copy depends on: the last import, the offices, and the day (somebody turns 16)."""
    told = repr([_told(each) for each in _offices_around(office)])
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    return f"{last_run()}/{local_day().isoformat()}/{digest}"


def make_snapshot(office: OfficeCode) -> bytes:
    """Make the copy from the tables. Only a kecamatan gets one: asking for another is a defect."""
    assert office.tier is Tier.KECAMATAN, "only a kecamatan holds a copy of the register"
    head = {"office": office.text, "offices": [_told(each) for each in _offices_around(office)]}
    return pack(head, residents=_residents_of(office, on=local_day()))


def _offices_around(office: OfficeCode) -> list[Any]:
    """The offices of the same dinas, and the dinas."""
    return [each for each in offices() if office.upper in (each.code, each.code.upper)]


def _told(office: Any) -> dict[str, Any]:
    return {
        "code": office.code.text,
        "name": office.name,
        "hosted_by": office.hosted_by.text if office.hosted_by else "",
        "capabilities": sorted(office.capabilities),
        "prints_from": office.prints_from.isoformat() if office.prints_from else None,
    }


def _residents_of(office: OfficeCode, *, on: date) -> Iterator[dict[str, Any]]:
    here = Q(pk__in=[])
    for kecamatan in served_kecamatan(office):
        here |= lives_in(kecamatan.text)
    of_age = Q(born__lte=_years_before(on)) | ~Q(marital=codes.NOT_MARRIED)
    rows = Resident.objects.filter(here, of_age, base_status=codes.ALIVE).order_by("nik")
    families = dict(
        Resident.objects.filter(here).values_list("family_id", "family__kelurahan").distinct()
    )
    for row in rows.values(*COLUMNS).iterator(chunk_size=2000):
        row["born"] = row["born"].isoformat()
        row["family_kelurahan"] = families[row["family_id"]]
        yield row


def _years_before(on: date) -> date:
    try:
        return on.replace(year=on.year - RECORDING_AGE_YEARS)
    except ValueError:  # 29 February, sixteen years before a century that has none
        return date(on.year - RECORDING_AGE_YEARS, 2, 28)
