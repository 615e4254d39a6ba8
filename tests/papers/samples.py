"""One of each paper, about people who do not exist, and the digests of all of them."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from typing import Any

from ampera.papers.card import CardFace, card_face
from ampera.papers.count_minutes import CountLine, CountMinutes, count_minutes
from ampera.papers.damaged_register import DamagedLine, DamagedRegister, damaged_register
from ampera.papers.differences import Difference
from ampera.papers.handed import HandoverReceipt
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.portrait import synthetic_portrait, synthetic_signature
from ampera.papers.receipts import RequestReceipt, handover_receipt, request_receipt
from ampera.papers.shipment_minutes import BoxLine, ShipmentMinutes, shipment_minutes
from ampera.words import Nik

THE_DAY = date(2017, 9, 7)
NIK = Nik("9901024101919001")
SU1 = Letterhead(
    government="PEMERINTAH KOTA PALEMBANG",
    office="KECAMATAN SEBERANG ULU I",
    address="Jl. Contoh No. 1, Palembang",
)
BUDI = Signatory(role="Yang menyerahkan,", name="BUDI CONTOH", number="NIP 001")
SARI = Signatory(role="Yang menerima,", name="SARI CONTOH", number="NIP 002")


def a_card(**changes: Any) -> CardFace:
    """The card of a woman from Seberang Ulu I."""
    facts: dict[str, Any] = {
        "provinsi": "SUMATERA SELATAN",
        "kabkota": "KOTA PALEMBANG",
        "nik": NIK,
        "nama": "SITI CONTOH RAHMAWATI",
        "tempat_lahir": "PRABUMULIH",
        "tanggal_lahir": date(1991, 1, 1),
        "jenis_kelamin": "PEREMPUAN",
        "golongan_darah": "AB+",
        "alamat": "JL. KH. AZHARI LRG. ANGGREK NO. 12",
        "rt": "012",
        "rw": "004",
        "kelurahan": "7 ULU",
        "kecamatan": "SEBERANG ULU I",
        "agama": "ISLAM",
        "status_perkawinan": "BELUM KAWIN",
        "pekerjaan": "KARYAWAN SWASTA",
        "kewarganegaraan": "WNI",
        "berlaku_hingga": "SEUMUR HIDUP",
        "portrait": synthetic_portrait(7, birth_year=1991, is_woman=True),
        "signature": synthetic_signature(7),
        "issued_in": "KOTA PALEMBANG",
        "issued_on": THE_DAY,
    }
    return CardFace(**(facts | changes))


def a_request_receipt(**changes: Any) -> RequestReceipt:
    facts: dict[str, Any] = {
        "letterhead": SU1,
        "number": "471.13/0042/SU1/2017",
        "on": THE_DAY,
        "ticket": "K7M29QXA4TRP",
        "status_url": "https://ktp.example.id/s/K7M29QXA4TRP",
        "nama": "SITI CONTOH RAHMAWATI",
        "nik": NIK,
        "reason": "KTP-el baru",
        "bring": ("Tanda terima ini", "Kartu Keluarga (asli)"),
        "collect_at": "Kantor Kecamatan Seberang Ulu I",
    }
    return RequestReceipt(**(facts | changes))


def a_handover_receipt(**changes: Any) -> HandoverReceipt:
    facts: dict[str, Any] = {
        "letterhead": SU1,
        "number": "471.13/0099/SU1/2017",
        "on": THE_DAY,
        "place": "Palembang",
        "nik": NIK,
        "nama": "SITI CONTOH RAHMAWATI",
        "reason": "Hilang",
        "card_serial": "A00123456",
        "handed_over_at": "Loket",
        "verified_by": "Sidik jari cocok 1:1",
        "officer": BUDI,
    }
    return HandoverReceipt(**(facts | changes))


def a_shipment(**changes: Any) -> ShipmentMinutes:
    facts: dict[str, Any] = {
        "letterhead": SU1,
        "number": "471.13/BAST/0007/2017",
        "on": THE_DAY,
        "place": "Palembang",
        "shipment": "0007",
        "from_office": "Disdukcapil Kota Palembang (16.71)",
        "to_office": "Kecamatan Seberang Ulu I (16.71.02)",
        "boxes": (a_box(count_received=125), a_box(box="DUS-002", count_received=123)),
        "giver": BUDI,
        "receiver": SARI,
    }
    return ShipmentMinutes(**(facts | changes))


def a_box(**changes: Any) -> BoxLine:
    facts: dict[str, Any] = {
        "box": "DUS-001",
        "serial_first": "A00100001",
        "serial_last": "A00100125",
        "count_sent": 125,
    }
    return BoxLine(**(facts | changes))


def a_count(**changes: Any) -> CountMinutes:
    facts: dict[str, Any] = {
        "letterhead": SU1,
        "number": "471.13/BA/0011/2017",
        "on": THE_DAY,
        "place": "Palembang",
        "occasion": "Penghitungan harian",
        "lines": (
            CountLine(place="Stok", count_expected=4000, count_found=3998),
            CountLine(place="Rusak cetak", count_expected=12, count_found=12),
        ),
        "first_counter": BUDI,
        "second_counter": SARI,
    }
    return CountMinutes(**(facts | changes))


def a_damaged_register(*, count: int = 3, **changes: Any) -> DamagedRegister:
    causes = ("Gagal cetak", "Gagal rekam chip", "Cacat pabrik")
    facts: dict[str, Any] = {
        "letterhead": SU1,
        "number": "471.13/DBR/09/2017",
        "on": THE_DAY,
        "place": "Palembang",
        "first_day": date(2017, 9, 1),
        "last_day": date(2017, 9, 30),
        "lines": tuple(
            DamagedLine(
                serial=f"A{100_000 + number:08d}",
                on=THE_DAY,
                cause=causes[number % 3],
                note="Sebagian huruf tidak tercetak",
                officer="Budi Contoh",
            )
            for number in range(count)
        ),
        "keeper": BUDI,
        "witness": SARI,
    }
    return DamagedRegister(**(facts | changes))


@cache
def all_papers() -> dict[str, bytes]:
    """One of each."""
    return {
        "card": card_face(a_card()),
        "request": request_receipt(a_request_receipt(is_demo=True)),
        "handover": handover_receipt(a_handover_receipt(is_demo=True)),
        "shipment": shipment_minutes(
            a_shipment(differences=(Difference(what="A00100200", note="Tidak ada"),))
        ),
        "count": count_minutes(a_count()),
        "damaged": damaged_register(a_damaged_register(count=80)),
    }


def digests() -> dict[str, str]:
    """SHA-256 of each paper and of a portrait and a signature."""
    made = all_papers.__wrapped__() | {
        "portrait": synthetic_portrait(3, birth_year=1990),
        "signature": synthetic_signature(3),
    }
    return {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
