"""What each kind of entry is called in the trail of a record. Data, not decisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.screens.withdrawn_words import KIND_WORDS

#: What happened, for the trail of a record.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **KIND_WORDS,
        "request.taken/1": "Permohonan diterima",
        "request.completed/1": "Data dilaporkan lengkap",
        "request.confirmed/1": "NIK dikonfirmasi",
        "request.rejected/1": "Permohonan ditolak",
        "request.handed_on/1": "Diteruskan ke Disdukcapil",
        "enrolment.captured/1": "Biometrik direkam",
        "enrolment.received/1": "Rekaman diterima pusat",
        "enrolment.looked_up/1": "Pusat mencari perekaman",
        "enrolment.purged/1": "Rekaman di kantor dihapus",
        "dedup.decided/1": "Hasil penunggalan",
        "mandate.given/1": "Hak cetak diberikan kepada Disdukcapil",
        "queue.urged/1": "Dinyatakan mendesak oleh dua petugas",
        "queue.jumped/1": "Didahulukan oleh dua petugas",
        "queue.undone/1": "Keputusan mendahulukan dibatalkan",
        "printing.lent/1": "Cetak dipinjamkan ke kantor lain",
        "printing.lending_ended/1": "Pinjam cetak diakhiri",
        "permit.lent/1": "Izin cetak diberikan kepada kantor lain",
        "permit.told/1": "Kabar dari kantor yang mencetak",
        "appointment.made/1": "Janji dibuat",
        "appointment.moved/1": "Janji dipindahkan",
        "appointment.cancelled/1": "Janji dibatalkan",
        "appointment.missed/1": "Pemohon tidak datang pada janjinya",
        "permit.granted/1": "Izin cetak diberikan",
        "permit.renewed/1": "Izin cetak diperpanjang",
        "permit.recalled/1": "Izin cetak ditarik",
        "permit.returned/1": "Izin cetak dikembalikan",
        "permit.forfeited/1": "Izin cetak hangus",
        "office.seized/1": "Kantor diamankan, izinnya hangus",
        "office.released/1": "Barang kantor dikembalikan",
        "permit.suspected/1": "Izin cetak dicurigai setelah pemulihan",
        "attempt.opened/1": "Percobaan cetak dibuka",
        "attempt.ended/1": "Percobaan cetak berakhir",
        "attempt.settled/1": "Hasil cetak diselesaikan dua petugas",
        "attempt.corrected/1": "Dua blanko bertukar tempat dalam buku",
        "blanko.day_closed/1": "Buku blanko harian ditutup",
        "card.checked/1": "Kartu diperiksa",
        "printer.down/1": "Pencetak berhenti",
        "printer.up/1": "Pencetak jalan lagi",
        "supply.changed/1": "Pita, film atau pembersihan",
        "printer.repaired/1": "Pencetak diperbaiki",
        "card.handed_over/1": "Kartu diserahkan",
        "card.passed/1": "Kartu berpindah tangan",
        "card.undelivered/1": "Kartu tidak dapat diberikan di alamatnya",
        "bundle.sealed/1": "Bundel disegel",
        "bundle.handed_out/1": "Bundel dibawa",
        "card.voided/1": "Kartu dibatalkan",
        "card.imported/1": "Kartu lama dicatat",
        "suket.issued/1": "Suket diterbitkan",
        "suket.extended/1": "Suket diperpanjang",
        "suket.printed/1": "Lembar suket dicetak",
        "suket.withdrawn/1": "Suket dicabut",
        "suket.converted/1": "Suket ditukar dengan KTP-el",
        "supply.requested/1": "Konsep permintaan blanko dibuat",
        "supply.sent/1": "Permintaan blanko dikirim ke pusat",
        "supply.dropped/1": "Konsep permintaan blanko dibatalkan",
        "supply.answered/1": "Pusat menjawab permintaan blanko",
        "supply.received/1": "Blanko yang diminta sudah diterima",
        "suket.key_begun/1": "Kunci suket baru dipakai",
    }
)
