"""The words of the public pages in both languages. Data, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.screens.public.answers import Sentence

_ID: Final = {
    "language": "id",
    "service": "Layanan KTP-el",
    "status_title": "Cek status KTP-el",
    "status_lead": "Gunakan kode pada tanda terima. Kode itu hanya Anda yang memilikinya.",
    "ticket_label": "Kode pada tanda terima",
    "ticket_hint": "12 huruf dan angka, misalnya K7M2 9QXA 4TRP",
    "ticket_button": "Lihat status",
    "numbers_title": "Tidak punya tanda terima?",
    "numbers_lead": "Dengan NIK dan nomor KK kami hanya dapat menjawab apakah Anda sudah direkam.",
    "nik_label": "NIK",
    "kk_label": "Nomor Kartu Keluarga (KK)",
    "sixteen": "16 angka",
    "numbers_button": "Periksa",
    "result_title": "Status permohonan",
    "name": "Nama",
    "state": "Status",
    "taken": "Diterima",
    "office": "Kantor",
    "why": "Mengapa menunggu",
    "next": "Yang perlu Anda lakukan",
    "way": "Data permohonan sudah tercatat di",
    "LOCAL": "Kantor penerima",
    "CITY": "Disdukcapil",
    "CENTRE": "Pusat",
    "reached": "sudah sampai",
    "not_reached": "belum sampai",
    "as_of": "Keadaan pada",
    "again": "Cek yang lain",
    "come": "Datang ke kantor yang tertera, bawa tanda terima dan KK.",
    "collect": "Ambil kartu di kantor yang tertera. Bawa tanda terima dan KTP-el lama bila ada.",
    "nothing": "Tidak ada. Kami akan memproses permohonan Anda.",
    "done": "Tidak ada. Simpan kartu Anda baik-baik; berlaku seumur hidup.",
    "other_language": "Read this in English",
    "stock_title": "Stok blanko KTP-el hari ini",
    "stock_lead": "Jumlah blanko di setiap kantor. Diumumkan setiap hari agar tidak ada"
    " yang menjual apa yang dikatakan habis.",
    "stock_office": "Kantor",
    "stock_count": "Blanko di rak",
    "stock_short": "blanko",
    "stock_sum": "Jumlah",
    "stock_link": "Stok blanko hari ini",
    "made_yesterday": "Dicetak kemarin",
    "made_week": "Minggu ini",
    "made_month": "Bulan ini",
    "made_waiting": "Menunggu",
    "made_expected": "Bila dimohon hari ini, dicetak",
    "made_note": "Tanggal cetak berlaku sejak data PRINT_READY_RECORD. Kartu pertama masih"
    " diperiksa di pusat sebelum itu. Kartu pertama dicetak di kecamatan, pengganti di"
    " Disdukcapil.",
    "made_few": "Jumlah 1 sampai 4 ditulis < 5, yang lain dibulatkan ke bawah ke kelipatan"
    " 5, agar tidak menunjuk orang.",
    "made_again": "Angka terbaru:",
    "suket_link": "Periksa suket",
    "day_title": "Janji kedatangan",
    "day_link": "Pilih hari kedatangan",
    "day_lead": "Pilih hari kartu Anda dicetak di Disdukcapil, supaya tidak antre sia-sia.",
    "day_see": "Lihat hari",
    "day_yours": "Hari Anda:",
    "day_bring": "Bawa tanda terima, KK dan KTP-el lama bila ada.",
    "day_missed": "Anda tidak datang pada hari itu; pilih hari lain.",
    "day_choose": "Pilih hari",
    "day_other": "Pindah ke hari lain",
    "day_why": "Hanya hari yang kartunya masih dapat dicetak.",
    "day_button": "Simpan pilihan",
    "day_none": "Belum ada hari yang masih ada tempat. Coba lagi besok; permohonan Anda tetap"
    " diproses.",
    "day_barred": "Kartu Anda belum dapat dicetak pada hari apa pun. Yang harus selesai dahulu:",
    "day_elsewhere": "Hari untuk permohonan ini tidak dipilih di sini. Tanyakan di",
    "free": "Pengurusan KTP-el gratis. Petugas yang meminta bayaran diancam pidana (UU 24/2013"
    " pasal 95B).",
    "officers": "Masuk petugas",
    "skip": "Langsung ke isi",
    "sample": "DATA CONTOH: semua penduduk di sini rekaan",
}
_EN: Final = {
    "language": "en",
    "service": "KTP-el service",
    "status_title": "Check the status of a KTP-el",
    "status_lead": "Use the code on your receipt. Only you have it.",
    "ticket_label": "Code on the receipt",
    "ticket_hint": "12 letters and digits, such as K7M2 9QXA 4TRP",
    "ticket_button": "See the status",
    "numbers_title": "No receipt?",
    "numbers_lead": "With NIK and KK number we can only tell whether you have been recorded.",
    "nik_label": "NIK",
    "kk_label": "Family card (KK) number",
    "sixteen": "16 digits",
    "numbers_button": "Check",
    "result_title": "Status of the request",
    "name": "Name",
    "state": "Status",
    "taken": "Taken",
    "office": "Office",
    "why": "Why it waits",
    "next": "What you should do",
    "way": "Your request is on record at",
    "LOCAL": "Receiving office",
    "CITY": "Disdukcapil",
    "CENTRE": "National centre",
    "reached": "reached",
    "not_reached": "not yet",
    "as_of": "As of",
    "again": "Check another one",
    "come": "Come to the office named here with the receipt and the KK.",
    "collect": "Collect the card at the office named here. Bring the receipt and any old KTP-el.",
    "nothing": "Nothing. We are working on your request.",
    "done": "Nothing. Keep your card well; it is valid for life.",
    "other_language": "Baca dalam Bahasa Indonesia",
    "stock_title": "Blank KTP-el cards in stock today",
    "stock_lead": "How many blank cards each office has. Published every day, so that nobody can"
    " sell what is said to have run out.",
    "stock_office": "Office",
    "stock_count": "Blank cards",
    "stock_short": "blanks",
    "stock_sum": "Sum",
    "stock_link": "Blank cards in stock today",
    "made_yesterday": "Made yesterday",
    "made_week": "This week",
    "made_month": "This month",
    "made_waiting": "Waiting",
    "made_expected": "Asked for today, made",
    "made_note": "Days count from PRINT_READY_RECORD. Before that the centre checks a first card."
    " First cards are made at the kecamatan, replacements at Disdukcapil.",
    "made_few": "Counts from 1 to 4 are written < 5, others are rounded down to fives, so"
    " that they point at nobody.",
    "made_again": "Newest figures:",
    "suket_link": "Check an interim letter",
    "day_title": "Appointment",
    "day_link": "Choose a day to come",
    "day_lead": "Choose the day on which Disdukcapil prints your card, so that you queue for"
    " nothing.",
    "day_see": "See the days",
    "day_yours": "Your day:",
    "day_bring": "Bring the receipt, the family card and the old card if you have it.",
    "day_missed": "You did not come on that day; choose another.",
    "day_choose": "Choose a day",
    "day_other": "Move to another day",
    "day_why": "Only days on which the card can still be printed.",
    "day_button": "Keep this day",
    "day_none": "No day has places left yet. Try again tomorrow; your request goes on all the"
    " same.",
    "day_barred": "Your card cannot be printed on any day yet. What has to be settled first:",
    "day_elsewhere": "The day for this request is not chosen here. Ask at",
    "free": "A KTP-el is free of charge. Officers who ask for money commit a crime (UU 24/2013"
    " art. 95B).",
    "officers": "Officer log-in",
    "skip": "Skip to content",
    "sample": "DATA CONTOH: everybody here is made up",
}
assert set(_ID) == set(_EN)
TEXTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"id": _ID, "en": _EN})

#: What the three sentences say, and the one at a ceiling: (Indonesian, English).
SENTENCES: Final[Mapping[Sentence, tuple[str, str]]] = MappingProxyType(
    {
        Sentence.RECORDED: (
            "Anda sudah terekam dan data Anda ada pada kami.",
            "You have been recorded and your data are with us.",
        ),
        Sentence.NOT_RECORDED: (
            "Anda belum terekam.",
            "You have not been recorded yet.",
        ),
        Sentence.PLEASE_COME: (
            "Silakan datang ke kantor dengan membawa KK.",
            "Please come to the office with your KK.",
        ),
        Sentence.LATER: (
            "Saat ini kami belum dapat menjawab. Silakan coba lagi nanti, gunakan kode pada tanda"
            " terima, atau datang ke kantor.",
            "We cannot answer at the moment. Please try again later, use the code on the receipt,"
            " or come to the office.",
        ),
    }
)
assert set(SENTENCES) == set(Sentence)
