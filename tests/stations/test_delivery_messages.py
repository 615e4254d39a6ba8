"""The outbox at a real server: written once, sent once, tried again, never twice under one key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ampera.delivery.actions import hand_over
from ampera.delivery.actions.messages import step_messages, write_outbox
from ampera.delivery.models import OutMessage
from ampera.delivery.ports import AnswerLost, Rejected, Unreachable
from ampera.delivery.rules.messages import TRIES_MAX
from ampera.intake.actions import take_request
from ampera.journal.alarms import open_alarms
from ampera.journal.queries import entries_about
from ampera.words import Reason
from tests.recordings import NEW_PAPERS, a_resident
from tests.stations.bundle_desk import ready
from tests.stations.printing_desk import Desk, by, grant

WALL = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MAIL = "warga@contoh.example"


class Messenger:
    """Takes messages over, as its script says."""

    channels = frozenset({"email"})

    def __init__(self, *script, knows_keys=True):
        self.script, self.knows_keys, self.sent = list(script), knows_keys, []

    def send(self, message):
        error = self.script.pop(0) if self.script else None
        if error is not Unreachable and error is not Rejected:
            self.sent.append(message)
        if error is not None:
            raise error("as the script says")


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=1)


def a_ready_card(desk, contact=MAIL, number=9):
    """A finished card of somebody who gave a contact when they asked."""
    person = a_resident(number)
    with desk.at():
        taken = take_request(
            by(), resident_facts=person, reason=Reason.NEW, papers=NEW_PAPERS, contact=contact
        )
        assert "request" in taken, taken
    facts = {"request": taken["request"], "resident": person.resident}
    grant(desk.offices, number, **facts)
    desk.offices.post()
    with desk.at():
        return ready(number), taken["request"]


def row(card, kind="ready"):
    return OutMessage.objects.get(pk=f"{kind}:{card}")


def test_a_ready_card_is_told_once_and_the_address_is_forgotten(desk):
    card, request = a_ready_card(desk)
    way = Messenger()
    with desk.at():
        assert step_messages(way, now=WALL) == 1
        assert step_messages(way, now=WALL + timedelta(hours=1)) == 0
        (message,) = way.sent
        assert (message.address, message.key) == (MAIL, f"ready:{card}")
        assert "C*** W*** 9***" in message.text
        assert "CONTOH WARGA" not in message.text
        assert (row(card).state, row(card).address, row(card).text) == ("SENT", "", "")
        (entry,) = [e for e in entries_about([request]) if e.kind == "request.taken/1"]
        assert MAIL not in str(dict(entry.facts))
        assert entry.body["contact"] == MAIL


def test_nobody_fetched_it_and_one_reminder_goes(desk):
    card, _ = a_ready_card(desk)
    way = Messenger()
    with desk.at():
        step_messages(way, now=WALL)
        desk.offices.clock.move(timedelta(days=4))
        assert step_messages(way, now=WALL) == 1
        assert step_messages(way, now=WALL) == 0
        assert [each.key for each in way.sent] == [f"ready:{card}", f"reminder:{card}"]
        hand_over(by(), card=card)
        desk.offices.clock.move(timedelta(days=40))
        assert step_messages(way, now=WALL) == 0


def test_without_a_contact_nobody_looks_for_one_again(desk):
    card, _ = a_ready_card(desk, contact="")
    with desk.at():
        assert step_messages(Messenger(), now=WALL) == 0
        assert row(card).state == "NO_CONTACT"
        assert write_outbox(now=WALL) == 0


def test_a_way_out_that_carries_no_numbers_says_so(desk):
    card, _ = a_ready_card(desk, contact="0812 0000 1234")
    with desk.at():
        assert step_messages(Messenger(), now=WALL) == 0
        assert (row(card).state, row(card).address) == ("NO_WAY", "")


def test_a_try_that_failed_is_made_again_with_growing_waits(desk):
    card, _ = a_ready_card(desk)
    way = Messenger(Unreachable, Unreachable)
    with desk.at():
        assert step_messages(way, now=WALL) == 0
        assert step_messages(way, now=WALL + timedelta(seconds=59)) == 0
        assert len(way.script) == 1, "not before the minute is over"
        assert step_messages(way, now=WALL + timedelta(seconds=60)) == 0
        assert step_messages(way, now=WALL + timedelta(seconds=179)) == 0
        assert step_messages(way, now=WALL + timedelta(seconds=180)) == 1
        assert row(card).tries == 3


def test_a_lost_answer_is_asked_again_only_where_the_key_is_known(desk):
    card, _ = a_ready_card(desk)
    with desk.at():
        gateway = Messenger(AnswerLost)
        step_messages(gateway, now=WALL)
        assert step_messages(gateway, now=WALL + timedelta(hours=1)) == 1
        assert {each.key for each in gateway.sent} == {f"ready:{card}"}
        OutMessage.objects.all().delete()
        mail = Messenger(AnswerLost, knows_keys=False)
        step_messages(mail, now=WALL)
        assert step_messages(mail, now=WALL + timedelta(hours=1)) == 0
        assert len(mail.sent) == 1, "a mail that may have gone is not sent again"
        assert (row(card).state, row(card).address) == ("UNKNOWN", "")


@pytest.mark.parametrize(
    ("knows_keys", "sent", "state"), [(True, 1, "SENT"), (False, 0, "UNKNOWN")]
)
def test_a_try_torn_by_a_power_cut(desk, knows_keys, sent, state):
    card, _ = a_ready_card(desk)
    with desk.at():
        write_outbox(now=WALL)
        OutMessage.objects.update(state="SENDING", tries=1)
        assert step_messages(Messenger(knows_keys=knows_keys), now=WALL) == sent
        assert row(card).state == state


def test_what_is_refused_for_good_is_not_tried_again(desk):
    card, _ = a_ready_card(desk)
    way = Messenger(Rejected)
    with desk.at():
        step_messages(way, now=WALL)
        assert step_messages(way, now=WALL + timedelta(days=1)) == 0
        assert (row(card).state, row(card).address) == ("REJECTED", "")


def test_after_many_tries_somebody_is_called(desk):
    card, _ = a_ready_card(desk)
    way = Messenger(*[Unreachable] * TRIES_MAX)
    with desk.at():
        for number in range(TRIES_MAX):
            step_messages(way, now=WALL + timedelta(days=number))
        assert row(card).state == "GIVEN_UP"
        assert [key for key, _ in open_alarms()] == ["messages"]
