"""Reading the ministry's register export as it really comes: dirty, and longer than memory.

Columns: domain §4.3. Files are CSV with `;`, `,` or a tab between the cells; Excel files (xls,
xlsx) are out: they are saved as CSV first, and the refusal says so. Rows come one by one from a
generator; each is a record or a `RowRefused`, and a bad row never stops the file.

The known dirt: invisible characters inside NIK and KK numbers, leading apostrophes, the NIK `0` of
people who have none yet, `-` for what is not known, numbers that a spreadsheet turned into
1.67102E+15, and spelling variants around `/`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from ampera.register.rules import codes
from ampera.register.rules.records import ResidentRecord, RowRefused, RowWarning
from ampera.words.nik import Nik, NoKK, Sex
from ampera.words.refusal import Refusal
from ampera.words.wilayah import WilayahCode

#: Our name of a column, and the headers under which it is met (letters and digits only, lower
#: case).
_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "no_kk": ("nomorkk", "nokk", "nomorkartukeluarga"),
    "nik": ("nik",),
    "name": ("nama", "namalengkap", "namalgkp"),
    "base_status": ("status", "statuspenduduk", "statusdasar"),
    "birth_place": ("tempatlahir", "tmptlahir", "tmplhr"),
    "born": ("tanggallahir", "tgllahir", "tgllhr"),
    "sex": ("kelamin", "jeniskelamin", "jk", "lp"),
    "marital": ("statuskawin", "statusperkawinan", "stskawin"),
    "shdk": ("shdk", "hubungankeluarga", "statushubungankeluarga"),
    "religion": ("agama",),
    "kecamatan": ("kecamatan", "namakecamatan"),
    "kelurahan": ("desakel", "keldesa", "desakelurahan", "kelurahandesa", "kelurahan"),
    "kelurahan_code": ("kodewilayah", "kodekelurahan", "kodedesa", "kodedesakel"),
    "address": ("alamat",),
    "rw": ("rw", "norw"),
    "rt": ("rt", "nort"),
    "education": ("pendidikan", "pendidikanterakhir"),
    "occupation": ("pekerjaan", "jenispekerjaan"),
    "blood": ("goldarah", "golongandarah"),
    "nationality": ("kewarganegaraan", "warganegara"),
    "printed": ("cetakktp", "statuscetakktp"),
}
_REQUIRED: Final = (
    "no_kk", "nik", "name", "birth_place", "born", "sex", "marital", "religion", "address",
    "occupation",
)  # fmt: skip
#: How a column is called in refusals: as the export itself calls it.
COLUMN_TITLES: Final[Mapping[str, str]] = {
    "no_kk": "Nomor KK", "nik": "NIK", "name": "Nama", "base_status": "Status",
    "birth_place": "Tempat Lahir", "born": "Tanggal Lahir", "sex": "Kelamin",
    "marital": "Status Kawin", "shdk": "SHDK", "religion": "Agama", "kecamatan": "Kecamatan",
    "kelurahan": "Desa/Kel", "kelurahan_code": "Kode Wilayah", "address": "Alamat", "rw": "RW",
    "rt": "RT", "education": "Pendidikan", "occupation": "Pekerjaan", "blood": "Gol. Darah",
    "nationality": "Kewarganegaraan", "printed": "Cetak KTP",
}  # fmt: skip

_EXCEL_STARTS: Final = ("\xd0\xcf\x11\xe0", "PK\x03\x04")
_MANGLED: Final = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)
_DATE: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?: .*)?")
_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T].*)?")
_NAME_LENGTH_MAX: Final = 60
_BORN_EARLIEST: Final = date(1880, 1, 1)
_ADDRESS_LENGTH_MAX: Final = 120
_SEXES: Final[Mapping[str, Sex]] = {
    "L": Sex.MALE, "LAKI-LAKI": Sex.MALE, "LAKI LAKI": Sex.MALE, "LK": Sex.MALE, "1": Sex.MALE,
    "P": Sex.FEMALE, "PEREMPUAN": Sex.FEMALE, "PR": Sex.FEMALE, "2": Sex.FEMALE,
}  # fmt: skip


_UNREAD: Final = {
    "shdk": RowWarning.SHDK_UNREAD,
    "education": RowWarning.EDUCATION_UNREAD,
    "base_status": RowWarning.STATUS_UNREAD,
}


class _Reader(Protocol):
    """What `csv.reader` gives; its own type has no public name."""

    @property
    def line_num(self) -> int: ...

    def __next__(self) -> list[str]: ...


class WilayahFinder(Protocol):
    """Finds a kelurahan by its code, or by name within the named kecamatan; never by name alone."""

    def kelurahan(self, *, code: str, kecamatan: str, name: str) -> WilayahCode | None: ...


@dataclass(frozen=True, slots=True)
class Situation:
    """What a row is judged against."""

    finder: WilayahFinder
    on: date
    may_be_sample: bool = False  #: province 99 is admitted (never on a production server)


class _NoRowError(Exception):
    """Carries a refusal of one cell out of the reading of its row."""

    def __init__(self, column: str, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.column, self.refusal = column, refusal


def clean(cell: str) -> str:
    """A cell without what cannot be seen: format characters go, odd blanks become one blank.

    A leading apostrophe is what a spreadsheet puts before a number that must stay text.
    """
    if not (cell.isascii() and cell.isprintable()):
        cell = "".join(_visible(each) for each in cell)
    return " ".join(cell.split()).lstrip("'`’‘").strip()


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Zs" | "Zl" | "Zp" | "Cc":
            return " "
        case _:
            return character


def separator_of(header: str) -> str:
    """What stands between the cells: the candidate met most often in the header row."""
    return max(";,\t", key=header.count)


def columns_of(header: Iterable[str]) -> Mapping[str, int] | Refusal:
    """Our column name → place in the row. Refuses a header that lacks a column a card needs."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        key = re.sub(r"[^0-9a-z]", "", clean(cell).lower())
        for name, known in _HEADERS.items():
            if key in known and name not in places:
                places[name] = place
    missing = [name for name in _REQUIRED if name not in places]
    if not ("kelurahan_code" in places or {"kecamatan", "kelurahan"} <= places.keys()):
        missing.append("kelurahan")
    if missing:
        titles = ", ".join(COLUMN_TITLES[name] for name in missing)
        return Refusal("register.header_missing", columns=titles)
    return places


def read_export(
    lines: Iterable[str], *, situation: Situation
) -> Iterator[tuple[int, ResidentRecord] | RowRefused] | Refusal:
    """Read an export line by line: (line, record) for each row, or why it cannot be taken.

    `lines` are decoded lines with their ends, as a text file gives them. The whole file is refused
    only when its head cannot be understood.
    """
    source = iter(lines)
    line, header = next(
        ((number, each) for number, each in enumerate(source, start=1) if clean(each)), (0, "")
    )
    if not header:
        return Refusal("register.file_empty")
    if header.startswith(_EXCEL_STARTS):
        return Refusal("register.file_is_excel")
    separator = separator_of(header)
    columns = columns_of(next(csv.reader([header], delimiter=separator)))
    if isinstance(columns, Refusal):
        return columns
    reader = csv.reader(source, delimiter=separator)
    return _records(_rows(reader, columns=columns, after=line), situation=situation)


def _rows(
    reader: _Reader, *, columns: Mapping[str, int], after: int
) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    """(line, cells by our names); None for cells when the line cannot be split."""
    while True:
        line = after + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if any(clean(cell) for cell in cells):
            yield line, {name: cells[at] for name, at in columns.items() if at < len(cells)}


def _records(
    rows: Iterable[tuple[int, Mapping[str, str] | None]], *, situation: Situation
) -> Iterator[tuple[int, ResidentRecord] | RowRefused]:
    for line, cells in rows:
        if cells is None:
            yield RowRefused(line, "", Refusal("register.row_unreadable"))
            continue
        try:
            yield line, _Row(cells).record(situation=situation)
        except _NoRowError as no:
            yield RowRefused(line, COLUMN_TITLES[no.column], no.refusal)


class _Row:
    """One row while it is read: its cells, and the warnings found so far."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self._warnings: set[RowWarning] = set()

    def record(self, *, situation: Situation) -> ResidentRecord:
        nik = self._nik(may_be_sample=situation.may_be_sample)
        born = self._born(on=situation.on)
        sex = self._sex()
        # A NIK never changes, not even when its date is wrong: a difference is kept, never refused.
        self._warnings |= {RowWarning(each.value) for each in nik.compare(born=born, sex=sex)}
        religion = self._optional("religion", table=codes.RELIGION)
        if religion is None:
            self._warnings.add(RowWarning.RELIGION_BLANK)
        return ResidentRecord(
            nik=nik,
            no_kk=self._no_kk(),
            name=self._text("name", longest=_NAME_LENGTH_MAX),
            birth_place=self._text("birth_place", longest=_NAME_LENGTH_MAX),
            born=born,
            sex=sex,
            religion=religion,
            marital=self._code("marital", table=codes.MARITAL),
            blood=codes.BLOOD.read(self._cell("blood")) or codes.BLOOD_UNKNOWN,
            shdk=self._lenient("shdk", table=codes.SHDK),
            education=self._lenient("education", table=codes.EDUCATION),
            occupation=self._code("occupation", table=codes.OCCUPATION),
            nationality=self._optional("nationality", table=codes.NATIONALITY) or 1,
            base_status=self._lenient("base_status", table=codes.BASE_STATUS) or codes.ALIVE,
            address=self._text("address", longest=_ADDRESS_LENGTH_MAX),
            rt=self._three_digits("rt"),
            rw=self._three_digits("rw"),
            kelurahan=self._kelurahan(finder=situation.finder),
            has_legacy_card=self._known("printed").upper() not in ("", "TIDAK", "BELUM"),
            warnings=frozenset(self._warnings),
        )

    def _cell(self, column: str) -> str:
        return clean(self._cells.get(column, ""))

    def _known(self, column: str) -> str:
        """The cell, empty when it only says that nothing is known."""
        text = self._cell(column)
        return "" if text in ("-", "--", "0") else text

    def _nik(self, *, may_be_sample: bool) -> Nik:
        text = self._cell("nik")
        if not text.strip("0-") and len(text) < 16:
            raise _NoRowError("nik", Refusal("register.row_without_nik"))
        nik = Nik.read(self._number("nik"), may_be_sample=may_be_sample)
        if isinstance(nik, Refusal):
            raise _NoRowError("nik", nik)
        return nik

    def _no_kk(self) -> NoKK:
        no_kk = NoKK.read(self._number("no_kk"))
        if isinstance(no_kk, Refusal):
            raise _NoRowError("no_kk", no_kk)
        return no_kk

    def _number(self, column: str) -> str:
        text = self._cell(column)
        if _MANGLED.fullmatch(text):
            raise _NoRowError(column, Refusal("register.row_number_mangled"))
        return text.replace("'", "")

    def _born(self, *, on: date) -> date:
        text = self._cell("born")
        if (iso := _ISO_DATE.fullmatch(text)) is not None:
            year, month, day = iso.groups()
        elif (usual := _DATE.fullmatch(text)) is not None:
            day, month, year = usual.groups()
        else:
            raise _NoRowError("born", Refusal("register.row_date"))
        try:
            born = date(int(year), int(month), int(day))
        except ValueError:
            raise _NoRowError("born", Refusal("register.row_date")) from None
        if not _BORN_EARLIEST <= born <= on:
            raise _NoRowError("born", Refusal("register.row_date"))
        return born

    def _sex(self) -> Sex:
        sex = _SEXES.get(self._cell("sex").upper())
        if sex is None:
            raise _unread("sex")
        return sex

    def _text(self, column: str, *, longest: int) -> str:
        """A cell that must say something; in capitals, as on the card."""
        text = self._known(column).upper()
        if not text or len(text) > longest:
            raise _unread(column)
        return text

    def _code(self, column: str, *, table: codes.CodeTable) -> int:
        """A code that the card prints or a right hangs on: it has to be read."""
        code = table.read(self._cell(column))
        if code is None:
            raise _unread(column)
        return code

    def _optional(self, column: str, *, table: codes.CodeTable) -> int | None:
        """A code that may be left blank, but not be something unknown."""
        return self._code(column, table=table) if self._known(column) else None

    def _lenient(self, column: str, *, table: codes.CodeTable) -> int | None:
        """A code that no card prints: what cannot be read is noted for later."""
        text = self._known(column)
        code = table.read(text) if text else None
        if text and code is None:
            self._warnings.add(_UNREAD[column])
        return code

    def _three_digits(self, column: str) -> str:
        """RT or RW as printed, `003`; empty where the address has none."""
        text = self._known(column).replace("'", "").lstrip("0")
        if text and not (text.isascii() and text.isdecimal() and len(text) <= 3):
            raise _unread(column)
        return text.zfill(3) if text else ""

    def _kelurahan(self, *, finder: WilayahFinder) -> WilayahCode:
        found = finder.kelurahan(
            code=self._cell("kelurahan_code"),
            kecamatan=self._cell("kecamatan"),
            name=self._cell("kelurahan"),
        )
        if found is None:
            raise _NoRowError("kelurahan", Refusal("register.row_place_unknown"))
        return found


def _unread(column: str) -> _NoRowError:
    return _NoRowError(column, Refusal("register.row_value", column=COLUMN_TITLES[column]))
