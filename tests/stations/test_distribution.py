"""The centre shares its blanko over provinces and cities by their letters, and the cities read the
answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.blanko.actions import open_books, receive_shipment, ship, take_from_maker
from ampera.blanko.rules import Box
from ampera.journal.rebuild import compare_with_rebuild
from ampera.planning.actions import (
    decide_allocation,
    decide_distribution,
    propose_allocation,
    propose_distribution,
)
from ampera.planning.actions import supply as letters
from ampera.planning.queries.allocation import allocation_seen, proposals, to_pack
from ampera.planning.queries.distribution import cities_now, preview_of_cities
from ampera.planning.queries.supply import letters_open, promised, requests_in, supply_seen
from ampera.planning.rules.allocation import Limit
from ampera.planning.rules.proposals import Wish
from ampera.planning.rules.supply import SupplyEvidence, SupplyState
from ampera.words import Refusal
from ampera.words.clock import utc_text
from tests.houses import Offices
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import by, code

PUSAT, PALEMBANG, PAGAR_ALAM, LAMPUNG = "00", "16.71", "16.72", "18.71"
CITIES = (PALEMBANG, PAGAR_ALAM, LAMPUNG)


@pytest.fixture
def offices(django_db_blocker):
    with django_db_blocker.unblock(), Offices(PUSAT, *CITIES) as offices:
        for city in CITIES:
            with offices.at(city):
                open_books(by(), boxes=[], serials=[], witness="off_b")
        yield offices


def evidence(offices, **told: int) -> SupplyEvidence:
    counts = {
        **{"prr_new": 0, "prr_other": 0, "not_ready": 0, "capacity_day": 1000},
        **{"capacity_month": 20_000, "used": 0, "spoiled": 0, "shelf": 0, "transit": 0},
        **{"dispute": 0, "days_of_stock": None},
    }
    return SupplyEvidence(cutoff=utc_text(offices.clock.at), **(counts | told))


def stock(offices, boxes: int) -> None:
    """Boxes of ten in the centre's store."""
    with offices.at(PUSAT):
        made = take_from_maker(
            by(),
            boxes=[
                Box(f"BX-{number:03d}", f"SPD{number:05d}000", 10) for number in range(1, boxes + 1)
            ],
            document="BA",
            witness="off_b",
        )
        assert isinstance(made, dict), made


@pytest.fixture
def write(offices, monkeypatch):
    """A letter of a city with these figures, sent and told to the centre."""

    def send(city: str, wanted: int, **told: int) -> str:
        figures = evidence(offices, **told)
        monkeypatch.setattr(letters, "evidence_now", lambda: figures)
        with offices.at(city):
            made = letters.request_supply(by(), wanted=wanted, note="lihat bukti")
            assert isinstance(made, dict), made
            sent = letters.send_request(by(), request=made["request"])
            assert isinstance(sent, dict), sent
        offices.post()
        return made["request"]

    return send


def propose(offices, **wish):
    offices.clock.move(timedelta(minutes=1))
    with offices.at(PUSAT):
        return propose_distribution(by(), wish=Wish(**wish))


def decide(offices, allocation, outcome="ACCEPTED", **more):
    offices.clock.move(timedelta(minutes=1))
    with offices.at(PUSAT):
        done = decide_distribution(by(), allocation=allocation, outcome=outcome, **more)
    offices.post()
    return done


@pytest.fixture
def asked(offices, write):
    """Three cities in two provinces ask for more than there is: 60 blanko for 60, 20 and 40."""
    stock(offices, 6)
    return {
        PALEMBANG: write(PALEMBANG, 100, prr_new=60),
        PAGAR_ALAM: write(PAGAR_ALAM, 100, prr_new=15, prr_other=5),
        LAMPUNG: write(LAMPUNG, 100, prr_new=40),
    }


def test_every_province_gets_its_part_and_every_city_its_part_of_that(offices, asked):
    done = propose(offices)
    assert done["given"] == 60
    with offices.at(PUSAT):
        seen = allocation_seen(done["allocation"])
    assert {line.claim.office: line.gets for line in seen.tops} == {"16": 40, "18": 20}
    assert {line.claim.office: line.gets for line in seen.lines} == {
        PALEMBANG: 30,
        PAGAR_ALAM: 10,
        LAMPUNG: 20,
    }
    assert {line.limit for line in seen.lines} == {Limit.LEVEL}
    assert dict(seen.letters) == asked
    with offices.at(PUSAT):
        assert preview_of_cities(Wish()).lines == seen.lines


def test_the_decision_is_the_answer_that_each_city_reads(offices, asked):
    done = propose(offices)
    answer = decide(offices, done["allocation"], promised_on=date(2017, 11, 1))
    assert answer["given"] == 60
    assert answer["number"] == "001/BAGI/00/2017"
    with offices.at(PALEMBANG):
        seen = supply_seen(asked[PALEMBANG])
        assert (seen.state, seen.promised) == (SupplyState.ANSWERED, 30)
        assert (seen.promised_on, seen.answer) == (date(2017, 11, 1), answer["number"])
        assert [(each.day, each.count) for each in promised()] == [(date(2017, 11, 1), 30)]
        assert (requests_in(SupplyState.SENT), requests_in(SupplyState.ANSWERED)) == (0, 1)
    with offices.at(PAGAR_ALAM):
        assert supply_seen(asked[PAGAR_ALAM]).promised == 10
        assert supply_seen(asked[LAMPUNG]) is None, "what another city asks for is not told here"


def test_the_shipment_closes_the_letter_and_the_centre_packs_no_more(offices, asked):
    done = propose(offices)
    decide(offices, done["allocation"])
    with offices.at(PUSAT):
        assert {str(each.office): each.left for each in to_pack()} == {
            PALEMBANG: 30,
            PAGAR_ALAM: 10,
            LAMPUNG: 20,
        }
        boxes = ["BX-001", "BX-002", "BX-003"]
        sent = ship(by(), to=PALEMBANG, boxes=boxes, courier="off_k")
        assert isinstance(sent, dict), sent
    offices.post()
    with offices.at(PALEMBANG):
        got = receive_shipment(by(), shipment=sent["shipment"], seen_boxes=boxes, witness="off_b")
        assert isinstance(got, dict), got
        told = letters.note_supply(by(), request=asked[PALEMBANG], shipment=sent["shipment"])
        assert told == {"received": 30}
    offices.post()
    with offices.at(PUSAT):
        assert {str(each.office): each.left for each in to_pack()}[PALEMBANG] == 0
        assert [str(each.office) for each in letters_open()] == [PAGAR_ALAM, LAMPUNG]


def test_what_was_promised_is_on_hand_the_next_time_and_shipping_it_counts_once(offices, asked):
    done = propose(offices)
    decide(offices, done["allocation"])
    with offices.at(PUSAT):
        before = {each.office: each.on_hand for each in cities_now(Wish()).claims}
        assert before == {PALEMBANG: 30, PAGAR_ALAM: 10, LAMPUNG: 20}
        sent = ship(by(), to=PALEMBANG, boxes=["BX-001", "BX-002"], courier="off_k")
        assert isinstance(sent, dict), sent
        after = {each.office: each.on_hand for each in cities_now(Wish()).claims}
        assert after == before
        assert {each.office: each.asked for each in cities_now(Wish()).claims}[PALEMBANG] == 70


def test_nobody_is_given_more_than_its_letter_asked_for(offices, write):
    stock(offices, 6)
    write(PALEMBANG, 7, prr_new=60)
    write(LAMPUNG, 100, prr_new=20)
    done = propose(offices)
    with offices.at(PUSAT):
        lines = {each.claim.office: each for each in allocation_seen(done["allocation"]).lines}
    assert (lines[PALEMBANG].gets, lines[PALEMBANG].limit) == (7, Limit.ASKED)
    assert (lines[LAMPUNG].gets, lines[LAMPUNG].limit) == (21, Limit.NEED)
    no = decide(offices, done["allocation"], "EDITED", edits={PALEMBANG: 8}, reason="mendesak")
    assert code(no) == "planning.allocation_above_asked"


def test_a_city_that_cannot_print_more_is_told_so_by_what_it_proved(offices, write):
    stock(offices, 6)
    write(PALEMBANG, 100, prr_new=60, capacity_day=2)
    done = propose(offices, days=5)
    with offices.at(PUSAT):
        (line,) = allocation_seen(done["allocation"]).lines
    assert (line.gets, line.limit) == (10, Limit.CAPACITY)


def test_a_city_that_gets_none_reads_that_and_why_and_its_letter_stays_open(offices, write):
    stock(offices, 1)
    request = write(PALEMBANG, 50, prr_new=20, shelf=30)
    write(LAMPUNG, 50, prr_new=20)
    done = propose(offices)
    answer = decide(offices, done["allocation"], promised_on=date(2017, 11, 1))
    with offices.at(PALEMBANG):
        seen = supply_seen(request)
        assert seen.state is SupplyState.SENT
        (grant,) = seen.grants
        assert (grant.count, grant.limit, grant.promised_on) == (0, Limit.ENOUGH, None)
        assert grant.number == answer["number"]


def test_a_number_that_the_head_changed_is_told_without_a_rule(offices, asked):
    done = propose(offices)
    decide(offices, done["allocation"], "EDITED", edits={LAMPUNG: 5}, reason="gudang jauh")
    with offices.at(LAMPUNG):
        (grant,) = supply_seen(asked[LAMPUNG]).grants
        assert (grant.count, grant.limit) == (5, None)


def test_a_rejected_one_tells_nobody_and_makes_room_for_the_next(offices, asked):
    done = propose(offices)
    assert code(propose(offices)) == "planning.allocation_open"
    told = decide(offices, done["allocation"], "REJECTED", reason="tunggu kiriman")
    assert (told["given"], told["number"]) == (0, "")
    with offices.at(PALEMBANG):
        assert supply_seen(asked[PALEMBANG]).grants == ()
    assert isinstance(propose(offices), dict)


def test_a_newer_letter_takes_the_place_of_the_older(offices, write):
    stock(offices, 6)
    first = write(PALEMBANG, 20, prr_new=20)
    with offices.at(PALEMBANG):
        assert letters.note_answer(by(), request=first, promised=0, promised_on=None) == {}
    offices.clock.move(timedelta(days=3))
    second = write(PALEMBANG, 30, prr_new=30)
    with offices.at(PUSAT):
        assert [each.request for each in letters_open()] == [second]


def test_every_refusal_of_the_centre(offices, write):
    assert code(propose(offices)) == "planning.distribution_no_letters"
    write(PALEMBANG, 20, prr_new=20)
    assert code(propose(offices)) == "planning.allocation_nothing_there"
    assert code(propose(offices, days=0)) == "planning.allocation_days"
    stock(offices, 1)
    with offices.at(PALEMBANG):
        no = propose_distribution(by(), wish=Wish())
        assert code(no) == "planning.distribution_not_the_centre"
    with offices.at(PUSAT):
        assert code(propose_allocation(by(), wish=Wish())) == "readiness.not_the_dinas"
    made = propose(offices)["allocation"]
    yesterday = date(2017, 9, 6)
    no = decide(offices, made, promised_on=yesterday)
    assert code(no) == "planning.distribution_day_past"
    assert code(decide(offices, "alc_none")) == "planning.allocation_not_here"
    with offices.at(PUSAT):
        # By the door of a dinas no city would be told.
        no = decide_allocation(by(), allocation=made, outcome="ACCEPTED")
        assert code(no) == "planning.allocation_not_here"
    assert isinstance(decide(offices, made), dict)
    assert code(decide(offices, made)) == "planning.allocation_decided"


def test_a_city_where_nothing_waits_is_nobody_who_needs(offices, write):
    stock(offices, 1)
    write(PALEMBANG, 20)
    assert code(propose(offices)) == "planning.allocation_nobody_needs"


def test_any_order_of_chains_gives_the_same_tables(offices, asked):
    done = propose(offices)
    decide(offices, done["allocation"], promised_on=date(2017, 11, 1))
    for each in (PUSAT, PALEMBANG, LAMPUNG):
        assert_order_free(offices, each)
        with offices.at(each):
            assert compare_with_rebuild() == []


def test_proposals_of_the_centre_stand_at_no_city(offices, asked):
    decide(offices, propose(offices)["allocation"])
    with offices.at(PALEMBANG):
        assert proposals() == []
        assert not isinstance(preview_of_cities(Wish()), Refusal)
