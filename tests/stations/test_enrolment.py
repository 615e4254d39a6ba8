"""A recording from the camera to its sealed packet, and what the other tiers learn of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import OperationalError

from ampera.enrolment import queries
from ampera.enrolment.actions import (
    capture,
    capturing,
    purge,
    refresh_guards,
)
from ampera.enrolment.models import Arrival, Enrolment, OneCapture
from ampera.intake import actions as intake_actions
from ampera.journal.actions import Command, perform
from ampera.journal.models import EntryRow
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.recordings import (
    a_card_of,
    a_resident,
    images_of,
    received,
    recorded,
    taken,
)

K, D, P, OTHER_K = "16.71.02", "16.71", "00", "16.71.06"


def take_picture(request: str, number: int = 1, command_id: str = "cmd_cam", **changes):
    said = {"images": images_of(number), "printed": a_card_of(a_resident(number)), **changes}
    return capture(Command(command_id, "off_sari"), request=request, **said)


def test_a_capture_is_known_at_all_three_tiers(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    for code in (K, D, P):
        with offices.at(code):
            seen = queries.enrolment_seen(enrolment)
            assert seen.printed == a_card_of(a_resident())
            assert seen.modalities == ("finger_1", "finger_2", "portrait", "signature")
            assert queries.enrolment_of(seen.request) == seen


def test_biometrics_are_in_no_entry(offices, rooms):
    recorded(offices)
    with offices.at(K):
        for facts, body in EntryRow.objects.values_list("facts", "body"):
            assert "SPESIMEN" not in facts + (body or "")


def test_facts_of_a_capture_name_nobody(offices, rooms):
    recorded(offices)
    with offices.at(K):
        facts = EntryRow.objects.get(kind="enrolment.captured/1").facts
    for personal in (a_resident().nik.digits, "CONTOH", "1999"):
        assert personal not in facts


def test_the_gate_is_asked_before_anything_is_kept(offices, rooms):
    request = taken(offices, a_resident(), at=K)
    with offices.at(K):
        assert take_picture(request) == Refusal("enrolment.nik_unconfirmed")
        assert take_picture("req_0") == Refusal("enrolment.no_request")
        assert rooms[K].store.names() == []
        assert not Enrolment.objects.exists()
        born = {"born": date(1999, 5, 17), "marital": 1}
        assert queries.gate(request, **born) == Refusal("enrolment.nik_unconfirmed")


def test_after_the_dinas_confirmed_the_capture_goes_on(offices, rooms):
    request = taken(offices, a_resident(), at=K)
    offices.post()
    with offices.at(D):
        intake_actions.confirm_by_officer(Command("cmd_9", "off_budi"), request=request)
    offices.post()
    with offices.at(K):
        assert queries.gate(request, born=date(1999, 5, 17), marital=1) is None
        assert isinstance(take_picture(request), dict)


def test_a_replacement_is_not_captured(offices, rooms):
    resident = a_resident(is_nik_confirmed=True)
    request = taken(offices, resident, at=K, reason=Reason.LOST)
    with offices.at(K):
        assert take_picture(request) == Refusal("enrolment.only_first_card")


def test_the_same_command_again_gives_the_same_answer_and_one_packet(offices, rooms):
    request = taken(offices, a_resident(is_nik_confirmed=True), at=K)
    with offices.at(K):
        first = take_picture(request)
        assert take_picture(request) == first
        assert rooms[K].store.names() == [first["packet"]]
        other = take_picture(request, images=images_of(2))
        assert other == Refusal("command.id_reused")


def test_nobody_is_captured_twice(offices, rooms):
    enrolment = recorded(offices)
    with offices.at(K):
        request = queries.enrolment_seen(enrolment).request
        again = take_picture(request, command_id="cmd_2")
        assert again == Refusal("enrolment.already_recorded", enrolment=enrolment)
        assert len(rooms[K].store.names()) == 1
        refusal = queries.gate(request, born=date(1999, 5, 17), marital=1)
        assert refusal == Refusal("enrolment.already_recorded", enrolment=enrolment)


def test_the_dinas_knows_who_was_captured_at_a_kecamatan_even_under_another_record(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    same_nik = a_resident(1, resident="res_" + "f" * 32, is_nik_confirmed=True)
    request = taken(offices, same_nik, at=D)
    with offices.at(D):
        again = take_picture(request)
        assert again == Refusal("enrolment.already_recorded", enrolment=enrolment)


def test_an_exception_is_kept_in_the_body_not_in_the_facts(offices, rooms):
    request = taken(offices, a_resident(is_nik_confirmed=True), at=K)
    images = {name: data for name, data in images_of().items() if name != "finger_2"}
    with offices.at(K):
        answer = take_picture(request, images=images, exceptions={"finger_2": "absent"})
        row = Enrolment.objects.get(pk=answer["enrolment"])
        assert row.exceptions == {"finger_2": "absent"}
        assert "absent" not in EntryRow.objects.get(kind="enrolment.captured/1").facts


def test_a_defect_after_the_sealing_leaves_no_packet(offices, rooms, monkeypatch):
    request = taken(offices, a_resident(is_nik_confirmed=True), at=K)

    def broken(**_):
        raise RuntimeError("the disk of the database is gone")

    with offices.at(K):
        monkeypatch.setattr(OneCapture.objects, "create", broken)
        with pytest.raises(RuntimeError):
            take_picture(request)
        assert rooms[K].store.names() == []


def test_a_commit_whose_answer_never_came_keeps_its_packet(offices, rooms, monkeypatch):
    """World 39: the commit stood, what came back was an error, and the packet was taken away as if
    nothing had been recorded. The entry named a packet that lay nowhere any more."""

    def commit_and_break(command, work, *, content):
        perform(command, work, content=content)
        raise OperationalError("the connection ended at the commit")

    request = taken(offices, a_resident(is_nik_confirmed=True), at=K)
    with offices.at(K):
        monkeypatch.setattr(capturing, "perform", commit_and_break)
        with pytest.raises(OperationalError):
            take_picture(request)
        monkeypatch.undo()
        again = take_picture(request)
        assert not isinstance(again, Refusal)
        assert rooms[K].store.names() == [again["packet"]]


def test_guards_are_made_anew_from_the_facts(offices, rooms):
    recorded(offices)
    received(offices, rooms)
    for code, guard in ((K, OneCapture), (P, Arrival)):
        with offices.at(code):
            before = list(guard.objects.values())
            assert before
            guard.objects.all().delete()
            refresh_guards()
            assert list(guard.objects.values()) == before


def test_any_order_of_the_chains_gives_the_same_recordings(offices, rooms):
    recorded(offices, 1)
    recorded(offices, 2, at=D)
    recorded(offices, 3, at=OTHER_K, home=OfficeCode(OTHER_K), host=OfficeCode(OTHER_K))
    received(offices, rooms, at=K)
    received(offices, rooms, at=OTHER_K)
    recorded(offices, 4)
    with offices.at(K):
        purge()
    offices.clock.move(timedelta(days=8))
    with offices.at(K):
        assert purge() == 1
    offices.post()
    for code in (K, D, P, OTHER_K):
        assert_order_free(offices, code)
