"""Who gets how many blanko: proposed from the books, decided by the head, then packed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.blanko.actions import open_books, receive_shipment, ship
from ampera.journal.rebuild import compare_with_rebuild
from ampera.planning.actions import decide_allocation, propose_allocation
from ampera.planning.queries.allocation import allocation_seen, proposals, to_pack
from ampera.planning.rules.allocation import Claim, Limit, Line
from ampera.planning.rules.proposals import Wish
from ampera.planning.rules.proposals import decide as decide_by_rule
from ampera.planning.rules.sharing import Way
from ampera.planning.rules.ways import WaysPolicy, ways_policy
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import DINAS, KEC, OTHER, by


def stocked(line, count: int, *, at: str = DINAS, first: int = 1) -> list[str]:
    serials = [f"ALC{first + number:06d}" for number in range(count)]
    with line.at(at):
        opened = open_books(by(), boxes=[], serials=serials, witness="off_other")
        assert isinstance(opened, dict), opened
    line.post()
    return serials


def waiting(line, *, at_kec: int, at_other: int) -> None:
    """First cards that are ready and wait, at both kecamatan."""
    for office, count in ((KEC, at_kec), (OTHER, at_other)):
        for number in range(count):
            resident = f"res_{office[-2:]}_{number}"
            request = line.ask(resident, at=office, home=office, host=office)
            line.ready(resident, request=request, home=office)
    line.post()


def propose(line, **wish):
    line.offices.clock.move(timedelta(minutes=1))
    with line.at(DINAS):
        return propose_allocation(by(), wish=Wish(**wish))


def decide(line, allocation, outcome="ACCEPTED", **more):
    line.offices.clock.move(timedelta(minutes=1))
    with line.at(DINAS):
        return decide_allocation(by(), allocation=allocation, outcome=outcome, **more)


@pytest.fixture
def shared(line):
    """Six blanko for eight and four cards that wait; a proposal."""
    stocked(line, 6)
    waiting(line, at_kec=8, at_other=4)
    done = propose(line)
    assert isinstance(done, dict), done
    return done["allocation"]


def gets_of(line, allocation) -> dict[str, int]:
    with line.at(DINAS):
        return {each.claim.office: each.gets for each in allocation_seen(allocation).lines}


def test_a_proposal_shares_the_shelf_by_what_waits(line, shared) -> None:
    assert gets_of(line, shared) == {DINAS: 0, KEC: 4, OTHER: 2}
    with line.at(DINAS):
        seen = allocation_seen(shared)
        assert (seen.stock, seen.outcome, seen.allocation.left) == (6, "", 0)
        assert to_pack() == []


def test_what_lies_at_an_office_or_goes_there_counts_for_it(line) -> None:
    serials = stocked(line, 6)
    stocked(line, 2, at=KEC, first=100)
    waiting(line, at_kec=4, at_other=4)
    with line.at(DINAS):
        sent = ship(by(), to=OTHER, boxes=[], serials=serials[:1], courier="off_c")
        assert isinstance(sent, dict), sent
    done = propose(line)
    with line.at(DINAS):
        seen = {each.claim.office: each for each in allocation_seen(done["allocation"]).lines}
    assert (seen[KEC].claim.on_hand, seen[OTHER].claim.on_hand) == (2, 1)
    # For four cards five blanko are needed: some are ruined.
    assert (seen[KEC].gets, seen[OTHER].gets) == (2, 3)


def test_an_accepted_line_is_packed_and_gone_when_it_was_shipped(line, shared) -> None:
    decided = decide(line, shared)
    assert decided == {"allocation": shared, "given": 6}
    with line.at(DINAS):
        assert [(str(e.office), e.gets, e.left) for e in to_pack()] == [(KEC, 4, 4), (OTHER, 2, 2)]
    with line.at(DINAS):
        line.offices.clock.move(timedelta(minutes=1))
        ship(by(), to=KEC, boxes=[], serials=["ALC000001", "ALC000002"], courier="off_c")
        assert [(str(e.office), e.sent, e.left) for e in to_pack()] == [(KEC, 2, 2), (OTHER, 0, 2)]


def test_the_head_changes_numbers_with_a_reason(line, shared) -> None:
    done = decide(line, shared, "EDITED", edits={KEC: 2, OTHER: 4}, reason="Ujian sekolah di sana")
    assert done == {"allocation": shared, "given": 6}
    with line.at(DINAS):
        seen = allocation_seen(shared)
        assert (seen.outcome, seen.reason) == ("EDITED", "Ujian sekolah di sana")
        assert [(str(e.office), e.left) for e in to_pack()] == [(KEC, 2), (OTHER, 4)]


def test_a_rejected_proposal_moves_nothing_and_makes_room_for_the_next(line, shared) -> None:
    assert decide(line, shared, "REJECTED", reason="Tunggu kiriman")["given"] == 0
    with line.at(DINAS):
        assert to_pack() == []
    assert isinstance(propose(line), dict)
    with line.at(DINAS):
        assert [each.outcome for each in proposals()] == ["", "REJECTED"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"outcome": "PERHAPS"}, "planning.allocation_outcome"),
        ({"outcome": "REJECTED"}, "planning.allocation_reason_missing"),
        ({"outcome": "EDITED", "reason": "sebab"}, "planning.allocation_nothing_changed"),
        ({"edits": {KEC: 1}}, "planning.allocation_nothing_changed"),
        (
            {"outcome": "EDITED", "reason": "sebab", "edits": {"16.71.99": 1}},
            "planning.allocation_unknown_office",
        ),
        (
            {"outcome": "EDITED", "reason": "sebab", "edits": {KEC: -1}},
            "planning.allocation_below_zero",
        ),
        (
            {"outcome": "EDITED", "reason": "sebab", "edits": {KEC: 10}},
            "planning.allocation_above_need",
        ),
        (
            {"outcome": "EDITED", "reason": "sebab", "edits": {KEC: 5}},
            "planning.allocation_above_stock",
        ),
        (
            {"outcome": "EDITED", "reason": "sebab", "edits": {KEC: 0, OTHER: 0}},
            "planning.allocation_nothing_given",
        ),
    ],
)
def test_what_the_head_may_not_say(line, shared, asked, code) -> None:
    answer = decide(line, shared, **asked)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    with line.at(DINAS):
        assert allocation_seen(shared).outcome == ""


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"way": "LOUDEST"}, "planning.allocation_way"),
        ({"way": "SHARE", "share_per_mille": 1001}, "planning.allocation_share"),
        ({"minimum": -1}, "planning.allocation_minimum"),
        ({"days": 0}, "planning.allocation_days"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(line, wish, code) -> None:
    stocked(line, 2)
    answer = propose(line, **wish)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_without_stock_or_need_there_is_nothing_to_propose(line) -> None:
    assert propose(line).code == "planning.allocation_nothing_there"
    stocked(line, 2)
    assert propose(line).code == "planning.allocation_nobody_needs"


def test_a_way_that_is_not_offered_any_more_is_refused(line, monkeypatch) -> None:
    stocked(line, 2)
    waiting(line, at_kec=1, at_other=1)
    policy = ways_policy()
    later = WaysPolicy(policy.texts, ((date(2017, 1, 1), (Way.ALIKE,)),))
    monkeypatch.setattr("ampera.planning.actions.allocation.ways_policy", lambda: later)
    answer = propose(line, way="NEW_FIRST")
    assert (answer.code, answer.facts["known"]) == ("planning.allocation_way", "ALIKE")
    assert isinstance(propose(line, way="ALIKE"), dict)


def test_one_proposal_at_a_time_and_a_decision_stands(line, shared) -> None:
    assert propose(line).code == "planning.allocation_open"
    assert decide(line, "alc_unknown").code == "planning.allocation_not_here"
    assert isinstance(decide(line, shared), dict)
    assert decide(line, shared, "REJECTED", reason="lain").code == "planning.allocation_decided"


def test_a_proposal_that_is_larger_than_the_shelf_by_now_is_refused(line, shared) -> None:
    with line.at(DINAS):
        ship(by(), to=KEC, boxes=[], serials=["ALC000001"], courier="off_c")
    answer = decide(line, shared)
    assert answer.code == "planning.allocation_above_stock"


def test_nobody_is_given_more_than_it_can_print_before_the_next_supply() -> None:
    claim = Claim(office=KEC, backlog=100, capacity=20)
    answer = decide_by_rule(
        [Line(claim=claim, gets=5, limit=Limit.LEVEL)],
        outcome="EDITED",
        edits={KEC: 21},
        reason="sebab",
        stock_now=50,
        is_decided=False,
    )
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts["most"]) == ("planning.allocation_above_capacity", 20)


def test_a_kecamatan_proposes_nothing(line, shared) -> None:
    with line.at(KEC):
        answer = propose_allocation(by(), wish=Wish())
    assert answer.code == "readiness.not_the_dinas"


def test_neither_a_rebuild_nor_another_order_changes_anything(line, shared) -> None:
    decide(line, shared)
    line.post()
    with line.at(DINAS):
        assert compare_with_rebuild() == []
        assert OfficeCode(KEC) in {each.office for each in to_pack()}
    assert_order_free(line.offices, DINAS)


def test_each_line_tells_what_is_under_way_what_came_and_what_was_short(line, shared) -> None:
    decide(line, shared)
    serials = ["ALC000001", "ALC000002", "ALC000003", "ALC000004"]
    with line.at(DINAS):
        sent = ship(by(), to=KEC, boxes=[], serials=serials, courier="off_c")
        assert isinstance(sent, dict), sent
    line.post()

    def kec():
        with line.at(DINAS):
            [each] = [each for each in to_pack() if str(each.office) == KEC]
        shipped = each.shipped
        return (each.left, shipped.under_way, shipped.received, shipped.short, each.is_done)

    assert kec() == (0, 4, 0, 0, False)
    with line.at(KEC):
        done = receive_shipment(
            by(),
            shipment=sent["shipment"],
            seen_boxes=[],
            seen_serials=serials[:3],
            witness="off_other",
        )
    assert (len(done["received"]), len(done["short"])) == (3, 1)
    line.post()
    assert kec() == (0, 0, 3, 1, True)
