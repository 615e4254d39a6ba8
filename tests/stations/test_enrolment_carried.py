"""A recording on its way up: how far it got, who acknowledges it, when an office lets go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ampera.enrolment import queries
from ampera.enrolment.actions import (
    acknowledge,
    note_packet_sent,
    purge,
)
from ampera.enrolment.models import Enrolment, Packet
from ampera.enrolment.ports import open_room
from ampera.journal.alarms import open_alarms
from ampera.journal.models import EntryRow
from ampera.words import OfficeCode, Refusal
from tests.recordings import (
    carry_up,
    received,
    recorded,
)
from tests.stations.test_enrolment import OTHER_K, D, K, P


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
