"""A blank that nobody can show: its permit waits for two officers of the dinas, whatever else is
said of the card meanwhile."""

from __future__ import annotations

import pytest

from ampera.readiness import actions, queries
from ampera.readiness.queries.suspects import suspect_count, suspect_seen, suspects
from ampera.words import Reason, Refusal
from tests.stations.readiness_line import DINAS, KEC, assert_whole, by, codes


def disputed(line, *, resident: str = "res_1") -> str:
    """A permit whose blank nobody at the office can show. Returns it."""
    permit = line.permit_for(resident)
    line.begin(permit, "att_1")
    line.end(permit, "att_1", "UNKNOWN")
    line.end(permit, "att_1", "DISPUTE", kind="settled")
    line.post()
    return permit


def void(line, permit: str, why: str):
    with line.at(DINAS):
        card = queries.permit_seen(permit).card
        return actions.void_card(by("off_a"), card=card, why=why, witness="off_b")


@pytest.mark.parametrize("code", [DINAS, KEC])
def test_a_permit_in_dispute_stands_on_the_list_of_those_to_be_decided(line, code):
    permit = disputed(line)
    with line.at(code):
        assert suspect_count() == 1
        (seen,) = suspects()
        assert (seen.permit.permit, seen.is_open, seen.documents) == (permit, True, ("att_1",))
    void(line, permit, "NOT_MADE")
    line.post()
    with line.at(code):
        assert suspect_count() == 0
        assert not suspect_seen(permit).is_open


def test_a_card_blocked_in_dispute_bars_the_next_one_only_until_two_have_decided(line):
    permit = disputed(line)
    assert "card" in void(line, permit, "BLOCKED")
    line.post()
    again = line.ask("res_1", reason=Reason.NEW)
    line.confirm(again)
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits"), "a card may exist"
    with line.at(DINAS):
        assert suspect_count() == 1, "else nobody is asked to decide"
    assert "card" in void(line, permit, "NOT_MADE")
    assert void(line, permit, "NOT_MADE") == Refusal("readiness.card_void"), "decided once"
    assert codes(line, again) != []
    assert len(line.grant()) == 1
    line.post()
    assert_whole(line)


def test_what_was_blocked_before_it_went_into_dispute_is_decided_all_the_same(line):
    permit = line.permit_for("res_1")
    line.begin(permit, "att_1")
    assert "card" in void(line, permit, "BLOCKED")
    line.end(permit, "att_1", "UNKNOWN")
    line.end(permit, "att_1", "DISPUTE", kind="settled")
    line.post()
    assert "card" in void(line, permit, "NOT_MADE")
    again = line.ask("res_1", reason=Reason.NEW)
    line.confirm(again)
    line.post()
    assert len(line.grant()) == 1


def test_a_blocked_card_of_which_nothing_is_in_doubt_is_not_called_not_made(line):
    permit = line.permit_for("res_1")
    line.print_card(permit)
    line.post()
    void(line, permit, "BLOCKED")
    assert void(line, permit, "NOT_MADE") == Refusal("readiness.card_void")
