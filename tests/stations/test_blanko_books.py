"""The blanko books at real servers: counting, boxes, attempts, disputes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box, Goods
from ampera.journal.actions import Command, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal

KEC = "16.71.02"
_counter = iter(range(10**9))


def by(officer: str = "off_a") -> Command:
    return Command(id=f"cmd_{next(_counter)}", officer=officer)


def open_with(*boxes: Box, serials: tuple[str, ...] = ()) -> dict:
    opened = actions.open_books(by(), boxes=boxes, serials=serials, witness="off_b")
    assert isinstance(opened, dict), opened
    return opened


def inside(step, **facts):
    """Run one `*_in` function in a command of its own, as printing does."""

    def work(pen):
        no = step(pen, **facts)
        return no if isinstance(no, Refusal) else {"done": no}

    return perform(by(), work, content={})


def assert_books_are_whole() -> None:
    assert [each for check in queries.CHECKS for each in check()] == []
    assert compare_with_rebuild() == []


def test_the_books_open_with_a_balance_counted_by_two(offices):
    with offices.at(KEC):
        assert (
            open_with(Box("BOX-1", "SPC00000001", 500), serials=("SPC00009001",))["blanko"] == 501
        )
        assert queries.accounts(KEC) == {"shelf": 501}
        assert queries.are_books_open(KEC)
        assert_books_are_whole()


def test_one_person_does_not_open_the_books(offices):
    with offices.at(KEC):
        alone = actions.open_books(by("off_a"), boxes=[], serials=["SPC00000001"], witness="off_a")
        assert alone == Refusal("officer.same_person")
        assert not queries.are_books_open(KEC)


def test_the_books_open_once(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001",))
        again = actions.open_books(by(), boxes=[], serials=["SPC00000002"], witness="off_b")
        assert again == Refusal("blanko.books_are_open", office=KEC)
        assert queries.shelf_count(KEC) == 1


def test_an_empty_shelf_opens_empty_books(offices):
    with offices.at(KEC):
        assert open_with()["blanko"] == 0
        assert queries.shelf_count(KEC) == 0


def test_a_badly_labelled_count_is_refused_whole(offices):
    with offices.at(KEC):
        no = actions.open_books(by(), boxes=[], serials=["SPC00000001", "12"], witness="off_b")
        assert no == Refusal("blanko.serial_form", serial="12")
        assert queries.all_places() == {}


def test_the_same_command_again_counts_once(offices):
    with offices.at(KEC):
        command = by()
        once = actions.open_books(command, boxes=[], serials=["SPC00000001"], witness="off_b")
        again = actions.open_books(command, boxes=[], serials=["SPC00000001"], witness="off_b")
        assert once == again
        assert queries.shelf_count(KEC) == 1


def test_until_its_box_is_opened_a_blanko_is_known_by_the_box(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 3))
        seen = queries.whereis("SPC00000002")
        assert (seen.box, seen.place) == ("BOX-1", "16.71.02/shelf")
        assert queries.next_serial(KEC) is None
        assert queries.loose_count(KEC) == 0
        sealed = inside(actions.reserve_in, serial="SPC00000002", attempt="att_1")
        assert sealed == Refusal("blanko.box_sealed", serial="SPC00000002", box="BOX-1")

        opened = actions.open_box(by(), box="BOX-1")
        assert (opened["first"], opened["last"]) == ("SPC00000001", "SPC00000003")
        assert queries.whereis("SPC00000002").box is None
        assert queries.next_serial(KEC) == "SPC00000001"
        assert queries.shelf_count(KEC) == 3
        assert_books_are_whole()


def test_a_box_is_opened_once(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 3))
        actions.open_box(by(), box="BOX-1")
        again = actions.open_box(by(), box="BOX-1")
        assert again == Refusal("blanko.already_known", item="SPC00000001")
        assert actions.open_box(by(), box="BOX-9") == Refusal("blanko.unknown", item="BOX-9")
        assert queries.shelf_count(KEC) == 3


def test_a_serial_of_another_width_does_not_lie_in_a_box(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 500))
        assert queries.whereis("SPC000000011") is None
        assert queries.whereis("SPA00000002") is None


def test_an_attempt_reserves_and_issues_one_blanko(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000002", "SPC00000001"))
        assert inside(actions.reserve_next_in, attempt="att_1") == {"done": "SPC00000001"}
        assert queries.accounts(KEC) == {"reserved": 1, "shelf": 1}
        inside(actions.issue_in, serial="SPC00000001", attempt="att_1")
        assert queries.accounts(KEC) == {"issued": 1, "shelf": 1}
        assert [move.why for move in queries.history("SPC00000001")] == [
            "COUNTED",
            "RESERVED",
            "ISSUED",
        ]
        assert_books_are_whole()


def test_a_reserved_blanko_is_not_reserved_again(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001",))
        inside(actions.reserve_in, serial="SPC00000001", attempt="att_1")
        again = inside(actions.reserve_in, serial="SPC00000001", attempt="att_2")
        assert again == Refusal("blanko.not_there", item="SPC00000001", place="16.71.02/reserved")


def test_an_empty_shelf_says_so(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 3))
        no = inside(actions.reserve_next_in, attempt="att_1")
        assert no == Refusal("blanko.none_left", office=KEC)
        unknown = inside(actions.reserve_in, serial="SPC00009999", attempt="att_1")
        assert unknown == Refusal("blanko.unknown", item="SPC00009999")


def test_an_attempt_ends_on_the_shelf_with_the_spoils_or_in_dispute(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001", "SPC00000002", "SPC00000003", "SPC00000004"))
        for number in (1, 2, 3, 4):
            inside(actions.reserve_next_in, attempt=f"att_{number}")
        inside(actions.shelve_in, serial="SPC00000001", attempt="att_1")
        inside(actions.spoil_in, serial="SPC00000002", cause="overheated")
        inside(actions.dispute_in, serial="SPC00000003")
        inside(actions.issue_in, serial="SPC00000004", attempt="att_4")
        inside(actions.spoil_in, serial="SPC00000004", cause="rejected", source="issued")
        assert queries.accounts(KEC) == {"dispute": 1, "shelf": 1, "spoiled": 2}
        assert queries.in_dispute(KEC) == {"SPC00000003": "att_3"}
        # Whoever printed does not bring it back: out of dispute it comes by the dinas only.
        no = inside(actions.dispute_in, serial="SPC00000003")
        assert no.code == "blanko.not_there"
        assert inside(actions.dispute_in, serial="SPC00009999").code == "blanko.unknown"
        assert_books_are_whole()


def test_a_dispute_of_a_kecamatan_is_settled_by_two_at_the_dinas(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001", "SPC00000002"))
        inside(actions.dispute_in, serial="SPC00000001")
        own = actions.settle_dispute(
            by(), item="SPC00000001", outcome="shelf", document="BA-1", witness="off_b"
        )
        assert own == Refusal("blanko.not_yours_to_settle", item="SPC00000001", office="16.71")
    offices.post()
    with offices.at("16.71"):
        alone = actions.settle_dispute(
            by("off_c"), item="SPC00000001", outcome="shelf", document="BA-1", witness="off_c"
        )
        assert alone == Refusal("officer.same_person")
        no_paper = actions.settle_dispute(
            by("off_c"), item="SPC00000001", outcome="shelf", document="", witness="off_d"
        )
        assert no_paper == Refusal("blanko.document_missing")
        calm = actions.settle_dispute(
            by("off_c"), item="SPC00000002", outcome="shelf", document="BA-1", witness="off_d"
        )
        assert calm == Refusal("blanko.not_in_dispute", item="SPC00000002")
        settled = actions.settle_dispute(
            by("off_c"), item="SPC00000001", outcome="written_off", document="BA-1", witness="off_d"
        )
        assert settled == {"item": "SPC00000001", "place": "16.71.02/written_off"}
    offices.post()
    for server in (KEC, "16.71"):
        with offices.at(server):
            assert queries.accounts(KEC) == {"shelf": 1, "written_off": 1}
            assert_books_are_whole()


def test_spoils_are_destroyed_and_loans_come_back(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001", "SPC00000002"))
        inside(actions.reserve_in, serial="SPC00000001", attempt="att_1")
        inside(actions.spoil_in, serial="SPC00000001", cause="bent")
        actions.destroy(by(), serials=["SPC00000001"], document="BA-7", witness="off_b")
        actions.lend(by(), items=["SPC00000002"], document="S-1", witness="off_b")
        assert queries.accounts(KEC) == {"destroyed": 1, "loaned": 1}
        goods = Goods(serials=("SPC00000002",))
        actions.take_back(by(), loan="S-1", goods=goods, document="S-2", witness="off_b")
        assert queries.accounts(KEC) == {"destroyed": 1, "shelf": 1}
        assert_books_are_whole()


@pytest.mark.parametrize(
    ("items", "document", "witness", "code"),
    [
        ([], "BA-7", "off_b", "blanko.nothing_given"),
        (["SPC00000001", "SPC00000001"], "BA-7", "off_b", "blanko.counted_twice"),
        (["SPC00000001"], "", "off_b", "blanko.document_missing"),
        (["SPC00000001"], "BA-7", "off_a", "officer.same_person"),
        (["SPC00000001"], "BA-7", "off_b", "blanko.not_there"),
    ],
)
def test_nothing_is_destroyed_without_two_persons_a_paper_and_the_thing(
    offices, items, document, witness, code
):
    with offices.at(KEC):
        open_with(serials=("SPC00000001",))
        no = actions.destroy(by(), serials=items, document=document, witness=witness)
        assert no.code == code
        assert queries.accounts(KEC) == {"shelf": 1}


def test_a_count_after_a_restore_finds_what_is_missing_and_what_is_unknown(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 5), serials=("SPC00009001", "SPC00009002"))
        inside(actions.reserve_in, serial="SPC00009002", attempt="att_1")
        answer = actions.count_after_restore(
            by(),
            seen_serials=["SPC00009002", "SPC00008001"],
            seen_boxes=[Box("BOX-1", "SPC00000001", 5)],
            witness="off_b",
        )
        assert answer["missing"] == ["SPC00009001"]
        assert answer["unmatched"] == ["SPC00008001"]
        assert queries.accounts(KEC) == {
            "dispute": 1,
            "reserved": 1,
            "shelf": 5,
            "unmatched": 1,
        }
        assert queries.in_dispute(KEC) == {"SPC00009001": answer["count"]}
        assert_books_are_whole()


def test_a_count_after_a_restore_takes_two_and_changes_nothing_when_all_is_there(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00009001",))
        alone = actions.count_after_restore(
            by("off_a"), seen_serials=["SPC00009001"], seen_boxes=[], witness="off_a"
        )
        assert alone == Refusal("officer.same_person")
        twice = actions.count_after_restore(
            by(), seen_serials=["SPC00009001"] * 2, seen_boxes=[], witness="off_b"
        )
        assert twice == Refusal("blanko.counted_twice", item="SPC00009001")
        whole = actions.count_after_restore(
            by(), seen_serials=["SPC00009001"], seen_boxes=[], witness="off_b"
        )
        assert (whole["missing"], whole["unmatched"]) == ([], [])
        assert queries.accounts(KEC) == {"shelf": 1}


def test_the_daily_sheet_adds_up(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 5))
        offices.clock.move(timedelta(hours=12))
        morning = offices.clock.now()
        actions.open_box(by(), box="BOX-1")
        for number, end in enumerate(("issue", "issue", "spoil"), start=1):
            serial = inside(actions.reserve_next_in, attempt=f"att_{number}")["done"]
            if end == "issue":
                inside(actions.issue_in, serial=serial, attempt=f"att_{number}")
            else:
                inside(actions.spoil_in, serial=serial, cause="hot")
        offices.clock.move(timedelta(hours=1))
        sheet = queries.stock_sheet(KEC, since=morning, until=offices.clock.now())
        assert (sheet.opening, sheet.closing) == (5, 2)
        assert (sheet.came, sheet.went) == ({}, {"ISSUED": 2, "SPOILED": 1})
        assert sheet.is_balanced
        before = queries.stock_sheet(KEC, since=morning - timedelta(days=1), until=morning)
        assert (before.opening, before.came, before.closing) == (0, {"COUNTED": 5}, 5)


def test_no_alarm_rings_in_a_quiet_office(offices):
    with offices.at(KEC):
        open_with(Box("BOX-1", "SPC00000001", 5))
        actions.open_box(by(), box="BOX-1")
        inside(actions.reserve_next_in, attempt="att_1")
        assert open_alarms() == []
