"""The register's code tables, as KK and KTP-el print them.

Source: domain §4.4. The numbering is that of the widely used village system; the ministry's own may
differ, so a table reads a code by its number *and* by its text, in the spellings that exports have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_AROUND_SLASH: Final = re.compile(r"\s*/\s*")
_GAPS: Final = re.compile(r"[\s.]+")


def _normal(text: str) -> str:
    """Spelling variants of exports made one: case, dots, blanks, and blanks around `/`."""
    return _AROUND_SLASH.sub("/", _GAPS.sub(" ", text.upper())).strip()


class CodeTable:
    """Codes and the texts that are printed; `variants` are other spellings met in files."""

    __slots__ = ("_by_text", "texts")

    def __init__(self, texts: Mapping[int, str], *, variants: Mapping[str, int]) -> None:
        self.texts: Mapping[int, str] = MappingProxyType(dict(texts))
        assert set(variants.values()) <= set(texts), "a variant of a code that is not there"
        self._by_text = {_normal(text): code for code, text in texts.items()}
        self._by_text |= {_normal(text): code for text, code in variants.items()}

    def read(self, text: str) -> int | None:
        """The code that a cell of an export names by number or by text, or None."""
        wanted = _normal(text)
        if wanted.isascii() and wanted.isdecimal():
            return int(wanted) if int(wanted) in self.texts else None
        return self._by_text.get(wanted)

    def text(self, code: int) -> str:
        """What is printed. An unknown code is a defect: `read` lets none in."""
        return self.texts[code]


RELIGION: Final = CodeTable(
    {
        1: "ISLAM",
        2: "KRISTEN",
        3: "KATHOLIK",
        4: "HINDU",
        5: "BUDHA",
        6: "KHONGHUCU",
        7: "KEPERCAYAAN TERHADAP TUHAN YME/LAINNYA",
    },
    variants={
        "KATOLIK": 3,
        "BUDDHA": 5,
        "KONGHUCU": 6,
        "KONG HU CHU": 6,
        "KHONG HU CU": 6,
        "KEPERCAYAAN": 7,
        "KEPERCAYAAN TERHADAP TUHAN YME": 7,
        "KEPERCAYAAN TERHADAP TUHAN YANG MAHA ESA": 7,
        "LAINNYA": 7,
    },
)

NOT_MARRIED: Final = 1
MARITAL: Final = CodeTable(
    {1: "BELUM KAWIN", 2: "KAWIN", 3: "CERAI HIDUP", 4: "CERAI MATI"},
    variants={
        "KAWIN TERCATAT": 2,
        "KAWIN BELUM TERCATAT": 2,
        "CERAI HIDUP TERCATAT": 3,
        "CERAI HIDUP BELUM TERCATAT": 3,
    },
)

BLOOD_UNKNOWN: Final = 13
BLOOD: Final = CodeTable(
    dict(
        enumerate(
            ("A", "B", "AB", "O", "A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-", "TIDAK TAHU"),
            start=1,
        )
    ),
    variants={"-": 13, "": 13, "TDK TAHU": 13, "0": 13},
)

HEAD_OF_FAMILY: Final = 1
SHDK: Final = CodeTable(
    {
        1: "KEPALA KELUARGA",
        2: "SUAMI",
        3: "ISTRI",
        4: "ANAK",
        5: "MENANTU",
        6: "CUCU",
        7: "ORANG TUA",
        8: "MERTUA",
        9: "FAMILI LAIN",
        10: "PEMBANTU",
        11: "LAINNYA",
    },
    variants={"KEPALA KELUARGA (KK)": 1, "ISTERI": 3, "ORANGTUA": 7, "FAMILI": 9},
)

EDUCATION: Final = CodeTable(
    {
        1: "TIDAK/BELUM SEKOLAH",
        2: "BELUM TAMAT SD/SEDERAJAT",
        3: "TAMAT SD/SEDERAJAT",
        4: "SLTP/SEDERAJAT",
        5: "SLTA/SEDERAJAT",
        6: "DIPLOMA I/II",
        7: "AKADEMI/DIPLOMA III/S. MUDA",
        8: "DIPLOMA IV/STRATA I",
        9: "STRATA II",
        10: "STRATA III",
    },
    variants={
        "BELUM SEKOLAH": 1,
        "TIDAK SEKOLAH": 1,
        "BELUM TAMAT SD": 2,
        "TAMAT SD": 3,
        "SD": 3,
        "SLTP": 4,
        "SMP": 4,
        "SLTA": 5,
        "SMA": 5,
        "D I/II": 6,
        "AKADEMI/D III/S MUDA": 7,
        "D III": 7,
        "D IV/S I": 8,
        "S I": 8,
        "S1": 8,
        "S II": 9,
        "S2": 9,
        "S III": 10,
        "S3": 10,
    },
)

NATIONALITY: Final = CodeTable(
    {1: "WNI", 2: "WNA", 3: "DUA KEWARGANEGARAAN"},
    variants={"WARGA NEGARA INDONESIA": 1, "INDONESIA": 1, "WARGA NEGARA ASING": 2, "DUA KWN": 3},
)

ALIVE: Final = 1
BASE_STATUS: Final = CodeTable(
    {1: "HIDUP", 2: "MATI", 3: "PINDAH", 4: "HILANG", 6: "PERGI", 9: "TIDAK VALID"},
    variants={"AKTIF": 1, "MENINGGAL": 2, "MENINGGAL DUNIA": 2, "PINDAH KELUAR": 3},
)

OCCUPATION_TEXTS: Final = (
    "BELUM/TIDAK BEKERJA", "MENGURUS RUMAH TANGGA", "PELAJAR/MAHASISWA", "PENSIUNAN",
    "PEGAWAI NEGERI SIPIL", "TENTARA NASIONAL INDONESIA", "KEPOLISIAN RI", "PERDAGANGAN",
    "PETANI/PEKEBUN", "PETERNAK", "NELAYAN/PERIKANAN", "INDUSTRI", "KONSTRUKSI", "TRANSPORTASI",
    "KARYAWAN SWASTA", "KARYAWAN BUMN", "KARYAWAN BUMD", "KARYAWAN HONORER", "BURUH HARIAN LEPAS",
    "BURUH TANI/PERKEBUNAN", "BURUH NELAYAN/PERIKANAN", "BURUH PETERNAKAN",
    "PEMBANTU RUMAH TANGGA", "TUKANG CUKUR", "TUKANG LISTRIK", "TUKANG BATU", "TUKANG KAYU",
    "TUKANG SOL SEPATU", "TUKANG LAS/PANDAI BESI", "TUKANG JAHIT", "TUKANG GIGI", "PENATA RIAS",
    "PENATA BUSANA", "PENATA RAMBUT", "MEKANIK", "SENIMAN", "TABIB", "PARAJI", "PERANCANG BUSANA",
    "PENTERJEMAH", "IMAM MASJID", "PENDETA", "PASTOR", "WARTAWAN", "USTADZ/MUBALIGH", "JURU MASAK",
    "PROMOTOR ACARA", "ANGGOTA DPR-RI", "ANGGOTA DPD", "ANGGOTA BPK", "PRESIDEN",
    "WAKIL PRESIDEN", "ANGGOTA MAHKAMAH KONSTITUSI", "ANGGOTA KABINET/KEMENTERIAN", "DUTA BESAR",
    "GUBERNUR", "WAKIL GUBERNUR", "BUPATI", "WAKIL BUPATI", "WALIKOTA", "WAKIL WALIKOTA",
    "ANGGOTA DPRD PROVINSI", "ANGGOTA DPRD KABUPATEN/KOTA", "DOSEN", "GURU", "PILOT", "PENGACARA",
    "NOTARIS", "ARSITEK", "AKUNTAN", "KONSULTAN", "DOKTER", "BIDAN", "PERAWAT", "APOTEKER",
    "PSIKIATER/PSIKOLOG", "PENYIAR TELEVISI", "PENYIAR RADIO", "PELAUT", "PENELITI", "SOPIR",
    "PIALANG", "PARANORMAL", "PEDAGANG", "PERANGKAT DESA", "KEPALA DESA", "BIARAWATI",
    "WIRASWASTA", "LAINNYA",
)  # fmt: skip

OCCUPATION: Final = CodeTable(
    dict(enumerate(OCCUPATION_TEXTS, start=1)),
    variants={
        "TIDAK BEKERJA": 1,
        "BELUM BEKERJA": 1,
        "IBU RUMAH TANGGA": 2,
        "PELAJAR": 3,
        "MAHASISWA": 3,
        "PEGAWAI NEGERI SIPIL (PNS)": 5,
        "PNS": 5,
        "TENTARA NASIONAL INDONESIA (TNI)": 6,
        "TNI": 6,
        "KEPOLISIAN RI (POLRI)": 7,
        "POLRI": 7,
        "BURUH NELAYAN": 21,
        "ANGGOTA MK": 53,
        "ANGGOTA KABINET": 54,
        "ANGGOTA DPRD PROP": 62,
        "ANGGOTA DPRD PROV": 62,
        "ANGGOTA DPRD KAB/KOTA": 63,
        "PENYIAR TV": 77,
        "SUPIR": 81,
    },
)
assert len(OCCUPATION.texts) == 89, "the ministry knows exactly 89 occupations"
