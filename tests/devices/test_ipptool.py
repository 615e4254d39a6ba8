"""Our simulated printer before a judge that is not ours: Debian's ipptool and its IPP suites."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ampera.devices.simulated.house import PrinterConfig, printers_running
from ampera.devices.simulated.model import (
    COOL,
    DEFAULT_MODEL,
    CardChances,
    PrinterModel,
    model_named,
)

from .conftest import CARD_PDF, FastClock, tool

SUITES = Path("/usr/share/cups/ipptool")
VERDICT = re.compile(r"^    \S.*\[(PASS|FAIL|SKIP)\]$", re.MULTILINE)
SAMPLE = re.compile(r"^\s*FILE (?!\$)(\S+)", re.MULTILINE)


@pytest.mark.parametrize(
    "model",
    # Its own operations for the reader inside change nothing for those who do not know them.
    [COOL, model_named(DEFAULT_MODEL), replace(COOL, name="cool with reader", has_reader=True)],
    ids=lambda each: each.name,
)
@pytest.mark.parametrize(
    ("suite", "version", "print_seconds", "passed"),
    [("ipp-1.1.test", "1.1", 10, 29), ("ipp-2.0.test", "2.0", 1, 30)],
)
def test_every_applicable_conformance_test_passes(
    *,
    tmp_path: Path,
    suite: str,
    version: str,
    print_seconds: float,
    passed: int,
    model: PrinterModel,
) -> None:
    """`passed` counts the tests that do not ask for what a card printer lacks (A4, copies, URIs).

    The slow card of the first suite is met while it prints, the quick one of the second when done.
    """
    ipptool = tool("ipptool", package="cups-ipp-utils")
    folder = shutil.copytree(SUITES, tmp_path / "suites")
    # Debian ships the suites without their sample documents, and ipptool stops at a missing one,
    # used or not. The printer is offered only the PDF.
    for name in ["card.pdf", *SAMPLE.findall((folder / "ipp-1.1.test").read_text())]:
        (folder / name).write_bytes(CARD_PDF)
    config = PrinterConfig(
        port=0,
        data_dir=tmp_path / "printer",
        blanko_at_first_start=50,
        print_seconds=print_seconds,
        model=replace(model, chances=CardChances()),
        is_warm_at_first_start=True,
    )
    with printers_running({"16.71.02": config}, FastClock(speed=200)) as printers:
        uri = f"ipp://127.0.0.1:{printers['16.71.02'].port}/ipp/print"
        done = subprocess.run(
            [ipptool, "-I", "-V", version, "-tf", "card.pdf", uri, suite],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    report = done.stdout + done.stderr
    verdicts = Counter(VERDICT.findall(report))
    assert verdicts["FAIL"] == 0, report
    assert done.returncode == 0, report
    assert verdicts["PASS"] == passed, report
