"""What the figures of the city call for: alerts with where to act, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ampera.blanko.queries import alarms
from ampera.journal.house import house
from ampera.papers.wording import grouped
from ampera.planning.queries.city import CityNow
from ampera.register.queries import OfficerSeen
from ampera.screens.context import may_open
from ampera.words.office import Tier

#: Fewer working days of stock than this call for a decision.
DAYS_LOW: Final = 3
_ALARMS_SHOWN: Final = 8
#: Where an alarm of the books is cured; whatever is not named here, on the page of the books.
_CURED_AT: Final = {
    "dispute_overdue": "blanko_selisih",
    "put_aside": "blanko_selisih",
    "day_open": "blanko_hari",
    "spoils_office": "blanko_bulan",
    "spoils_officer": "blanko_bulan",
    "loan_overdue": "blanko_pinjaman",
    "debt_overdue": "blanko_utang",
}
#: Pages that have no place of their own in the menu, and the one under which they stand.
_UNDER: Final = {
    "blanko_selisih": "blanko",
    "blanko_hari": "blanko",
    "blanko_tutup": "blanko",
    "blanko_bulan": "blanko",
    "blanko_pinjaman": "blanko",
    "blanko_utang": "blanko",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong now, and the page where something can be done about it."""

    text: str
    next_step: str
    page: str


def alerts_of(city: CityNow, *, officer: OfficerSeen) -> list[Alert]:
    """The worst first: no blanks, alarms of the books, printers down, no contact."""
    found = [*_stock(city), *_books(), *_printers(city), *_silent(city)]
    return [each if opens(officer, page=each.page) else replace(each, page="") for each in found]


def opens(officer: OfficerSeen, *, page: str) -> bool:
    """May this officer open the page, in the menu or under an entry of it?"""
    return may_open(officer, page=_UNDER.get(page, page))


def _stock(city: CityNow) -> list[Alert]:
    empty = [each for each in city.offices if each.need and not each.shelf]
    low = [
        each
        for each in city.offices
        if each.shelf and each.need > each.shelf and (each.days_of_stock or 0) < DAYS_LOW
    ]
    # The dinas shares out what there is; a kecamatan sees what comes to it.
    cure = "alokasi" if house().code.tier is Tier.DINAS else "blanko"
    found = []
    if empty:
        names = _names([each.name for each in empty])
        more = sum(each.need for each in empty)
        text = f"Rak kosong padahal {grouped(more)} kartu siap cetak: {names}."
        found.append(Alert(text, _share(cure), cure))
    if low:
        names = _names([f"{each.name} ({grouped(each.shelf)} keping)" for each in low])
        found.append(
            Alert(
                f"Blanko kurang dari {DAYS_LOW} hari kerja: {names}.",
                "Kirim sebelum habis." if cure == "alokasi" else "Sampaikan ke Disdukcapil.",
                cure,
            )
        )
    needed = sum(each.need for each in city.offices)
    if house().code.tier is Tier.DINAS and needed > city.shelf + city.transit:
        short = needed - city.shelf - city.transit
        text = f"Blanko di kota kurang {grouped(short)} keping untuk yang sudah siap cetak."
        found.append(Alert(text, "Ajukan permintaan ke pusat.", "permintaan_blanko"))
    return found


def _share(cure: str) -> str:
    if cure == "alokasi":
        return "Bagikan blanko yang ada, atau minta ke pusat."
    return "Sampaikan ke Disdukcapil; terima kiriman yang sudah datang."


def _books() -> list[Alert]:
    # Silent offices are told together, below.
    told = [each for each in alarms() if each.code != "office_silent"]
    found = [
        Alert(each.text(), each.next_step(), _CURED_AT.get(each.code, "blanko"))
        for each in told[:_ALARMS_SHOWN]
    ]
    if len(told) > _ALARMS_SHOWN:
        more = f"Masih {len(told) - _ALARMS_SHOWN} peringatan lain di buku blanko."
        found.append(Alert(more, "Buka halaman Blanko.", "blanko"))
    return found


def _printers(city: CityNow) -> list[Alert]:
    down = [each for each in city.offices if each.stops]
    if not down:
        return []
    names = _names([f"{each.name} ({len(each.stops)})" for each in down])
    return [
        Alert(
            f"Pencetak berhenti: {names}.",
            "Lihat sebabnya; bila semua pencetak kantor itu rusak, kartunya dapat dicetak di"
            " kantor lain.",
            "pinjam_cetak" if house().code.tier is Tier.DINAS else "cetak",
        )
    ]


def _silent(city: CityNow) -> list[Alert]:
    silent = [each.name for each in city.offices if each.is_silent]
    if not silent:
        return []
    return [
        Alert(
            f"Tidak ada kabar lebih dari 1 jam: {_names(silent)}.",
            "Angka kantor itu adalah angka kabar terakhirnya. Telepon kantornya.",
            "jalur",
        )
    ]


def _names(names: list[str], most: int = 6) -> str:  # positional: names
    more = f" dan {len(names) - most} lagi" if len(names) > most else ""
    return ", ".join(names[:most]) + more
