"""What was shipped after the proposal and before the decision is not sent a second time."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko.actions import ship
from ampera.planning.queries.allocation import to_pack
from ampera.words import Refusal
from tests.stations.readiness_line import DINAS, KEC, by
from tests.stations.test_allocation import decide, propose, stocked, waiting


def test_it_is_never_above_need(line):
    serials = stocked(line, 40)
    waiting(line, at_kec=8, at_other=4)
    made = propose(line)["allocation"]
    line.offices.clock.move(timedelta(minutes=1))
    with line.at(DINAS):
        assert isinstance(ship(by(), to=KEC, boxes=[], serials=serials[:9], courier="off_c"), dict)
    done = decide(line, made)
    if isinstance(done, Refusal):
        return
    with line.at(DINAS):
        left = {str(each.office): each.left for each in to_pack()}
    assert left.get(KEC, 0) + 9 <= 9, left
