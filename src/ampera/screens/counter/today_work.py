"""What a day brings: the steps of a kecamatan's day, and what the dinas is to decide on blanko."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ampera.blanko.queries import are_books_open, closed_day, disputes
from ampera.delivery.queries import ready_count as cards_ready
from ampera.journal.house import house
from ampera.planning.queries.allocation import has_open_proposal, to_pack
from ampera.planning.queries.supply import letters_open, requests_in
from ampera.planning.rules.supply import SupplyState
from ampera.printing.queries import counters_today
from ampera.readiness.queries import open_permit_count
from ampera.readiness.queries import ready_count as prr_count
from ampera.register.queries import local_day, offices
from ampera.words.office import Tier

#: A dispute whose deadline is so many days away calls for somebody.
DEADLINE_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class OfficeWork:
    """One step of the office's day, in the order in which it is done."""

    text: str
    count: int | None  #: how many; None where nothing is counted
    page: str
    is_done: bool


def work_today() -> list[OfficeWork]:
    """Print, look at what came out, hand over, close the books: the day of a kecamatan."""
    here, today = house().code, counters_today()
    to_print = open_permit_count(here) or prr_count(here)
    ready = cards_ready()
    found = [
        OfficeWork("kartu untuk dicetak", to_print, "cetak", not to_print),
        OfficeWork("kartu untuk diperiksa", today.to_check, "cetak", not today.to_check),
        OfficeWork("kartu siap diserahkan", ready, "penyerahan", not ready),
    ]
    if are_books_open(here):
        is_closed = closed_day(here, local_day()) is not None
        text = "Buku blanko hari ini sudah ditutup" if is_closed else "Hitung dan tutup buku blanko"
        found.append(OfficeWork(text, None, "blanko_tutup", is_closed))
    return found


def decisions_of_the_dinas() -> list[tuple[str, str, int]]:
    """What waits for the head or the stock officer of a dinas: words, page, how many."""
    drafts, unanswered = requests_in(SupplyState.DRAFTED), requests_in(SupplyState.SENT)
    return [
        ("Usulan pembagian blanko menunggu keputusan.", "alokasi", int(has_open_proposal())),
        ("kantor menunggu blanko dari pembagian yang disetujui", "alokasi", _to_pack()),
        (
            f"blanko dalam selisih, batas waktunya paling lama {DEADLINE_DAYS} hari lagi",
            "blanko_selisih",
            _near_deadline(),
        ),
        ("surat permintaan blanko belum dikirim", "permintaan_blanko", drafts),
        ("surat permintaan blanko belum dijawab pusat", "permintaan_blanko", unanswered),
    ]


def decisions_of_the_centre() -> list[tuple[str, str, int]]:
    """What waits at the centre: letters without an answer, a proposal, what is to be packed."""
    unanswered = sum(not each.granted for each in letters_open())
    return [
        ("surat permintaan blanko dari kota menunggu pembagian", "pembagian", unanswered),
        ("Usulan pembagian blanko menunggu keputusan.", "pembagian", int(has_open_proposal())),
        ("kota menunggu blanko dari pembagian yang disetujui", "pembagian", _to_pack()),
    ]


def _to_pack() -> int:
    return sum(bool(each.left) for each in to_pack())


def _near_deadline() -> int:
    """Blanko in dispute, here and at the offices below, whose deadline comes and has not passed:
    what has passed is an alarm already."""
    here, today = house().code, local_day()
    near = [here, *(each.code for each in offices() if each.code.is_child_of(here))]
    last = today + timedelta(days=DEADLINE_DAYS)
    assert here.tier is Tier.DINAS
    return sum(
        each.count for code in near for each in disputes(code) if today <= each.until <= last
    )
