"""Scenario files: what is read, and what is refused with the key and what is expected there."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.planning.rules.whatif.reading import (
    TEXT_MAX,
    asked_for,
    read_scenario,
    scenario_in,
)
from ampera.planning.rules.whatif.scenario import Policy, Scenario, Sharing, figures_of
from ampera.planning.rules.whatif.shipped import shipped, shipped_scenario, shipped_text
from ampera.words.refusal import Refusal

GOOD = """
format = 1
name = "kecil"
title = "Kota kecil"
days = 20
policy = "after-own"

[calendar]
start = 2017-09-11
days_a_week = 6
holidays = [2017-09-21]

[printing]
minutes_a_day = 480
seconds_a_card = { value = 180, source = "diukur" }
stop_every_minutes = 300
stop_minutes = 35
spoil_rate = { low = 0.01, high = 0.05, assumption = true }

[blanko]
store = 4000

[dinas]
code = "99.01"
name = "Disdukcapil"
printers = 1
replacements_waiting = 900

[[office]]
code = "99.01.02"
name = "Dua"
printers = 1
minutes_a_day = 300
opens = 2017-09-13
new_waiting = 100

[[office]]
code = "99.01.01"
name = "Satu"
hosted_by = "99.01.02"

[[supply]]
earliest = 2017-09-20
latest = 2017-09-29
blanko = { low = 500, high = 600 }
probability = 0.5

[allocation]
sharing = "equal"
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def refused(text: str) -> Refusal:
    no = read_scenario(text)
    assert isinstance(no, Refusal), "this was let through"
    return no


def test_a_scenario_is_read_as_it_is_written():
    found = read_scenario(GOOD)
    assert isinstance(found, Scenario)
    assert found.policy is Policy.AFTER_OWN
    assert [each.code for each in found.offices] == ["99.01.01", "99.01.02", "99.01"]
    assert [each.code for each in found.printing_offices] == ["99.01.02", "99.01"]
    assert found.printing_offices[0].printing.minutes_a_day.middle == 300
    assert found.printing_offices[1].printing.minutes_a_day.middle == 480
    assert found.spoil_rate.is_assumption
    assert found.offices[0].printing.seconds_a_card.source == "diukur"
    assert found.allocation.sharing is Sharing.EQUAL
    assert found.supplies[0].probability == 0.5
    assert found.calendar.days(10)[-1] == date(2017, 9, 22), "six days a week and one holiday"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("days = 20", "days = 0", "days"),
        ("days = 20", "days = 1501", "days"),
        ("days = 20", 'days = "20"', "days"),
        ("days = 20", "days = true", "days"),
        ("days = 20", "days = 20.5", "days"),
        ("days = 20", "days = nan", "days"),
        ("format = 1", "format = 2", "format"),
        ('title = "Kota kecil"', 'title = ""', "title"),
        ('policy = "after-own"', 'policy = "sesukanya"', "policy"),
        ("days_a_week = 6", "days_a_week = 7", "calendar.days_a_week"),
        ("[2017-09-21]", '["besok"]', "calendar.holidays[1]"),
        ("[2017-09-21]", "[2017-09-21T08:00:00]", "calendar.holidays[1]"),
        ("start = 2017-09-11", "start = 1017-09-11", "calendar.start"),
        ("store = 4000", "store = -1", "blanko.store"),
        ("store = 4000", "store = nan", "blanko.store"),
        ("store = 4000", "store = inf", "blanko.store"),
        ("store = 4000", "store = 1e300", "blanko.store"),
        ("store = 4000", "store = { low = 1, high = 2 }", "blanko.store"),
        ("probability = 0.5", "probability = 1.5", "supply[1].probability"),
        ("low = 0.01, high = 0.05", "low = 0.05, high = 0.01", "printing.spoil_rate.high"),
        ("low = 0.01, high = 0.05", "low = 0.01, high = 5", "printing.spoil_rate.high"),
        ("stop_every_minutes = 300", "stop_every_minutes = 1", "printing.stop_every_minutes"),
        ("minutes_a_day = 300", "minutes_a_day = 1441", "office[1].minutes_a_day"),
        ("new_waiting = 100", "new_waiting = 0.5", "office[1].new_waiting"),
        ("opens = 2017-09-13", 'opens = "rabu"', "office[1].opens"),
        ('sharing = "equal"', "moved = 1", "allocation.moved"),
        ("days = 20", "days = 20\nlevers = 3", "levers"),
        ('assumption = true', 'assumption = "ya"', "printing.spoil_rate.assumption"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_key_and_what_is_expected(old, new, key):
    no = refused(changed(old, new))
    assert no.code == "planning.scenario_wrong_value"
    assert no.facts["key"] == key
    for language in ("id", "en"):
        assert key in no.text(language)
        assert str(no.facts[f"wanted_{language}"]) in no.next_step(language)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("days = 20", "days = 20\nhari = 20", "hari"),
        ("[printing]", "[printing]\nwaktu = 3", "printing.waktu"),
        ("value = 180,", 'value = 180, asal = "x",', "printing.seconds_a_card.asal"),
        ("new_waiting = 100", "new_wating = 100", "office[1].new_wating"),
        ('hosted_by = "99.01.02"', 'hosted_by = "99.01.02"\nprinters = 1', "office[2].printers"),
    ],
)  # fmt: skip
def test_a_key_that_nobody_knows_is_refused_and_the_known_ones_are_told(old, new, key):
    no = refused(changed(old, new))
    assert (no.code, no.facts["key"]) == ("planning.scenario_unknown_key", key)
    assert no.facts["known"] in no.next_step("id")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("days = 20\n", "", "days"),
        ("start = 2017-09-11\n", "", "calendar.start"),
        ("printers = 1\nreplacements", "replacements", "dinas.printers"),
        ("stop_minutes = 35\n", "", "printing.stop_minutes"),
        ("low = 500, high = 600", "low = 500", "supply[1].blanko.high"),
        ("latest = 2017-09-29\n", "", "supply[1].latest"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(old, new, key):
    no = refused(changed(old, new))
    assert (no.code, no.facts["key"]) == ("planning.scenario_missing", key)


def test_dates_in_the_wrong_order_are_refused():
    for old, new in (
        ("latest = 2017-09-29", "latest = 2017-09-19"),
        ("earliest = 2017-09-20", "earliest = 2017-09-01"),
    ):
        assert refused(changed(old, new)).code == "planning.scenario_dates_turned"


def test_an_office_that_stands_twice_is_refused():
    no = refused(changed('code = "99.01.01"', 'code = "99.01.02"'))
    assert (no.code, no.facts["office"]) == ("planning.scenario_office_twice", "99.01.02")


def test_a_host_that_is_not_there_or_is_hosted_itself_is_refused():
    for host in ("99.01.09", "99.01.01"):
        no = refused(changed('hosted_by = "99.01.02"', f'hosted_by = "{host}"'))
        assert (no.code, no.facts["host"]) == ("planning.scenario_no_host", host)


@pytest.mark.parametrize(
    "text", ["", "= 1", "days = [1", "\x00", "a" * (TEXT_MAX + 1), "a = " + "[" * 5000]
)
def test_what_is_no_toml_or_no_scenario_is_refused(text):
    assert refused(text).code in {"planning.scenario_unreadable", "planning.scenario_missing"}


def test_a_plan_beyond_the_machine_is_refused():
    found = read_scenario(GOOD)
    assert isinstance(found, Scenario)

    def code(**asked: int) -> str:
        no = asked_for(found, **{"days": None, "replications": 10, "policy": None, **asked})
        return no.code if isinstance(no, Refusal) else ""

    assert code() == ""
    assert code(days=0) == "planning.scenario_wrong_value"
    assert code(replications=20_001) == "planning.scenario_wrong_value"
    assert code(days=1500, replications=20_000) == ""
    big = shipped_scenario("palembang-2017")
    assert isinstance(big, Scenario)
    no = asked_for(big, days=1500, replications=20_000, policy=None)
    assert isinstance(no, Refusal)
    assert no.code == "planning.scenario_too_large"


def test_a_name_that_nobody_knows_is_answered_with_the_known_ones():
    no = shipped_text("bandung")
    assert isinstance(no, Refusal)
    assert no.code == "planning.scenario_not_found"
    assert "palembang-2017" in no.next_step("id")


def test_a_file_that_is_no_text_is_refused():
    no = scenario_in(b"\xff\xd8\xff\xe0")
    assert isinstance(no, Refusal)
    assert no.code == "planning.scenario_unreadable"
    assert isinstance(scenario_in(GOOD.encode()), Scenario)


@pytest.mark.parametrize("name", shipped())
def test_every_figure_of_a_shipped_scenario_has_a_source_or_is_an_assumption(name):
    found = shipped_scenario(name)
    assert isinstance(found, Scenario)
    bare = [each.key for each in figures_of(found) if not each.is_assumption and not each.source]
    assert not bare


def test_palembang_says_what_the_source_says():
    found = shipped_scenario("palembang-2017")
    assert isinstance(found, Scenario)
    kecamatan = [each for each in found.offices if not each.is_dinas]
    own = [each for each in kecamatan if not each.hosted_by]
    ulu = next(each for each in own if each.code == "16.71.02")
    dinas = found.offices[-1]
    assert (len(kecamatan), len(own)) == (18, 16)
    assert {each.code: each.hosted_by for each in kecamatan if each.hosted_by} == {
        "16.71.17": "16.71.02", "16.71.18": "16.71.06",
    }  # fmt: skip
    assert sum(each.new_waiting.middle for each in found.offices) == 44_000
    assert (dinas.replacements_waiting.middle, found.store.middle) == (54_000, 4_000)
    assert (ulu.new_waiting.middle, ulu.new_a_day.low, ulu.new_a_day.high) == (6_000, 10, 20)
    how = ulu.printing
    assert how.minutes_a_day.middle * 60 / how.seconds_a_card.middle == 160
    first = {each.code for each in own if each.opens == min(each.opens for each in own)}
    assert first == {"16.71.13", "16.71.02", "16.71.15", "16.71.07"}
    assert found.supplies[0].earliest.month == found.supplies[0].latest.month == 11
    by_key = {each.key: each for each in figures_of(found)}
    assert by_key["16.71.03.new_waiting"].is_assumption


def test_a_scenario_that_is_written_is_read_as_the_same():
    from ampera.planning.rules.whatif.writing import write_scenario

    palembang = shipped_scenario("palembang-2017")
    assert isinstance(palembang, Scenario)
    for scenario in (read_scenario(GOOD), palembang):
        assert isinstance(scenario, Scenario)
        again = read_scenario(write_scenario(scenario))
        assert isinstance(again, Scenario)
        # Where a supply's figure comes from stands with its amount.
        assert again == scenario
