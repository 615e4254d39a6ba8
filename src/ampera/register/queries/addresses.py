"""Where residents live, for whoever brings them their cards: no more of the record than that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ampera.journal.actions import record_look
from ampera.register.models import Resident
from ampera.register.queries.wilayah import wilayah_name
from ampera.register.rules.records import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSeen:
    """One door: as the card prints it."""

    address: str = field(repr=False)
    rt: str
    rw: str
    kelurahan: str
    kelurahan_name: str


def kelurahan_of(residents: Collection[str]) -> Mapping[str, str]:
    """The code of each resident's kelurahan, of those whom this server's register knows."""
    rows = Resident.objects.filter(pk__in=list(residents))
    return dict(rows.values_list("id", "kelurahan"))


def addresses_for(
    officer: str, *, residents: Collection[str], purpose: Purpose
) -> Mapping[str, AddressSeen]:
    """The doors of these residents, of those known here. One audit entry says who looked."""
    columns = ("id", "address", "rt", "rw", "kelurahan")
    rows = list(Resident.objects.filter(pk__in=list(residents)).values_list(*columns))
    if rows:
        record_look(officer=officer, subjects=sorted(row[0] for row in rows), purpose=purpose.value)
    names = {code: wilayah_name(code) for code in {row[4] for row in rows}}
    return {
        row[0]: AddressSeen(
            address=row[1], rt=row[2], rw=row[3], kelurahan=row[4], kelurahan_name=names[row[4]]
        )
        for row in rows
    }
