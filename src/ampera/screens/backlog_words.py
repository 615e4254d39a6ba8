"""Words for the backlog: its parts, what a case waits for, and who has to act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ampera.planning.rules.backlog import Actor, CityBacklog, Part, Why

PARTS: Final[Mapping[Part, str]] = {
    Part.READY: "siap cetak (PRR), belum dicetak",
    Part.NOT_READY: "sudah dimohon, belum siap cetak",
    Part.PRINTED: "sudah dicetak, belum diserahkan",
}
ACTORS: Final[Mapping[Actor, str]] = {
    Actor.RESIDENT: "warga",
    Actor.KECAMATAN: "kantor pencetak atau perekam",
    Actor.DINAS: "Disdukcapil",
    Actor.PUSAT: "pusat",
}
WHYS: Final[Mapping[Why, str]] = {
    Why.TO_HAND_OVER: "siap diserahkan, menunggu pemiliknya",
    Why.TO_CHECK: "dicetak, menunggu diperiksa",
    Why.IN_QUEUE: "di antrean PRR, menunggu izin cetak dan blanko",
    Why.PERMITTED: "izin cetak sudah di kantor pencetak",
    Why.IN_DISPUTE: "blankonya dalam selisih",
    Why.OTHER_CARD: "kartu lain milik orang yang sama masih berjalan",
    Why.HAS_CARD: "minta kartu pertama padahal sudah punya",
    Why.TO_CONFIRM: "data menunggu konfirmasi",
    Why.DUPLICATE: "DUPLICATE_RECORD: data ganda",
    Why.TO_BE_MANDATED: "PRINT_READY_RECORD, hak cetak belum diberikan",
    Why.ADJUDICATION: "ADJUDICATE_RECORD: menunggu ajudikator",
    Why.AT_CENTRE: "rekaman di pusat, belum ditunggalkan",
    Why.RECORDING_SOUGHT: "rekaman lama dicari di pusat",
    Why.RECORDED_ELSEWHERE: "direkam di kota lain, hak cetak belum pindah",
    Why.RECORDING_SENT: "BIO_CAPTURED: rekaman belum sampai di pusat",
    Why.TO_BE_RECORDED: "perlu datang untuk direkam",
    Why.NOT_REPORTED: "data belum dilaporkan lengkap",
    Why.PAPERS_MISSING: "berkas belum lengkap",
}
assert set(WHYS) == set(Why)
AGES: Final = ("sampai 7 hari", "8-30 hari", "31-90 hari", "lebih dari 90 hari")


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One reason in a part: how many, first cards among them, and who must act."""

    text: str
    actor: str
    count: int
    new: int


@dataclass(frozen=True, slots=True)
class PartSeen:
    """One of the three parts with its reasons, the most first."""

    text: str
    count: int
    new: int
    reasons: tuple[Reasoned, ...]


def parts_of(seen: CityBacklog) -> list[PartSeen]:
    """The backlog in three parts, in words."""
    found = []
    for part in Part:
        rows = [row for row in seen.rows if row.place.part is part]
        reasons = []
        for why in Why:
            own = [row for row in rows if row.place.why is why]
            if own:
                reasons.append(
                    Reasoned(
                        WHYS[why],
                        ACTORS[own[0].place.actor],
                        sum(row.count for row in own),
                        sum(row.count for row in own if row.is_new),
                    )
                )
        reasons.sort(key=lambda each: -each.count)
        count, new = sum(each.count for each in reasons), sum(each.new for each in reasons)
        found.append(PartSeen(PARTS[part], count, new, tuple(reasons)))
    return found
