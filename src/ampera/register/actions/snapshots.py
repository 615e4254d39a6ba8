"""Copies of the register: made ready at the dinas, loaded at the kecamatan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from ampera.journal.house import house
from ampera.register.actions.writing import (
    CHUNK,
    begin_run,
    forget_empty_families,
    write_residents,
)
from ampera.register.models import Family, OfficeCopy, RegisterMark, Resident, Snapshot
from ampera.register.queries.offices import offices
from ampera.register.queries.snapshot import COLUMNS, LOADED_HASH, basis_of, make_snapshot
from ampera.register.rules.snapshot import BrokenSnapshotError, hash_of, unpack
from ampera.words.nik import Nik, NoKK
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


def publish_snapshots() -> int:
    """Make ready the copy of one kecamatan whose register changed.

    Returns 1, or 0 when all are fresh. One a tick: a copy of a real kecamatan takes some seconds.
    Offices without a server get none.
    """
    for office in offices():
        if office.tier is not Tier.KECAMATAN or office.hosted_by is not None:
            continue
        basis = basis_of(office.code)
        if Snapshot.objects.filter(pk=office.code.text, basis=basis).exists():
            continue
        content = make_snapshot(office.code)
        Snapshot.objects.update_or_create(
            office=office.code.text,
            defaults={"basis": basis, "hash": hash_of(content), "content": content},
        )
        return 1
    return 0


def load_snapshot(content: bytes, *, keep: Collection[str] = ()) -> int | Refusal:
    """Take the dinas's copy as this kecamatan's register; returns how many residents it holds.

    `keep` names residents of open cases, who stay although the copy does not hold them any more.
    All lines are read before any is written. Short transactions, then whoever is not in the copy
    goes; a crash in between leaves the old hash, so the copy is fetched and loaded again.
    """
    try:
        head, lines = unpack(content)
        if head["office"] != house().code.text:
            return Refusal("register.snapshot_of_other_office")
        told = [_office(each) for each in head["offices"]]
        rows = [_resident(line) for line in lines]
    except (BrokenSnapshotError, KeyError, TypeError, ValueError):
        return Refusal("register.snapshot_broken")
    run = begin_run()
    with transaction.atomic():
        OfficeCopy.objects.all().delete()
        OfficeCopy.objects.bulk_create(told)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        for resident, _ in chunk:
            resident.run = run
        families = {family.no_kk: family for _, family in chunk}
        write_residents([each for each, _ in chunk], families=list(families.values()))
    Resident.objects.exclude(run=run).exclude(pk__in=list(keep)).delete()
    forget_empty_families()
    RegisterMark.objects.update_or_create(key=LOADED_HASH, defaults={"value": hash_of(content)})
    return len(rows)


def _office(told: Mapping[str, Any]) -> OfficeCopy:
    prints_from = told["prints_from"]
    return OfficeCopy(
        code=told["code"],
        name=told["name"],
        hosted_by=told["hosted_by"],
        capabilities=list(told["capabilities"]),
        prints_from=date.fromisoformat(prints_from) if prints_from else None,
    )


def _resident(line: Mapping[str, Any]) -> tuple[Resident, Family]:
    values = {name: line[name] for name in COLUMNS}
    values["born"] = date.fromisoformat(values["born"])
    Nik(values["nik"])  # raises ValueError: a number that is none must not get in
    NoKK(values["family_id"])
    return Resident(**values), Family(values["family_id"], line["family_kelurahan"])
