"""The words of the page that checks a suket, in both languages. Data, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.suket.queries import Finding

#: What only the browser can find, before it has any code: the words of `suket/scan.js`.
SCANNING: Final = (
    "no_code",  # in a picture
    "no_camera",  # allowed
    "camera_missing",
    "camera_busy",
    "no_https",  # so no camera at all
    "nothing_seen",  # in twenty seconds
    "no_reader",  # could be fetched
)

_ID: Final = {
    "title": "Periksa surat keterangan (suket)",
    "lead": "Suket menggantikan KTP-el selama kartu belum dicetak. Di sini siapa pun dapat"
    " memeriksa apakah kodenya asli dan masih berlaku.",
    "code": "Isi kode pada suket",
    "code_hint": "Bila kamera dan foto tidak dapat dipakai: salin isi kode QR ke sini. Huruf, angka"
    " dan tanda, sekitar 400 karakter.",
    "button": "Periksa",
    "scan_title": "Pindai",
    "camera": "Pindai dengan kamera",
    "camera_off": "Matikan kamera",
    "camera_on": "Arahkan kamera ke kode pada suket, sampai kode itu hampir memenuhi gambar.",
    "photo": "atau ambil foto kode",
    "picture": "atau pilih gambar yang sudah ada",
    "offline": "Halaman ini sudah tersimpan dan bekerja tanpa jaringan.",
    "name": "Nama",
    "born": "Tanggal lahir",
    "number": "Nomor surat",
    "until": "Berlaku sampai",
    "status": "Status rekaman",
    "issuer": "Penerbit",
    "sample": "DATA CONTOH: surat ini bukan dokumen resmi.",
    "listed": "Daftar surat yang dicabut: keadaan",
    "compare": "Cocokkan isian ini dengan suratnya dan dengan pemegangnya.",
    "keys": "Kunci publik untuk pemeriksa lain",
    "empty": "Isi kodenya lebih dahulu.",
}
_EN: Final = {
    "title": "Check an interim letter (suket)",
    "lead": "A suket stands in for a KTP-el until the card is printed. Here anybody can check"
    " whether its code is genuine and still valid.",
    "code": "Contents of the code on the letter",
    "code_hint": "Where neither camera nor photograph can be used: copy what the QR code says here."
    " Letters, digits and signs, about 400 characters.",
    "button": "Check",
    "scan_title": "Scan",
    "camera": "Scan with the camera",
    "camera_off": "Switch the camera off",
    "camera_on": "Point the camera at the code on the letter, until it nearly fills the picture.",
    "photo": "or take a photograph of the code",
    "picture": "or choose a picture that is there already",
    "offline": "This page is kept here and works without a network.",
    "name": "Name",
    "born": "Date of birth",
    "number": "Number of the letter",
    "until": "Valid until",
    "status": "State of the record",
    "issuer": "Issuer",
    "sample": "DATA CONTOH: this letter is no official document.",
    "listed": "List of withdrawn letters: as of",
    "compare": "Compare this with the letter and with whoever shows it.",
    "keys": "Public keys for other checkers",
    "empty": "Enter the code first.",
}
assert set(_ID) == set(_EN)
TEXTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"id": _ID, "en": _EN})

#: (tone of the panel, title, what to do) of everything that can be found.
FINDINGS: Final[Mapping[str, Mapping[str, tuple[str, str, str]]]] = MappingProxyType(
    {
        "id": {
            Finding.VALID: ("is-yes", "Asli dan masih berlaku.", _ID["compare"]),
            Finding.EXPIRED: (
                "is-no",
                "Asli, tetapi sudah habis berlaku.",
                "Minta pemegangnya memperpanjang di Disdukcapil, atau menunjukkan KTP-el.",
            ),
            Finding.ENDED: (
                "is-no",
                "Asli, tetapi tidak berlaku lagi: dicabut, atau sudah ditukar dengan KTP-el.",
                "Minta pemegangnya menunjukkan KTP-el.",
            ),
            Finding.TOO_EARLY: (
                "is-no",
                "Asli, tetapi belum mulai berlaku.",
                "Periksa juga tanggal pada perangkat ini.",
            ),
            Finding.NOT_GENUINE: (
                "is-no",
                "TIDAK ASLI. Isinya tidak ditandatangani Disdukcapil ini.",
                "Jangan diterima. Laporkan ke Disdukcapil.",
            ),
            Finding.OTHER_KEY: (
                "is-no",
                "Bukan surat Disdukcapil ini.",
                "Bila surat itu dari kota lain, buka halaman Disdukcapil kota itu. Bila halaman ini"
                " dibuka tanpa jaringan, ulangi dengan jaringan.",
            ),
            Finding.UNREADABLE: (
                "is-no",
                "Ini bukan kode suket, atau tidak terbaca lengkap.",
                "Pindai lagi; salin seluruh isinya tanpa menambah apa pun.",
            ),
            "no_code": (
                "is-no",
                "Tidak ada kode QR yang terbaca di foto itu.",
                "Ambil foto dari dekat, rata, di tempat terang, dengan seluruh kode di dalamnya.",
            ),
            "no_camera": (
                "is-no",
                "Kamera tidak diizinkan untuk halaman ini.",
                "Izinkan kamera di pengaturan peramban, atau ambil foto kodenya di bawah.",
            ),
            "camera_missing": (
                "is-no",
                "Perangkat ini tidak mempunyai kamera.",
                "Pilih gambar kodenya di bawah, atau salin isi kodenya.",
            ),
            "camera_busy": (
                "is-no",
                "Kamera tidak dapat dipakai, mungkin sedang dipakai aplikasi lain.",
                "Tutup aplikasi lain yang memakai kamera dan coba lagi, atau ambil foto kodenya di"
                " bawah.",
            ),
            "no_https": (
                "is-no",
                "Peramban memberi kamera hanya kepada halaman https.",
                "Buka halaman ini dengan alamat https, atau ambil foto kodenya di bawah.",
            ),
            "nothing_seen": (
                "is-no",
                "Dalam 20 detik tidak ada kode yang terbaca. Kamera dimatikan.",
                "Ratakan suratnya, cari tempat terang dan dekatkan kamera, lalu coba lagi; atau"
                " ambil foto kodenya; atau salin isi kodenya.",
            ),
            "no_reader": (
                "is-no",
                "Pembaca kode belum tersimpan di perangkat ini, dan jaringan tidak ada.",
                "Ulangi saat ada jaringan, atau salin isi kodenya.",
            ),
        },
        "en": {
            Finding.VALID: ("is-yes", "Genuine and still valid.", _EN["compare"]),
            Finding.EXPIRED: (
                "is-no",
                "Genuine, but expired.",
                "Ask the holder to extend it at Disdukcapil, or to show the KTP-el.",
            ),
            Finding.ENDED: (
                "is-no",
                "Genuine, but not valid any more: withdrawn, or exchanged for the KTP-el.",
                "Ask the holder to show the KTP-el.",
            ),
            Finding.TOO_EARLY: (
                "is-no",
                "Genuine, but not valid yet.",
                "Look at the date of this device, too.",
            ),
            Finding.NOT_GENUINE: (
                "is-no",
                "NOT GENUINE. This Disdukcapil did not sign what it says.",
                "Do not accept it. Tell Disdukcapil.",
            ),
            Finding.OTHER_KEY: (
                "is-no",
                "Not a letter of this Disdukcapil.",
                "If it comes from another city, open the page of that city's Disdukcapil. If this"
                " page is open without a network, try again with one.",
            ),
            Finding.UNREADABLE: (
                "is-no",
                "This is no code of a suket, or not the whole of it.",
                "Scan again; copy all of it and add nothing.",
            ),
            "no_code": (
                "is-no",
                "No QR code can be read in that photograph.",
                "Take it in good light, from nearer and straight above, with the whole code in it.",
            ),
            "no_camera": (
                "is-no",
                "The camera is not allowed for this page.",
                "Allow it in the browser's settings, or take a photograph of the code below.",
            ),
            "camera_missing": (
                "is-no",
                "This device has no camera.",
                "Choose a picture of the code below, or copy what the code says.",
            ),
            "camera_busy": (
                "is-no",
                "The camera cannot be used; perhaps another application has it.",
                "Close other applications that use it and try again, or take a photograph of the"
                " code below.",
            ),
            "no_https": (
                "is-no",
                "Browsers give the camera to https pages only.",
                "Open this page by its https address, or take a photograph of the code below.",
            ),
            "nothing_seen": (
                "is-no",
                "No code was read in 20 seconds. The camera is off.",
                "Lay the letter flat, find light and come nearer, then try again; or take a"
                " photograph of the code; or copy what the code says.",
            ),
            "no_reader": (
                "is-no",
                "The reader of codes is not kept on this device yet, and there is no network.",
                "Try again with a network, or copy what the code says.",
            ),
        },
    }
)
assert all(set(words) == {*Finding, *SCANNING} for words in FINDINGS.values())
