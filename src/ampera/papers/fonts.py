"""The two faces that every paper is set in, embedded as subsets so that any printer shows the same.

Bitstream Vera comes inside reportlab's own package, so no font of the operating system is needed
and an office cannot get other letters because of what is installed there. Vera holds Latin
letters only: a text with a letter that it lacks is refused by name instead of being printed as an
empty box.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "AmperaSans"
BOLD: Final = "AmperaSansBold"
_FILES: Final = {REGULAR: "Vera.ttf", BOLD: "VeraBd.ttf"}


class UnprintableText(ValueError):
    """A text holds a letter that the papers' font lacks. `field` says where, `letter` which."""

    def __init__(self, *, field: str, letter: str) -> None:
        super().__init__(f"{field} holds U+{ord(letter):04X}, which cannot be printed")
        self.field = field
        self.letter = letter


@cache
def register_fonts() -> None:
    """Make both faces known to reportlab, once a process."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, file))


def text_width_pt(text: str, *, font: str, size_pt: float) -> float:
    """How wide a text is, in points, at full letter width."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, size_pt))


def require_printable(text: str, *, field: str) -> str:
    """Give the text back, or raise UnprintableText naming field and first letter in the way."""
    glyphs = _glyphs()
    for letter in text:
        if ord(letter) not in glyphs or not letter.isprintable():
            raise UnprintableText(field=field, letter=letter)
    return text


@cache
def _glyphs() -> frozenset[int]:
    register_fonts()
    return frozenset.intersection(
        *(frozenset(pdfmetrics.getFont(name).face.charToGlyph) for name in _FILES)
    )
