"""An urgent card counts more when blanko are shared, by dated policy, and the sentence says so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.planning.queries.allocation import allocation_seen
from ampera.planning.rules.allocation import Claim, allocate
from ampera.planning.rules.sharing import why_en, why_id
from ampera.planning.rules.ways import read_ways, ways_policy, weight_of
from tests.stations.queue_moves import undo, urge
from tests.stations.readiness_line import DINAS, KEC, OTHER
from tests.stations.test_allocation import propose, stocked

DAY = date(2017, 9, 7)


def wait_at(line, office: str, count: int) -> list[str]:
    requests = []
    for number in range(count):
        resident = f"res_{office[-2:]}_{number}"
        request = line.ask(resident, at=office, home=office, host=office)
        requests.append(line.ready(resident, request=request, home=office))
    line.post()
    return requests


def seen(line):
    done = propose(line)
    assert isinstance(done, dict), done
    with line.at(DINAS):
        found = allocation_seen(done["allocation"])
    return found, {each.claim.office: each for each in found.lines}


def test_the_office_with_urgent_cards_rises_faster_and_the_sentence_says_why(line) -> None:
    stocked(line, 6)
    requests = wait_at(line, KEC, 6)
    wait_at(line, OTHER, 6)
    moved = [urge(line, each) for each in requests[:3]]
    assert all(isinstance(each, dict) for each in moved), moved
    proposal, lines = seen(line)
    assert (lines[KEC].claim.weight, lines[OTHER].claim.weight) == (150, 100)
    assert (lines[KEC].gets, lines[OTHER].gets) == (4, 2)
    said = why_id(lines[KEC], name="Seberang Ulu I", allocation=proposal.allocation)
    assert "dihitung 150 % karena mendesak" in said
    assert "counted at 150 %" in why_en(lines[KEC], name="SU I", allocation=proposal.allocation)


def test_an_urgency_that_was_taken_back_counts_no_more(line) -> None:
    stocked(line, 6)
    requests = wait_at(line, KEC, 6)
    wait_at(line, OTHER, 6)
    move = urge(line, requests[0])["move"]
    assert isinstance(undo(line, move), dict)
    _, lines = seen(line)
    assert (lines[KEC].claim.weight, lines[KEC].gets) == (100, 3)


@given(backlog=st.integers(0, 100_000), urgent=st.integers(0, 100_000))
def test_a_weight_lies_between_all_alike_and_all_urgent(backlog, urgent) -> None:
    assert 100 <= weight_of(backlog, urgent=urgent, counts=200) <= 200
    assert weight_of(backlog, urgent=0, counts=200) == 100
    assert weight_of(backlog, urgent=urgent, counts=100) == 100


@given(
    stock=st.integers(0, 200),
    offices=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1, max_size=6),
)
def test_with_weights_nobody_gets_more_than_it_needs_or_less_from_more(stock, offices) -> None:
    claims = [
        Claim(
            office=f"{number:02d}",
            backlog=backlog,
            weight=weight_of(backlog, urgent=urgent, counts=200),
        )
        for number, (backlog, urgent) in enumerate(offices)
    ]
    now = {each.claim.office: each.gets for each in allocate(stock, claims).lines}
    more = {each.claim.office: each.gets for each in allocate(stock + 1, claims).lines}
    assert sum(now.values()) == min(stock, sum(each.backlog for each in claims))
    assert all(now[each.office] <= each.backlog for each in claims)
    assert all(more[office] >= count for office, count in now.items())


def test_the_policy_is_dated_and_never_makes_urgent_cards_count_less() -> None:
    assert ways_policy().urgent_counts(DAY) == 200
    ways = (
        '[[sharing]]\nfrom = 2014-12-01\nways = ["ALIKE"]\n'
        '[way.ALIKE]\nid = "a"\nen = "b"\nbasis = "c"\n'
    )
    assert read_ways(ways).urgent_counts(DAY) == 100
    later = ways + "[[urgency]]\nfrom = 2018-01-01\ncounts = 300\n"
    assert read_ways(later).urgent_counts(DAY) == 100
    assert read_ways(later).urgent_counts(date(2018, 1, 1)) == 300
    with pytest.raises(ValueError, match="never counts less"):
        read_ways(ways + "[[urgency]]\nfrom = 2014-12-01\ncounts = 50\n")
