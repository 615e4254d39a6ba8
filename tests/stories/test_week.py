"""One shortened day of the week that is watched, on real servers, IPP and hands: a jam, a power cut
in mid-card, and every blanko where the books have it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.stories.running import ROOT, environment, free_base_port

#: An hour of Thursday, the day on which most goes wrong, at 240 times the wall clock.
DAY = ("--first", "4", "--days", "1", "--hours", "1", "--permits", "14")
SECONDS_MAX = 600


def ampera_week(*more):
    command = [sys.executable, "-m", "ampera", "week", *more]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(), cwd=ROOT, check=False,
        timeout=SECONDS_MAX,
    )  # fmt: skip


@pytest.fixture(scope="module")
def thursday(tmp_path_factory):
    folder = tmp_path_factory.mktemp("week") / "city"
    port = str(free_base_port())
    return ampera_week(*DAY, "--data", str(folder), "--base-port", port, "--json")


@pytest.fixture(scope="module")
def report(thursday):
    assert thursday.stdout, thursday.stderr[-3000:]
    return json.loads(thursday.stdout)


def test_the_day_comes_to_its_end_and_is_told(thursday, report):
    assert thursday.returncode == 0, thursday.stderr[-3000:]
    assert report["ok"] is True
    assert "broken" not in report, report
    [day] = report["days"]
    assert day["name"] == "Kamis"
    assert 0 < day["cards"] < day["limit"] <= 20


def test_the_jam_and_the_power_cut_were_met_and_settled_by_two(thursday, report):
    assert {"media-jam", "helped", "dark", "light", "settled", "run"} <= set(report["seen"])
    assert report["days"][0]["spoiled"] == 2
    assert thursday.stderr.count("SPOILED, dilihat berdua") == 2


def test_every_blanko_is_where_the_books_have_it(report):
    books = report["accounted"]
    assert books["broken"] == ""
    assert books["blanko"] == books["cards"] + books["spoiled"] + books["shelf"] == 250
    assert books["spoiled"] == 2
    assert report["verify"] == {"servers": 3, "findings": []}


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    kept = tmp_path / "city.json"
    kept.write_text("{}")
    done = ampera_week("--data", str(tmp_path))
    assert done.returncode == 1
    assert "holds something else" in done.stderr
    assert kept.exists()


@pytest.mark.parametrize(
    "wrong",
    [("--first", "6"), ("--first", "4", "--days", "3"), ("--hours", "0"), ("--speed", "0")],
)
def test_a_week_that_cannot_be_is_refused(tmp_path, wrong):
    done = ampera_week(*wrong, "--data", str(tmp_path / "w"))
    assert done.returncode == 1
    assert wrong[0] in done.stderr
    assert not (tmp_path / "w").exists()
