"""The ministry's export is taken at the dinas, dirty as it is."""

from __future__ import annotations

import csv
import json

from ampera.register.actions import (
    ImportProgress,
    import_residents,
)
from ampera.register.models import Family, Resident
from ampera.words import Refusal
from tests.rules.test_register_export import a_line, an_export
from tests.stations.register_people import CITY, at_kertapati, nik

# --- the import ---------------------------------------------------------------------------------


DIRTY = [
    *(a_line(NIK=nik(number), Nama=f"Orang {number}") for number in range(40)),
    *(a_line(NIK=f"\u200b'{nik(number)}\u00a0") for number in range(40, 45)),
    *(a_line(NIK=nik(number), **{"Desa/Kel": "Satu Ulu"}) for number in range(45, 48)),
    a_line(NIK=nik(48), Kecamatan="Kec. Seberang Ulu Satu", **{"Desa/Kel": "KEL. 1 ULU"}),
    a_line(NIK=nik(49), Kecamatan="SU I"),
    a_line(NIK=nik(50), **{"Desa/Kel": "Kertapati"}),
    a_line(NIK="0"),
    a_line(NIK="1,67102E+15"),
    a_line(NIK=nik(3), Nama="NIK Ganda"),
    a_line(NIK=nik(51), **{"Tanggal Lahir": "31-02-1990"}),
    a_line(NIK=nik(52), Agama="JEDI"),
    a_line(NIK=nik(53), Kelamin="PEREMPUAN"),
    a_line(NIK=nik(54), Pekerjaan="belum / tidak  bekerja"),
    "rusak\r\n",
    a_line(NIK=nik(55), **{"Nomor KK": "KK-1"}),
]


def test_a_dirty_file_is_taken_but_for_the_rows_that_cannot_be(dinas, tmp_path):
    file = tmp_path / "siak.csv"
    file.write_bytes("".join(an_export(*DIRTY)).encode())
    steps: list[ImportProgress] = []
    result = import_residents(file, progress=steps.append)
    assert len(DIRTY) == 60
    assert (result.rows_read, result.taken, result.refused) == (60, 51, 9)
    assert result.with_warnings == 1
    assert steps[-1] == ImportProgress(60, 51, 9)
    with result.refused_file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [(row["baris"], row["kolom"], row["kode"]) for row in rows] == [
        ("51", "Desa/Kel", "register.row_place_unknown"),
        ("52", "Desa/Kel", "register.row_place_unknown"),
        ("53", "NIK", "register.row_without_nik"),
        ("54", "NIK", "register.row_number_mangled"),
        ("55", "NIK", "register.row_nik_twice"),
        ("56", "Tanggal Lahir", "register.row_date"),
        ("57", "Agama", "register.row_value"),
        ("60", "NIK", "register.row_without_nik"),
        ("61", "Nomor KK", "kk.not_sixteen_digits"),
    ]
    assert not any("990101" in " ".join(row.values()) for row in rows)
    assert Resident.objects.get(nik=nik(3)).name == "ORANG 3"


def test_a_file_in_windows_encoding_or_utf_16_is_read(dinas, tmp_path):
    text = "".join(an_export(a_line(NIK=nik(1), Alamat="Lr. Café")))
    for number, encoding in enumerate(("cp1252", "utf-16", "utf-8-sig")):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(text.encode(encoding))
        assert import_residents(file).taken == 1
        assert Resident.objects.get(nik=nik(1)).address == "LR. CAFÉ"


def test_importing_again_keeps_the_record_id_and_takes_what_changed(city):
    before = Resident.objects.get(nik=nik(1))
    moved = at_kertapati(NIK=nik(1), Nama="Dewasa", **{"Nomor KK": "9901010101109099"})
    assert import_residents(an_export(moved)).taken == 1
    after = Resident.objects.get(nik=nik(1))
    assert (after.id, after.kelurahan) == (before.id, "16.71.13.1004")
    assert after.family_id == "9901010101109099"
    assert Resident.objects.count() == 7


def test_a_nik_that_stands_twice_is_found_across_chunks(dinas):
    lines = [a_line(NIK=nik(number)) for number in range(450)]
    result = import_residents(an_export(*lines, a_line(NIK=nik(0), Nama="Ganda")))
    assert (result.taken, result.refused) == (450, 1)
    assert result.refused_file is None
    assert result.examples[0].code == "register.row_nik_twice"
    assert result.examples[0].line == 452


def test_a_family_without_members_is_forgotten(city):
    assert Family.objects.count() == 1
    lines = [line.replace("9901010101109001", "9901010101109002") for line in CITY]
    import_residents(an_export(*lines))
    assert [each.no_kk for each in Family.objects.all()] == ["9901010101109002"]


def test_parents_and_disability_are_not_kept(city):
    for row in Resident.objects.values():
        text = json.dumps(row, default=str)
        assert "9901010101609001" not in text
        assert "FISIK" not in text


def test_only_a_dinas_imports(offices):
    with offices.at("16.71.02"):
        assert import_residents(an_export()) == Refusal("register.not_dinas")


def test_a_file_that_is_no_export_is_refused(dinas, tmp_path):
    assert import_residents(tmp_path / "none.csv") == Refusal("register.file_not_found")
    for content, code in (
        (b"", "register.file_empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 50, "register.file_is_excel"),
        (b"PK\x03\x04" + b"\x14\x00" * 20, "register.file_is_excel"),
        (b"a;b;c\n1;2;3\n", "register.header_missing"),
    ):
        file = tmp_path / "file.csv"
        file.write_bytes(content)
        assert import_residents(file).code == code


def test_a_refused_row_of_an_earlier_run_does_not_stay(dinas, tmp_path):
    file = tmp_path / "siak.csv"
    file.write_text("".join(an_export(a_line(NIK="0"))))
    refused = import_residents(file).refused_file
    assert refused.exists()
    file.write_text("".join(an_export(a_line())))
    assert import_residents(file).refused_file is None
    assert not refused.exists()
