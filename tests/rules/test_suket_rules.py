"""Who may have a suket, for how long, and by which letter. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.suket.rules import base45
from ampera.suket.rules.letters import (
    Asked,
    CardStand,
    Letter,
    Withdrawal,
    Worth,
    decide_extend,
    decide_issue,
    decide_print,
    decide_withdraw,
)
from ampera.suket.rules.policy import months_after, policy, read_policy
from ampera.words import Refusal

DAY = date(2017, 9, 7)
ROW = policy().allowed_on(DAY)


def asked(**changes):
    known = Asked(
        is_dinas=True,
        is_open=True,
        is_alive=True,
        is_recorded=True,
        verdict="",
        is_voided=False,
        held_until=None,
        card=CardStand.NOT_PRINTED,
        printable_from=None,
        other=None,
        is_signed=True,
    )
    return replace(known, **changes)


def letter(**changes):
    known = Letter(suket="skt_1", number="471.13/00001/16.71/2017", valid_until=date(2018, 3, 6))
    return replace(known, **changes)


def code(answer):
    return answer.code if isinstance(answer, Refusal) else answer


def test_a_recorded_resident_without_a_card_gets_six_months():
    assert decide_issue(asked(), row=ROW, day=DAY) == date(2018, 3, 6)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"is_dinas": False}, "suket.not_the_dinas"),
        ({"is_alive": False}, "suket.holder_died"),
        ({"card": CardStand.HANDED_OVER}, "suket.card_handed_over"),
        ({"is_voided": True}, "suket.record_ended"),
        ({"is_open": False}, "suket.request_closed"),
        ({"verdict": "DUPLICATE_RECORD"}, "suket.record_blocked"),
        ({"is_recorded": False}, "suket.not_recorded"),
        ({"held_until": date(2017, 12, 1)}, "suket.held"),
        ({"card": CardStand.PRINTED}, "suket.card_is_ready"),
        ({"printable_from": date(2017, 9, 8)}, "suket.under_age"),
        ({"other": letter()}, "suket.one_is_valid"),
        ({"is_signed": False}, "suket.nobody_signs"),
    ],
)
def test_everybody_else_is_told_why_not_in_both_languages(changes, refusal):
    no = decide_issue(asked(**changes), row=ROW, day=DAY)
    assert code(no) == refusal
    for language in ("id", "en"):
        assert "{" not in no.text(language) + no.next_step(language)
        assert "…" not in no.text(language) + no.next_step(language)


def test_a_suket_that_ran_out_bars_no_other():
    old = letter(valid_until=DAY - timedelta(days=1))
    assert decide_issue(asked(other=old), row=ROW, day=DAY) == date(2018, 3, 6)
    assert decide_issue(asked(printable_from=DAY), row=ROW, day=DAY) == date(2018, 3, 6)


def test_the_switch_follows_the_letters_by_their_days():
    assert code(policy().allowed_on(date(2016, 9, 30))) == "suket.no_policy"
    assert "10231" in policy().allowed_on(date(2016, 10, 1)).letter
    no = policy().allowed_on(date(2022, 11, 1))
    assert no.code == "suket.not_allowed"
    assert no.facts["day"] == "2022-11-01"
    assert "November 2022" in no.text("id")
    # What is not allowed today is refused before anybody's data are looked at.
    assert decide_issue(asked(is_recorded=False), row=no, day=DAY) == no


def rows(*more):
    head = 'number = "{n}/{office}/{year}"\n'
    base = 'letter = "x"\nmonths = 6\nmay_extend = true\nextend_within_days = 30\n'
    return head + "".join(f'[[suket]]\n{base}signed_by = "kepala"\n{each}' for each in more)


def test_a_row_with_a_last_day_allows_nothing_after_it():
    made = read_policy(rows("from = 2017-01-01\nuntil = 2017-06-30\nallowed = true\n"))
    assert not isinstance(made.allowed_on(date(2017, 6, 30)), Refusal)
    assert code(made.allowed_on(date(2017, 7, 1))) == "suket.no_policy"


@pytest.mark.parametrize(
    "row",
    [
        "from = 2017-01-02\nuntil = 2017-01-01\nallowed = true\n",
        "from = 2017-01-01\nallowed = true\n[[suket]]\nfrom = 2017-01-01\nallowed = true\n"
        'letter = "y"\nmonths = 1\nmay_extend = true\nextend_within_days = 1\n'
        'signed_by = "kepala"\n',
    ],
)
def test_a_policy_that_contradicts_itself_is_not_read(row):
    with pytest.raises(ValueError, match=r"begin|ends"):
        read_policy(rows(row))


def test_six_months_from_the_last_of_august_end_in_february():
    assert months_after(date(2017, 8, 31), months=6) == date(2018, 2, 28)
    assert months_after(date(2017, 9, 7), months=6) == date(2018, 3, 7)
    assert months_after(date(2017, 12, 1), months=1) == date(2018, 1, 1)


def test_a_suket_is_made_longer_in_its_last_days_only():
    def extend(day, *, row=ROW, ended=False, **known):
        known_letter = letter(is_withdrawn=ended)
        return decide_extend(known_letter, asked=asked(**known), row=row, day=day)

    assert code(extend(date(2018, 2, 3))) == "suket.too_early"
    assert extend(date(2018, 2, 4)) == date(2018, 8, 3)
    assert extend(date(2018, 4, 1)) == date(2018, 9, 30)
    last = date(2018, 3, 6)
    # Its own letter bars it not, nor that nobody signs: whatever ends the standing does.
    assert extend(last, other=letter(), is_signed=False) == date(2018, 9, 5)
    assert code(extend(last, card=CardStand.PRINTED)) == "suket.card_is_ready"
    assert code(extend(last, is_alive=False)) == "suket.holder_died"
    assert code(extend(last, verdict="DUPLICATE_RECORD")) == "suket.record_blocked"
    assert code(extend(last, held_until=date(2018, 5, 1))) == "suket.held"
    assert code(extend(last, row=replace(ROW, may_extend=False))) == "suket.no_extension"
    assert code(extend(last, row=Refusal("suket.no_policy", day="x"))) == "suket.no_policy"
    assert code(extend(last, ended=True)) == "suket.ended"


def test_a_suket_is_taken_back_once_and_for_a_known_reason():
    why = Withdrawal.MISUSED.value
    assert decide_withdraw(letter(), why=why) is None
    assert code(decide_withdraw(letter(), why="because")) == "suket.no_reason"
    assert code(decide_withdraw(letter(is_converted=True), why=why)) == "suket.ended"


def test_only_what_is_worth_something_is_printed():
    assert decide_print(letter(), day=date(2018, 3, 6)) is None
    assert code(decide_print(letter(), day=date(2018, 3, 7))) == "suket.expired"
    assert code(decide_print(letter(is_withdrawn=True), day=DAY)) == "suket.ended"


def test_a_withdrawal_outweighs_all_else():
    both = letter(is_withdrawn=True, is_converted=True)
    assert both.worth(DAY) is Worth.WITHDRAWN
    assert letter(is_converted=True).worth(DAY) is Worth.CONVERTED
    assert letter().worth(date(2018, 3, 7)) is Worth.EXPIRED
    assert letter().worth(date(2018, 3, 6)) is Worth.VALID


@given(st.binary(max_size=80))
def test_base45_gives_back_what_it_was_given(plain):
    text = base45.encode(plain)
    assert base45.decode(text) == plain
    assert text == text.rstrip()  # whoever copies it may lose a blank at its end


def test_base45_speaks_as_its_rfc_does():
    assert base45.encode(b"AB") == "BB8"
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.decode("QED8WEX0") == b"ietf!"


@pytest.mark.parametrize("text", ["A", "::::", ":::", "GGW", "ab1", "é12", "::"])
def test_what_is_no_base45_is_refused(text):
    with pytest.raises(ValueError, match="base45"):
        base45.decode(text)
