"""The same paper has the same bytes, whichever process made it and whatever was made before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.papers.poppler import fonts_of
from tests.papers.samples import a_request_receipt, all_papers, digests

ROOT = Path(__file__).parents[2]
SAY_DIGESTS = "import json; from tests.papers.samples import digests; print(json.dumps(digests()))"


def digests_elsewhere(**environment: str) -> dict[str, str]:
    """Digests as another process finds them, with another hash seed, zone and language."""
    done = subprocess.run(
        [sys.executable, "-c", SAY_DIGESTS],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_two_processes_make_the_same_bytes() -> None:
    one = digests_elsewhere(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    other = digests_elsewhere(PYTHONHASHSEED="2", TZ="Asia/Jakarta", LC_ALL="C.UTF-8")
    assert one == other


def test_a_paper_does_not_depend_on_the_papers_before_it() -> None:
    assert digests() == digests()


def test_another_content_gives_other_bytes() -> None:
    from ampera.papers.receipts import request_receipt

    one = request_receipt(a_request_receipt())
    assert one != request_receipt(a_request_receipt(nama="SITI CONTOH RAHMAWATY"))


@pytest.mark.parametrize("name", sorted(all_papers()))
def test_only_embedded_subset_fonts_are_named(name: str) -> None:
    fonts = fonts_of(all_papers()[name])
    assert fonts
    for font, is_embedded, is_subset in fonts:
        assert "BitstreamVera" in font
        assert is_embedded
        assert is_subset
    assert b"Helvetica" not in all_papers()[name]
