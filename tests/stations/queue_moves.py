"""Residents in a queue who are put before others and back, for tests of who comes first."""

from __future__ import annotations

from datetime import timedelta

from ampera.readiness import actions, queries
from tests.stations.readiness_line import DINAS, by, queue

FIRST_CARDS = '{ office = "kecamatan", of = "first", per_day = 2 }'


def three(line) -> list[str]:
    """Three residents in the queue of the kecamatan, an hour apart. Returns their requests."""
    requests = []
    for number in (1, 2, 3):
        requests.append(line.ready(f"res_{number}"))
        line.offices.clock.move(timedelta(hours=1))
    line.post()
    assert queue(line) == ["res_1", "res_2", "res_3"]
    return requests


def urge(line, request, *, at=DINAS, witness="off_b", act=None, **changes):
    said = {"reason": "HOSPITAL", "evidence": "hospital_letter", "note": "surat RS", **changes}
    with line.at(at):
        return (act or actions.urge_request)(by(), request=request, witness=witness, **said)


def jump(line, request, **changes):
    return urge(line, request, act=actions.jump_queue, **changes)


def undo(line, move, *, at=DINAS, witness="off_b"):
    with line.at(at):
        return actions.undo_move(by(), move=move, witness=witness)


def why(line, a, b):
    with line.at(DINAS):
        seen = queries.why_one_before(a, b)
    assert isinstance(seen, queries.WhyBefore), seen
    return seen
