"""The ministry's export is read as it really comes: dirty."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.register.rules.export import Situation, clean, columns_of, read_export, separator_of
from ampera.register.rules.records import ResidentRecord, RowRefused, RowWarning
from ampera.words import Refusal, WilayahCode

DAY = date(2017, 9, 7)
HEADER = (
    "Nomor KK", "NIK", "Nama", "Status", "Tempat Lahir", "Tanggal Lahir", "Kelamin", "NIK Ayah",
    "Ayah", "NIK Ibu", "Ibu", "Status Kawin", "SHDK", "Agama", "Kecamatan", "Desa/Kel", "Alamat",
    "RW", "RT", "Pendidikan", "Pekerjaan", "Deskripsi Pekerjaan", "Gol. Darah", "Cacat",
    "Cetak KTP", "Tgl Entri",
)  # fmt: skip
GOOD = {
    "Nomor KK": "9901010101109001", "NIK": "9901010709909001", "Nama": "Budi Contoh",
    "Status": "HIDUP", "Tempat Lahir": "Palembang", "Tanggal Lahir": "07-09-1990",
    "Kelamin": "LAKI-LAKI", "NIK Ayah": "9901010101609001", "Ayah": "Tono", "NIK Ibu": "0",
    "Ibu": "-", "Status Kawin": "KAWIN", "SHDK": "KEPALA KELUARGA", "Agama": "ISLAM",
    "Kecamatan": "SEBERANG ULU I", "Desa/Kel": "1 ULU", "Alamat": "Lr. Contoh No. 3", "RW": "'002",
    "RT": "'007", "Pendidikan": "SLTA / SEDERAJAT", "Pekerjaan": "KARYAWAN SWASTA",
    "Gol. Darah": "O", "Cacat": "FISIK", "Cetak KTP": "", "Tgl Entri": "01-02-2015",
}  # fmt: skip


def a_line(*, separator=";", **changes):
    """One line of an export; a change is named as its column."""
    row = GOOD | changes
    return separator.join(row.get(title, "") for title in HEADER) + "\r\n"


def an_export(*lines, separator=";"):
    return [separator.join(HEADER) + "\r\n", *lines]


class TwoPlaces:
    """A finder that knows 1 Ulu of Seberang Ulu I."""

    def kelurahan(self, *, code, kecamatan, name):
        if code:
            return WilayahCode(code) if code == "16.71.02.1002" else None
        known = (kecamatan.upper(), name.upper()) == ("SEBERANG ULU I", "1 ULU")
        return WilayahCode("16.71.02.1002") if known else None


SITUATION = Situation(TwoPlaces(), on=DAY, may_be_sample=True)


def read(*lines, separator=";"):
    rows = read_export(an_export(*lines, separator=separator), situation=SITUATION)
    assert not isinstance(rows, Refusal)
    return list(rows)


def the_record(**changes):
    (row,) = read(a_line(**changes))
    assert not isinstance(row, RowRefused), row
    return row[1]


def the_refusal(**changes):
    (row,) = read(a_line(**changes))
    assert isinstance(row, RowRefused), row
    return row


def test_a_good_row_becomes_a_record():
    record = the_record()
    assert record.nik.digits == "9901010709909001"
    assert record.name == "BUDI CONTOH"
    assert record.born == date(1990, 9, 7)
    assert (record.rt, record.rw) == ("007", "002")
    assert record.kelurahan == WilayahCode("16.71.02.1002")
    assert (record.occupation, record.education, record.blood) == (15, 5, 4)
    assert record.warnings == frozenset()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_detected(separator):
    row, second = read(
        a_line(separator=separator), a_line(separator=separator, Nama="Sari"), separator=separator
    )
    assert row[1].name == "BUDI CONTOH"
    assert second[1].name == "SARI"


@pytest.mark.parametrize(
    "dirty",
    [
        "\u200b9901010709909001",
        "9901\u00a00107\u200d09909001\ufeff",
        "'9901010709909001",
        "99.01.01.070990.9001",
        " 9901010709909001\t",
    ],
)
def test_what_cannot_be_seen_is_taken_out_of_a_nik(dirty):
    if "\t" in dirty:
        dirty = f'"{dirty}"'
    assert the_record(NIK=dirty).nik.digits == "9901010709909001"


@pytest.mark.parametrize("dirty", ["'9901010101109001", "9901010101109001\u200e"])
def test_a_family_number_is_cleaned_too(dirty):
    assert the_record(**{"Nomor KK": dirty}).no_kk.digits == "9901010101109001"


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"NIK": "0"}, "register.row_without_nik", "NIK"),
        ({"NIK": ""}, "register.row_without_nik", "NIK"),
        ({"NIK": "-"}, "register.row_without_nik", "NIK"),
        ({"NIK": "1,67102E+15"}, "register.row_number_mangled", "NIK"),
        ({"Nomor KK": "1.67102E+15"}, "register.row_number_mangled", "Nomor KK"),
        ({"Nomor KK": "-"}, "kk.not_sixteen_digits", "Nomor KK"),
        ({"NIK": "990101070990900"}, "nik.not_sixteen_digits", "NIK"),
        ({"NIK": "9801010709909001"}, "nik.province_unknown", "NIK"),
        ({"NIK": "9900010709909001"}, "nik.region_zero", "NIK"),
        ({"NIK": "9901013202909001"}, "nik.no_such_date", "NIK"),
        ({"NIK": "9901010709900000"}, "nik.serial_zero", "NIK"),
        ({"NIK": "９９01010709909001"}, "nik.not_sixteen_digits", "NIK"),
        ({"Nama": "-"}, "register.row_value", "Nama"),
        ({"Nama": "X" * 61}, "register.row_value", "Nama"),
        ({"Kelamin": "?"}, "register.row_value", "Kelamin"),
        ({"Tanggal Lahir": "7 September"}, "register.row_date", "Tanggal Lahir"),
        ({"Tanggal Lahir": "31-02-1990"}, "register.row_date", "Tanggal Lahir"),
        ({"Tanggal Lahir": "08-09-2017"}, "register.row_date", "Tanggal Lahir"),
        ({"Tanggal Lahir": "01-01-1800"}, "register.row_date", "Tanggal Lahir"),
        ({"Status Kawin": ""}, "register.row_value", "Status Kawin"),
        ({"Agama": "JEDI"}, "register.row_value", "Agama"),
        ({"Pekerjaan": "ASTRONOT"}, "register.row_value", "Pekerjaan"),
        ({"RT": "utara"}, "register.row_value", "RT"),
        ({"Alamat": "0"}, "register.row_value", "Alamat"),
        ({"Desa/Kel": "KERTAPATI"}, "register.row_place_unknown", "Desa/Kel"),
    ],
)
def test_a_row_is_refused_with_column_and_reason(changes, code, column):
    refused = the_refusal(**changes)
    assert (refused.code, refused.column, refused.line) == (code, column, 2)
    assert refused.text


def test_a_refused_row_names_nobody():
    refused = the_refusal(**{"Tanggal Lahir": "x"})
    assert "BUDI" not in refused.text.upper()
    assert "9901010709909001" not in repr(refused)


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"Tanggal Lahir": "08-09-1990"}, RowWarning.BIRTH_DATE_DIFFERS),
        ({"Kelamin": "PEREMPUAN"}, RowWarning.SEX_DIFFERS),
        ({"Agama": "-"}, RowWarning.RELIGION_BLANK),
        ({"Pendidikan": "KURSUS"}, RowWarning.EDUCATION_UNREAD),
        ({"SHDK": "TETANGGA"}, RowWarning.SHDK_UNREAD),
        ({"Status": "WAJIB"}, RowWarning.STATUS_UNREAD),
    ],
)
def test_what_no_card_prints_is_a_warning_kept_with_the_row(changes, warning):
    assert the_record(**changes).warnings == {warning}


@pytest.mark.parametrize("written", ["07/09/1990", "7.9.1990", "1990-09-07", "07-09-1990 00:00"])
def test_dates_are_read_day_first(written):
    assert the_record(**{"Tanggal Lahir": written}).born == date(1990, 9, 7)


@pytest.mark.parametrize(("cell", "known"), [("", False), ("-", False), ("0", False), ("1", True)])
def test_an_older_card_is_remembered(cell, known):
    assert the_record(**{"Cetak KTP": cell}).has_legacy_card is known


def test_parents_and_disability_are_not_read():
    record = the_record()
    assert "9901010101609001" not in repr(record)
    assert not {"father", "mother", "disability"} & set(ResidentRecord.__dataclass_fields__)


def test_lines_are_counted_as_an_editor_shows_them():
    rows = read(
        a_line(),
        "\r\n",
        *a_line(Alamat='"Lr. Contoh\r\nbelakang masjid"').splitlines(keepends=True),
        a_line(NIK="0"),
        a_line(NIK="1"),
    )
    assert [row.line if isinstance(row, RowRefused) else row[0] for row in rows] == [2, 4, 6, 7]
    assert rows[1][1].address == "LR. CONTOH BELAKANG MASJID"


def test_a_short_row_is_refused_and_the_next_is_read():
    refused, taken = read("9901010101109001;9901010709909001\r\n", a_line())
    assert isinstance(refused, RowRefused)
    assert taken[0] == 3


def test_a_cell_that_never_ends_spoils_its_row_only():
    rows = read(a_line(Nama="X" * 200_000), a_line())
    assert rows[0].code == "register.row_unreadable"
    assert rows[1][1].name == "BUDI CONTOH"


def test_a_file_is_read_line_by_line():
    def endless():
        yield from an_export()
        while True:
            yield a_line()

    rows = read_export(endless(), situation=SITUATION)
    assert [next(rows)[0] for _ in range(3)] == [2, 3, 4]


def test_province_99_is_refused_where_people_are_real():
    strict = Situation(TwoPlaces(), on=DAY)
    (row,) = read_export(an_export(a_line()), situation=strict)
    assert row.code == "nik.province_unknown"


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([], Refusal("register.file_empty")),
        (["\r\n", "  \n"], Refusal("register.file_empty")),
        (["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\n"], Refusal("register.file_is_excel")),
        (["PK\x03\x04\x14\x00\n"], Refusal("register.file_is_excel")),
    ],
)
def test_a_file_without_a_head_is_refused(lines, refusal):
    assert read_export(lines, situation=SITUATION) == refusal


def test_a_header_that_lacks_columns_names_them():
    missing = [title for title in HEADER if title not in ("NIK", "Agama")]
    assert columns_of(missing) == Refusal("register.header_missing", columns="NIK, Agama")
    placeless = [title for title in HEADER if title != "Kecamatan"]
    assert columns_of(placeless) == Refusal("register.header_missing", columns="Desa/Kel")


def test_a_code_of_the_place_will_do_instead_of_its_names():
    titles = [*(title for title in HEADER if title != "Kecamatan"), "Kode Wilayah"]
    columns = columns_of(titles)
    assert not isinstance(columns, Refusal)
    assert columns["kelurahan_code"] == len(titles) - 1


def test_headers_are_known_in_several_spellings():
    first = ["\ufeffNO_KK", "nik", "NAMA LENGKAP", "TMPT LAHIR", "Tgl. Lahir", "JK"]
    columns = columns_of(
        [*first, "STATUS KAWIN", "agama", "alamat", "PEKERJAAN", "Kecamatan", "Kelurahan"]
    )
    assert not isinstance(columns, Refusal)
    assert columns["no_kk"] == 0
    assert columns["sex"] == 5


def test_the_most_frequent_candidate_separates():
    assert separator_of("a;b;c,d") == ";"
    assert separator_of("a,b,c") == ","
    assert separator_of("a\tb\tc") == "\t"


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), max_size=30))
def test_no_text_makes_the_reader_fall(cells):
    line = ";".join(cells).replace("\n", " ").replace("\r", " ") + "\n"
    for row in read(line, a_line()):
        assert isinstance(row, RowRefused) or isinstance(row[1], ResidentRecord)
