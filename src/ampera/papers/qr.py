"""A QR code drawn as vectors: sharp on any printer, no image in the file."""

from __future__ import annotations

from typing import Any, Final

import segno
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

#: Empty modules around the code (ISO/IEC 18004 asks for four).
QUIET_MODULES: Final = 4


class QrCode(Flowable):
    """A QR code as a part of a page, `side_mm` wide and high with its quiet zone."""

    def __init__(self, content: str, *, side_mm: float) -> None:
        super().__init__()
        self.content = content
        self.width = self.height = side_mm * mm

    def wrap(self, *_available: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        """One rectangle for each run of dark modules in a row."""
        canvas: Any = self.canv
        # Level M, fixed: a level that the library chooses would change with the library.
        code = segno.make_qr(self.content, error="m", boost_error=False)
        lines = [list(line) for line in code.matrix_iter(border=QUIET_MODULES)]
        side = self.width / len(lines)
        for number, line in enumerate(lines):
            y = self.height - (number + 1) * side
            start = None
            for at, is_dark in enumerate([*line, 0]):
                if is_dark and start is None:
                    start = at
                elif not is_dark and start is not None:
                    # A hair higher than its row: else some viewers show white seams between rows.
                    canvas.rect(start * side, y, (at - start) * side, side * 1.03, stroke=0, fill=1)
                    start = None
