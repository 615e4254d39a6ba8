"""Two pens that draw one card: a PDF for the printer, a picture for whoever checks what came out.

Both are moved by the same code, in millimetres from the upper left corner as layouts count, so
that the picture beside the checklist cannot show another card than the one that was printed.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any, Final, Protocol
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ampera.papers.fonts import BOLD, REGULAR, register_fonts, text_width_pt
from ampera.papers.layout import PT_PER_MM, Box, Layout, Specimen

_LINE_MM: Final = 0.6 / PT_PER_MM
#: How far the middle of capital letters stands above their line, as a share of their size.
_MIDDLE: Final = 0.36
#: Letters of the same widths as the embedded ones, where a machine has them.
_FAMILY: Final = "'Bitstream Vera Sans','DejaVu Sans',Verdana,sans-serif"


class Pen(Protocol):
    """What a card face is drawn with. Texts are set on their base line."""

    layout: Layout

    def text(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None: ...

    def centred(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None: ...

    def picture(self, data: bytes, *, kind: str, box: Box) -> None:
        """An image that fills this box; `kind` is `JPEG` or `PNG`."""
        ...

    def line(self, *, x_mm: float, y_mm: float, width_mm: float) -> None: ...

    def specimen(self, mark: Specimen) -> None: ...

    def done(self) -> bytes: ...


class PdfPen:
    """A one-page PDF, byte for byte the same for the same card."""

    def __init__(self, layout: Layout) -> None:
        register_fonts()
        self.layout = layout
        self._out = BytesIO()
        self._canvas: Any = Canvas(
            self._out,
            pagesize=(layout.width_mm * PT_PER_MM, layout.height_mm * PT_PER_MM),
            invariant=1,
            pageCompression=1,
            initialFontName=REGULAR,
        )
        # No name and no NIK in the document's properties: print queues and file lists show them.
        self._canvas.setTitle("KTP-el")
        self._canvas.setCreator(f"Ampera {layout.name}")

    def text(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None:
        self._write(text, x_pt=x_mm * PT_PER_MM, y_mm=y_mm, font=_face(bold), size_pt=size_pt)

    def centred(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None:
        stretch = self.layout.text.width_percent / 100
        width = self._canvas.stringWidth(text, _face(bold), size_pt) * stretch
        x_pt = x_mm * PT_PER_MM - width / 2
        self._write(text, x_pt=x_pt, y_mm=y_mm, font=_face(bold), size_pt=size_pt)

    def picture(self, data: bytes, *, kind: str, box: Box) -> None:
        self._canvas.drawImage(
            ImageReader(BytesIO(data)),
            box.x_mm * PT_PER_MM,
            self._up(box.y_mm + box.height_mm),
            width=box.width_mm * PT_PER_MM,
            height=box.height_mm * PT_PER_MM,
            mask="auto",
        )

    def line(self, *, x_mm: float, y_mm: float, width_mm: float) -> None:
        y_pt = self._up(y_mm)
        left = x_mm * PT_PER_MM
        self._canvas.setLineWidth(_LINE_MM * PT_PER_MM)
        self._canvas.line(left, y_pt, left + width_mm * PT_PER_MM, y_pt)

    def specimen(self, mark: Specimen) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.setFillGray(mark.gray)
        canvas.setFillAlpha(mark.opacity_percent / 100)
        canvas.translate(mark.center_x_mm * PT_PER_MM, self._up(mark.center_y_mm))
        canvas.rotate(mark.angle_degrees)
        canvas.setFont(BOLD, mark.pt)
        canvas.drawCentredString(0, -mark.pt * _MIDDLE, mark.text)
        canvas.restoreState()

    def done(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def _up(self, y_mm: float) -> float:
        """A layout's y, in points from the lower edge, as PDF counts."""
        return (self.layout.height_mm - y_mm) * PT_PER_MM

    def _write(self, text: str, *, x_pt: float, y_mm: float, font: str, size_pt: float) -> None:
        line = self._canvas.beginText(x_pt, self._up(y_mm))
        line.setFont(font, size_pt)
        line.setHorizScale(self.layout.text.width_percent)
        line.textOut(text)
        self._canvas.drawText(line)


class SvgPen:
    """A picture for a browser. Each text is drawn exactly as wide as on the card, whatever letters
    the machine has."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._parts: list[str] = []

    def text(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None:
        self._write(text, x_mm=x_mm, y_mm=y_mm, size_pt=size_pt, bold=bold)

    def centred(
        self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool = False
    ) -> None:
        left = x_mm - self._width_mm(text, size_pt, bold) / 2
        self._write(text, x_mm=left, y_mm=y_mm, size_pt=size_pt, bold=bold)

    def picture(self, data: bytes, *, kind: str, box: Box) -> None:
        source = f"data:image/{kind.lower()};base64,{b64encode(data).decode()}"
        self._parts.append(
            f'<image x="{box.x_mm:.3f}" y="{box.y_mm:.3f}" width="{box.width_mm:.3f}"'
            f' height="{box.height_mm:.3f}" href="{source}"/>'
        )

    def line(self, *, x_mm: float, y_mm: float, width_mm: float) -> None:
        self._parts.append(
            f'<path d="M{x_mm:.3f} {y_mm:.3f}h{width_mm:.3f}" stroke="#000"'
            f' stroke-width="{_LINE_MM:.3f}"/>'
        )

    def specimen(self, mark: Specimen) -> None:
        gray = round(255 * mark.gray)
        size = mark.pt / PT_PER_MM
        turn = f"rotate({-mark.angle_degrees} {mark.center_x_mm} {mark.center_y_mm})"
        self._parts.append(
            f'<text x="{mark.center_x_mm:.3f}" y="{mark.center_y_mm + size * _MIDDLE:.3f}"'
            f' font-size="{size:.3f}" font-weight="bold" text-anchor="middle"'
            f' fill="rgb({gray},{gray},{gray})" fill-opacity="{mark.opacity_percent / 100}"'
            f' transform="{turn}">{escape(mark.text)}</text>'
        )

    def done(self) -> bytes:
        wide, high = self.layout.width_mm, self.layout.height_mm
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm"'
            f' viewBox="0 0 {wide} {high}" font-family={quoteattr(_FAMILY)}>'
            f'<rect width="{wide}" height="{high}" rx="3.18" fill="#fff"/>'
        )
        return (head + "".join(self._parts) + "</svg>").encode()

    def _write(self, text: str, *, x_mm: float, y_mm: float, size_pt: float, bold: bool) -> None:
        if not text:
            return
        weight = ' font-weight="bold"' if bold else ""
        width = self._width_mm(text, size_pt, bold)
        self._parts.append(
            f'<text x="{x_mm:.3f}" y="{y_mm:.3f}" font-size="{size_pt / PT_PER_MM:.3f}"{weight}'
            f' textLength="{width:.3f}" lengthAdjust="spacingAndGlyphs"'
            f' xml:space="preserve">{escape(text)}</text>'
        )

    def _width_mm(self, text: str, size_pt: float, bold: bool) -> float:  # positional: one text
        width_pt = text_width_pt(text, font=_face(bold), size_pt=size_pt)
        return width_pt * self.layout.text.width_percent / 100 / PT_PER_MM


def _face(bold: bool) -> str:
    return BOLD if bold else REGULAR
