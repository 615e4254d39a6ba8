"""The words of the page that checks a suket, in both languages. Data, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ampera.suket.queries import Finding

#: What only the browser can find: no code in a photograph, no camera allowed.
NO_CODE: Final = "no_code"
NO_CAMERA: Final = "no_camera"

_ID: Final = {
    "title": "Periksa surat keterangan (suket)",
    "lead": "Suket menggantikan KTP-el selama kartu belum dicetak. Di sini siapa pun dapat"
    " memeriksa apakah kodenya asli dan masih berlaku.",
    "code": "Isi kode pada suket",
    "code_hint": "Pindai kode QR dengan kamera telepon, salin isinya ke sini. Huruf, angka dan"
    " tanda, sekitar 400 karakter.",
    "button": "Periksa",
    "scan_title": "Pindai",
    "camera": "Pindai dengan kamera",
    "photo": "atau pilih foto kode",
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
    "code_hint": "Scan the QR code with a telephone's camera and copy what it says here. Letters,"
    " digits and signs, about 400 characters.",
    "button": "Check",
    "scan_title": "Scan",
    "camera": "Scan with the camera",
    "photo": "or choose a photograph of the code",
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
            NO_CODE: (
                "is-no",
                "Tidak ada kode QR yang terbaca di foto itu.",
                "Ambil foto lebih dekat dan rata, dengan seluruh kode di dalamnya.",
            ),
            NO_CAMERA: (
                "is-no",
                "Kamera tidak dapat dipakai.",
                "Izinkan kamera untuk halaman ini, atau pilih foto.",
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
            NO_CODE: (
                "is-no",
                "No QR code can be read in that photograph.",
                "Take it from nearer and straight above, with the whole code in it.",
            ),
            NO_CAMERA: (
                "is-no",
                "The camera cannot be used.",
                "Allow it for this page, or choose a photograph.",
            ),
        },
    }
)
assert all(set(words) == {*Finding, NO_CODE, NO_CAMERA} for words in FINDINGS.values())
