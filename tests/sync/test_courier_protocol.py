"""The courier against a model of the tier above, over a link that loses, doubles and reorders.

The model keeps chains as lists of hashes and obeys the rules of receiving: compare what is known
by hash, refuse a gap, take what is new. Whatever happens on the way, a copy is always a prefix of
its original, and once the link is whole again both sides hold the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ampera.journal.entry import ChainName
from ampera.sync.protocol.messages import Refused, Speaker
from ampera.sync.protocol.state import (
    CourierState,
    Limits,
    Lost,
    next_try,
)
from ampera.words import OfficeCode
from tests.sync.courier_model import (
    AUDIT,
    CHILD,
    FOR_US,
    ME,
    NOW,
    OURS,
    UP,
    Above,
    Below,
    Sent,
    filled,
    hash_of,
    place,
    talk,
)


class PostMachine(RuleBasedStateMachine):
    """Any order of writing, sending, losing, doubling, dying."""

    def __init__(self) -> None:
        super().__init__()
        self.below = Below(chains={chain: [] for chain in OURS})
        self.above = Above(chains={FOR_US: []})
        self.questions: list[Sent] = []
        self.answers: list[tuple[Sent, object]] = []

    @rule(chain=st.sampled_from(OURS), count=st.integers(1, 5))
    def we_write(self, chain, count):
        held = self.below.chains[chain]
        held.extend(hash_of(chain, len(held) + 1 + each) for each in range(count))

    @rule(count=st.integers(1, 5))
    def above_writes_for_us(self, count):
        held = self.above.chains[FOR_US]
        held.extend(hash_of(FOR_US, len(held) + 1 + each) for each in range(count))

    @rule()
    def we_look(self):
        sent = self.below.look()
        if sent is not None:
            assert self.below.state.in_flight is sent.request
            self.questions.append(sent)

    @precondition(lambda self: self.questions)
    @rule(data=st.data(), is_doubled=st.booleans())
    def a_question_arrives(self, data, is_doubled):
        index = data.draw(st.integers(0, len(self.questions) - 1))
        sent = self.questions[index] if is_doubled else self.questions.pop(index)
        self.answers.append((sent, self.above.answer(sent)))

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), is_doubled=st.booleans())
    def an_answer_arrives(self, data, is_doubled):
        index = data.draw(st.integers(0, len(self.answers) - 1))
        sent, answer = self.answers[index] if is_doubled else self.answers.pop(index)
        # A late answer to a pull is not even read: its connection is gone.
        in_flight = self.below.state.in_flight
        if in_flight is not None and in_flight.number == sent.request.number:
            self.below.hear(sent, answer)

    @rule()
    def nothing_comes_back(self):
        in_flight = self.below.state.in_flight
        if in_flight is not None:
            self.below._step(Lost(in_flight.number, self.below.now))

    @rule(marks=st.lists(st.integers(0, 30), min_size=4, max_size=4))
    def our_process_dies(self, marks):
        """What is left are marks that may be anything, and the numbers do not begin anew."""
        guessed = dict(zip(OURS, marks, strict=True))
        number = self.below.state.number
        self.below.state = CourierState(me=ME, life=1, has_met=True, marks=guessed, number=number)

    @rule(seconds=st.integers(1, 90))
    def time_passes(self, seconds):
        self.below.now += timedelta(seconds=seconds)

    @invariant()
    def every_copy_is_a_prefix_of_its_original(self):
        for chain in OURS:
            copy = self.above.chains.get(chain, [])
            assert self.below.chains[chain][: len(copy)] == copy
        copy = self.below.chains.get(FOR_US, [])
        assert self.above.chains[FOR_US][: len(copy)] == copy

    @invariant()
    def nobody_cries_wolf(self):
        assert not self.below.alarms

    def teardown(self):
        in_flight = self.below.state.in_flight
        if in_flight is not None:
            self.below._step(Lost(in_flight.number, self.below.now))
        talk(self.below, self.above)
        for chain in OURS:
            assert self.above.chains.get(chain, []) == self.below.chains[chain]
        assert self.below.chains.get(FOR_US, []) == self.above.chains[FOR_US]


TestPostMachine = PostMachine.TestCase
TestPostMachine.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_never_more_than_one_request_is_in_flight():
    below = Below(chains={UP: filled(UP, 9), AUDIT: filled(AUDIT, 9)})
    assert below.look() is not None
    for _ in range(20):
        below.now += timedelta(minutes=1)
        assert below.look() is None


def test_a_late_answer_says_nothing():
    below, above = Below(chains={UP: filled(UP, 2)}), Above()
    first = below.look()
    late = above.answer(first)
    below._step(Lost(first.request.number, below.now))
    below.now += timedelta(minutes=1)
    second = below.look()
    below.hear(first, late)
    assert below.state.in_flight is second.request
    assert not below.state.has_met


def test_the_audit_goes_last():
    below, above = Below(chains={AUDIT: filled(AUDIT, 2), UP: filled(UP, 2)}), Above()
    order = []
    for _ in range(6):
        sent = below.look()
        if sent is not None:
            order += list(sent.parts)
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=1)
    assert order == [UP, AUDIT]


def test_a_backlog_of_ours_does_not_starve_the_news_for_us():
    below = Below(chains={UP: filled(UP, 100)})
    above = Above(chains={FOR_US: filled(FOR_US, 10)})
    talk(below, above, rounds=12)
    assert len(below.chains[FOR_US]) >= 8
    assert len(above.chains[UP]) >= 8


def test_a_fork_stops_its_chain_and_no_other():
    below = Below(chains={UP: filled(UP, 6), CHILD: filled(CHILD, 3)})
    above = Above(chains={UP: filled(UP, 4, branch="x", after=2)})
    talk(below, above, rounds=50)
    assert [alarm.why for alarm in below.alarms] == ["fork"]
    assert len(above.chains[UP]) == 4
    assert above.chains[CHILD] == below.chains[CHILD]


def test_a_fork_of_the_same_length_is_found_too():
    below = Below(chains={UP: filled(UP, 4)})
    talk(below, Above(chains={UP: filled(UP, 4, branch="x", after=3)}), rounds=5)
    assert [(alarm.why, alarm.chain) for alarm in below.alarms] == [("fork", UP)]


def test_an_own_chain_known_further_above_says_that_we_were_restored():
    below = Below(chains={UP: filled(UP, 3)})
    above = Above(chains={UP: filled(UP, 5)})
    talk(below, above, rounds=5)
    below.chains[UP].append(hash_of(UP, 4, branch="new"))
    talk(below, above, rounds=50)
    assert {alarm.why for alarm in below.alarms} == {"behind"}
    assert above.chains[UP] == filled(UP, 5)
    assert len(below.chains[UP]) == 4, "an own living chain is never taken back"


def test_a_childs_chain_that_we_lost_is_taken_back_from_above():
    below = Below(chains={CHILD: filled(CHILD, 1)})
    above = Above(chains={CHILD: filled(CHILD, 7), FOR_US: []})
    talk(below, above)
    assert below.chains[CHILD] == filled(CHILD, 7)
    assert not below.alarms


def test_chains_of_an_earlier_life_are_taken_back_even_when_nothing_is_known_of_them():
    earlier = ChainName.read("16.71/up@1")
    below = Below(state=CourierState(me=Speaker(OfficeCode("16.71"), 2)))
    talk(below, Above(chains={earlier: filled(earlier, 5), FOR_US: []}))
    assert below.chains[earlier] == filled(earlier, 5)


def test_what_the_tier_above_has_lost_is_given_again_down_chains_too():
    below = Below(chains={UP: filled(UP, 6), FOR_US: filled(FOR_US, 4)})
    above = Above(chains={FOR_US: filled(FOR_US, 4)})
    talk(below, above)
    lost = Above(chains={UP: filled(UP, 2)}, life=2)
    talk(below, lost)
    assert lost.chains == {UP: filled(UP, 6), FOR_US: filled(FOR_US, 4)}


def test_a_mark_that_is_too_high_goes_down_without_any_news():
    """The tier above was restored and kept its name: the places asked for in passing tell."""
    below, above = Below(chains={chain: filled(chain, 4) for chain in OURS}), Above()
    talk(below, above)
    above.chains[CHILD] = filled(CHILD, 1)
    talk(below, above)
    assert above.chains[CHILD] == filled(CHILD, 4)


def test_an_idle_server_asks_no_more_often_than_every_five_seconds_and_then_every_minute():
    below, above = Below(chains={UP: filled(UP, 1)}), Above()
    talk(below, above, rounds=20)
    asked = []
    for _ in range(600):
        sent = below.look()
        if sent is not None:
            assert not sent.parts
            asked.append(below.now)
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=1)
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(asked)]
    assert min(gaps) >= 5
    assert max(gaps) == 60
    below.chains[UP].append(hash_of(UP, 2))
    assert below.look() is not None, "news do not wait for the next idle contact"


def test_after_news_a_server_asks_sooner_for_the_answer_and_then_as_an_idle_one():
    below, above = Below(chains={UP: filled(UP, 1)}, limits=Limits()), Above()
    asked = []
    for _ in range(30):
        sent = below.look()
        if sent is not None:
            asked.append(below.now)
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=1)
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(asked)]
    # The first contact asks for everything, which is news too.
    assert gaps == [1, 1, 1, 2, 3, 5, 5, 5, 5]


def test_a_refused_chain_is_not_sent_again_at_once():
    class Strict(Above):
        def answer(self, sent):
            honest = super().answer(replace(sent, parts={}))
            return replace(
                honest,
                places={**honest.places, UP: place(self.chains, UP)},
                refused={UP: Refused("post.bad_hash")} if UP in sent.parts else {},
            )

    below, tries = Below(chains={UP: filled(UP, 3)}), 0
    above = Strict(chains={FOR_US: []})
    for _ in range(60):
        sent = below.look()
        if sent is not None:
            tries += UP in sent.parts
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=1)
    assert tries == 1
    assert [alarm.code for alarm in below.alarms] == ["post.bad_hash"]


def test_too_large_a_message_is_halved_and_grows_again():
    below = Below(chains={UP: filled(UP, 3)}, state=CourierState(me=ME, life=1, has_met=True))
    sent = below.look()
    assert sent is not None
    assert sent.request.pieces[0].rows == 2
    below._step(Lost(sent.request.number, below.now, is_too_large=True))
    smaller = below.look()
    assert smaller is not None, "a smaller message waits for nothing"
    assert smaller.request.pieces[0].rows == 1
    above = Above()
    below.hear(smaller, above.answer(smaller))
    talk(below, above, rounds=4)
    assert above.chains[UP] == filled(UP, 3)


def test_a_refusal_of_everything_is_tried_again_after_a_minute():
    below = Below(chains={UP: filled(UP, 1)})
    sent = below.look()
    below._step(Lost(sent.request.number, below.now, may_retry=False))
    below.now += timedelta(seconds=59)
    assert below.look() is None
    below.now += timedelta(seconds=1)
    assert below.look() is not None


def test_keys_are_given_when_they_are_asked_for_and_not_again_at_once():
    class Asking(Above):
        def answer(self, sent):
            return replace(super().answer(sent), wants_keys=True)

    below, above = Below(chains={UP: filled(UP, 1)}), Asking(chains={FOR_US: []})
    given = []
    for _ in range(90):
        sent = below.look()
        if sent is not None:
            if sent.request.has_keys:
                given.append(below.now)
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=1)
    assert len(given) == 2
    assert (given[1] - given[0]).total_seconds() >= 60


def test_the_waits_double_from_five_seconds_to_a_minute():
    waits = [(next_try(now=NOW, attempts=each) - NOW).total_seconds() for each in range(1, 8)]
    assert waits == [5, 10, 20, 40, 60, 60, 60]
