"""Words for what was said about a card, how a piece came in, and what a found card is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.withdrawal.rules.packages import Outcome, SurplusOutcome
from ampera.withdrawal.rules.pieces import How, Standing
from ampera.withdrawal.rules.policy import Way, causes

#: What entries say about a card and its permit, as its story tells it.
CARD_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OPENED": "pencetakan dimulai",
        "PRINTED": "tercetak",
        "SPOILED": "blanko rusak saat dicetak",
        "UNKNOWN": "hasil cetak belum diketahui",
        "WITHDRAWN": "pencetak tidak menerima pekerjaan",
        "SHELF": "blanko kembali utuh ke rak",
        "DISPUTE": "blanko tidak dapat ditunjukkan",
        "READY": "diperiksa: siap diserahkan",
        "REJECTED": "diperiksa: ditolak",
        "HANDED_OVER": "diserahkan",
        "REPLACED": "batal: diganti kartu baru",
        "DESTROYED": "dimusnahkan",
        "LOST": "batal: dilaporkan hilang",
        "BLOCKED": "batal: diblokir",
        "DIED": "batal: pemegang meninggal",
        "ANNULLED": "batal: NIK dibatalkan",
        "UNCOLLECTED": "batal: tidak diambil",
        "NOT_MADE": "diputus dua petugas: tidak ada kartu",
        "IMPORTED": "kartu dari sebelum Ampera",
        "RECALLED": "izin cetak diminta kembali",
        "RETURNED": "izin cetak dikembalikan",
        "FORFEITED": "izin cetak gugur",
        "SUSPECTED": "dicurigai setelah pemulihan",
    }
)
HOWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        How.AT_HANDOVER.value: "ditarik saat kartu baru diserahkan",
        How.BROUGHT_IN.value: "diserahkan pemegang atau keluarga",
        How.FOUND.value: "ditemukan di luar",
        How.SEIZED.value: "ditarik petugas",
        How.DRAWER.value: "dibatalkan di laci",
        How.SPOILED.value: "sisa cetak",
    }
)
STANDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Standing.LIVE.value: "MASIH BERLAKU",
        Standing.UNDER_WAY.value: "BELUM DISERAHKAN",
        Standing.VOID.value: "BATAL",
        Standing.REJECTED.value: "DITOLAK SAAT DIPERIKSA",
        Standing.SPOILED.value: "SISA CETAK",
        Standing.DESTROYED.value: "TERCATAT DIMUSNAHKAN",
        Standing.BLANK.value: "BLANKO KOSONG",
        Standing.UNKNOWN.value: "TIDAK DIKENAL DI SINI",
    }
)
#: What whoever stands at the counter with the find must do now.
FOUND_NEXT: Final[Mapping[str, str]] = MappingProxyType(
    {
        Standing.LIVE.value: (
            "Terima dan simpan kartunya, catat sebagai ditemukan, lalu panggil pemegangnya."
            " Kartu dikembalikan hanya kepada pemegangnya sendiri. Bila pemegang sudah melapor"
            " kehilangan, kartu menjadi batal dan tetap disimpan."
        ),
        Standing.UNDER_WAY.value: (
            "Kartu ini seharusnya masih di kantor. Terima, catat sebagai ditemukan, dan beri tahu"
            " kepala kantor sekarang juga."
        ),
        Standing.VOID.value: (
            "Kartu ini tidak berlaku lagi dan tidak dihidupkan kembali. Terima, catat, simpan untuk"
            " dimusnahkan. Pemegangnya memakai kartu yang baru."
        ),
        Standing.REJECTED.value: (
            "Kartu ini tidak pernah berlaku dan seharusnya tersimpan sebagai sisa cetak. Terima,"
            " catat sebagai ditemukan, dan beri tahu kepala kantor."
        ),
        Standing.SPOILED.value: (
            "Menurut buku blanko keping ini tersimpan sebagai sisa cetak. Terima, catat sebagai"
            " ditemukan, dan beri tahu kepala kantor."
        ),
        Standing.DESTROYED.value: (
            "Keping ini tercatat sudah dimusnahkan. Terima, catat sebagai ditemukan, jangan"
            " dimusnahkan lagi sebelum kepala kantor memeriksa berita acaranya."
        ),
        Standing.BLANK.value: (
            "Ini blanko yang belum dicetak. Terima, catat sebagai ditemukan, dan hitung persediaan"
            " bersama kepala kantor."
        ),
        Standing.UNKNOWN.value: (
            "Nomor seri ini tidak ada dalam buku server ini. Cari melalui NIK yang tercetak; kartu"
            " kota lain diterima dan diteruskan ke Disdukcapil kota itu."
        ),
    }
)
WITHDRAWAL_CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {cause.value: text.id for cause, text in causes().items()}
)
WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Way.SENT.value: "dikirim ke Kementerian Dalam Negeri",
        Way.CUT.value: "dipotong",
        Way.BURNED.value: "dibakar",
    }
)
#: What two officers may decide about a missing piece, and about one on no list.
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        Outcome.HERE.value: "ternyata ada dalam kiriman",
        Outcome.SENDER.value: "tidak pernah keluar dari kantor pengirim",
        Outcome.LOST.value: "tidak dapat ditunjukkan siapa pun; kartunya dicari",
    }
)
SURPLUS_OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SurplusOutcome.ENTERED.value: "masuk buku kantor ini",
        SurplusOutcome.RETURNED.value: "dikembalikan kepada pengirim",
    }
)
#: What entries of this kind are called in a story.
KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hold.placed/1": "Penyerahan kartu ditahan",
        "hold.lifted/1": "Penahanan penyerahan dicabut",
        "withdrawal.taken_in/1": "Kartu diterima untuk ditarik",
        "withdrawal.given_back/1": "Kartu temuan dikembalikan",
        "withdrawal.sent/1": "Kiriman kartu ditarik berangkat",
        "withdrawal.counted/1": "Kiriman dihitung sebelum beritanya datang",
        "withdrawal.count_dropped/1": "Hitungan kiriman dihapus",
        "withdrawal.received/1": "Kiriman kartu ditarik diterima",
        "withdrawal.settled/1": "Keping yang dicari diputus",
        "withdrawal.surplus_settled/1": "Keping di luar daftar diputus",
        "destruction.done/1": "Pemusnahan dicatat",
    }
)
#: The tables of this page's words, by the name that templates use.
TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "riwayat_kartu": CARD_WORDS,
        "asal": HOWS,
        "temuan": STANDINGS,
        "sebab_tarik": WITHDRAWAL_CAUSES,
        "cara_musnah": WAYS,
    }
)
