"""Writing many residents at once, keeping the record id of every NIK that is known already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from ampera.register.models import Family, RegisterMark, Resident
from ampera.register.queries.snapshot import LAST_RUN, last_run

CHUNK: Final = 400
_UPDATED: Final = tuple(
    field.attname for field in Resident._meta.concrete_fields if field.attname not in ("id",)
)


def begin_run() -> int:
    """Number a new import or snapshot; copies made before it are stale from now on."""
    run = last_run() + 1
    RegisterMark.objects.update_or_create(key=LAST_RUN, defaults={"value": str(run)})
    return run


def write_residents(residents: Sequence[Resident], *, families: Sequence[Family]) -> None:
    """Insert or replace by record id, and the families they stand on, in one short transaction.

    A row with the same NIK and another id gives way: the NIK is one for life, ids are ours.
    """
    ids = [each.id for each in residents]
    niks = [each.nik for each in residents]
    fields = [Resident._meta.get_field(_field_of(name)).name for name in _UPDATED]
    with transaction.atomic():
        Family.objects.bulk_create(
            families, update_conflicts=True, unique_fields=["no_kk"], update_fields=["kelurahan"]
        )
        Resident.objects.filter(nik__in=niks).exclude(pk__in=ids).delete()
        Resident.objects.bulk_create(
            residents, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )


def _field_of(attname: str) -> str:
    return attname.removesuffix("_id") if attname == "family_id" else attname


def forget_empty_families() -> None:
    """Drop family cards on which nobody stands here any more."""
    Family.objects.filter(resident__isnull=True).delete()
