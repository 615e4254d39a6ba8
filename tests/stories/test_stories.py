"""Every story ends as its page says, on a real city with real processes, links and printers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ampera.tiers.stories import STORIES, load
from ampera.tiers.stories.telling import StoryError, Teller
from tests.stories.running import ROOT, WAVES, end_of, environment, start_story

PAGES = ROOT / "docs" / "stories"


def steps_of(result):
    return [each["what"] for each in result["report"]["steps"]]


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_story_ends_as_it_must(stories, name):
    result = stories[name]
    assert result["code"] == 0, result["told"]
    assert result["report"]["ok"] is True
    assert result["report"]["story"] == name
    assert all(each["ok"] for each in result["report"]["steps"])
    assert steps_of(result)


def test_a_first_card_leaves_its_pdf_and_is_followed_by_its_holder(stories):
    report = stories["first-card"]["report"]
    [file] = report["files"]
    assert Path(file).read_bytes().startswith(b"%PDF")
    words = [each["word"] for each in report["steps"] if "halaman publik" in each["what"]]
    assert words[0] in ("REQUEST_TAKEN", "REPORTED", "UNREGISTERED")
    assert words[-1] == "CARD_ISSUED"


def test_stories_tell_a_nik_masked(stories):
    for result in stories.values():
        told = [each["nik"] for each in result["report"]["steps"] if "nik" in each]
        assert told
        assert all(each[6:12] == "******" for each in told)


def test_what_waits_at_the_dinas_says_why(stories):
    [step] = [each for each in stories["lost-at-kecamatan"]["report"]["steps"] if "why" in each]
    assert step["codes"]
    assert step["why"]


def test_every_story_is_played_here_and_has_a_page():
    assert sorted(STORIES) == sorted(name for wave in WAVES for name in wave)
    for name in STORIES:
        page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
        assert f"ampera story {name}" in page
        assert "/" in load(name).ABOUT, "said in both languages"


def test_a_city_that_is_not_there_is_told_and_ends_with_one(tmp_path):
    result = end_of(start_story("first-card", tmp_path / "city.json"))
    assert result["code"] == 1
    assert result["report"]["ok"] is False
    assert "cannot be read" in result["report"]["steps"][-1]["what"]


def test_stories_stand_outside_and_know_no_database():
    modules = ", ".join(f"ampera.tiers.stories.{each}" for each in STORIES.values())
    code = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert done.returncode == 0


def test_a_step_that_does_not_hold_ends_the_story(tmp_path, capsys):
    teller = Teller("x", tmp_path)
    teller.step("first", office="16.71.02")
    with pytest.raises(StoryError, match="sums are equal"):
        teller.check(False, what="sums are equal", shelf=1)
    with pytest.raises(StoryError, match="nothing came within 0 s"):
        teller.wait("a sign", until=lambda: None, seconds=0)
    assert teller.report()["ok"] is True
    teller.fail("the end")
    assert teller.report()["ok"] is False
    assert "NO  the end" in capsys.readouterr().err


def test_a_story_that_did_nothing_is_not_done(tmp_path):
    assert Teller("x", tmp_path).report()["ok"] is False
