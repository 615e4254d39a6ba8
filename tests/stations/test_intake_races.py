"""Two windows at once, on PostgreSQL: SQLite lets writers queue before they read and hides a
race."""

from __future__ import annotations

import threading

import pytest

from ampera.intake.actions import call_next, take_number, take_request
from ampera.intake.models import CardRequest, OpenRequest
from ampera.journal import actions as journal_actions
from ampera.journal.actions import Command
from ampera.words import Reason, Refusal
from tests.recordings import NEW_PAPERS, a_resident, at_once, lone_server

pytestmark = pytest.mark.postgres
K = "16.71.02"


def take(command_id: str):
    said = {"resident_facts": a_resident(), "reason": Reason.NEW, "papers": NEW_PAPERS}
    return take_request(Command(command_id, officer="off_sari"), **said)


def test_of_two_windows_one_takes_the_request(postgres_database):
    with lone_server(K):
        for number in range(5):
            CardRequest.objects.all().delete()
            OpenRequest.objects.all().delete()
            ids = [f"cmd_{number}_{window}" for window in range(3)]
            answers = at_once(*(lambda each=each: take(each) for each in ids))
            taken = [each for each in answers if isinstance(each, dict)]
            refused = [each for each in answers if isinstance(each, Refusal)]
            assert len(taken) == 1, answers
            assert {each.code for each in refused} == {"intake.already_open"}
            assert CardRequest.objects.count() == 1


def test_the_same_command_at_two_windows_is_one_request(postgres_database):
    with lone_server(K):
        first, second = at_once(lambda: take("cmd_1"), lambda: take("cmd_1"))
        assert first == second
        assert CardRequest.objects.count() == 1


def test_no_two_visitors_get_one_number_and_no_two_windows_call_one(postgres_database):
    with lone_server(K):
        given = at_once(*(lambda: [take_number("Loket 1") for _ in range(5)] for _ in range(4)))
        assert sorted(number for each in given for number in each) == list(range(1, 21))
        called = at_once(*(lambda: [call_next("Loket 1") for _ in range(5)] for _ in range(4)))
        assert sorted(number for each in called for number in each) == list(range(1, 21))
        assert isinstance(call_next("Loket 1"), Refusal)


def test_a_window_that_was_slower_with_the_same_command_gets_the_same_answer(
    postgres_database, monkeypatch
):
    """It read that nobody had given the command, and then found what its twin had changed."""
    has_read, is_done, mine = threading.Event(), threading.Event(), threading.local()
    known = journal_actions.command_known

    def known_late(command):
        found = known(command)
        if getattr(mine, "waits", False):
            mine.waits = False
            has_read.set()
            assert is_done.wait(10)
        return found

    def quick():
        assert has_read.wait(10)
        answer = take("cmd_1")
        is_done.set()
        return answer

    def slow():
        mine.waits = True
        return take("cmd_1")

    with lone_server(K):
        monkeypatch.setattr(journal_actions, "command_known", known_late)
        first, second = at_once(quick, slow)
        assert not isinstance(first, Refusal)
        assert first == second
        assert CardRequest.objects.count() == 1
