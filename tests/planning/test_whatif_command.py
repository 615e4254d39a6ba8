"""`ampera plan`: tables for people, JSON and CSV for machines, and a clear no."""

from __future__ import annotations

import csv
import json
import sys

import pytest

from ampera.__main__ import main
from ampera.tiers.commands import plan as command

QUICK = ("--replications", "20", "--days", "60")


def asked(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["plan", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_shipped_scenario_answers_what_the_head_asks(capsys):
    code, out, _ = asked(capsys, "palembang-2017", *QUICK)
    assert code == 0
    for expected in (
        "belum habis dalam 60 hari kerja",
        "Seberang Ulu Satu + Jakabaring",
        "blanko / blanks",
        "1. ",
        "anggapan / assumptions",
    ):
        assert expected in out
    assert "Jakabaring" in out, "a hosted kecamatan is named with its host"


def test_json_carries_the_same_and_names_each_figures_source(capsys):
    code, out, _ = asked(capsys, "palembang-2017", *QUICK, "--json", "--policy", "pooled")
    told = json.loads(out)
    assert (code, told["policy"], told["city"]["never"]) == (0, "pooled", 20)
    assert len(told["offices"]) == 17
    assert len(told["waiting"]) == 60
    assert {each["is_assumption"] for each in told["figures"]} == {True, False}
    assert "after-own" not in {each["lever"] for each in told["levers"]}


def test_csv_has_one_line_a_fact(capsys, tmp_path):
    file = tmp_path / "rencana.csv"
    code, _, _ = asked(capsys, "palembang-2017", *QUICK, "--csv", str(file))
    rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
    assert code == 0
    assert sum(row["what"] == "waiting" for row in rows) == 60
    assert sum(row["what"] == "clears" for row in rows) == 18
    dinas = next(row for row in rows if (row["what"], row["who"]) == ("clears", "16.71"))
    assert (dinas["p50"], dinas["never"]) == ("", "20")


def test_a_changed_copy_stands_beside_the_shipped_one(capsys, tmp_path):
    copied = tmp_path / "dua.toml"
    _, text, _ = asked(capsys, "palembang-2017", "--show")
    copied.write_text(
        text.replace("store = { value = 4000", "store = { value = 90000"), encoding="utf-8"
    )
    code, out, _ = asked(
        capsys, "palembang-2017", "--compare", f"after-own:{copied}", "--replications", "20"
    )
    assert code == 0
    assert "palembang-2017, dinas-only" in out
    assert "palembang-2017, after-own" in out
    assert "-" in next(line for line in out.splitlines() if line.startswith("Sako")).split()[-1]


def test_the_list_names_what_ships(capsys):
    code, out, _ = asked(capsys, "--list", "--json")
    assert (code, [each["name"] for each in json.loads(out)]) == (0, ["palembang-2017"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Sebut skenario"),
        (("bandung",), "palembang-2017"),
        (("palembang-2017", "--days", "0"), "days"),
        (("palembang-2017", "--replications", "-1"), "replications"),
        (("palembang-2017", "--days", "1500", "--replications", "20000"), "terlalu besar"),
        (("palembang-2017", "--seed", "-1"), "--seed"),
        (("bandung", "--show"), "bandung"),
    ],
)
def test_what_cannot_be_planned_is_said_in_both_languages(capsys, arguments, says):
    code, out, err = asked(capsys, *arguments)
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 2


def test_a_file_of_nonsense_names_its_key(capsys, tmp_path):
    file = tmp_path / "salah.toml"
    _, text, _ = asked(capsys, "palembang-2017", "--show")
    file.write_text(text.replace("days_a_week = 5", "days_a_week = 9"), encoding="utf-8")
    code, _, err = asked(capsys, str(file))
    assert code == 1
    assert "calendar.days_a_week" in err


def test_the_same_seed_gives_the_same_plan(capsys):
    first, again, other = (
        asked(capsys, "palembang-2017", *QUICK, "--json", "--seed", seed)[1]
        for seed in ("7", "7", "8")
    )
    assert first == again
    assert first != other


def test_a_long_plan_says_how_far_it_is(capsys, monkeypatch):
    monkeypatch.setattr(command, "_QUIET_SECONDS", 0.0)
    _, out, err = asked(capsys, "palembang-2017", *QUICK, "--json")
    assert "palembang-2017: 100 %" in err
    json.loads(out)


def test_a_refusal_and_the_pages_load_no_numpy():
    """A kecamatan's pages and `ampera verify` import no model: only a plan does."""
    import subprocess

    for does in (
        "from ampera.__main__ import main; main(['plan', 'bandung'])",
        "import django; django.setup(); import ampera.screens.urls, ampera.screens.office.plan",
    ):
        code = f"import sys; {does}; sys.exit('numpy' in sys.modules)"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr.decode()
