"""What is not as the books say, as it stands on the signed papers of the blanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ampera.papers.sheet import PaperSize, Part, TableColumn, grid
from ampera.papers.wording import grouped

#: Room to write a count by hand.
NOT_COUNTED: Final = "........"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as the paper says: which serial or box, and what is the matter."""

    what: str
    note: str


def signed(difference: int) -> str:
    """`0`, `+2` or `–2`: a difference without its sign could be read either way."""
    if difference == 0:
        return "0"
    return f"{'+' if difference > 0 else '–'}{grouped(abs(difference))}"


def difference_grid(differences: Sequence[Difference], *, paper: PaperSize) -> Part:
    """The differences one by one, numbered."""
    columns = [
        TableColumn("No.", 10, is_amount=True),
        TableColumn("Nomor seri atau dus", 52),
        TableColumn("Keterangan", 112),
    ]
    rows = [[str(n), each.what, each.note] for n, each in enumerate(differences, start=1)]
    return grid(columns, rows=rows, paper=paper)
