"""Where a serial is and who held it when, by every move that is told; and whole ranges by place."""

from __future__ import annotations

from ampera.blanko import actions, queries
from ampera.blanko.rules import Box
from ampera.words import Refusal
from tests.stations.blanko_days import DINAS, KEC, SERIALS, attempted, by, opened

BOX = Box("BOX-1", "SPC00000101", 4)
INSIDE = tuple(BOX.serials())


def test_the_way_of_a_blanko_goes_through_its_box_the_road_and_the_printer(offices):
    with offices.at(DINAS):
        opened(boxes=[BOX])
        actions.ship(by(), to=KEC, boxes=["BOX-1"], courier="off_k")
    offices.post()
    with offices.at(KEC):
        [shipment] = queries.shipments_to(KEC)
        actions.receive_shipment(
            by(), shipment=shipment.shipment, seen_boxes=["BOX-1"], witness="off_b"
        )
        sealed = queries.trail(INSIDE[0])
        assert sealed.seen.box == "BOX-1"
        # The dinas's opening count is not told to a kecamatan.
        assert [each.why for each in sealed.steps] == ["SHIPPED", "RECEIVED"]
        actions.open_box(by(), box="BOX-1")
        attempted(INSIDE[0], end="spoiled", cause="jam")
    offices.post()
    with offices.at(DINAS):
        found = queries.trail(INSIDE[0])
        ways = [each.why for each in found.steps]
        assert ways == ["COUNTED", "SHIPPED", "RECEIVED", "OPENED", "OPENED", "RESERVED", "SPOILED"]
        assert found.place == f"{KEC}/spoiled"
        by_why = {each.why.value: each for each in found.steps}
        assert by_why["SHIPPED"].courier == "off_k"
        assert by_why["RECEIVED"].officers == ("off_a", "off_b")
        assert by_why["SPOILED"].cause == "jam"
        assert by_why["SPOILED"].entry.startswith(f"{KEC}/up@1 ")
        box = queries.trail("BOX-1")
        assert (box.box, box.place) == (BOX, "opened")


def test_what_no_book_knows_has_no_way(offices):
    with offices.at(KEC):
        assert queries.trail("SPC00000001") is None


def test_a_range_is_told_by_place_in_runs(offices):
    with offices.at(KEC):
        opened(*SERIALS, boxes=[BOX])
        attempted(SERIALS[2])
        runs = queries.range_seen("SPC00000001", "SPC00000200")
        assert [(each.first, each.last, each.count, each.place, each.box) for each in runs] == [
            (SERIALS[0], SERIALS[1], 2, f"{KEC}/shelf", ""),
            (SERIALS[2], SERIALS[2], 1, f"{KEC}/issued", ""),
            (SERIALS[3], SERIALS[5], 3, f"{KEC}/shelf", ""),
            (INSIDE[0], INSIDE[-1], 4, f"{KEC}/shelf", "BOX-1"),
        ]
        inside = queries.range_seen(INSIDE[1], INSIDE[2])
        assert [each.box for each in inside] == ["BOX-1"]
        for first, last in (
            ("SPC00000002", "SPC00000001"),
            ("12", "13"),
            ("SPC000001", "SPC00000001"),
        ):
            no = queries.range_seen(first, last)
            assert isinstance(no, Refusal)
            assert no.code == "blanko.range_form"
