"""Two cameras at once, on PostgreSQL: one recording, and no packet that nobody names."""

from __future__ import annotations

import pytest

from ampera.enrolment.actions import capture
from ampera.enrolment.models import Enrolment
from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.intake.actions import complete_request, take_request
from ampera.journal.actions import Command
from ampera.words import Reason, Refusal
from tests.recordings import NEW_PAPERS, a_card_of, a_resident, at_once, images_of, lone_server

pytestmark = pytest.mark.postgres
K = "16.71.02"


def test_of_two_cameras_one_records_the_resident(postgres_database):
    with lone_server(K):
        rooms = open_simulated_rooms((K,))
        resident = a_resident(is_nik_confirmed=True)
        said = {"resident_facts": resident, "reason": Reason.NEW, "papers": NEW_PAPERS}
        request = take_request(Command("cmd_1", "off_sari"), **said)["request"]
        complete_request(Command("cmd_2", "off_sari"), request=request)

        def record(command_id: str):
            picture = {"images": images_of(), "printed": a_card_of(resident)}
            return capture(Command(command_id, "off_sari"), request=request, **picture)

        answers = at_once(*(lambda w=w: record(f"cmd_cam{w}") for w in range(3)))
        done = [each for each in answers if isinstance(each, dict)]
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert len(done) == 1, answers
        assert {each.code for each in refused} == {"enrolment.already_recorded"}
        assert Enrolment.objects.count() == 1
        assert rooms[K].store.names() == [done[0]["packet"]]
