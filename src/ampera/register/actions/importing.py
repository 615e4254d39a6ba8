"""`ampera import residents FILE`: the ministry's export into the register of a dinas."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ampera.journal.house import house
from ampera.register.actions.writing import (
    CHUNK,
    begin_run,
    forget_empty_families,
    write_residents,
)
from ampera.register.models import Family, Resident
from ampera.register.queries.offices import local_day
from ampera.register.queries.wilayah import Finder
from ampera.register.rules.export import Situation, read_export
from ampera.register.rules.records import ResidentRecord, RowRefused
from ampera.words.nik import Sex
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: This many refused rows are kept in the result; all of them stand in the file beside the export.
EXAMPLES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import got."""

    rows_read: int
    taken: int
    refused: int


@dataclass(slots=True)
class ImportResult:
    """What became of a file."""

    rows_read: int = 0
    taken: int = 0
    refused: int = 0
    with_warnings: int = 0
    #: The refused rows with line and reason, beside the file; None when there are none.
    refused_file: Path | None = None
    examples: list[RowRefused] = field(default_factory=list)


def import_residents(
    source: Path | Iterable[str], *, progress: Callable[[ImportProgress], None] | None = None
) -> ImportResult | Refusal:
    """Take the rows of an export into the register; refused rows go to `<file>.refused.csv`.

    `source` is a file or decoded lines. Works in short transactions, so a crash leaves what was
    taken and the same file may be given again. A NIK that is known keeps its record id. Only a
    dinas imports.
    """
    if house().tier is not Tier.DINAS:
        return Refusal("register.not_dinas")
    is_demo = house().is_demo
    situation = Situation(Finder(house().code.text), on=local_day(), may_be_sample=is_demo)
    with ExitStack() as stack:
        lines: Iterable[str]
        if isinstance(source, Path):
            if not source.is_file():
                return Refusal("register.file_not_found")
            lines = stack.enter_context(_Decoded(source))
        else:
            lines = source
        rows = read_export(lines, situation=situation)
        if isinstance(rows, Refusal):
            return rows
        beside = _beside(source) if isinstance(source, Path) else None
        refusals = stack.enter_context(_RefusedRows(beside))
        run = _Run(number=begin_run(), is_sample=is_demo, refusals=refusals)
        for row in rows:
            run.take(row)
            if progress is not None and run.result.rows_read % CHUNK == 0:
                progress(run.progress())
        run.flush()
        forget_empty_families()
    run.result.refused_file = beside if run.result.refused else None
    if progress is not None:
        progress(run.progress())
    return run.result


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.refused.csv")


class _Run:
    """One import while it runs: what waits to be written, and what was written."""

    def __init__(self, *, number: int, is_sample: bool, refusals: _RefusedRows) -> None:
        self.result = ImportResult()
        self._number, self._is_sample, self._refusals = number, is_sample, refusals
        self._waiting: dict[str, tuple[int, ResidentRecord]] = {}

    def progress(self) -> ImportProgress:
        done = self.result
        return ImportProgress(done.rows_read, done.taken, done.refused)

    def take(self, row: tuple[int, ResidentRecord] | RowRefused) -> None:
        self.result.rows_read += 1
        if isinstance(row, RowRefused):
            self._refuse(row)
            return
        line, record = row
        if record.nik.digits in self._waiting:
            self._refuse(_twice(line))
            return
        self._waiting[record.nik.digits] = row
        if len(self._waiting) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what waits. A NIK that this run has written already stands twice in the file."""
        if not self._waiting:
            return
        known = {
            nik: (id_, run)
            for nik, id_, run in Resident.objects.filter(nik__in=list(self._waiting)).values_list(
                "nik", "id", "run"
            )
        }
        residents, families = [], {}
        for nik, (line, record) in self._waiting.items():
            id_, run = known.get(nik, ("", 0))
            if run == self._number:
                self._refuse(_twice(line))
                continue
            residents.append(self._resident(id_ or house().ids.new("res"), record=record))
            families[record.no_kk.digits] = Family(record.no_kk.digits, record.kelurahan.text)
            self.result.with_warnings += bool(record.warnings)
        write_residents(residents, families=list(families.values()))
        self.result.taken += len(residents)
        self._waiting.clear()

    def _resident(self, id_: str, *, record: ResidentRecord) -> Resident:
        return Resident(
            id=id_,
            nik=record.nik.digits,
            family_id=record.no_kk.digits,
            name=record.name,
            birth_place=record.birth_place,
            born=record.born,
            is_female=record.sex is Sex.FEMALE,
            religion=record.religion,
            marital=record.marital,
            blood=record.blood,
            shdk=record.shdk,
            education=record.education,
            occupation=record.occupation,
            nationality=record.nationality,
            base_status=record.base_status,
            address=record.address,
            rt=record.rt,
            rw=record.rw,
            kelurahan=record.kelurahan.text,
            has_legacy_card=record.has_legacy_card,
            warnings=",".join(sorted(record.warnings)),
            is_sample=self._is_sample,
            run=self._number,
        )

    def _refuse(self, row: RowRefused) -> None:
        self.result.refused += 1
        if len(self.result.examples) < EXAMPLES_MAX:
            self.result.examples.append(row)
        self._refusals.add(row)


def _twice(line: int) -> RowRefused:
    return RowRefused(line, "NIK", Refusal("register.row_nik_twice"))


class _RefusedRows:
    """The file of refused rows; made only when there is one. It names lines, not people."""

    def __init__(self, path: Path | None) -> None:
        self._path, self._stack = path, ExitStack()
        self._write: Callable[[Iterable[object]], object] | None = None

    def __enter__(self) -> _RefusedRows:
        if self._path is not None:
            self._path.unlink(missing_ok=True)  # an earlier run's rows are mended or refused again
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def add(self, row: RowRefused) -> None:
        if self._path is None:
            return
        if self._write is None:
            file = self._stack.enter_context(self._path.open("w", encoding="utf-8-sig", newline=""))
            self._write = csv.writer(file, delimiter=";").writerow
            self._write(("baris", "kolom", "kode", "keterangan"))
        self._write((row.line, row.column, row.code, row.text))


class _Decoded:
    """The lines of an export as it came: in UTF-8, in UTF-16 with its mark, or in Windows-1252.

    Line by line, because one old row in Windows-1252 must not spoil a file of two million.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()

    def __enter__(self) -> Iterator[str]:
        file = self._stack.enter_context(self._path.open("rb"))
        mark = file.read(2)
        file.seek(0)
        if mark in (b"\xff\xfe", b"\xfe\xff"):
            return iter(self._stack.enter_context(self._path.open(encoding="utf-16", newline="")))
        return (_text_of(line) for line in file)

    def __exit__(self, *_error: object) -> None:
        self._stack.close()


def _text_of(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
