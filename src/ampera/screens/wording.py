"""Words of screens for codes that have none of their own: reasons, accounts, entries, printers.

Data, not decisions. A code that is not listed is shown as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.delivery.rules import policy
from ampera.screens.kinds import KINDS
from ampera.screens.withdrawn_words import TABLES
from ampera.words.reason import Reason

REASONS: Final[Mapping[Reason, tuple[str, str]]] = MappingProxyType(
    {
        Reason.NEW: ("KTP-el baru", "Perekaman pertama; belum pernah memegang KTP-el."),
        Reason.LOST: ("Hilang", "Kartu lama langsung dibatalkan."),
        Reason.DAMAGED: ("Rusak", "Kartu lama ditarik saat penyerahan."),
        Reason.DATA_CHANGED: ("Perubahan elemen data", "KK diubah lebih dahulu."),
        Reason.MOVED: ("Pindah", "KK dan alamat diubah lebih dahulu."),
    }
)
assert set(REASONS) == set(Reason)

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_kk": "nomor KK",
        "nama": "nama",
        "tempat_lahir": "tempat lahir",
        "tanggal_lahir": "tanggal lahir",
        "jenis_kelamin": "jenis kelamin",
        "golongan_darah": "golongan darah",
        "alamat": "alamat",
        "rt": "RT",
        "rw": "RW",
        "kelurahan": "kelurahan/desa",
        "kecamatan": "kecamatan",
        "agama": "agama",
        "status_perkawinan": "status perkawinan",
        "pekerjaan": "pekerjaan",
        "kewarganegaraan": "kewarganegaraan",
        "berlaku_hingga": "berlaku hingga",
        "provinsi": "provinsi",
        "kabkota": "kabupaten/kota",
        "nik": "NIK",
    }
)

#: Who must act, by `intake.rules.states.Who`.
WHO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "office": "Kantor yang melayani",
        "dinas": "Disdukcapil",
        "pusat": "Pusat",
        "resident": "Pemohon",
        "nobody": "Tidak ada",
    }
)

ACCOUNTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "store": "Gudang pusat",
        "shelf": "Stok di rak",
        "transit": "Dalam perjalanan ke sini",
        "reserved": "Di pencetak",
        "issued": "Menjadi kartu",
        "spoiled": "Rusak cetak",
        "dispute": "Selisih",
        "unmatched": "Belum cocok dengan kiriman",
        "loaned": "Dipinjamkan",
        "ceded": "Menjadi milik kota lain",
        "written_off": "Dihapusbukukan",
        "destroyed": "Dimusnahkan",
    }
)

#: Why a blanko moved, by `blanko.rules.Why`.
MOVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TAKEN": "diterima dari pembuat",
        "COUNTED": "dihitung saat buku dibuka",
        "SHIPPED": "dikirim",
        "RECEIVED": "diterima",
        "SHORT": "kurang saat diterima",
        "UNMATCHED": "datang sebelum beritanya",
        "OPENED": "dus dibuka",
        "RESERVED": "masuk pencetak",
        "ISSUED": "menjadi kartu",
        "SPOILED": "rusak cetak",
        "RETURNED": "kembali utuh",
        "DISPUTED": "tidak dapat ditunjukkan",
        "MISSING": "tidak ditemukan saat hitung",
        "SETTLED": "selisih diputus",
        "EXCHANGED": "bertukar tempat: kartu ternyata di blanko lain",
        "LATE": "perubahan atas hari yang sudah ditutup",
        "LOANED": "dipinjamkan",
        "LOAN_RETURNED": "kembali dari pinjaman",
        "LOAN_SPENT": "pinjaman terpakai di kota lain",
        "LOAN_REPLACED": "pengganti pinjaman dari kota lain",
        "LOAN_CEDED": "pinjaman tidak kembali; penggantinya sudah diterima",
        "BORROWED": "dipinjam dari kota lain",
        "REPAID": "dikembalikan ke kota yang meminjamkan",
        "DEBT_WAIVED": "tidak perlu dikembalikan",
        "DESTROYED": "dimusnahkan",
    }
)

#: Facts of an entry that say more than its kind; none of them is personal.
TELLING_FACTS: Final = (
    "reason",
    "to",
    "by",
    "why",
    "verdict",
    "outcome",
    "result",
    "serial",
    "target",
)

#: What hands do at a printer, by `printing.rules.stops.Upkeep`.
UPKEEP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RIBBON": "pita",
        "FILM": "film",
        "CLEANING": "pembersihan",
        "TECHNICIAN": "diperbaiki teknisi di tempat",
        "PART": "suku cadang diganti",
        "SENT_AWAY": "dibawa untuk diperbaiki",
        "RETURNED": "kembali terpasang",
        "RETIRED": "tidak dipakai lagi di kantor ini",
    }
)

#: Why a printer stood still, by `printing.rules.stops.StopCause`.
STOP_CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "JAM": "kartu macet",
        "COVER": "penutup terbuka",
        "RIBBON": "pita atau film habis",
        "HEAT": "panas",
        "POWER": "tidak menjawab (listrik atau kabel)",
        "REPAIR": "dibawa untuk diperbaiki",
        "OTHER": "gangguan lain",
    }
)

#: What a printer does about its heat, by `printing.rules.heat.Load`.
LOADS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "off": "mati atau tidur",
        "warming": "memanaskan diri",
        "ready": "hangat, siap",
        "printing": "mencetak",
        "hot": "terlalu panas, mendingin",
    }
)

#: `printer-state-reasons` of RFC 8011 and IANA that card printers say.
PRINTER_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "media-empty": "blanko habis",
        "media-needed": "menunggu blanko",
        "media-low": "blanko hampir habis",
        "media-jam": "kartu macet",
        "cover-open": "penutup terbuka",
        "door-open": "pintu terbuka",
        "interlock-open": "kunci pengaman terbuka",
        "fuser-over-temp": "terlalu panas",
        "fuser-under-temp": "masih dingin",
        "subunit-over-temperature": "terlalu panas",
        "subunit-cooling-down": "sedang mendingin",
        "subunit-under-temperature": "masih dingin",
        "subunit-warming-up": "sedang memanas",
        "subunit-power-saver": "tidur hemat listrik",
        "cleaner-life-almost-over": "segera perlu dibersihkan",
        "cleaner-life-over": "perlu dibersihkan",
        "marker-supply-low": "pita hampir habis",
        "marker-supply-empty": "pita habis",
        "subunit-life-almost-over": "film hampir habis",
        "subunit-life-over": "film habis",
        "output-area-full": "baki keluaran penuh",
        "output-area-almost-full": "baki keluaran hampir penuh",
        "paused": "dijeda",
        "none": "tidak ada gangguan",
    }
)
PRINTER_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"idle": "Siap", "processing": "Mencetak", "stopped": "Berhenti", "": "Belum terlihat"}
)

#: Why an attempt's outcome is unknown, by `printing.rules.attempts.Cause`.
CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aborted": "pencetak menghentikan pekerjaan",
        "canceled": "pekerjaan dibatalkan",
        "restarted": "pencetak menyala ulang dan tidak mengenal pekerjaan ini",
        "answer_lost": "jawaban pencetak hilang",
        "forgotten": "pencetak tidak lagi mencatat pekerjaan ini",
        "given_up": "petugas berhenti menunggu",
        "failed_print": "hasil cetak rusak",
        "bad_blank": "blanko cacat sejak datang",
        "jam": "macet di pencetak",
        "heat": "rusak karena panas",
        "power": "listrik padam saat dicetak",
        "double_feed": "dua blanko masuk sekaligus",
        "no_chip": "cip tidak menjawab",
        "failed_encode": "cip gagal ditulis",
        "wrong_chip": "cip milik blanko lain",
        "unread": "pembaca cip di pencetak tidak menjawab",
        "torn": "penulisan cip terputus",
        "completed": "selesai",
    }
)

#: Why a permit is asked back. Codes stand in the entry; they name nobody.
RECALLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PRINTER_DOWN": "Pencetak kantor itu rusak",
        "OFFICE_CLOSED": "Kantor itu tutup",
        "DATA_TO_CHANGE": "Data penduduk akan diubah",
        "PRINTED_ELSEWHERE": "Dicetak di kantor lain",
    }
)

#: Why a NIK is not confirmed, by `intake.rules.requests.RejectReason`.
REJECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "data_differ": "Nama atau tanggal lahir berbeda dengan data kependudukan",
        "nik_unknown": "NIK tidak ditemukan",
        "nik_double": "NIK ganda",
        "not_the_person": "Pemohon bukan pemilik NIK ini",
        "withdrawn": "Ditarik kembali oleh pemohon",
    }
)

VERIFIED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FINGER": "Sidik jari cocok 1:1",
        "DOCUMENT": "Wajah dan dokumen dibandingkan (sidik jari tidak dapat dipakai)",
        "EXCEPTION": "Pengecualian: wajah dan dokumen dibandingkan, disaksikan petugas kedua",
    }
)

#: What became of the old card, by `delivery.rules.OldCard`.
OLD_CARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TAKEN_IN": "ditarik; potong di depan pemegangnya",
        "NOT_SHOWN": "ada, tetapi tidak ditunjukkan (perlu petugas kedua)",
        "LOST": "hilang (perlu petugas kedua)",
    }
)

#: Why a finished card changed hands, or could not, by `delivery.rules.Why` and its policy.
PASSINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SEALED": "masuk bundel",
        "SENT": "dibawa ke alamat",
        "HANDED_ON": "kurir kepada lurah",
        "TAKEN_OUT": "keluar dari bundel",
        "CAME_BACK": "dibawa kembali",
        **{code: each.id for code, each in policy().undelivered.items()},
    }
)

#: What became of a message to a resident, by the outbox of delivery.
MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "belum dikabari",
        "QUEUED": "kabar menunggu dikirim",
        "SENDING": "kabar sedang dikirim",
        "SENT": "sudah dikabari",
        "NO_CONTACT": "tidak meninggalkan kontak",
        "NO_WAY": "kontaknya tidak dapat dicapai dari sini",
        "REJECTED": "alamatnya ditolak",
        "UNKNOWN": "mungkin sudah dikabari",
        "GIVEN_UP": "kabar gagal dikirim",
    }
)

#: Who has a finished card, by `delivery.rules.Place`.
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "COUNTER": "loket",
        "BUNDLE": "kantor ini, tersegel",
        "LURAH": "lurah",
        "COURIER": "kurir",
        "HOLDER": "pemegangnya",
        "": "",
    }
)

CARD_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PERMITTED": "izin cetak ada",
        "PRINTED": "tercetak, belum diperiksa",
        "READY": "siap diserahkan",
        "REJECTED": "ditolak saat diperiksa",
        "VALID": "berlaku",
        "VOID": "dibatalkan",
        "ENDED": "tidak jadi dicetak",
    }
)

#: What an attempt or a check came to.
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PRINTED": "tercetak",
        "SPOILED": "rusak cetak",
        "UNKNOWN": "belum diketahui",
        "WITHDRAWN": "ditarik, blanko utuh",
        "SHELF": "blanko kembali ke rak",
        "DISPUTE": "blanko tidak ditemukan",
        "READY": "siap diserahkan",
        "REJECTED": "ditolak",
    }
)

#: What a chip says about an attempt of unknown fate, by `printing.rules.chips.Found`.
CHIPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "this_card": "Cip lengkap, dengan data kartu ini: kartu ini jadi.",
        "empty": "Cip kosong: belum ditulisi. Apakah sudah tercetak, hanya mata yang tahu.",
        "torn": "Cip baru tertulis sebagian.",
        "other_card": "Cip berisi data kartu lain. Pisahkan kartu ini dan panggil kepala kantor.",
        "other_blank": "Menurut buku, cip ini milik blanko lain. Panggil kepala kantor.",
    }
)

#: What stops the clock of a request, by `planning.rules.service_time.Pause`.
PAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CENTRE": "antrean pusat",
        "LINE": "jalur putus",
        "POWER": "listrik atau pencetak mati",
        "PRINTER": "pencetak panas, macet atau rusak",
        "RIBBON": "pita atau film habis",
        "BLANKO": "blanko habis",
    }
)

#: To whom something went, and who did it when no officer did.
_RECEIVERS: Final = {"HOLDER": "kepada pemegangnya", "PROXY": "kepada wakil"}
_DOERS: Final = {"register": "sama dengan data kependudukan"}

_TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "akun": ACCOUNTS,
        "gerak": MOVES,
        "jenis": KINDS,
        "isian": FIELDS,
        "siapa": WHO,
        "cip": CHIPS,
        "jeda": PAUSES,
        "pencetak": PRINTER_REASONS,
        "perawatan": UPKEEP,
        "sebab_berhenti": STOP_CAUSES,
        "suhu": LOADS,
        "keadaan_pencetak": PRINTER_STATES,
        "sebab": CAUSES,
        "tarik": RECALLS,
        "tolak": REJECTIONS,
        "diperiksa": VERIFIED,
        "tempat": PLACES,
        "kabar": MESSAGES,
        "target": {**PLACES, "COUNTER": "kembali di loket"},
        "kartu": CARD_STATES,
        "reason": {reason.value: words[0] for reason, words in REASONS.items()},
        "to": _RECEIVERS,
        "by": _DOERS,
        "why": {
            **REJECTIONS,
            **RECALLS,
            **PASSINGS,
            "NOT_MADE": "diputus dua petugas: tidak ada kartu",
        },
        "verdict": {},
        "outcome": OUTCOMES,
        "result": OUTCOMES,
        "serial": {},
        **TABLES,
        "alasan": {reason.value: words[0] for reason, words in REASONS.items()},
    }
)


def word_for(code: str, *, table: str) -> str:
    """The Indonesian words for a code of that table; an unknown code stays as it is."""
    return _TABLES[table].get(str(code), str(code))
