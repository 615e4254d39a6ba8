"""Finished cards in the tray, and what is put aside, in the closing of a day."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box
from ampera.words import Refusal
from tests.stations.blanko_days import KEC, SERIALS, by, opened, what_lies_here


def shut(**more):
    return actions.close_day(by(), counted=what_lies_here(KEC, **more), witness="off_b")


def test_a_card_on_a_blanko_that_is_in_dispute_was_found(offices):
    """Nobody saw the blanko yesterday; today a finished card on it lies in the tray."""
    with offices.at(KEC):
        opened(*SERIALS)
        less = what_lies_here(KEC, without=SERIALS[:1])
        shut(without=SERIALS[:1])
        done = actions.close_day(
            by(), counted=less, witness="off_b", holder="off_a", is_recount=True
        )
        assert done["missing"] == [SERIALS[0]]
        offices.clock.move(timedelta(days=1))
        done = shut(cards=(SERIALS[0],))
        assert isinstance(done, dict), done
        assert queries.last_day(KEC).facts["found"] == [SERIALS[0]]


def test_a_card_on_a_blanko_of_a_sealed_box_is_not_passed_over(offices):
    with offices.at(KEC):
        opened(*SERIALS, boxes=[Box("BOX-1", "SPC00000101", 10)])
        done = shut(cards=("SPC00000103",))
        assert isinstance(done, Refusal), done


def test_what_is_aside_is_a_serial_or_a_box_and_no_sentence(offices):
    with offices.at(KEC):
        opened(*SERIALS)
        done = shut(aside=("9971020101900001 SITI CONTOH <script>" + "x" * 100_000,))
        assert isinstance(done, Refusal), done
