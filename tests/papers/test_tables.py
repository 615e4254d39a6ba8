"""Tables for spreadsheets: what looks like a formula stays a text."""

from __future__ import annotations

import csv
import io

import pytest

from ampera.papers.tables import SheetWriter


def written(*cells):
    out = io.StringIO()
    SheetWriter(out, delimiter=";").writerows([cells])
    return next(csv.reader(io.StringIO(out.getvalue()), delimiter=";"))


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+62", "-x", "@SUM(A1)", "\tx"])
def test_a_text_that_a_spreadsheet_would_compute_begins_with_an_apostrophe(cell):
    assert written(cell, "Plaju") == [f"'{cell}", "Plaju"]


def test_numbers_stay_numbers_also_below_zero():
    assert written(-3, 0, 4.5, "") == ["-3", "0", "4.5", ""]
