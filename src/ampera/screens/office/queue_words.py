"""Words of the pages about queues: what decides, whom a quota counts, which roles acted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from ampera.readiness.queries import MoveSeen
from ampera.readiness.rules.policy import Moved, QuotaClass, policy
from ampera.register.queries import officers_of
from ampera.words.office import OfficeCode

#: Why somebody stands behind the one before, by the part of the order in which they differ.
BEHIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "head": "paling depan",
        "jump": "yang di atasnya didahulukan dua petugas",
        "urgency": "yang di atasnya mendesak, atau lebih mendesak",
        "first_card": "yang di atasnya kartu pertama",
        "waiting_since": "yang di atasnya menunggu lebih lama",
        "request": "diterima pada saat yang sama; nomor catatan memutuskan",
    }
)
#: One sentence for each reason of `WhyBefore`: why the first one came before the second.
BECAUSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jump": "Permohonan pertama didahulukan oleh dua petugas, dengan alasan dan bukti"
        " di bawah ini.",
        "urgency": "Permohonan pertama dinyatakan mendesak (atau lebih mendesak) oleh dua petugas,"
        " dengan alasan dan bukti di bawah ini.",
        "first_card": "Permohonan pertama untuk kartu pertama; kartu pertama didahulukan dari kartu"
        " pengganti.",
        "waiting_since": "Permohonan pertama menunggu lebih lama.",
        "request": "Keduanya diterima pada saat yang sama; nomor catatan memutuskan, supaya tidak"
        " ada yang memilih.",
        "other_queue": "Keduanya dicetak di kantor yang berbeda; setiap kantor mempunyai antrean"
        " dan blanko sendiri.",
        "not_waiting_then": "Ketika izin cetak pertama diberikan, permohonan kedua belum siap cetak"
        " atau belum sampai di sini, jadi belum ada dalam antrean.",
        "quota": "Permohonan kedua sebenarnya di depan, tetapi kuota hari itu untuk golongannya"
        " sudah terpakai.",
        "unexplained": "Menurut urutan yang berlaku permohonan kedua seharusnya lebih dahulu, dan"
        " jurnal tidak memuat alasannya. Laporkan kepada auditor.",
    }
)
CLASSES: Final[Mapping[QuotaClass, str]] = MappingProxyType(
    {
        QuotaClass.ANY: "semua permohonan",
        QuotaClass.FIRST: "kartu pertama",
        QuotaClass.REPLACEMENT: "kartu pengganti",
        QuotaClass.GUEST: "penduduk luar domisili",
    }
)
ORDER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jump": "didahulukan dua petugas",
        "urgency": "mendesak",
        "first_card": "kartu pertama",
        "waiting_since": "lama menunggu",
        "request": "nomor catatan",
    }
)
MOVED: Final[Mapping[Moved, str]] = MappingProxyType(
    {Moved.URGENT: "mendesak", Moved.JUMPED: "didahulukan"}
)
assert set(CLASSES) == set(QuotaClass)
assert set(MOVED) == set(Moved)


@dataclass(frozen=True, slots=True)
class MoveTold:
    """A movement in words: nobody's name, but both roles."""

    move: str
    what: str
    reason: str
    basis: str
    evidence: str
    note: str
    at: datetime
    office: str
    roles: str
    undone_at: datetime | None


def told_moves(moves: tuple[MoveSeen, ...]) -> list[MoveTold]:
    """Movements for a page, oldest first."""
    return [_told(each) for each in moves]


def _told(seen: MoveSeen) -> MoveTold:
    code = policy().urgencies.get(seen.reason)
    paper = policy().evidence.get(seen.evidence)
    return MoveTold(
        move=seen.move,
        what=MOVED[seen.what],
        # A code that a later release no longer lists is shown as it stands in the entry.
        reason=code.text_id if code is not None else seen.reason,
        basis=code.basis if code is not None else "",
        evidence=paper[0] if paper is not None else seen.evidence,
        note=seen.note,
        at=seen.at,
        office=seen.decided_at,
        roles=" dan ".join(_role(each, seen.decided_at) for each in (seen.officer, seen.witness)),
        undone_at=seen.undone_at,
    )


def _role(officer: str, office: str) -> str:  # positional: of that officer there
    listed = {each.id: each for each in officers_of(OfficeCode(office))}
    found = listed.get(officer)
    return "/".join(sorted(found.roles)) if found is not None else officer[-6:]
