"""The rules of the blanko books, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.blanko import rules
from ampera.blanko.rules import Account, Box, Move
from ampera.words import OfficeCode, Refusal

PUSAT, DINAS = OfficeCode("00"), OfficeCode("16.71")
KECAMATAN, OTHER = OfficeCode("16.71.02"), OfficeCode("16.71.06")


def at(office: OfficeCode, account: str) -> str:
    return rules.place(office, Account(account))


@pytest.mark.parametrize("text", ["SPC00000001", "AB123456", "ABCD123456789012"])
def test_a_serial_is_a_prefix_and_digits(text):
    assert rules.is_serial(text)


@pytest.mark.parametrize(
    "text", ["", "SPC", "00000001", "spc00000001", "SPC0000000１", "SPC 000001"]
)
def test_other_text_is_no_serial(text):
    assert not rules.is_serial(text)


def test_a_label_of_a_box_never_looks_like_a_serial():
    assert rules.is_box_label("BOX-0001")
    assert not rules.is_box_label("SPC00000001")
    assert not rules.is_box_label("BOX 1")


def test_serials_count_on_with_their_zeros():
    assert rules.serial_after("SPC00000099", steps=2) == "SPC00000101"
    assert list(Box("BOX-1", "SPC00000009", 3).serials()) == [
        "SPC00000009",
        "SPC00000010",
        "SPC00000011",
    ]


def test_serials_do_not_run_over_their_digits():
    with pytest.raises(ValueError, match="run over"):
        rules.serial_after("AB999999", steps=1)


@pytest.mark.parametrize(
    ("origin", "source", "target"),
    [
        (DINAS, "16.71/shelf", "transit:16.71.02"),
        (KECAMATAN, "16.71.02/shelf", "transit:16.71"),
        (KECAMATAN, "transit:16.71.02", "16.71.02/dispute"),
        (KECAMATAN, "16.71.02/reserved", "16.71.02/issued"),
        (DINAS, "16.71.02/dispute", "16.71.02/written_off"),
        (DINAS, "16.71/dispute", "16.71/shelf"),
        (PUSAT, "00/store", "transit:16.71"),
    ],
)
def test_an_office_moves_what_is_its_own_to_move(origin, source, target):
    assert rules.may_move(origin, move=Move("SPC00000001", 3, source, target))


@pytest.mark.parametrize(
    ("origin", "source", "target", "n"),
    [
        (OTHER, "16.71.02/shelf", "16.71.06/shelf", 3),
        (KECAMATAN, "16.71/shelf", "16.71.02/shelf", 3),
        (KECAMATAN, "16.71.02/dispute", "16.71.02/shelf", 3),
        (OTHER, "16.71.02/dispute", "16.71.02/shelf", 3),
        (DINAS, "transit:16.71.02", "16.71.02/shelf", 3),
        (DINAS, "16.71/shelf", "transit:99.01.01", 3),
        (DINAS, "16.71/shelf", "16.71.02/shelf", 3),
        (KECAMATAN, "16.71.02/shelf", "transit:16.71.06", 3),
        (KECAMATAN, "maker", "16.71.02/shelf", 1),
        (PUSAT, "maker", "00/store", 2),
        (KECAMATAN, "counted", "16.71.02/shelf", 2),
        (KECAMATAN, "counted", "16.71.06/shelf", 1),
        (KECAMATAN, "unseen", "16.71.02/shelf", 0),
        (KECAMATAN, "unseen", "16.71.02/unmatched", 1),
        (KECAMATAN, "16.71.02/shelf", "16.71.02/reserved", 0),
        (KECAMATAN, "opened", "16.71.02/shelf", 4),
    ],
)
def test_an_office_moves_nothing_else(origin, source, target, n):
    assert not rules.may_move(origin, move=Move("SPC00000001", n, source, target))


def test_a_place_that_is_none_is_a_defect_of_the_entry():
    with pytest.raises(ValueError, match="nowhere"):
        rules.may_move(KECAMATAN, move=Move("A", 1, "16.71.02/shelf", "16.71.02/nowhere"))


def test_only_a_box_is_opened():
    facts = {"moves": [{"item": "SPC00000001", "n": 2, "from": "16.71.02/shelf", "to": "opened"}]}
    with pytest.raises(ValueError, match="only a box"):
        rules.moves_of(rules.MOVED, facts)


def test_no_entry_makes_a_server_write_a_million_rows():
    with pytest.raises(ValueError, match="range"):
        Box.read({"box": "BOX-1", "first": "SPC00000001", "size": 1_000_000})


def test_the_blanko_of_an_opened_box_appear_where_it_stood():
    facts = {
        "moves": [
            {
                "item": "BOX-1",
                "n": 4,
                "from": "16.71.02/shelf",
                "to": "opened",
                "first": "SPC00000001",
                "size": 2,
            }
        ]
    }
    assert [(move.item, move.n, move.target) for move in rules.moves_of(rules.MOVED, facts)] == [
        ("BOX-1", 4, "opened"),
        ("SPC00000001", 1, "16.71.02/shelf"),
        ("SPC00000002", 1, "16.71.02/shelf"),
    ]


@pytest.mark.parametrize(
    ("boxes", "serials", "code"),
    [
        ([], [], "blanko.nothing_given"),
        ([], ["12"], "blanko.serial_form"),
        ([Box("B 1", "SPC00000001", 1)], [], "blanko.box_form"),
        ([Box("BOX-1", "12", 1)], [], "blanko.serial_form"),
        ([Box("BOX-1", "SPC00000001", 0)], [], "blanko.box_size"),
        ([Box("BOX-1", "SPC00000001", 10_001)], [], "blanko.box_size"),
        ([Box("BOX-1", "SPC99999999", 2)], [], "blanko.serial_form"),
        ([], ["SPC00000001", "SPC00000001"], "blanko.counted_twice"),
        ([Box("B", "SPC00000001", 1), Box("B", "SPC00000005", 1)], [], "blanko.counted_twice"),
        ([Box("B", "SPC00000001", 9), Box("C", "SPC00000009", 9)], [], "blanko.range_overlaps"),
        ([Box("B", "SPC00000001", 9)], ["SPC00000003"], "blanko.range_overlaps"),
    ],
)
def test_goods_that_cannot_be_counted_are_refused(boxes, serials, code):
    no = rules.check_goods(boxes, serials=serials)
    assert isinstance(no, Refusal)
    assert no.code == code


def test_boxes_of_other_prefixes_do_not_meet():
    boxes = [Box("B", "AB00000001", 99), Box("C", "AC00000001", 99), Box("D", "AB000000010", 9)]
    assert rules.check_goods(boxes, serials=()) is None


def test_two_persons_are_two():
    assert rules.check_two("off_a", witness="off_b") is None
    assert rules.check_two("off_a", witness="off_a") == Refusal("officer.same_person")
    assert rules.check_two("off_a", witness="") == Refusal("officer.same_person")


def test_what_is_not_seen_of_a_shipment_is_short():
    assert rules.split_seen(["a", "b", "c"], seen=["c", "a"], shipment="shp_1") == (
        ["a", "c"],
        ["b"],
    )
    assert rules.split_seen(["a"], seen=["a", "z"], shipment="shp_1") == Refusal(
        "blanko.not_in_shipment", item="z", shipment="shp_1"
    )


numbers = st.integers(1, 60)


@given(st.lists(st.tuples(numbers, st.integers(0, 6))))
def test_overlaps_are_found_just_when_two_ranges_share_a_serial(spans):
    ranges = [
        (f"SPC{first:08d}", f"SPC{first + length:08d}", set(range(first, first + length + 1)))
        for first, length in spans
    ]
    really = any(one[2] & other[2] for i, one in enumerate(ranges) for other in ranges[i + 1 :])
    assert any(rules.overlapping([(first, last) for first, last, _ in ranges])) is really


def test_the_same_move_told_twice_is_one_claim_and_another_document_is_another():
    move = Move("SPC00000001", 2, "16.71.02/shelf", "16.71.02/reserved")
    assert move.claim("att_1") == Move(*(move.item, 2, move.source, move.target)).claim("att_1")
    assert move.claim("att_1") != move.claim("att_2")
