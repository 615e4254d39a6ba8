"""The last jump of a day goes to exactly one of two who ask at one moment."""

from __future__ import annotations

from ampera.journal.actions import Command
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness import actions, queries
from ampera.readiness.actions import queue
from ampera.readiness.models import QueueMove
from ampera.readiness.rules.policy import Moved, policy
from ampera.words import Refusal
from tests.concurrency.racing import Meeting, acting_as, race
from tests.concurrency.test_one_live_card import DINAS, FIRST, PUSAT, receive
from tests.houses import START

MOST = policy().queue_on(START.date()).per_day[Moved.JUMPED]


def mandated(count: int) -> list[str]:
    """So many residents are print ready at the dinas."""
    given = [
        (
            "mandate.given/1",
            {
                "mandate": f"mdt_{number}",
                "resident": f"res_{number}",
                "request": f"req_{number}",
                "enrolment": f"enr_{number}",
                "version": "v1",
                "home": FIRST,
                "reason": "NEW",
            },
            {"printable_from": ""},
        )
        for number in range(count)
    ]
    receive(f"to/{DINAS}", given, origin=PUSAT)
    return [facts["request"] for _, facts, _ in given]


def jump(request: str):
    def run():
        return actions.jump_queue(
            Command(f"cmd_{request}", officer="off_a"),
            request=request,
            reason="OWN_FAULT",
            evidence="office_report",
            note="",
            witness="off_b",
        )

    return run


def two_ask_for_the_last(monkeypatch) -> list[object]:
    *before, one, other = mandated(MOST + 1)
    for request in before:
        assert isinstance(jump(request)(), dict)
    monkeypatch.setattr(queue, "decide_move", Meeting().after(queue.decide_move))
    return race(jump(one), jump(other))


def test_the_last_jump_goes_to_one_of_two(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        said = two_ask_for_the_last(monkeypatch)
        assert sum(isinstance(each, dict) for each in said) == 1
        assert Refusal("readiness.moves_used_up", most=MOST) in said
        assert QueueMove.objects.count() == MOST
        assert [each for check in queries.CHECKS for each in check()] == []
        assert compare_with_rebuild() == []


def test_control_without_the_lane_both_jump(postgres_database, monkeypatch) -> None:
    with acting_as(DINAS):
        monkeypatch.setattr(queue, "hold", lambda key: None)
        said = two_ask_for_the_last(monkeypatch)
        assert all(isinstance(each, dict) for each in said)
        assert QueueMove.objects.count() == MOST + 1
