"""What in the books calls for a person: each alarm when its reason is there, and not before."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.models import Move
from ampera.blanko.rules.alarms import (
    Tried,
    chance_of,
    day_due,
    is_above_normal,
    rate_of,
    texts,
    working_hours,
)
from ampera.blanko.rules.policy import policy, read_policy
from ampera.register.actions import describe_palembang, load_wilayah
from ampera.words import WilayahCode
from tests.houses import START
from tests.stations.blanko_days import (
    DINAS,
    KEC,
    SERIALS,
    attempted,
    by,
    close,
    opened,
)

RULE = policy().spoils_on(START.date())


def codes(office: str | None = None) -> list[str]:
    return [each.code for each in queries.alarms(office)]


@pytest.fixture
def known(offices):
    """The dinas knows its kecamatan."""
    with offices.at(DINAS):
        load_wilayah(within=WilayahCode("16.71"))
        describe_palembang()
    return offices


def test_every_alarm_says_what_is_the_matter_and_what_to_do_in_both_languages():
    assert len(texts()) == 11
    for told in texts().values():
        assert set(told) == {"id", "en", "next_id", "next_en"}
        assert all(told.values())


def test_books_in_order_raise_nothing(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        assert codes() == []


def test_a_day_that_was_not_closed_is_told_from_its_hour_on(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        offices.clock.at = START.replace(hour=9, minute=1)  # 16.01 WIB
        [alarm] = queries.alarms()
        assert (alarm.code, alarm.office, alarm.facts) == ("day_open", KEC, {"day": "2017-09-07"})
        assert alarm.text("id") == "16.71.02 belum menutup buku untuk 2017-09-07."
        assert "has not closed" in alarm.text("en")
        assert alarm.next_step("en")
        close(KEC)
        assert codes() == []


def test_the_dinas_is_told_which_of_its_offices_has_not_closed(known):
    with known.at(KEC):
        opened(*SERIALS)
    known.post()
    known.clock.at = START.replace(hour=10)
    with known.at(DINAS):
        assert [(each.code, each.office) for each in queries.alarms()] == [("day_open", KEC)]


def test_an_earlier_day_of_rest_is_not_missed():
    rule = policy().closing_on(START.date())
    sunday = datetime(2017, 9, 10, 20, tzinfo=START.tzinfo)
    assert day_due(sunday, rule=rule).isoformat() == "2017-09-08"
    monday = datetime(2017, 9, 11, 8, tzinfo=START.tzinfo)
    assert working_hours(sunday - timedelta(days=2), until=monday, rule=rule) == 12


def test_a_blanko_in_two_places_is_an_alarm(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        row = Move.objects.get(item=SERIALS[0])
        Move.objects.create(
            **{
                **{f.name: getattr(row, f.name) for f in row._meta.fields},
                "key": "another",
                "stands": False,
            }
        )
        [alarm] = queries.alarms()
        assert (alarm.code, alarm.facts["item"]) == ("two_places", SERIALS[0])


def test_what_was_put_aside_is_an_alarm(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC, aside=("SPC00000777",))
        [alarm] = queries.alarms()
        assert (alarm.code, alarm.facts["item"]) == ("put_aside", "SPC00000777")


def test_a_shipment_is_overdue_by_its_way(known):
    with known.at(DINAS):
        opened("SPC00000901")
        actions.ship(by(), to=KEC, boxes=[], serials=["SPC00000901"], courier="off_k")
        known.clock.at = START + timedelta(days=2, seconds=-1)
        assert "shipment_overdue" not in codes()
        known.clock.at = START + timedelta(days=2)
        alarm = next(each for each in queries.alarms() if each.code == "shipment_overdue")
        assert alarm.facts["count"] == 1
        assert "16.71.02" in alarm.text()


def test_a_difference_past_its_deadline_is_an_alarm(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        close(KEC, without=SERIALS[:1])
        offices.clock.at = START + timedelta(days=3)
        assert "dispute_overdue" not in codes()
        offices.clock.at = START + timedelta(days=4)
        alarm = next(each for each in queries.alarms() if each.code == "dispute_overdue")
        assert alarm.facts["until"] == "2017-09-10"


def test_an_office_of_which_nothing_is_heard_is_an_alarm(known):
    with known.at(KEC):
        opened(*SERIALS)
        known.clock.at = START + timedelta(hours=31)
        assert "not_confirmed" in codes()
    known.clock.at = START
    known.post()
    with known.at(DINAS):
        known.clock.at = START + timedelta(hours=31)
        alarm = next(each for each in queries.alarms() if each.code == "office_silent")
        assert (alarm.office, alarm.facts["hours"]) == (KEC, 31)


def test_small_samples_raise_no_alarm_about_spoils(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        attempted(SERIALS[0], end="spoiled")
        attempted(SERIALS[1], end="spoiled")
        assert codes() == []


def test_spoils_beyond_chance_are_an_alarm_for_office_and_officer(offices):
    serials = tuple(f"SPC{n:08d}" for n in range(1, 31))
    with offices.at(KEC):
        opened(*serials)
        for number, serial in enumerate(serials):
            attempted(serial, end="spoiled" if number % 4 == 0 else "issued")
        found = {each.code: each for each in queries.alarms()}
        assert set(found) == {"spoils_office", "spoils_officer"}
        office = found["spoils_office"].facts
        assert (office["tried"], office["spoiled"], office["normal"]) == (30, 8, 47)
        assert found["spoils_officer"].facts["officer"] == "off_a"
        offices.clock.at = START + timedelta(days=31)
        assert "spoils_office" not in codes()


def test_the_tail_is_the_exact_binomial_one():
    # By hand: 1 - (1/2)^3 - 3 (1/2)^3 = 1/2; and 0.047^3.
    assert chance_of(2, tried=3, rate=0.5) == pytest.approx(0.5)
    assert chance_of(3, tried=3, rate=0.047) == pytest.approx(0.047**3)
    assert chance_of(0, tried=3, rate=0.5) == 1
    assert chance_of(1, tried=5000, rate=0.001) == pytest.approx(1 - 0.999**5000)


def test_the_rate_of_the_others_counts_once_they_have_printed_enough():
    assert rate_of(Tried(199, 50), rule=RULE) == 0.047
    assert rate_of(Tried(998, 9), rule=RULE) == pytest.approx(0.01)
    assert is_above_normal(Tried(100, 8), others=Tried(998, 9), rule=RULE)
    assert not is_above_normal(Tried(100, 8), others=Tried(), rule=RULE)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("weekdays = [0, 1, 2, 3, 4]", "weekdays = [7]"),
        ("= 47", "= 0"),
        ("settle_days = 3", "settle_days = 0"),
    ],
)
def test_policy_that_nobody_understands_is_refused(wrong, right):
    from importlib.resources import files

    text = files("ampera.blanko").joinpath("policy.toml").read_text("utf-8")
    assert read_policy(text).closing[0][1].close_by == time(16)
    with pytest.raises(ValueError, match=r"lie between|go from"):
        read_policy(text.replace(wrong, right))
