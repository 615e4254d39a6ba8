"""What a replacement needs beyond its papers: the police's letter, and data that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.intake import queries
from ampera.intake.actions import take_request
from ampera.intake.rules.papers import out_of_domicile, papers_required
from ampera.intake.rules.replacing import PoliceLetter, check_replacement
from ampera.journal.actions import Command
from ampera.journal.queries import entries_about
from ampera.register.queries import local_day
from ampera.words import Reason, Refusal
from tests.recordings import A_POLICE_LETTER, a_resident

K, D = "16.71.02", "16.71"
DAY = date(2017, 9, 7)
LOST_PAPERS = ("form", "kk_copy", "police_letter")
CHANGED_PAPERS = ("form", "old_card", "event_proof", "moving_letter")


def take(command_id: str = "cmd_1", **changes):
    said = {"resident_facts": a_resident(), "reason": Reason.LOST, "papers": LOST_PAPERS, **changes}
    return take_request(Command(command_id, officer="off_sari"), **said)


def test_number_day_and_office_of_the_police_letter_are_facts_of_the_request(offices):
    with offices.at(K):
        request = take(letter=A_POLICE_LETTER)["request"]
    offices.post()
    for code in (K, D):
        with offices.at(code):
            seen = queries.request_seen(request)
            told = (seen.police_number, seen.police_on, seen.police_office)
            assert told == ("SKH/CONTOH/12", "2017-09-01", "Polsek Contoh")
            entry = next(each for each in entries_about([request]) if "taken" in each.kind)
            assert "SKH/CONTOH/12" not in str(entry.facts), "the number leads to a person"
            assert entry.body["police_number"] == "SKH/CONTOH/12"


@pytest.mark.parametrize(
    "letter",
    [
        None,
        replace(A_POLICE_LETTER, number=" "),
        replace(A_POLICE_LETTER, office=""),
        replace(A_POLICE_LETTER, number="9" * 81),
    ],
)
def test_a_loss_without_the_letter_s_particulars_is_refused(offices, letter):
    with offices.at(K):
        assert take(letter=letter) == Refusal("intake.police_letter")
        assert isinstance(take("cmd_2", letter=A_POLICE_LETTER), dict)


def test_a_letter_of_tomorrow_is_refused(offices):
    with offices.at(K):
        tomorrow = local_day() + timedelta(days=1)
        letter = replace(A_POLICE_LETTER, on=tomorrow)
        no = Refusal("intake.police_letter_day", day=tomorrow.isoformat())
        assert take(letter=letter) == no
        assert isinstance(take("cmd_2", letter=replace(letter, on=local_day())), dict)


@pytest.mark.parametrize("reason", [Reason.DATA_CHANGED, Reason.MOVED])
def test_data_change_comes_after_the_register_s_own_change(offices, reason):
    said = {"reason": reason, "papers": CHANGED_PAPERS}
    same = a_resident(is_unchanged=True)
    with offices.at(K):
        assert take(resident_facts=same, **said) == Refusal("intake.nothing_changed")
        changed = replace(same, is_unchanged=False)
        assert isinstance(take("cmd_2", resident_facts=changed, **said), dict)


def test_where_nobody_knows_what_the_old_card_says_a_data_change_is_taken(offices):
    said = {"reason": Reason.DATA_CHANGED, "papers": CHANGED_PAPERS}
    with offices.at(K):
        legacy = a_resident(has_card=True, is_unchanged=None)
        assert isinstance(take(resident_facts=legacy, **said), dict)


def test_a_damaged_card_is_replaced_with_the_same_data(offices):
    said = {"reason": Reason.DAMAGED, "papers": ("form", "old_card")}
    with offices.at(K):
        assert isinstance(take(resident_facts=a_resident(is_unchanged=True), **said), dict)


@pytest.mark.parametrize(
    ("reason", "facts", "old_card", "kk_first"),
    [
        (Reason.NEW, (), False, False),
        (Reason.LOST, ("police_letter",), False, False),
        (Reason.DAMAGED, (), True, False),
        (Reason.DATA_CHANGED, (), True, True),
        (Reason.MOVED, (), True, True),
    ],
)
def test_the_rules_of_the_day_say_what_each_reason_needs(reason, facts, old_card, kk_first):
    rule = papers_required(reason, on=DAY)
    assert (rule.facts, rule.takes_in_old_card, rule.is_kk_first) == (facts, old_card, kk_first)


def test_a_letter_for_another_reason_is_not_asked_for():
    assert check_replacement(Reason.DAMAGED, on=DAY, letter=None, is_unchanged=None) is None


def test_out_of_domicile_no_data_are_changed_and_the_law_is_named():
    reasons, basis = out_of_domicile(DAY)
    assert reasons == (Reason.NEW, Reason.LOST, Reason.DAMAGED)
    assert "8/2016" in basis
    assert out_of_domicile(date(2016, 3, 31)) == ((), "")


def test_a_letter_shows_no_number_in_a_log():
    assert "SKH" not in repr(PoliceLetter(number="SKH/1", on=DAY, office="Polsek Contoh"))
