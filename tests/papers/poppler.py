"""Reads PDFs back with Debian's poppler-utils: another program than the one that wrote them."""

from __future__ import annotations

import os
import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image


def _run(tool: str, *arguments: str, data: bytes) -> bytes:
    path = shutil.which(tool)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{tool} is missing: install poppler-utils")
        pytest.skip(f"{tool} is missing: install poppler-utils")
    done = subprocess.run([path, *arguments], input=data, capture_output=True, check=True)
    assert done.stderr == b"", done.stderr.decode()
    return done.stdout


def words_of(pdf: bytes) -> str:
    """All text, white space collapsed, pages in order."""
    return " ".join(_run("pdftotext", "-layout", "-", "-", data=pdf).decode().split())


def letters_of(pdf: bytes) -> str:
    """All letters in the order in which they are drawn, without white space: finds turned text."""
    return "".join(_run("pdftotext", "-raw", "-", "-", data=pdf).decode().split())


def facts_of(pdf: bytes) -> dict[str, str]:
    """What pdfinfo says: `Pages`, `Page size`, `Title` ..."""
    lines = _run("pdfinfo", "-", data=pdf).decode().splitlines()
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def fonts_of(pdf: bytes) -> list[tuple[str, bool, bool]]:
    """Each font as (name, is embedded, is a subset)."""
    lines = _run("pdffonts", "-", data=pdf).decode().splitlines()[2:]
    found = []
    for line in lines:
        parts = line.split()
        embedded, subset = parts[-5], parts[-4]
        found.append((parts[0], embedded == "yes", subset == "yes"))
    return found


def picture_of(pdf: bytes, *, dpi: int = 100) -> Image.Image:
    """The first page as a grey picture."""
    data = _run("pdftoppm", "-r", str(dpi), "-gray", "-f", "1", "-l", "1", "-", data=pdf)
    return Image.open(BytesIO(data)).convert("L")
