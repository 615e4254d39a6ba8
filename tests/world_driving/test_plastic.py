"""Every blanko by where it lies, held against the books."""

from __future__ import annotations

import pytest

from ampera.devices.simulated.cards import Card, Fate
from ampera.world.cardbooks import CardBooks
from ampera.world.driving.plastic import BrokenPromise, Plastic, Spot, compare, no_double

HERE = "16.71.02"


def a_piece(serial, fate, *, job="att_1", face="f1"):
    return Card(serial, job, face, fate)


def after_a_day():
    plastic = Plastic()
    plastic.make(["A1", "A2", "A3", "A4"])
    plastic.into_printer(["A1", "A2", "A3"])
    plastic.taken(
        [a_piece("A1", Fate.FINISHED), a_piece("A2", Fate.RUINED, job="att_2", face="f2")]
    )
    plastic.back_on_shelf(["A3"])
    return plastic


BOOKS = {
    "A1": f"{HERE}/issued",
    "A2": f"{HERE}/spoiled",
    "A3": f"{HERE}/shelf",
    "A4": f"{HERE}/shelf",
    "Z9": "16.71/store",
}


def attempts(**permits):
    books = CardBooks()
    books.attempts |= {job: {"permit": permit} for job, permit in permits.items()}
    return books


def test_what_comes_out_of_the_printer_goes_where_it_belongs():
    plastic = after_a_day()
    assert plastic.lies == {
        "A1": Spot.DRAWER, "A2": Spot.SPOILS, "A3": Spot.SHELF, "A4": Spot.SHELF,
    }  # fmt: skip
    assert plastic.shelf() == ["A3", "A4"]
    assert (len(plastic.finished), plastic.ruined) == (1, 1)


def test_the_same_piece_is_taken_out_once():
    plastic = after_a_day()
    with pytest.raises(AssertionError, match="taken twice"):
        plastic.taken([a_piece("A1", Fate.FINISHED)])


def test_books_that_are_right_are_left_alone():
    compare(after_a_day(), places=BOOKS, office=HERE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"A1": f"{HERE}/shelf"},
        {"A2": f"{HERE}/reserved"},
        {"A3": "16.71/shelf"},
        {"A5": f"{HERE}/shelf"},
    ],
)
def test_one_blanko_in_the_wrong_place_is_found(wrong):
    with pytest.raises(BrokenPromise, match=min(wrong)):
        compare(after_a_day(), places={**BOOKS, **wrong}, office=HERE)


def test_a_blanko_that_was_left_in_the_printer_is_found():
    plastic = after_a_day()
    plastic.into_printer(["A4"])
    with pytest.raises(BrokenPromise, match="A4 lies at printer"):
        compare(plastic, places=BOOKS, office=HERE)


def test_two_cards_of_one_permit_or_of_one_face_are_found():
    one = a_piece("A1", Fate.FINISHED, job="att_1", face="f1")
    other = a_piece("A2", Fate.FINISHED, job="att_2", face="f2")
    no_double([one, other], cards=attempts(att_1="prm_1", att_2="prm_2"))
    with pytest.raises(BrokenPromise, match="A1 and A2 are the same card"):
        no_double([one, other], cards=attempts(att_1="prm_1", att_2="prm_1"))
    same = a_piece("A2", Fate.FINISHED, job="att_2", face="f1")
    with pytest.raises(BrokenPromise, match="A1 and A2 are the same card"):
        no_double([one, same], cards=attempts(att_1="prm_1", att_2="prm_2"))


def test_a_card_under_a_job_of_no_book_is_found():
    with pytest.raises(BrokenPromise, match="unknown"):
        no_double([a_piece("A1", Fate.FINISHED)], cards=attempts())
