"""The look-up's statements are written out by hand: both databases understand them alike."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ampera.blanko.models import Item
from ampera.delivery.queries import case_of, case_of_ticket
from ampera.enrolment.models import Enrolment
from ampera.intake.models import CardRequest
from ampera.intake.queries import by_ticket
from ampera.intake.rules.tickets import hash_of_ticket
from ampera.journal.house import acting_in
from ampera.journal.models import Chain, EntryRow, EntryState
from ampera.journal.queries import Reach
from ampera.printing.models import Attempt
from ampera.readiness.models import Asked, Card, Permit, Verdict
from ampera.readiness.queries import WaitCode
from ampera.register.models import Office
from ampera.words import OfficeCode
from tests.public.test_guessing_at_once import dinas

TICKET = "K7M29QXA4TRP"
KEC, HOSTED = "16.71.02", "16.71.17"
AT = "2017-09-07T01:00:0{}.000000Z"


@pytest.fixture
def line(django_database):
    """One request of a hosted kecamatan, recorded and print ready; the host has one blanko."""
    with acting_in(dinas()):
        for code, name, host in (("16.71", "Dinas", ""), (KEC, "Ulu", ""), (HOSTED, "Baring", KEC)):
            prints = {} if host else {"capabilities": ["cetak"], "prints_from": date(2017, 1, 2)}
            told = {"told_at": AT.format(0), "told_seq": 1, "told_hash": "0" * 64}
            Office.objects.create(code=code, name=name, hosted_by=host, **prints, **told)
        CardRequest.objects.create(
            id="req_1", resident="res_1", reason="NEW", office=KEC, home=HOSTED, host=KEC,
            ticket_hash=hash_of_ticket(TICKET), nama="SITI AMINAH", taken_at=AT.format(1),
            completed_at=AT.format(2), confirmed_at=AT.format(3),
        )  # fmt: skip
        Enrolment.objects.create(
            id="enr_1", request="req_1", resident="res_1", office=KEC, captured_at=AT.format(4)
        )
        Asked.objects.create(
            request="req_1", resident="res_1", reason="NEW", is_confirmed=True,
            served_at=HOSTED, state="WAITING",
        )  # fmt: skip
        for order, word in ((1, "DUPLICATE_RECORD"), (2, "PRINT_READY_RECORD")):
            Verdict.objects.create(
                key=f"enr_1#{order}", enrolment="enr_1", request="req_1", resident="res_1",
                verdict=word, order=order, hash="0" * 64,
            )  # fmt: skip
        Item.objects.create(
            item="B0001", is_box=False, n=1, place=f"{KEC}/shelf", count=1, first="", last="",
            size=1, document="", at=AT.format(0), hash="0" * 64,
        )  # fmt: skip
        wrote("req_1", seq=1)
        wrote("enr_1", seq=2)
        yield


def wrote(subject, *, seq, above=0, kind="request.taken/1"):
    """An entry of the kecamatan, and how far its chain is known at the centre."""
    name = f"{KEC}/up@1"
    EntryRow.objects.create(
        chain=name, seq=seq, kind=kind, subject=subject, at=AT.format(seq), officer="",
        command_id="", facts="{}", body_hash="", prev="", hash=str(seq), salt="",
        state=EntryState.PROJECTED,
    )  # fmt: skip
    known = {"is_own": False, "seq": seq, "hash": str(seq), "at": AT.format(seq)}
    Chain.objects.update_or_create(name=name, defaults={**known, "above_seq": above})


def card(*, state, permit_state="OPEN", name="card_1"):
    Card.objects.create(
        card=name, resident="res_1", request="req_1", permit=f"prm_{name}", rank=name, state=state
    )
    Permit.objects.create(
        permit=f"prm_{name}", card=name, resident="res_1", request="req_1", office=KEC,
        print_until="2999-01-01", granted_at=AT.format(5), state=permit_state,
    )  # fmt: skip
    Asked.objects.update(state="ON_ITS_WAY")


def codes():
    return [wait.code for wait in case_of_ticket(TICKET).waits]


def test_a_request_in_the_queue_names_the_host_and_its_stock(line):
    seen = case_of_ticket(TICKET)
    assert (seen.name, seen.office, seen.names[OfficeCode(KEC)]) == (
        "S*** A***", OfficeCode(KEC), "Ulu",
    )  # fmt: skip
    assert seen.taken_at == datetime(2017, 9, 7, 1, 0, 1, tzinfo=UTC)
    assert [(wait.code, dict(wait.facts)) for wait in seen.waits] == [
        (WaitCode.IN_QUEUE, {"office": KEC})
    ]
    Item.objects.update(place=f"{KEC}/issued")
    assert codes() == [WaitCode.WAITING_FOR_BLANKO]


def test_the_latest_word_of_the_centre_counts(line):
    Asked.objects.update(state="NOT_READY")
    assert codes() == [WaitCode.IN_QUEUE]
    Verdict.objects.filter(order=2).delete()
    assert codes() == [WaitCode.VERDICT]
    Verdict.objects.all().delete()
    assert codes() == [WaitCode.WAITING_FOR_CENTRE]


def test_of_several_cards_the_one_under_way_is_told(line):
    card(state="REJECTED", name="card_1")
    card(state="PERMITTED", permit_state="IN_ATTEMPT", name="card_2")
    assert case_of_ticket(TICKET).text.word == "SENT_FOR_CARD_PRINTING"
    assert codes() == [WaitCode.PRINTING]
    Card.objects.filter(card="card_2").update(state="READY")
    assert case_of_ticket(TICKET).text.word == "CARD_PRINTED"
    assert codes() == [WaitCode.READY_TO_COLLECT]
    case = case_of(by_ticket(TICKET))
    assert (case.card.card, case.permit.permit, case.enrolment) == (
        "card_2", "prm_card_2", "enr_1",
    )  # fmt: skip


def test_an_attempt_for_the_card_moves_the_case_and_a_look_does_not(line):
    card(state="PERMITTED")
    Attempt.objects.create(id="att_1", card="card_1", permit="prm_card_1", office=KEC)
    wrote("att_1", seq=3, above=2)
    wrote("req_1", seq=4, above=2, kind="look.recorded/1")
    seen = case_of_ticket(TICKET)
    assert seen.journey.newest_at == datetime(2017, 9, 7, 1, 0, 3, tzinfo=UTC)
    assert seen.journey.reach is Reach.CITY
    Chain.objects.update(above_seq=3)
    assert case_of_ticket(TICKET).journey.reach is Reach.CENTRE


def test_facts_that_are_not_there_yet_are_no_error(line):
    for model in (Asked, Enrolment, Verdict, EntryRow, Office):
        model.objects.all().delete()
    seen = case_of_ticket(TICKET)
    assert (seen.waits, seen.journey.newest_at, dict(seen.names)) == ((), None, {})
    assert seen.text.word == "UNREGISTERED"
