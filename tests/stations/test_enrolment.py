"""A recording from the camera to the centre: sealed, carried, acknowledged, purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import OperationalError

from ampera.enrolment import queries
from ampera.enrolment.actions import (
    acknowledge,
    capture,
    capturing,
    note_packet_sent,
    purge,
    refresh_guards,
)
from ampera.enrolment.models import Arrival, Enrolment, OneCapture, Packet
from ampera.enrolment.ports import open_room
from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.intake import actions as intake_actions
from ampera.journal.actions import Command, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.models import EntryRow
from ampera.words import OfficeCode, Reason, Refusal
from tests.interleavings import assert_order_free
from tests.recordings import (
    a_card_of,
    a_resident,
    carry_up,
    images_of,
    received,
    recorded,
    taken,
)

K, D, P, OTHER_K = "16.71.02", "16.71", "00", "16.71.06"


@pytest.fixture(autouse=True)
def register_says(monkeypatch):
    """No register here: NIKs are confirmed before, or by nobody."""
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)


@pytest.fixture
def rooms(offices):
    return open_simulated_rooms((P, D, K, OTHER_K))


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


def test_a_recording_says_how_far_it_got(offices, rooms):
    enrolment = recorded(offices)

    def states() -> list[str]:
        found = []
        for code in (K, D, P):
            with offices.at(code):
                found.append(str(queries.state_of(enrolment)))
        return found

    with offices.at(K):
        assert queries.state_of(enrolment) == "BIO_CAPTURED"
        packet = queries.enrolment_seen(enrolment).packet
    offices.post()
    assert states()[1:] == ["PROCESSING", "SENT_FOR_ENROLLMENT"]
    with offices.at(K):
        assert queries.packets_to_send() == [packet]
        note_packet_sent(packet)
        assert queries.packets_to_send() == []
    assert states() == ["SENT_FOR_ENROLLMENT", "PROCESSING", "SENT_FOR_ENROLLMENT"]
    received(offices, rooms)
    assert states() == ["RECEIVED_AT_CENTRAL"] * 3


def test_the_centre_acknowledges_only_what_lies_there_on_two_media(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    with offices.at(P):
        assert acknowledge() == 0
        assert queries.why_it_waits(enrolment) == Refusal("enrolment.packet_missing")
        [packet] = queries.packets_wanted()
    carry_up(rooms)
    open_room(OfficeCode(P), room=replace(rooms[P], second=None))
    with offices.at(P):
        assert acknowledge() == 0
        assert queries.why_it_waits(enrolment) == Refusal("enrolment.no_second_medium")
        assert f"packet:{enrolment}" in dict(open_alarms())
    open_room(OfficeCode(P), room=rooms[P])
    with offices.at(P):
        assert acknowledge() == 1
        assert acknowledge() == 0
        assert rooms[P].second.has(packet)
        assert queries.why_it_waits(enrolment) is None
        assert f"packet:{enrolment}" not in dict(open_alarms())
        assert queries.packets_wanted() == []


def test_the_office_that_captured_learns_that_the_centre_has_it(offices, rooms):
    enrolment = recorded(offices)
    assert received(offices, rooms) == 1
    for code in (K, D, P):
        with offices.at(code):
            assert queries.enrolment_seen(enrolment).received_at is not None
    with offices.at(OTHER_K):
        assert not EntryRow.objects.filter(subject=enrolment).exists()


def test_a_capture_at_the_dinas_counter_is_told_to_the_host_only(offices, rooms):
    enrolment = recorded(offices, at=D)
    assert received(offices, rooms, at=D) == 1
    with offices.at(D):
        assert queries.state_of(enrolment) == "RECEIVED_AT_CENTRAL"
        told = EntryRow.objects.filter(kind="enrolment.received/1", chain__startswith=f"{D}/")
        assert [row.chain for row in told] == [f"{D}/to/{K}@1"]


def test_a_damaged_packet_is_taken_away_and_asked_for_again(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    carry_up(rooms)
    [packet] = rooms[P].store.names()
    rooms[P].store.packets[packet] = rooms[P].store.packets[packet][:-20]
    with offices.at(P):
        assert acknowledge() == 0
        assert queries.why_it_waits(enrolment) == Refusal("enrolment.packet_damaged")
        assert queries.packets_wanted() == [packet]
        assert f"packet:{enrolment}" in dict(open_alarms())
    carry_up(rooms)
    with offices.at(P):
        assert acknowledge() == 1
        assert open_alarms() == []


def test_what_was_sent_and_never_acknowledged_is_offered_again_after_the_new_ones(offices, rooms):
    first, second = recorded(offices, 1), recorded(offices, 2)
    with offices.at(K):
        old, new = (queries.enrolment_seen(each).packet for each in (first, second))
        note_packet_sent(old)
        assert queries.packets_to_send() == [new]
        offices.clock.move(timedelta(days=1))
        assert queries.packets_to_send() == [new, old]
        assert queries.packets_to_send(most=1) == [new]
        note_packet_sent(old)
        assert queries.packets_to_send() == [new]


def test_a_packet_that_nobody_can_open_waits_with_its_reason(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    carry_up(rooms)
    open_room(OfficeCode(P), room=replace(rooms[P], identities=("somebody else",)))
    with offices.at(P):
        assert acknowledge() == 0
        assert acknowledge() == 0
        assert queries.why_it_waits(enrolment) == Refusal("enrolment.packet_unreadable")
        assert rooms[P].store.names(), "what cannot be opened is evidence: it stays"
    offices.post()
    with offices.at(K):
        assert queries.state_of(enrolment) != "RECEIVED_AT_CENTRAL"


def test_a_packet_of_another_capture_is_not_acknowledged(offices, rooms):
    first, second = recorded(offices, 1), recorded(offices, 2)
    offices.post()
    carry_up(rooms)
    with offices.at(P):
        Enrolment.objects.filter(pk=first).update(packet=queries.enrolment_seen(second).packet)
        assert acknowledge() == 1
        assert queries.why_it_waits(first) == Refusal("enrolment.packet_unreadable")


def test_packets_are_numbered_as_they_arrive(offices, rooms):
    first, second = recorded(offices, 1), recorded(offices, 2, at=D)
    offices.post()
    carry_up(rooms, at=D)
    with offices.at(P):
        assert acknowledge() == 1
    carry_up(rooms, at=K)
    with offices.at(P):
        assert acknowledge() == 1
        assert [each.id for each in queries.arrived(after=0)] == [second, first]
        assert [each.id for each in queries.arrived(after=1)] == [first]


def test_an_office_keeps_its_packet_for_the_grace_and_then_lets_go(offices, rooms):
    enrolment = recorded(offices)
    with offices.at(K):
        assert purge() == 0
    received(offices, rooms)
    with offices.at(K):
        assert purge() == 0
    offices.clock.move(timedelta(days=6, hours=23))
    with offices.at(K):
        assert purge() == 0
        assert rooms[K].store.names()
    offices.clock.move(timedelta(hours=1))
    with offices.at(K) as house:
        assert purge() == 1
        assert rooms[K].store.names() == []
        assert any("enrolment.purged/1" in line for line in house.second_log.read())
        assert purge() == 0
    offices.post()
    with offices.at(D):
        assert queries.enrolment_seen(enrolment).purged_at is not None
    with offices.at(P):
        assert rooms[P].store.names(), "the centre keeps its own"


def test_a_dinas_lets_go_of_what_it_only_carried_without_an_entry(offices, rooms):
    enrolment = recorded(offices)
    received(offices, rooms)
    with offices.at(D):
        assert purge() == 0
    offices.clock.move(timedelta(days=7))
    with offices.at(D):
        assert purge() == 1
        assert rooms[D].store.names() == []
        assert queries.enrolment_seen(enrolment).purged_at is None


def test_a_purge_that_was_cut_off_after_its_entry_is_finished_later(offices, rooms):
    recorded(offices)
    received(offices, rooms)
    with offices.at(K) as house:
        purge()
        offices.clock.move(timedelta(days=7))
        packet = rooms[K].store.names()[0]
        sealed = rooms[K].store.get(packet)
        purge()
        rooms[K].store.put(sealed)  # as if the power had gone before the file was removed
        Packet.objects.create(id=packet, acknowledged_at="2017-09-07T01:00:00.000000Z")
        before = EntryRow.objects.count()
        assert purge() == 1
        assert rooms[K].store.names() == []
        assert EntryRow.objects.count() == before
        assert house.tier == "kecamatan"


def test_a_packet_that_the_centre_has_not_is_kept_for_ever(offices, rooms):
    recorded(offices)
    offices.post()
    offices.clock.move(timedelta(days=400))
    with offices.at(K):
        assert purge() == 0
        assert rooms[K].store.names()


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
