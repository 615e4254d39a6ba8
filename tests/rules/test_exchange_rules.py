"""Which two blanks may exchange their places, and what is an exchange at all."""

from __future__ import annotations

import pytest

from ampera.blanko.rules import Account, Box, Move, check_exchange, is_exchange, place, transit_to
from ampera.printing.rules.attempts import AttemptSeen
from ampera.printing.rules.exchange import ExchangeFacts, Side, decide_exchange, turn
from ampera.words import OfficeCode, Refusal

HERE, OTHER = OfficeCode("16.71.02"), OfficeCode("16.71.06")
SHELF, ISSUED, SPOILED = (f"{HERE}/{account}" for account in ("shelf", "issued", "spoiled"))


def side(ended="PRINTED", result="", **more):
    seen = AttemptSeen(
        id=more.pop("id", "att_1"),
        office=str(HERE),
        permit="prm_1",
        card="crd_1",
        serial=more.pop("serial", "SPC1"),
        printer="p1",
        officer="off_sari",
        opened_at=None,
        ended=ended,
    )
    return Side(attempt=seen, result=result, **more)


def decide(partner=None, **more):
    own = more.pop("own", side())
    facts = ExchangeFacts(is_quarantined=False, own=own, partner=partner, **more)
    return decide_exchange(facts, serial="SPC2", officer="off_sari", witness="off_budi")


def code(answer):
    return answer.code if isinstance(answer, Refusal) else None


@pytest.mark.parametrize("account", ["shelf", "store", "reserved", "issued", "spoiled"])
def test_a_blank_of_this_office_that_was_not_given_up_may_be_the_card(account):
    assert check_exchange(HERE, serial="SPC2", place_=place(HERE, Account(account))) is None


@pytest.mark.parametrize(
    ("at", "no"),
    [
        (None, "unknown"),
        (transit_to(HERE), "in_transit"),
        (place(OTHER, Account.SHELF), "elsewhere"),
        ("maker", "elsewhere"),
        (place(HERE, Account.DISPUTE), "disputed"),
        (place(HERE, Account.UNMATCHED), "unmatched"),
        (place(HERE, Account.LOANED), "loaned"),
        (place(HERE, Account.DESTROYED), "gone"),
        (place(HERE, Account.WRITTEN_OFF), "gone"),
    ],
)
def test_every_other_place_has_its_own_no(at, no):
    assert code(check_exchange(HERE, serial="SPC2", place_=at)) == f"blanko.exchange_{no}"


def test_an_exchange_is_two_single_blanks_that_change_places():
    there, back = Move("SPC1", 4, ISSUED, SHELF), Move("SPC2", 2, SHELF, ISSUED)
    assert is_exchange([there, back])
    assert not is_exchange([there])
    assert not is_exchange([there, there])
    assert not is_exchange([there, Move("SPC2", 2, SHELF, SHELF)])
    assert not is_exchange([there, back, back])
    assert not is_exchange([there, Move("K1", 2, SHELF, ISSUED, Box("K1", "SPC00000010", 2))])


def test_one_that_was_read_among_the_spoils_lets_the_other_go_to_the_shelf_of_the_same_office():
    there = Move("SPC1", 4, ISSUED, SHELF)
    assert is_exchange([there, Move("SPC2", 3, SPOILED, ISSUED)])
    assert not is_exchange([there, Move("SPC2", 3, SPOILED, SHELF)])
    elsewhere = place(OTHER, Account.SPOILED)
    assert not is_exchange([there, Move("SPC2", 3, elsewhere, ISSUED)])
    lost = Move("SPC1", 4, ISSUED, place(HERE, Account.WRITTEN_OFF))
    assert not is_exchange([lost, Move("SPC2", 3, SPOILED, ISSUED)])


@pytest.mark.parametrize(
    ("partner", "no"),
    [
        (side(id="att_2", ended=""), "printing.exchange_in_printer"),
        (side(id="att_2", result="READY"), "printing.exchange_checked"),
        (side(id="att_2", result="REJECTED"), None),
        (side(id="att_2", ended="UNKNOWN"), None),
        (side(id="att_2", ended="SPOILED"), None),
        (side(id="att_2", is_proved=True), "printing.other_card_first"),
    ],
)
def test_the_attempt_that_names_the_other_blank_has_a_word(partner, no):
    assert code(decide(partner)) == no


def test_a_blank_that_an_attempt_must_have_and_none_names_is_left_alone():
    assert code(decide(is_partner_due=True)) == "printing.exchange_made_unknown"


def test_a_chip_that_says_otherwise_changes_nothing():
    read = side(read=frozenset({"04AA"}))
    assert code(decide(own=side(is_proved=True))) == "printing.card_is_of_its_blank"
    assert code(decide(own=read, chips_of_found=["04BB"])) == "printing.blanko_has_its_chip"
    assert decide(own=read, chips_of_found=["04AA"]) is None
    assert decide(chips_of_found=["04BB"]) is None, "nobody has read the card's chip"
    other = side(id="att_2", read=frozenset({"04CC"}))
    assert code(decide(other, chips_of_named=["04DD"])) == "printing.other_card_first"


def test_a_check_and_an_exchange_take_the_same_turn_and_an_exchange_gives_a_new_one():
    assert side().turn == turn("att_1", state="PRINTED", corrected=0)
    assert side().turn != turn("att_1", state="PRINTED", corrected=1)
    assert side(result="REJECTED").turn != side().turn
