"""Loans between cities: what is owed, what of a return was lent, and numbers across two books."""

from __future__ import annotations

from datetime import date

import pytest

from ampera.blanko.rules import (
    OPENED,
    Box,
    Goods,
    Move,
    check_owed,
    check_turn,
    moves_of,
    named,
    number_from_afar,
    policy,
    sort_return,
    turn_after,
)
from ampera.blanko.rules.policy import read_policy
from ampera.words import Refusal

BOX = Box("BOX-1", "SPC00000101", 10)
LENT = {"SPC00000001": None, "SPC00000002": None, "BOX-1": BOX}


def test_a_return_is_parted_into_lent_ones_and_others():
    goods = Goods(serials=("SPC00000001", "SPC00000103", "SPC00000901"))
    parts = sort_return(LENT, goods=goods)
    assert parts.own == ("SPC00000001", "SPC00000103")
    assert parts.opened == ("BOX-1",)
    assert parts.others == Goods(serials=("SPC00000901",))


def test_a_sealed_box_is_one_of_the_lent_ones_or_another():
    other = Box("BOX-9", "SPC00000901", 5)
    parts = sort_return(LENT, goods=Goods(boxes=(BOX, other)))
    assert (parts.own, parts.opened, parts.others) == (("BOX-1",), (), Goods(boxes=(other,)))
    assert parts.others.count == 5


@pytest.mark.parametrize(
    ("goods", "refused"),
    [
        (
            Goods(boxes=(Box("BOX-1", "SPC00000101", 9),)),
            Refusal("blanko.loan_other_box", box="BOX-1"),
        ),
        (
            Goods(boxes=(BOX,), serials=("SPC00000101",)),
            Refusal("blanko.counted_twice", item="BOX-1"),
        ),
    ],
)
def test_a_return_that_contradicts_itself_is_refused(goods, refused):
    assert sort_return(LENT, goods=goods) == refused


def test_never_more_than_is_owed_and_never_nothing():
    assert check_owed(3, owed=3, loan="PJ-1") is None
    assert check_owed(0, owed=3, loan="PJ-1") == Refusal("blanko.nothing_given")
    no = Refusal("blanko.loan_too_many", document="PJ-1", count=4, owed=3)
    assert check_owed(4, owed=3, loan="PJ-1") == no


@pytest.mark.parametrize(("turn", "is_right"), [(0, False), (1, True), (1000, True), (1001, False)])
def test_a_turn_is_what_a_paper_can_say(turn, is_right):
    assert (check_turn(turn) is None) is is_right


def test_labels_of_boxes_are_told_from_serials():
    goods = named(["BOX-1", "SPC00000001"], boxes={"BOX-1": BOX})
    assert goods == Goods(boxes=(BOX,), serials=("SPC00000001",))


def test_numbers_grow_along_the_way_of_the_thing_itself():
    at_lender = 3
    there = number_from_afar(None, turn=turn_after([at_lender]))
    back = number_from_afar(at_lender, turn=turn_after([there + 2]))
    again = number_from_afar(there + 2, turn=turn_after([back + 1]))
    assert (there, back, again) == (1000, 2000, 3000)
    assert number_from_afar(2001, turn=1) == 3000, "never one that these books know already"


@pytest.mark.parametrize(
    ("place", "n", "born"),
    [("16.71/shelf", 4, 1), ("16.72/shelf", 1001, 1001), ("16.71/loaned", 2000, 1)],
)
def test_blanko_of_an_opened_box_are_born_in_its_thousand_here(place, n, born):
    move = Move("BOX-1", n, place, OPENED, BOX)
    _, *inside = moves_of("blanko.moved/1", {"moves": [move.facts()]})
    assert {each.n for each in inside} == {born}
    assert len(inside) == BOX.size


def test_a_loan_is_due_as_the_policy_of_its_day_says():
    assert policy().loan_due(date(2017, 9, 7)) == date(2017, 10, 7)


def test_a_policy_of_no_days_is_refused():
    from importlib.resources import files

    text = files("ampera.blanko").joinpath("policy.toml").read_text("utf-8")
    with pytest.raises(ValueError, match="at least a day"):
        read_policy(text.replace("\ndays = 30\n", "\ndays = 0\n"))
