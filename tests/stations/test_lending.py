"""Printing lent at real servers: who is granted where, who is told what, and what stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.blanko.queries import shelf_count
from ampera.journal.queries import entries_about
from ampera.printing.actions import grant_lots
from ampera.readiness import actions, queries
from ampera.readiness.models import Asked, LentPrinting, Permit
from ampera.readiness.queries import CardState, WaitCode
from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.states import RequestState
from ampera.register.models import OfficeCopy
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.lending_desk import (
    down,
    end,
    lending_line,
    lent,
    permits_at,
    state_at,
    up,
)
from tests.stations.printing_desk import count_in
from tests.stations.readiness_line import (
    DINAS,
    HOSTED,
    KEC,
    OTHER,
    PUSAT,
    Line,
    answer,
    assert_whole,
    by,
    codes,
    queue,
    recall,
)


@pytest.fixture
def line(offices):
    return lending_line(offices)


# ---- the queue of the office that prints ----


def test_whoever_is_lent_stands_in_one_queue_with_the_offices_own_by_the_same_order(line):
    for resident, home in (("res_1", KEC), ("res_2", OTHER), ("res_3", HOSTED)):
        line.ready(resident, home=home)
        line.offices.clock.move(timedelta(hours=1))
    line.post()
    assert (queue(line, KEC), queue(line, OTHER)) == (["res_1", "res_3"], ["res_2"])
    lending = lent(line)
    assert queue(line, KEC) == []
    assert queue(line, OTHER) == ["res_1", "res_2", "res_3"]
    assert line.grant(KEC) == Refusal("readiness.nobody_waits")
    granted = line.grant(OTHER, most=2)
    told = [(each.resident, each.lending, each.lent_from) for each in permits_at(line, OTHER)]
    assert told == [("res_1", lending, KEC), ("res_2", "", "")]
    with line.at(DINAS):
        (entry,) = [e for e in entries_about(granted[:1]) if e.kind == "permit.granted/1"]
    assert entry.facts["lending"] == {"lending": lending, "home": KEC, "why": "PRINTER_DOWN"}
    assert (entry.facts["queue"]["place"], entry.facts["queue"]["of"]) == (1, 3)
    line.post()
    assert_whole(line)


def test_the_dinas_prints_for_an_office_too_beside_its_own_replacements(line):
    line.deliver(line.permit_for("res_own"))
    line.ready("res_1")
    line.post()
    request = line.ask("res_own", reason=Reason.LOST, at=DINAS, host=DINAS)
    line.post()
    line.confirm(request)
    line.post()
    lending = lent(line, at=DINAS)
    assert [each.resident for each in _waiting(line, DINAS)] == ["res_1", "res_own"]
    line.grant(DINAS)
    told = {each.resident: each.lending for each in permits_at(line, DINAS)}
    assert told == {"res_1": lending, "res_own": ""}
    line.post()
    with line.at(KEC):
        assert LentPrinting.objects.get().at == DINAS
    assert_whole(line)


def _waiting(line, office):
    with line.at(DINAS):
        return queries.queue_for(office)


@pytest.fixture
def damaged_at_kecamatan(monkeypatch):
    """A policy by which a kecamatan prints damaged cards anew, too."""
    text = policies.policy_text().replace('kecamatan = ["NEW"]', 'kecamatan = ["NEW", "DAMAGED"]')
    monkeypatch.setattr(policies, "policy_text", lambda: text)
    policies.policy.cache_clear()
    yield
    monkeypatch.undo()
    policies.policy.cache_clear()


@pytest.mark.usefixtures("damaged_at_kecamatan")
def test_a_replacement_that_the_dinas_prints_for_an_office_voids_the_old_card_there_too(line):
    old = line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.DAMAGED)
    line.post()
    line.confirm(request)
    lent(line, at=DINAS)
    (permit,) = line.grant(DINAS)
    line.post()
    new = line.deliver(permit, at=DINAS)
    with line.at(KEC):
        assert [queries.card_state(each) for each in (old, new)] == ["VOID", "VALID"]
    assert_whole(line)


def test_never_more_is_granted_than_the_printing_office_has_blanks_for(line):
    for number in range(3):
        line.ready(f"res_{number}")
    line.ready("res_own", home=OTHER)
    with line.at(KEC):
        count_in(9)
    with line.at(OTHER):
        count_in(2, first=501)
    line.post()
    lent(line)
    with line.at(DINAS):
        assert (shelf_count(OfficeCode(KEC)), shelf_count(OfficeCode(OTHER))) == (9, 2)
        assert [grant_lots(), grant_lots()] == [2, 0]
    assert [each.resident for each in permits_at(line, OTHER)] == ["res_0", "res_1"]
    assert permits_at(line, KEC) == []


def test_nothing_is_granted_to_a_helper_whose_printer_goes_down_too(line):
    line.ready("res_1")
    with line.at(OTHER):
        count_in(2, first=501)
    line.post()
    lent(line)
    down(line, at=OTHER)
    with line.at(DINAS):
        assert grant_lots() == 0
    up(line, at=OTHER)
    with line.at(DINAS):
        assert grant_lots() == 1


# ---- who is told ----


def test_the_home_office_knows_where_its_resident_card_is_until_it_is_handed_over(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line)
    both = (DINAS, KEC)
    with line.at(KEC):
        # As its register snapshot tells it.
        told = {"capabilities": ["loket", "cetak"], "prints_from": date(2017, 9, 1)}
        OfficeCopy.objects.create(code=KEC, name="SU I", hosted_by="", **told)
    assert codes(line, request) == [WaitCode.IN_QUEUE, WaitCode.LENT_PRINTER_DOWN]
    day = line.offices.clock.at.date()
    for at in both:
        with line.at(at):
            place = queries.lent_place(OfficeCode(KEC), reason="NEW", day=day)
            assert (place.office, place.why) == (OfficeCode(OTHER), "PRINTER_DOWN")
            assert queries.lent_place(OfficeCode(KEC), reason="LOST", day=day) is None
    (permit,) = line.grant(OTHER)
    line.post()
    for at in both:
        assert codes(line, request, at=at) == [WaitCode.PERMITTED, WaitCode.LENT_PRINTER_DOWN]
    line.print_card(permit, at=OTHER)
    line.check(permit, "READY", at=OTHER)
    line.post()
    for at in both:
        assert codes(line, request, at=at)[0] is WaitCode.READY_TO_COLLECT
    line.hand_over(permit, at=OTHER)
    line.post()
    for at in both:
        assert codes(line, request, at=at) == [WaitCode.DELIVERED]
    assert_whole(line)


def test_an_office_keeps_the_name_of_anothers_resident_only_while_it_makes_the_card(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line)
    (permit,) = line.grant(OTHER)
    line.post()

    def known(at):
        with line.at(at):
            seen = queries.named_permits("off_a", permits=[permit], purpose="printing")
            return [(each.nama, each.nik) for each in seen]

    name = ("SITI CONTOH", "9999014107900001")
    assert known(OTHER) == [name]
    assert known(KEC) == [("", "")], "its own register knows who it is"
    with line.at(OTHER):
        assert not Asked.objects.exists(), "the request itself stays at home"
    line.print_card(permit, at=OTHER)
    line.check(permit, "READY", at=OTHER)
    assert known(OTHER) == [name], "whoever hands the card over reads it"
    line.hand_over(permit, at=OTHER)
    assert known(OTHER) == [("", "")]
    line.post()
    assert_whole(line)


def test_a_third_office_learns_of_none_of_it(offices):
    third = "16.71.09"
    offices.open(third)
    line = Line(offices)
    for office in (DINAS, KEC, OTHER, third):
        line.describe(office, date(2017, 9, 1))
    line.ready("res_1")
    line.post()
    lent(line)
    line.grant(OTHER)
    line.post()
    with line.at(third):
        assert not LentPrinting.objects.exists()
        assert not Permit.objects.exists()


def test_a_check_that_rejects_a_lent_card_lets_the_home_office_wait_again(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line)
    (permit,) = line.grant(OTHER)
    line.post()
    card = line.print_card(permit, at=OTHER)
    line.check(permit, "REJECTED", at=OTHER)
    line.post()
    with line.at(KEC):
        assert queries.card_state(card) is CardState.REJECTED
    assert queue(line, OTHER) == ["res_1"]
    line.grant(OTHER)
    line.post()
    assert codes(line, request, at=KEC)[0] is WaitCode.PERMITTED
    assert_whole(line)


def test_both_offices_hear_that_a_lent_card_is_void(line):
    line.ready("res_1")
    line.post()
    lent(line)
    (permit,) = line.grant(OTHER)
    line.post()
    with line.at(DINAS):
        card = queries.permit_seen(permit).card
        done = actions.void_cards_of(by(), resident="res_1", why="DIED", document="akta 1")
    assert done == {"cards": [card], "recalled": 1}
    line.post()
    for at in (KEC, OTHER):
        with line.at(at):
            assert queries.card_state(card) is CardState.VOID


# ---- the books ----


def test_any_order_of_chains_gives_the_same_tables(line):
    requests = [line.ask(f"res_{number}") for number in range(3)]
    for number, request in enumerate(requests):
        line.ready(f"res_{number}", request=request)
    line.ready("res_own", home=OTHER)
    line.post()
    lending = lent(line, ends_when_up=False)
    permits = line.grant(OTHER, most=3)
    line.post()
    line.deliver(permits[0], at=OTHER)
    recall(line, permits[1])
    line.post()
    answer(line, at=OTHER)
    line.post()
    end(line, lending)
    up(line)
    line.grant(KEC)
    line.post()
    for code in (DINAS, KEC, OTHER):
        assert_order_free(line.offices, code, tries=10)
    for code in (PUSAT, DINAS, KEC, OTHER):
        with line.at(code):
            assert [each for check in queries.CHECKS for each in check()] == []
    assert_whole(line)


def test_why_one_came_before_the_other_counts_a_lent_queue_as_one(line):
    lent_one = line.ready("res_1")
    line.offices.clock.move(timedelta(hours=1))
    own = line.ready("res_2", home=OTHER)
    line.post()
    with line.at(DINAS):
        assert queries.why_one_before(lent_one, own).because == "other_queue"
    lending = lent(line)
    line.grant(OTHER, most=1)
    with line.at(DINAS):
        seen = queries.why_one_before(own, lent_one)
    assert (seen.first.request, seen.because) == (lent_one, "waiting_since")
    assert [seen.first.office, seen.second.office] == [OTHER, OTHER]
    kinds = [each.kind for each in seen.first.entries]
    assert "printing.lent/1" in kinds
    line.offices.clock.move(timedelta(hours=1))
    end(line, lending)
    with line.at(DINAS):
        assert queries.why_one_before(own, lent_one).because == "waiting_since"


def test_the_request_of_the_home_office_waits_again_when_its_lent_permit_came_back(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    lent(line)
    (permit,) = line.grant(OTHER)
    line.post()
    assert state_at(line, request) == RequestState.ON_ITS_WAY
    with line.at(OTHER):
        assert actions.return_open_permits(why="PRINTER_DOWN") == 1
    line.post()
    assert state_at(line, request) != RequestState.ON_ITS_WAY
    assert state_at(line, request, at=DINAS) == RequestState.WAITING
    with line.at(KEC):
        assert queries.permit_seen(permit).state == "RETURNED"
