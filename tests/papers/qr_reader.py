"""Reads a QR code off a paper as a scanner would: poppler draws the page, ZXing finds the code."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from tests.papers.poppler import picture_of


def codes_on(pdf: bytes, *, dpi: int = 150) -> list[str]:
    """The texts of all QR codes on the first page."""
    return codes_in(picture_of(pdf, dpi=dpi))


def codes_in(image: Image.Image) -> list[str]:
    """The texts of all QR codes in a picture."""
    return [each.text for each in zxingcpp.read_barcodes(image)]
