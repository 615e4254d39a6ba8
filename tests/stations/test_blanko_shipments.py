"""Shipments between real servers: told from both sides, short, early, twice, in two places."""

from __future__ import annotations

import pytest

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box
from ampera.journal.actions import Command, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import waiting_count
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import OfficeCode, Refusal

PUSAT, DINAS, KEC, OTHER = "00", "16.71", "16.71.02", "16.71.06"
BOX_1, BOX_2 = Box("BOX-1", "SPC00000001", 500), Box("BOX-2", "SPC00000501", 500)
_counter = iter(range(10**9))


def by(officer: str = "off_a") -> Command:
    return Command(id=f"cmd_{next(_counter)}", officer=officer)


def open_with(*boxes: Box, serials: tuple[str, ...] = ()) -> None:
    opened = actions.open_books(by(), boxes=boxes, serials=serials, witness="off_b")
    assert isinstance(opened, dict), opened


def send(offices, *, boxes=(), serials=(), to: str = KEC, source: str = DINAS) -> str:
    with offices.at(source):
        sent = actions.ship(by(), to=to, boxes=boxes, serials=serials, courier="off_k")
        assert isinstance(sent, dict), sent
        return sent["shipment"]


def receive(shipment: str, *, boxes=(), serials=(), witness: str = "off_b"):
    return actions.receive_shipment(
        by(), shipment=shipment, seen_boxes=boxes, seen_serials=serials, witness=witness
    )


def assert_whole(offices, *servers: str) -> None:
    for server in servers:
        with offices.at(server):
            assert [each for check in queries.CHECKS for each in check()] == []
            assert compare_with_rebuild() == []
            assert waiting_count() == {}


@pytest.fixture
def stocked(offices):
    """A dinas with two boxes and two single blanko on its shelf."""
    with offices.at(DINAS):
        open_with(BOX_1, BOX_2, serials=("SPC00009001", "SPC00009002"))
    return offices


def test_blanko_travel_from_the_maker_to_a_shelf(offices):
    with offices.at(PUSAT):
        taken = actions.take_from_maker(
            by(), boxes=[BOX_1, BOX_2], document="BA-1", witness="off_b"
        )
        assert taken == {"blanko": 1000}
    first = send(offices, boxes=["BOX-1", "BOX-2"], to=DINAS, source=PUSAT)
    offices.post()
    with offices.at(DINAS):
        assert queries.accounts(DINAS) == {"transit": 1000}
        assert receive(first, boxes=["BOX-1", "BOX-2"])["short"] == []
    second = send(offices, boxes=["BOX-2"])
    offices.post()
    with offices.at(KEC):
        receive(second, boxes=["BOX-2"])
    offices.post()
    with offices.at(PUSAT):
        assert queries.accounts(PUSAT) == {}
        assert queries.accounts(DINAS) == {"shelf": 500}
        # What a kecamatan does with it is not the pusat's to count.
        assert queries.accounts(KEC) == {"transit": 500}
    with offices.at(DINAS):
        assert queries.accounts(DINAS) == {"shelf": 500}
        assert queries.accounts(KEC) == {"shelf": 500}
    assert_whole(offices, PUSAT, DINAS, KEC, OTHER)


def test_only_the_centre_takes_from_the_maker_and_only_by_two_with_a_paper(offices):
    with offices.at(DINAS):
        no = actions.take_from_maker(by(), boxes=[BOX_1], document="BA-1", witness="off_b")
        assert no == Refusal("blanko.not_the_centre")
    with offices.at(PUSAT):
        alone = actions.take_from_maker(by(), boxes=[BOX_1], document="BA-1", witness="off_a")
        assert alone == Refusal("officer.same_person")
        no_paper = actions.take_from_maker(by(), boxes=[BOX_1], document="", witness="off_b")
        assert no_paper == Refusal("blanko.document_missing")
        actions.take_from_maker(by(), boxes=[BOX_1], document="BA-1", witness="off_b")
        again = actions.take_from_maker(by(), boxes=[BOX_1], document="BA-2", witness="off_b")
        assert again == Refusal("blanko.already_known", item="BOX-1")
        inner = Box("BOX-9", "SPC00000500", 10)
        overlap = actions.take_from_maker(by(), boxes=[inner], document="BA-2", witness="off_b")
        assert overlap == Refusal("blanko.range_overlaps", serial="SPC00000500")
        assert queries.shelf_count(PUSAT) == 500


def test_what_is_short_goes_to_dispute_under_the_shipment(stocked):
    shipment = send(stocked, boxes=["BOX-1"], serials=["SPC00009001", "SPC00009002"])
    stocked.post()
    with stocked.at(KEC):
        assert queries.shipments_to(KEC)[0].under_way == 502
        answer = receive(shipment, boxes=["BOX-1"], serials=["SPC00009002"])
        assert answer == {"received": ["BOX-1", "SPC00009002"], "short": ["SPC00009001"]}
        assert queries.accounts(KEC) == {"dispute": 1, "shelf": 501}
        assert queries.in_dispute(KEC) == {"SPC00009001": shipment}
        assert queries.shipments_to(KEC) == []
    stocked.post()
    with stocked.at(DINAS):
        assert queries.accounts(KEC) == {"dispute": 1, "shelf": 501}
    assert_whole(stocked, DINAS, KEC)


def test_a_shipment_confirmed_twice_counts_once(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    stocked.post()
    with stocked.at(KEC):
        receive(shipment, boxes=["BOX-1"])
        assert receive(shipment, boxes=["BOX-1"]) == Refusal(
            "blanko.shipment_received", shipment=shipment
        )
        assert queries.shelf_count(KEC) == 500


def test_one_person_does_not_receive_a_shipment(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    stocked.post()
    with stocked.at(KEC):
        assert receive(shipment, boxes=["BOX-1"], witness="off_a") == Refusal("officer.same_person")
        assert queries.shelf_count(KEC) == 0


def test_nobody_receives_the_shipment_of_another_office(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    stocked.post()
    for server in (OTHER, DINAS):
        with stocked.at(server):
            no = receive(shipment, boxes=["BOX-1"])
            assert no == Refusal("blanko.shipment_unknown", shipment=shipment)


def test_goods_of_another_shipment_are_not_received_with_this_one(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    stocked.post()
    with stocked.at(KEC):
        no = receive(shipment, boxes=["BOX-1", "BOX-2"])
        assert no == Refusal("blanko.not_in_shipment", item="BOX-2", shipment=shipment)
        assert queries.accounts(KEC) == {"transit": 500}


@pytest.mark.parametrize(
    ("to", "boxes", "serials", "code"),
    [
        (KEC, [], [], "blanko.nothing_given"),
        (KEC, ["BOX-1", "BOX-1"], [], "blanko.counted_twice"),
        (KEC, ["BOX-9"], [], "blanko.unknown"),
        (KEC, [], ["SPC00000003"], "blanko.unknown"),
        ("99.01.01", ["BOX-1"], [], "blanko.not_near"),
        (DINAS, ["BOX-1"], [], "blanko.not_near"),
    ],
)
def test_what_cannot_be_sent_is_refused(stocked, to, boxes, serials, code):
    with stocked.at(DINAS):
        no = actions.ship(by(), to=to, boxes=boxes, serials=serials, courier="off_k")
        assert no.code == code
        assert queries.accounts(DINAS) == {"shelf": 1002}


def test_a_quarantined_server_sends_nothing(stocked):
    with stocked.at(DINAS):
        quarantine("restored")
        no = actions.ship(by(), to=KEC, boxes=["BOX-1"], courier="off_k")
        assert no == Refusal("server.quarantined")


def test_a_box_under_way_is_not_sent_again(stocked):
    send(stocked, boxes=["BOX-1"])
    with stocked.at(DINAS):
        no = actions.ship(by(), to=OTHER, boxes=["BOX-1"], courier="off_k")
        assert no == Refusal("blanko.not_there", item="BOX-1", place="transit:16.71.02")


def test_a_kecamatan_sends_back_what_it_does_not_need(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    stocked.post()
    with stocked.at(KEC):
        receive(shipment, boxes=["BOX-1"])
    back = send(stocked, boxes=["BOX-1"], to=DINAS, source=KEC)
    stocked.post()
    with stocked.at(DINAS):
        receive(back, boxes=["BOX-1"])
        assert queries.accounts(DINAS) == {"shelf": 1002}
        assert queries.accounts(KEC) == {}
    stocked.post()
    assert_whole(stocked, PUSAT, DINAS, KEC)


def test_goods_that_come_before_their_news_are_not_used_until_matched(stocked):
    send(stocked, boxes=["BOX-1"], serials=["SPC00009001"])
    with stocked.at(KEC):
        taken = actions.take_unmatched(
            by(), boxes=[BOX_1], serials=["SPC00009001"], document="SJ-1", witness="off_b"
        )
        assert taken == {"unmatched": ["BOX-1", "SPC00009001"]}
        assert queries.accounts(KEC) == {"unmatched": 501}
        assert queries.next_serial(KEC) is None
        assert actions.open_box(by(), box="BOX-1").code == "blanko.not_there"
    stocked.post()
    with stocked.at(KEC):
        assert queries.accounts(KEC) == {"shelf": 501}
        assert queries.next_serial(KEC) == "SPC00009001"
    with stocked.at(DINAS):
        assert queries.accounts(KEC) == {"shelf": 501}
    assert_whole(stocked, DINAS, KEC)


def test_a_box_whose_label_told_another_range_waits_for_the_officers(stocked):
    shipment = send(stocked, boxes=["BOX-1"])
    with stocked.at(KEC):
        wrong = Box("BOX-1", "SPC00000001", 400)
        actions.take_unmatched(by(), boxes=[wrong], document="SJ-1", witness="off_b")
    stocked.post()
    with stocked.at(KEC):
        assert queries.accounts(KEC) == {"transit": 500}
        assert receive(shipment, boxes=["BOX-1"])["received"] == ["BOX-1"]


@pytest.mark.parametrize(
    ("boxes", "document", "witness", "code"),
    [
        ([BOX_1], "", "off_b", "blanko.document_missing"),
        ([BOX_1], "SJ-1", "off_a", "officer.same_person"),
        ([], "SJ-1", "off_b", "blanko.nothing_given"),
    ],
)
def test_early_goods_need_a_paper_and_two_persons(offices, boxes, document, witness, code):
    with offices.at(KEC):
        no = actions.take_unmatched(by(), boxes=boxes, document=document, witness=witness)
        assert no.code == code
        assert queries.all_places() == {}


def test_a_blanko_counted_at_two_offices_is_the_alarm_in_two_places(offices):
    for server in (KEC, OTHER):
        with offices.at(server):
            open_with(serials=("SPC00000001",))
    offices.post()
    with offices.at(DINAS):
        assert queries.in_two_places() == ["SPC00000001"]
        assert queries.whereis("SPC00000001").is_in_two_places
        assert [key for key, _ in open_alarms()] == ["two_places:SPC00000001:1"]
        # Both claims stay to be seen; one of them stands, and nothing is counted twice.
        assert [move.stands for move in queries.history("SPC00000001")] == [True, False]
        assert len(queries.all_places()) == 1
        assert queries.nothing_is_in_two_places() == ["SPC00000001 is in two places"]


def test_a_move_out_of_a_place_of_another_office_is_parked_not_believed(offices):
    with offices.at(KEC):
        open_with(serials=("SPC00000001",))
    with offices.at(OTHER):

        def steal(pen):
            pen.house.registry.projections["blanko.moved/1"], kept = (
                [],
                pen.house.registry.projections["blanko.moved/1"],
            )
            move = {"item": "SPC00000001", "n": 2, "from": "16.71.02/shelf", "to": "16.71.06/shelf"}
            facts = {"move": "x", "why": "RECEIVED", "document": "x", "moves": [move]}
            pen.write("blanko.moved/1", subject="SPC00000001", facts=facts)
            pen.house.registry.projections["blanko.moved/1"] = kept
            return {}

        perform(by(), steal, content={})
    offices.post()
    with offices.at(DINAS):
        assert queries.whereis("SPC00000001").place == "16.71.02/shelf"
        assert waiting_count() == {"parked": 1}


def test_sixteen_offices_share_four_thousand_blanko(offices):
    codes = [OfficeCode(f"16.71.{number:02d}") for number in range(1, 17)]
    boxes = [Box(f"BOX-{n}", f"SPC{n * 250 + 1:08d}", 250) for n in range(16)]
    with offices.at(DINAS):
        open_with(*boxes)
        for code, box in zip(codes, boxes, strict=True):
            sent = actions.ship(by(), to=code, boxes=[box.box], courier="off_k")
            assert sent["blanko"] == 250
        assert queries.accounts(DINAS) == {}
        assert [queries.accounts(code) for code in codes] == [{"transit": 250}] * 16
        assert len(queries.all_places()) == 4000


def test_a_shipment_leaves_the_hand_after_its_entry_lies_on_a_second_medium(stocked, monkeypatch):
    command, told = by(), {"to": KEC, "boxes": ["BOX-1"], "courier": "off_k"}

    def broken(_):
        raise OSError("the stick is gone")

    with stocked.at(DINAS) as here:
        monkeypatch.setattr(here.second_log, "append", broken)
        no = actions.ship(command, **told)
        assert isinstance(no, Refusal), "nothing may leave the store yet"
        assert no.code == "blanko.second_log_missing"
        monkeypatch.undo()
        sent = actions.ship(command, **told)
        assert any(sent["shipment"] in line for line in here.second_log.read())
