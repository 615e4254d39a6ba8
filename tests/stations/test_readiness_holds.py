"""Holds on a handover: the card is recorded, permitted and printed, and not given away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.readiness import actions, queries
from ampera.readiness.rules.holds import HoldWanted
from ampera.register.queries import local_day
from ampera.words import Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import DINAS, KEC, OTHER, PUSAT, assert_whole, by, codes


def wanted(*, days: int = 30, **changes: str) -> HoldWanted:
    return HoldWanted(
        reason=changes.get("reason", "COURT"),
        owner=changes.get("owner", "Pengadilan Negeri Contoh"),
        basis=changes.get("basis", "Surat contoh nomor 12, 1 September 2017"),
        until=local_day() + timedelta(days=days),
    )


def place(line, resident: str = "res_1", *, days: int = 30, **changes: str) -> str:
    with line.at(DINAS):
        placed = actions.place_hold(by(), resident=resident, wanted=wanted(days=days, **changes))
    assert isinstance(placed, dict), placed
    line.post()
    return placed["hold"]


def test_a_held_card_is_permitted_and_printed_and_its_office_knows_of_the_hold(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    hold = place(line)
    (permit,) = line.grant()
    line.post()
    line.print_card(permit)
    line.check(permit, "READY")
    line.post()
    for server in (DINAS, KEC):
        with line.at(server):
            seen = queries.hold_of("res_1")
            assert seen is not None
            assert (seen.hold, seen.reason, seen.owner, seen.placed_by) == (
                *(hold, "COURT"),
                *("Pengadilan Negeri Contoh", "off_a"),
            )
            assert "nomor 12" in seen.basis
            assert [each.hold for each in queries.holds_in_force()] == [hold]
            assert queries.hold_of("res_2") is None
    assert_whole(line)


def test_the_public_reasons_of_a_wait_say_nothing_of_a_hold(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    (permit,) = line.grant()
    line.post()
    line.print_card(permit)
    line.check(permit, "READY")
    line.post()
    before = codes(line, request)
    place(line)
    assert codes(line, request) == before, "whoever asks is told to come, as everybody else is"


def test_an_office_that_is_granted_the_permit_later_is_told_with_the_grant(line):
    place(line)
    with line.at(KEC):
        assert queries.hold_of("res_1") is None
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    line.grant()
    line.post()
    with line.at(KEC):
        assert queries.hold_of("res_1") is not None
    with line.at(OTHER):
        assert queries.hold_of("res_1") is None
    with line.at(PUSAT):
        assert queries.hold_of("res_1") is None, "the pusat hands nothing over"
    assert_whole(line)


def test_a_hold_ends_by_itself_after_its_last_day(line):
    line.permit_for("res_1")
    place(line, days=2)
    line.offices.clock.move(timedelta(days=2))
    with line.at(KEC):
        assert queries.hold_of("res_1") is not None, "the last day is held too"
    line.offices.clock.move(timedelta(days=1))
    for server in (DINAS, KEC):
        with line.at(server):
            assert queries.hold_of("res_1") is None
            assert len(queries.holds_of("res_1")) == 1, "that it was held stays known"


def test_two_officers_lift_a_hold_and_every_office_that_was_told_learns_of_it(line):
    line.permit_for("res_1")
    hold = place(line)
    with line.at(DINAS):
        alone = actions.lift_hold(by(), hold=hold, basis="Surat pencabutan contoh 1", witness="")
        assert alone == Refusal("officer.same_person")
        done = actions.lift_hold(
            by(), hold=hold, basis="Surat pencabutan contoh 1", witness="off_b"
        )
        assert done == {"hold": hold}
        again = actions.lift_hold(by(), hold=hold, basis="Surat lain", witness="off_b")
        assert again == Refusal("readiness.hold_over")
    line.post()
    for server in (DINAS, KEC):
        with line.at(server):
            assert queries.hold_of("res_1") is None
            (seen,) = queries.holds_of("res_1")
            assert seen.lifted_by == ("off_a", "off_b")
            assert seen.lifted_basis == "Surat pencabutan contoh 1"
    assert_order_free(line.offices, KEC)
    assert_order_free(line.offices, DINAS)
    assert_whole(line)


def test_of_two_holds_the_one_that_ends_last_is_shown(line):
    place(line, days=3)
    later = place(line, days=9, reason="DATA")
    with line.at(DINAS):
        assert queries.hold_of("res_1").hold == later


@pytest.mark.parametrize(
    ("changes", "days", "code"),
    [
        ({"reason": "BECAUSE"}, 3, "readiness.hold_reason"),
        ({"owner": " "}, 3, "readiness.hold_basis"),
        ({"basis": ""}, 3, "readiness.hold_basis"),
        ({}, -1, "readiness.hold_until"),
        ({"reason": "DATA"}, 61, "readiness.hold_until"),
    ],
)
def test_a_hold_needs_a_reason_an_owner_a_paper_and_a_near_end(line, changes, days, code):
    with line.at(DINAS):
        no = actions.place_hold(by(), resident="res_1", wanted=wanted(days=days, **changes))
        assert isinstance(no, Refusal)
        assert no.code == code
        assert queries.holds_of("res_1") == []


def test_only_a_named_officer_of_the_dinas_places_and_lifts(line):
    with line.at(DINAS):
        no = actions.place_hold(by(""), resident="res_1", wanted=wanted())
        assert no == Refusal("readiness.hold_by_nobody")
        no = actions.lift_hold(by(), hold="hld_x", basis="Surat", witness="off_b")
        assert no == Refusal("readiness.hold_unknown")
    hold = place(line)
    with line.at(DINAS):
        no = actions.lift_hold(by(), hold=hold, basis=" ", witness="off_b")
        assert no == Refusal("readiness.hold_basis")
    with line.at(KEC):
        no = actions.place_hold(by(), resident="res_1", wanted=wanted())
        assert no == Refusal("readiness.not_the_dinas", office=KEC)
        no = actions.lift_hold(by(), hold=hold, basis="Surat", witness="off_b")
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


def test_a_hold_before_its_first_day_holds_nothing():
    from ampera.readiness.rules.holds import HoldFacts

    facts = HoldFacts(since=date(2017, 9, 7), until=date(2017, 9, 9))
    assert [facts.is_in_force(date(2017, 9, day)) for day in (6, 7, 9, 10)] == [
        *(False, True, True, False)
    ]
    lifted = HoldFacts(since=date(2017, 9, 7), until=date(2017, 9, 9), lifted_on=date(2017, 9, 8))
    assert lifted.is_in_force(date(2017, 9, 7))
    assert not lifted.is_in_force(date(2017, 9, 8))
