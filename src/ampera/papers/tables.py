"""Tables for a spreadsheet program, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, Final

#: A cell that begins so is computed by spreadsheet programs when the file is opened (OWASP, CSV
#: Injection); an apostrophe before it makes it a text.
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r")


class SheetWriter:
    """Writes rows like `csv.writer`; texts that look like formulas stay texts."""

    def __init__(self, out: Any, **options: Any) -> None:
        self._writer = csv.writer(out, **options)

    def writerow(self, cells: Iterable[Any]) -> None:
        self._writer.writerow([_text_only(each) for each in cells])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            self.writerow(row)


def _text_only(cell: Any) -> Any:
    """Numbers stay numbers, also those below zero."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMPUTED) else cell
