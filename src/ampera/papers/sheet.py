"""Official papers on A4, A5 and A6: letterhead, number, text, tables, signatures, page numbers.

All documents of `papers` are built from these parts, so that they look alike, print in black on
white, and carry on every page their number, `Halaman n dari m` and, in a demonstration, the mark
DATA CONTOH.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    HRFlowable,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from ampera.papers.fonts import BOLD, REGULAR, register_fonts, require_printable
from ampera.papers.heads import Letterhead, Signatory
from ampera.papers.wording import date_in_words

#: A part of a page; reportlab calls it a flowable and ships no types.
Part = Any

DEMO_MARK: Final = "DATA CONTOH"
_GRID: Final = colors.Color(0.45, 0.45, 0.45)
_HEAD_FILL: Final = colors.Color(0.90, 0.90, 0.90)


class PaperSize(Enum):
    """Page size in points, margin in millimetres, text size in points."""

    A4 = (A4, 18.0, 9.5)
    A5 = (A5, 13.0, 8.5)
    A6 = (A6, 8.0, 7.4)

    @property
    def size_pt(self) -> tuple[float, float]:
        width, height = self.value[0]
        return float(width), float(height)

    @property
    def margin_pt(self) -> float:
        return float(self.value[1] * mm)

    @property
    def text_pt(self) -> float:
        return self.value[2]

    @property
    def width_mm(self) -> float:
        """Room between the margins."""
        return float((self.size_pt[0] - 2 * self.margin_pt) / mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHead:
    """What every page of a document says about it."""

    letterhead: Letterhead
    title: str
    number: str
    is_demo: bool
    corner: str = ""  #: one word for the bottom right corner of each page


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table; amounts stand at the right."""

    title: str
    width_mm: float
    is_amount: bool = False


@cache
def style(size_pt: float, *, bold: bool = False, align: int = TA_LEFT) -> Any:
    """A paragraph style in the papers' own faces; the library's defaults would name Helvetica."""
    register_fonts()
    face = BOLD if bold else REGULAR
    return ParagraphStyle(
        name=f"{face}-{size_pt}-{align}",
        fontName=face,
        bulletFontName=face,
        fontSize=size_pt,
        leading=round(size_pt * 1.32, 2),
        alignment=align,
        splitLongWords=1,
    )


def text(
    words: str, *, size_pt: float, bold: bool = False, align: int = TA_LEFT, field: str = "text"
) -> Part:
    """A paragraph of plain words, none read as markup. Raises UnprintableText naming `field`."""
    require_printable(words, field=field)
    return Paragraph(escape(words), style(size_pt, bold=bold, align=align))


def gap(height_mm: float) -> Part:
    """Empty height."""
    return Spacer(1, height_mm * mm)


def heading(head: SheetHead, *, paper: PaperSize) -> list[Part]:
    """Letterhead, rule, title and number, as a document begins."""
    base = paper.text_pt
    parts = [
        text(head.letterhead.government, size_pt=base, align=TA_CENTER),
        text(head.letterhead.office, size_pt=base + 1.5, bold=True, align=TA_CENTER),
    ]
    if head.letterhead.address:
        parts.append(text(head.letterhead.address, size_pt=base - 1.5, align=TA_CENTER))
    parts += [
        gap(1.2),
        HRFlowable(width="100%", thickness=1.2, color=colors.black, spaceBefore=0, spaceAfter=0),
        gap(base * 0.28),
        text(head.title, size_pt=base + 1.5, bold=True, align=TA_CENTER),
        text(f"Nomor: {head.number}", size_pt=base, align=TA_CENTER),
        gap(base * 0.3),
    ]
    return parts


def facts(rows: Sequence[tuple[str, str]], *, paper: PaperSize, label_mm: float) -> Part:
    """Lines of `label : value`; long values wrap."""
    base = paper.text_pt
    cells = [
        [text(label, size_pt=base), text(":", size_pt=base), text(value, size_pt=base, field=label)]
        for label, value in rows
    ]
    widths = [label_mm * mm, 3 * mm, (paper.width_mm - label_mm - 3) * mm]
    return _laid_out(cells, widths, [("BOTTOMPADDING", (0, 0), (-1, -1), 1.2)])


def grid(
    columns: Sequence[TableColumn],
    *,
    rows: Sequence[Sequence[str]],
    paper: PaperSize,
    total: Sequence[str] | None = None,
) -> Part:
    """A ruled table whose head is repeated on every page; `total` is its bold last row.

    The columns' widths are shares: they are stretched to fill the page.
    """
    size = paper.text_pt - 1.0
    aligns = [TA_RIGHT if column.is_amount else TA_LEFT for column in columns]
    cells = [
        [
            text(column.title, size_pt=size, bold=True, align=align)
            for column, align in zip(columns, aligns, strict=True)
        ]
    ]
    for row in rows:
        assert len(row) == len(columns), "a row of another width than its table"
        cells.append(
            [
                text(cell, size_pt=size, align=align, field=column.title)
                for cell, align, column in zip(row, aligns, columns, strict=True)
            ]
        )
    if total is not None:
        cells.append(
            [
                text(cell, size_pt=size, bold=True, align=align)
                for cell, align in zip(total, aligns, strict=True)
            ]
        )
    share = paper.width_mm / sum(column.width_mm for column in columns)
    rules = [
        ("GRID", (0, 0), (-1, -1), 0.5, _GRID),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD_FILL),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return _laid_out(
        cells, [column.width_mm * share * mm for column in columns], rules, repeated_rows=1
    )


def signatures(
    signers: Sequence[Signatory], *, paper: PaperSize, place_and_date: str, room_mm: float = 17.0
) -> Part:
    """Room to sign, side by side; never parted from the names below it by the end of a page."""
    base = paper.text_pt
    side = [""]  # beside each column of names, so that the lines to sign on do not touch

    def across(cells: Sequence[Part]) -> list[Part]:
        return [cell for each in cells for cell in (*side, each, *side)]

    rows = [
        across([text(each.role, size_pt=base, align=TA_CENTER) for each in signers]),
        across([gap(room_mm) for _ in signers]),
        across([text(each.name, size_pt=base, bold=True, align=TA_CENTER) for each in signers]),
    ]
    if any(each.number for each in signers):
        rows.append(
            across([text(each.number, size_pt=base - 1.2, align=TA_CENTER) for each in signers])
        )
    width = paper.width_mm / len(signers) * mm
    widths = [width * part for _ in signers for part in (0.1, 0.8, 0.1)]
    names = [3 * index + 1 for index in range(len(signers))]
    rules: list[tuple[Any, ...]] = [
        ("LINEBELOW", (at, 1), (at, 1), 0.5, colors.black) for at in names
    ]
    table = _laid_out(rows, widths, [*rules, ("TOPPADDING", (0, 2), (-1, 2), 2)])
    when = text(place_and_date, size_pt=base, align=TA_RIGHT)
    return KeepTogether([gap(4), when, gap(2.5), table])


def place_and_date(place: str, *, on: date) -> str:
    """`Palembang, 7 September 2017`."""
    return f"{place}, {date_in_words(on)}"


def side_by_side(left: Part, *, right: Part, paper: PaperSize, right_mm: float) -> Part:
    """Two parts beside each other, the right one of fixed width."""
    widths = [(paper.width_mm - right_mm) * mm, right_mm * mm]
    return _laid_out([[left, right]], widths, [("VALIGN", (0, 0), (-1, -1), "MIDDLE")])


def _laid_out(
    cells: list[list[Any]],
    widths_pt: list[float],
    rules: list[tuple[Any, ...]],
    *,
    repeated_rows: int = 0,
) -> Part:
    """A table without padding unless the rules say so, and without the library's default face."""
    made = Table(cells, colWidths=widths_pt, repeatRows=repeated_rows, hAlign="LEFT")
    plain = [
        ("FONT", (0, 0), (-1, -1), REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
    made.setStyle(TableStyle([*plain, *rules]))
    return made


def build_sheet(parts: Sequence[Part], *, head: SheetHead, paper: PaperSize) -> bytes:
    """The document as PDF. The same parts give the same bytes, in every process."""
    register_fonts()
    require_printable(f"{head.title} {head.number} {head.corner}", field="number")
    out = BytesIO()
    width, height = paper.size_pt
    margin = paper.margin_pt
    foot = margin + paper.text_pt * 1.4
    frame = Frame(
        margin,
        foot,
        width - 2 * margin,
        height - margin - foot,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document = BaseDocTemplate(
        out,
        pagesize=paper.size_pt,
        title=head.title,
        author=head.letterhead.office,
        creator="Ampera",
        initialFontName=REGULAR,
        invariant=1,
        pageCompression=1,
    )
    document.addPageTemplates([PageTemplate(frames=[frame])])
    document.build(
        list(parts), canvasmaker=lambda *a, **k: _NumberedCanvas(*a, head=head, paper=paper, **k)
    )
    return out.getvalue()


class _NumberedCanvas(Canvas):
    """Holds pages back until their number is known, then writes head and foot marks on each."""

    def __init__(self, *args: Any, head: SheetHead, paper: PaperSize, **kwargs: Any) -> None:
        kwargs["initialFontName"] = REGULAR
        super().__init__(*args, **kwargs)
        self._head, self._paper = head, paper
        self._held: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = len(self._held)
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self._marks(number, pages)
            super().showPage()
        super().save()

    def _marks(self, number: int, pages: int) -> None:
        width, height = self._paper.size_pt
        margin = self._paper.margin_pt
        size = self._paper.text_pt - 2.0
        self.saveState()
        self.setFont(REGULAR, size)
        self.drawString(margin, margin * 0.75, self._head.number)
        self.drawRightString(width - margin, margin * 0.75, f"Halaman {number} dari {pages}")
        if self._head.corner:
            self.setFont(BOLD, size + 1.5)
            self.drawRightString(width - margin, margin * 0.75 + size * 1.4, self._head.corner)
        if self._head.is_demo:
            self.setFont(BOLD, size)
            self.drawCentredString(
                width / 2, height - margin * 0.68, f"{DEMO_MARK} – BUKAN DOKUMEN RESMI"
            )
            self.translate(width / 2, height / 2)
            self.rotate(52)
            self.setFillGray(0.5)
            self.setFillAlpha(0.13)
            self.setFont(BOLD, width / 7.6)
            self.drawCentredString(0, 0, DEMO_MARK)
        self.restoreState()
