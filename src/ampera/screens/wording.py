"""Words of screens for codes that have none of their own: reasons, accounts, entries, printers.

Data, not decisions. A code that is not listed is shown as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
        "written_off": "Dihapusbukukan",
        "destroyed": "Dimusnahkan",
    }
)

#: Why a blanko moved, by `blanko.rules.Why`.
MOVES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TAKEN": "diterima dari pembuat",
        "COUNTED": "saldo awal",
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
        "LOANED": "dipinjamkan",
        "LOAN_RETURNED": "kembali dari pinjaman",
        "DESTROYED": "dimusnahkan",
    }
)

#: What happened, for the trail of a record.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "request.taken/1": "Permohonan diterima",
        "request.completed/1": "Data dilaporkan lengkap",
        "request.confirmed/1": "NIK dikonfirmasi",
        "request.rejected/1": "Permohonan ditolak",
        "request.handed_on/1": "Diteruskan ke Disdukcapil",
        "enrolment.captured/1": "Biometrik direkam",
        "enrolment.received/1": "Rekaman diterima pusat",
        "enrolment.purged/1": "Rekaman di kantor dihapus",
        "dedup.decided/1": "Hasil penunggalan",
        "mandate.given/1": "Hak cetak diberikan kepada Disdukcapil",
        "permit.granted/1": "Izin cetak diberikan",
        "permit.renewed/1": "Izin cetak diperpanjang",
        "permit.recalled/1": "Izin cetak ditarik",
        "permit.returned/1": "Izin cetak dikembalikan",
        "permit.forfeited/1": "Izin cetak hangus",
        "permit.suspected/1": "Izin cetak dicurigai setelah pemulihan",
        "attempt.opened/1": "Percobaan cetak dibuka",
        "attempt.ended/1": "Percobaan cetak berakhir",
        "attempt.settled/1": "Hasil cetak diselesaikan dua petugas",
        "card.checked/1": "Kartu diperiksa",
        "card.handed_over/1": "Kartu diserahkan",
        "card.voided/1": "Kartu dibatalkan",
        "card.imported/1": "Kartu lama dicatat",
    }
)

#: Facts of an entry that say more than its kind; none of them is personal.
TELLING_FACTS: Final = ("reason", "to", "by", "why", "verdict", "outcome", "result", "serial")

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
        "bad_blank": "blanko rusak",
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
        "pencetak": PRINTER_REASONS,
        "keadaan_pencetak": PRINTER_STATES,
        "sebab": CAUSES,
        "tarik": RECALLS,
        "tolak": REJECTIONS,
        "diperiksa": VERIFIED,
        "kartu": CARD_STATES,
        "reason": {reason.value: words[0] for reason, words in REASONS.items()},
        "to": _RECEIVERS,
        "by": _DOERS,
        "why": {**REJECTIONS, **RECALLS, "NOT_MADE": "diputus dua petugas: tidak ada kartu"},
        "verdict": {},
        "outcome": OUTCOMES,
        "result": OUTCOMES,
        "serial": {},
        "alasan": {reason.value: words[0] for reason, words in REASONS.items()},
    }
)


def word_for(code: str, *, table: str) -> str:
    """The Indonesian words for a code of that table; an unknown code stays as it is."""
    return _TABLES[table].get(str(code), str(code))
