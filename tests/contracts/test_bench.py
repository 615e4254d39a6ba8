"""What measures the product runs: each bench can be loaded, and the short ones on a few rows."""

from __future__ import annotations

import ast
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest
from bench import journal_append, kecamatan_day, post_rows, run
from bench.ground import Measured


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, sqlite_database: str) -> None:
    """So few rows that nothing is measured."""
    monkeypatch.setattr(post_rows, "ROWS", 6)
    monkeypatch.setattr(post_rows, "BATCH", 3)
    monkeypatch.setattr(post_rows, "ROUNDS", 1)
    monkeypatch.setattr(journal_append, "ROWS", 2)
    monkeypatch.setattr(run, "MEASUREMENTS", ("journal_append", "post_rows"))


@pytest.mark.parametrize("name", run.MEASUREMENTS)
def test_every_bench_says_what_it_measures(name: str) -> None:
    module = import_module(f"bench.{name}")
    assert callable(module.measure)
    assert len(ast.get_docstring(ast.parse(Path(module.__file__ or "").read_text())) or "") > 60


def test_the_short_ones_run_and_tell_ratios_to_machines(small, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--json"])
    assert run.main() == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told] == [
        "journal append / ORM insert",
        "post rows / bare inserts",
        "post bytes / bare inserts",
    ]
    assert all(each["ratio"] > 0 for each in told)


def test_a_goal_that_was_missed_is_said(monkeypatch, capsys) -> None:
    slow = Measured("a snail / a hare", 1.0, 4.0, "metres", goal=0.5)
    monkeypatch.setattr(journal_append, "measure", lambda _: slow)
    monkeypatch.setattr(sys, "argv", ["bench", "journal_append"])
    run.main()
    assert "ratio  0.25  goal 0.50 MISSED" in capsys.readouterr().out


def test_only_servers_are_counted_in_a_day_of_a_kecamatan() -> None:
    names = ["00", "web 00", "16.71", "web 16.71.02", "printers", "python", "starting"]
    assert [name for name in names if kecamatan_day._is_server(name)] == [
        "00", "web 00", "16.71", "web 16.71.02",
    ]  # fmt: skip
