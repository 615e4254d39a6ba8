"""Whether one office's cards may be printed at another, and where they wait: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.readiness.rules.lending import (
    Helper,
    LendFacts,
    Lending,
    LendWish,
    best_helpers,
    decide_end,
    decide_lend,
    lent_reasons,
)
from ampera.readiness.rules.policy import OfficeCard, policy, policy_text, read_policy
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.readiness.rules.waiting import LentPlace, PermitOfWait, WaitFacts, waits_of
from ampera.readiness.rules.waits import WaitCode, texts
from ampera.words import OfficeCode, Reason, Refusal

DINAS, X, Y, Z = (OfficeCode(each) for each in ("16.71", "16.71.02", "16.71.06", "16.71.09"))
TODAY = date(2017, 9, 13)
MOST = policy().lending_on(TODAY).days_max
PRINTS = frozenset({"loket", "cetak"})


def card(office: OfficeCode, *, prints_from: date | None = date(2017, 9, 7)) -> OfficeCard:
    return OfficeCard(office, prints_from, PRINTS if prints_from else frozenset({"loket"}))


def a_wish(**changes) -> LendWish:
    known = {
        "home": X,
        "at": Y,
        "since": TODAY,
        "until": TODAY + timedelta(days=6),
        "why": "PRINTER_DOWN",
        "ends_when_up": True,
    }
    return LendWish(**{**known, **changes})


def facts(wish: LendWish, **changes) -> LendFacts:
    known = {
        "dinas": DINAS,
        "home": card(wish.home),
        "at": card(wish.at),
        "is_home_down": True,
        "is_at_down": False,
        "others": (),
    }
    return LendFacts(**{**known, **changes})


def a_lending(home=X, at=Y, *, since=TODAY, days=7, **changes) -> Lending:
    known = {
        "lending": f"lnd_{home}_{at}",
        "home": home,
        "at": at,
        "since": since,
        "until": since + timedelta(days=days - 1),
        "why": "PRINTER_DOWN",
        "ends_when_up": True,
        "begun_at": "2017-09-13T02:00:00.000000Z",
    }
    return Lending(**{**known, **changes})


def said(wish: LendWish, **changes) -> Refusal | None:
    return decide_lend(wish, facts=facts(wish, **changes), day=TODAY, by=policy())


def test_an_office_whose_printers_are_down_lends_to_one_that_prints_or_to_the_dinas():
    assert said(a_wish()) is None
    assert said(a_wish(at=DINAS)) is None
    assert said(a_wish(since=TODAY + timedelta(days=3), until=TODAY + timedelta(days=3))) is None


@pytest.mark.parametrize(
    ("since", "days"), [(TODAY, MOST + 1), (TODAY, 0), (TODAY - timedelta(days=1), 3)]
)
def test_a_lending_begins_today_or_later_and_lasts_no_longer_than_the_policy_says(since, days):
    wish = a_wish(since=since, until=since + timedelta(days=days - 1))
    assert said(wish) == Refusal("readiness.lending_days", most=MOST)
    assert said(a_wish(until=TODAY + timedelta(days=MOST - 1))) is None


def test_only_offices_of_this_dinas_that_somebody_described_lend_and_are_lent_to():
    assert said(a_wish(), home=None) == Refusal("readiness.office_unknown", office="16.71.02")
    assert said(a_wish(), at=None) == Refusal("readiness.office_unknown", office="16.71.06")
    other = OfficeCode("16.72.01")
    assert said(a_wish(at=other)) == Refusal("readiness.office_unknown", office="16.72.01")


def test_the_dinas_lends_nothing_and_nobody_lends_to_himself():
    assert said(a_wish(home=DINAS)) == Refusal("readiness.lending_of_dinas")
    assert said(a_wish(at=X)) == Refusal("readiness.lending_to_itself")


def test_an_office_that_does_not_print_by_policy_neither_helps_nor_has_anything_to_lend():
    wish = a_wish()
    no = said(wish, at=card(Y, prints_from=None))
    assert no == Refusal("readiness.office_cannot_print", office="16.71.06")
    no = said(wish, at=card(Y, prints_from=date(2017, 10, 1)))
    assert no == Refusal("readiness.office_not_open", office="16.71.06", day="2017-10-01")
    no = said(wish, home=card(X, prints_from=None))
    assert no == Refusal("readiness.nothing_to_lend", office="16.71.02")


def test_the_reason_stands_in_the_list_and_what_it_says_is_reported():
    assert said(a_wish(why="ASKED")) == Refusal("readiness.lending_reason")
    no = said(a_wish(), is_home_down=False)
    assert no == Refusal("readiness.lending_not_down", office="16.71.02")
    assert said(a_wish(why="OFFICE_SHUT"), is_home_down=False) is None
    no = said(a_wish(), is_at_down=True)
    assert no == Refusal("readiness.lending_target_down", office="16.71.06")


def test_an_office_is_lent_to_one_place_at_a_time():
    others = (a_lending(at=Z),)
    no = said(a_wish(), others=others)
    told = {"office": "16.71.02", "to": "16.71.09", "day": "2017-09-19"}
    assert no == Refusal("readiness.lent_already", **told)
    later = TODAY + timedelta(days=7)
    assert said(a_wish(since=later, until=later), others=others) is None


@pytest.mark.parametrize(
    ("home", "at"),
    [
        pytest.param(Y, X, id="a loop"),
        pytest.param(Y, Z, id="on from where it was lent to"),
        pytest.param(Z, X, id="an office that prints for another one is lent out"),
    ],
)
def test_what_is_lent_is_not_lent_on_and_not_back(home, at):
    no = said(a_wish(), others=(a_lending(home, at),))
    assert no == Refusal("readiness.lending_in_chain", office=home.text, to=at.text)


def test_two_offices_may_lend_to_the_same_one():
    assert said(a_wish(), others=(a_lending(Z, Y),)) is None


def test_a_lending_ends_by_its_last_day_or_once():
    assert decide_end(a_lending(), day=TODAY) is None
    assert decide_end(None, day=TODAY) == Refusal("readiness.lending_unknown")
    over = Refusal("readiness.lending_over")
    assert decide_end(a_lending(), day=TODAY + timedelta(days=7)) == over
    ended = a_lending(ended_at="2017-09-13T03:00:00.000000Z")
    assert decide_end(ended, day=TODAY) == over


def test_a_lending_is_in_force_from_its_first_to_its_last_day_and_between_its_two_words():
    one = a_lending(days=2)
    days = [TODAY + timedelta(days=number) for number in (-1, 0, 1, 2)]
    assert [one.is_in_force(day) for day in days] == [False, True, True, False]
    ended = replace(one, ended_at="2017-09-13T05:00:00.000000Z")
    assert not ended.is_in_force(TODAY)
    hours = [f"2017-09-13T0{hour}:00:00.000000Z" for hour in (1, 2, 4, 5)]
    then = [ended.is_in_force(TODAY, moment=hour) for hour in hours]
    assert then == [False, True, True, False]


def test_another_kecamatan_prints_first_cards_only_and_the_dinas_whatever_is_lent():
    by = read_policy(
        policy_text().replace('kecamatan = ["NEW"]', 'kecamatan = ["NEW", "LOST", "DAMAGED"]')
    )
    first = frozenset({Reason.NEW})
    assert lent_reasons(card(X), at=Y, day=TODAY, by=by) == first
    everything = first | {Reason.LOST, Reason.DAMAGED}
    assert lent_reasons(card(X), at=DINAS, day=TODAY, by=by) == everything
    assert lent_reasons(card(X, prints_from=None), at=DINAS, day=TODAY, by=by) == frozenset()


def helper(office, **changes) -> Helper:
    known = {"on_shelf": 100, "open_permits": 0, "waiting": 0, "lot": 100, "capacity": 160}
    return Helper(office=office, **{**known, **changes})


def test_the_most_free_office_is_proposed_first_and_its_own_queue_counts():
    busy, small, free = helper(X, waiting=90), helper(Y, lot=20), helper(Z)
    assert [each.office for each in best_helpers([busy, small, free])] == [Z, Y, X]
    assert helper(X, waiting=300).free == 0
    assert best_helpers([helper(Y), helper(X)])[0].office == X, "the code breaks a tie"


def test_each_reason_of_the_policy_has_words_in_both_languages():
    for reason in policy().lending_reasons.values():
        assert reason.text_id
        assert reason.text_en
    for code in (WaitCode.LENT, WaitCode.LENT_PRINTER_DOWN):
        assert {"id", "en"} <= set(texts()[code])


# ---- why a card waits ----


def wait_facts(**changes) -> WaitFacts:
    known = {
        "state": RequestState.WAITING,
        "reason": "NEW",
        "is_confirmed": False,
        "printable_from": "",
        "host": X,
        "verdict": "PRINT_READY_RECORD",
        "lent": LentPlace(office=Y, home=X, why="PRINTER_DOWN"),
    }
    return WaitFacts(**{**known, **changes})


def waits(known: WaitFacts):
    return waits_of(known, day=TODAY, by=policy(), offices={Y: card(Y), X: card(X)})


def test_a_waiting_card_says_where_it_is_printed_instead_and_why():
    first, second = waits(wait_facts())
    assert (first.code, first.facts) == (WaitCode.IN_QUEUE, {"office": "16.71.06"})
    assert second.code is WaitCode.LENT_PRINTER_DOWN
    told = second.text("id")
    assert told.startswith("Dicetak di kantor 16.71.06 karena printer kantor 16.71.02 rusak")
    assert "collected at office 16.71.06" in second.text("en")


def test_a_permit_granted_elsewhere_says_so_until_the_card_is_in_a_hand():
    permit = PermitOfWait(
        office="16.71.06",
        state=PermitState.OPEN,
        is_recalled=False,
        print_until="2017-10-20",
        lent_from="16.71.02",
        lent_why="OFFICE_SHUT",
    )
    on_its_way = {"state": RequestState.ON_ITS_WAY, "lent": None, "permit": permit}
    for state, code in (
        (CardState.PERMITTED, WaitCode.PERMITTED),
        (CardState.READY, WaitCode.READY_TO_COLLECT),
    ):
        first, second = waits(wait_facts(card=state, **on_its_way))
        assert (first.code, first.facts["office"]) == (code, "16.71.06")
        assert (second.code, dict(second.facts)) == (
            WaitCode.LENT,
            {"office": "16.71.06", "home": "16.71.02"},
        )
    assert len(waits(wait_facts(state=RequestState.DELIVERED, lent=None))) == 1
