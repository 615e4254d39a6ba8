"""Urgencies, jumps and quotas at real servers, and the proof of who came before whom."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from ampera.journal.queries import entries_about
from ampera.readiness import actions, queries
from ampera.readiness.models import Asked, Permit, QueueMove
from ampera.readiness.queries import WaitCode
from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.policy import QuotaClass, policy
from ampera.words import Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    OTHER,
    assert_whole,
    by,
    codes,
    queue,
    write,
)

FIRST_CARDS = '{ office = "kecamatan", of = "first", per_day = 2 }'


@pytest.fixture
def quotas(monkeypatch):
    """The policy of this release with other quotas from its first day on."""

    def put(*rows):
        text = policies.policy_text().replace("limits = []", f"limits = [{', '.join(rows)}]")
        monkeypatch.setattr(policies, "policy_text", lambda: text)
        policy.cache_clear()

    yield put
    monkeypatch.undo()
    policy.cache_clear()


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


# ---- movements ----


def test_an_urgent_request_comes_before_the_others_and_a_jump_before_it(line):
    one, two, three_ = three(line)
    urge(line, two, reason="WORK_OR_STUDY_DEADLINE", evidence="ticket_or_visa")
    assert queue(line) == ["res_2", "res_1", "res_3"]
    urge(line, three_)
    assert queue(line) == ["res_3", "res_2", "res_1"]
    jump(line, one, reason="OWN_FAULT", evidence="office_report")
    assert queue(line) == ["res_1", "res_3", "res_2"]
    assert len(line.grant(most=1)) == 1
    with line.at(DINAS):
        permit = Permit.objects.get()
        assert (permit.request, permit.place, permit.queue_length) == (one, 1, 3)
        assert (permit.jump, permit.urgency) == (0, 99)
    line.post()
    assert_whole(line)


def test_a_second_movement_puts_a_request_back_where_it_stood(line):
    _, two, _ = three(line)
    move = jump(line, two)["move"]
    assert undo(line, move, witness="off_a") == Refusal("officer.same_person")
    assert queue(line) == ["res_2", "res_1", "res_3"]
    assert undo(line, move) == {"move": move}
    assert queue(line) == ["res_1", "res_2", "res_3"]
    assert undo(line, move) == Refusal("readiness.move_undone")
    assert "move" in jump(line, two), "after that it may be put forward again"
    assert queue(line) == ["res_2", "res_1", "res_3"]
    line.post()
    assert_whole(line)


def test_the_office_that_serves_a_request_may_put_it_forward_too(line):
    request = line.ask("res_1")
    other = line.ask("res_2")
    line.post()
    moved = urge(line, request, at=KEC)
    assert "move" in moved, moved
    assert urge(line, other, at=OTHER) == Refusal("readiness.not_here")
    assert urge(line, request, at="00") == Refusal("readiness.not_here")
    line.ready("res_2", request=other)
    line.ready("res_1", request=request)
    line.post()
    with line.at(DINAS):
        assert [each.resident for each in queries.queue_for(KEC)] == ["res_1", "res_2"]
        (seen,) = queries.moves_of([request])[request]
        assert (seen.decided_at, seen.note, seen.officer, seen.witness) == (
            *(KEC, "surat RS"),
            *("off_a", "off_b"),
        )
    assert undo(line, moved["move"], at=OTHER) == Refusal("readiness.move_unknown")
    assert undo(line, moved["move"], at=DINAS) == moved
    assert queue(line) == ["res_1", "res_2"], "who asked first is first again"
    line.post()
    with line.at(KEC):
        assert QueueMove.objects.exclude(undone_at="").count() == 1


def test_nobody_is_put_forward_by_one_person_or_without_cause(line):
    one, _, _ = three(line)
    assert urge(line, one, witness="off_a") == Refusal("officer.same_person")
    assert urge(line, one, witness="") == Refusal("officer.same_person")
    assert urge(line, one, reason="PAID") == Refusal("readiness.urgency_unknown")
    assert urge(line, one, evidence="envelope") == Refusal("readiness.evidence_unknown")
    no = urge(line, one, note="NIK 1671020101909001")
    assert no == Refusal("readiness.note_form", most=120)
    assert urge(line, "req_unknown") == Refusal("readiness.not_here")
    unready = line.ask("res_9")
    line.post()
    assert urge(line, unready) == Refusal("readiness.not_in_queue")
    urge(line, one)
    assert urge(line, one) == Refusal("readiness.moved_already")
    line.grant(most=1)
    assert jump(line, one) == Refusal("readiness.granted_already")
    with line.at(DINAS):
        move = QueueMove.objects.get().move
    assert undo(line, move) == Refusal("readiness.granted_already")
    assert undo(line, "mov_unknown") == Refusal("readiness.move_unknown")


def test_so_few_jump_in_a_day_that_nobody_can_sell_it(line):
    one, two, three_ = three(line)
    first = jump(line, one)["move"]
    jump(line, two)
    assert jump(line, three_) == Refusal("readiness.moves_used_up", most=2)
    undo(line, first)
    assert "move" in jump(line, three_), "what was taken back counts no more"
    line.offices.clock.move(timedelta(days=1))
    assert "move" in jump(line, one)


def test_a_movement_of_somebody_who_is_not_there_yet_stands_when_he_comes(line):
    """Any order of chains gives the same tables, an undo before its movement too."""
    request = line.ask("res_1")
    line.post()
    gone = urge(line, request, at=KEC)["move"]
    line.post()
    with line.at(DINAS):
        write(
            "queue.undone/1",
            subject=gone,
            facts={"move": gone, "request": request, "witness": "off_b"},
            to=KEC,
        )
    undo(line, gone, at=KEC)
    urge(line, request, at=KEC, reason="DISASTER", evidence="disaster_letter")
    line.ready("res_1", request=request)
    line.post()
    line.grant()
    line.post()
    for code in (DINAS, KEC):
        assert_order_free(line.offices, code, tries=12)
    assert_whole(line)


def test_a_grant_that_nobody_moved_forward_is_told_by_verify(line):
    three(line)
    line.grant(most=1)
    with line.at(DINAS):
        assert queries.nobody_came_first_by_himself() == []
        permit = Permit.objects.get().permit
        Permit.objects.update(jump=0, urgency=1)
        assert queries.nobody_came_first_by_himself() == [
            f"{permit} was granted as JUMPED and nobody said so",
            f"{permit} was granted as URGENT and nobody said so",
        ]
        QueueMove.objects.create(move="mov_1", request="req_x", officer="off_a", witness="off_a")
        told = queries.nobody_came_first_by_himself()[0]
        assert told == "mov_1 was moved by one officer alone"


# ---- the entry of a grant ----


def test_a_grant_says_what_proves_its_place(line):
    _, two, _ = three(line)
    urge(line, two)
    line.grant(most=2)
    with line.at(DINAS):
        entries = entries_about(sorted(Permit.objects.values_list("permit", flat=True)))
    told = [each.facts["queue"] for each in entries]
    assert [(each["place"], each["of"]) for each in told] == [(1, 3), (2, 3)]
    assert {(each["row"], each["quota_row"]) for each in told} == {("2017-09-07", "2014-12-01")}
    assert told[0]["key"] == {
        "jump": False,
        "urgency": 1,
        "first_card": True,
        "waiting_since": "2017-09-07T02:00:00.000000Z",
    }
    assert told[0]["order"] == list(policy().order_on(line.offices.clock.at.date()))


# ---- quotas ----


def test_a_quota_holds_back_and_lets_through_in_the_old_order_the_next_day(line, quotas):
    requests = three(line)
    quotas(FIRST_CARDS)
    assert len(line.grant(most=10)) == 2
    assert line.grant(most=10) == Refusal("readiness.nobody_waits")
    assert queue(line) == ["res_3"]
    assert codes(line, requests[2]) == [WaitCode.QUOTA_TODAY]
    with line.at(DINAS):
        (wait,) = queries.why_it_waits(requests[2])
        assert wait.facts == {"office": KEC, "day": "2017-09-08"}
        assert "2017-09-08" in wait.text("id")
        assert "2017-09-08" in wait.text("en")
    line.ready("res_4")
    line.post()
    line.offices.clock.move(timedelta(days=1))
    assert codes(line, requests[2]) == [WaitCode.IN_QUEUE]
    granted = line.grant(most=1)
    with line.at(DINAS):
        assert queries.permit_seen(granted[0]).resident == "res_3"


def test_a_card_that_was_not_made_gives_its_place_in_the_quota_back(line, quotas):
    three(line)
    quotas(FIRST_CARDS)
    permits = line.grant(most=10)
    line.post()
    with line.at(DINAS):
        actions.recall_permit(by(), permit=permits[0], why="PRINTER_DOWN")
    line.post()
    with line.at(KEC):
        assert actions.answer_recalls() == 1
    line.post()
    again = line.grant(most=10)
    with line.at(DINAS):
        assert [queries.permit_seen(each).resident for each in again] == ["res_1"]


def test_guests_of_another_city_have_a_quota_of_their_own(line, quotas):
    quotas('{ office = "dinas", of = "guest", per_day = 1 }')
    for resident, home in (("res_1", "31.74.01"), ("res_2", "31.74.01"), ("res_3", KEC)):
        line.ready(resident, request=f"req_first_{resident}")
        request = line.ask(resident, reason=Reason.DAMAGED, at=DINAS, home=home, host=DINAS)
        line.offices.clock.move(timedelta(minutes=1))
        line.post()
        line.confirm(request)
    line.post()
    with line.at(DINAS):
        waiting = [each.resident for each in queries.queue_for(DINAS)]
    assert waiting == ["res_1", "res_2", "res_3"]
    granted = line.grant(DINAS)
    with line.at(DINAS):
        residents = [queries.permit_seen(each).resident for each in granted]
        assert residents == ["res_1", "res_3"]
        seen = queries.why_one_before(queries.permit_seen(granted[1]).request, _request_of("res_2"))
    assert seen.because == "quota"
    assert dict(seen.quotas) == {QuotaClass.GUEST: 1}


def _request_of(resident):
    return Asked.objects.get(resident=resident, reason=Reason.DAMAGED).request


# ---- why ----


def test_of_two_who_wait_the_page_says_who_is_first_and_why(line):
    one, two, three_ = three(line)
    seen = why(line, three_, one)
    assert (seen.first.request, seen.second.request) == (one, three_)
    assert seen.because == "waiting_since"
    urge(line, three_)
    seen = why(line, one, three_)
    assert (seen.first.request, seen.because) == (three_, "urgency")
    assert [each.reason for each in seen.first.moves] == ["HOSPITAL"]
    jump(line, two)
    assert why(line, two, three_).because == "jump"
    assert "queue.jumped/1" in [each.kind for each in why(line, two, three_).first.entries]


def test_why_is_told_by_what_was_known_when_the_first_one_was_granted(line):
    one, two, three_ = three(line)
    line.grant(most=1)
    # Said after the grant: it explains nothing of it.
    jump(line, two)
    seen = why(line, one, two)
    assert (seen.first.request, seen.because) == (one, "waiting_since")
    assert seen.second.key.is_jump is False
    assert (seen.first.place, seen.first.queue_length) == (1, 3)
    line.grant(most=1)
    assert why(line, two, three_).because == "jump"
    assert [each.kind for each in why(line, one, two).first.entries][-1] == "permit.granted/1"


def test_who_was_not_ready_then_did_not_wait(line):
    late = line.ask("res_late")
    line.offices.clock.move(timedelta(days=1))
    early = line.ready("res_early")
    line.post()
    line.grant()
    line.ready("res_late", request=late)
    line.post()
    seen = why(line, late, early)
    assert (seen.first.request, seen.because) == (early, "not_waiting_then")
    line.grant()
    assert why(line, late, early).because == "not_waiting_then"


def test_two_queues_are_not_compared(line):
    one, *_ = three(line)
    other = line.ready("res_9", home=OTHER)
    line.post()
    assert why(line, one, other).because == "other_queue"


def test_a_grant_out_of_order_is_called_unexplained(line):
    one, two, _ = three(line)
    with line.at(DINAS):
        Asked.objects.filter(pk=one).update(state="HAS_CARD")
    line.grant(most=1)
    with line.at(DINAS):
        Asked.objects.filter(pk=one).update(state="WAITING")
    seen = why(line, one, two)
    assert (seen.first.request, seen.because, seen.is_explained) == (two, "unexplained", False)


def test_what_cannot_be_compared_is_refused(line):
    one, *_ = three(line)
    unready = [line.ask("res_7"), line.ask("res_8")]
    line.post()
    with line.at(DINAS):
        ask = queries.why_one_before
        assert ask(one, one) == Refusal("readiness.same_request")
        assert ask(one, "req_unknown") == Refusal("readiness.not_here")
        assert ask(*unready) == Refusal("readiness.not_in_queue")
    with line.at(KEC):
        no = queries.why_one_before(one, unready[0])
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


class WildDay:
    """Requests come, are moved, taken back and granted in any mixture."""

    def __init__(self, line, chance: Random) -> None:
        self.line, self.chance = line, chance
        self.requests: list[tuple[str, str]] = []
        self.moves: list[str] = []

    def new(self) -> None:
        resident = f"res_w{len(self.requests)}"
        self.requests.append((resident, self.line.ask(resident)))

    def verdict(self) -> None:
        if self.requests:
            resident, request = self.chance.choice(self.requests)
            self.line.ready(resident, request=request)

    def move(self) -> None:
        if self.requests:
            act = self.chance.choice((urge, jump))
            request = self.chance.choice(self.requests)[1]
            done = act(self.line, request, at=self.chance.choice((KEC, DINAS)))
            self.moves += [done["move"]] if isinstance(done, dict) else []

    def undo(self) -> None:
        if self.moves:
            at = self.chance.choice((KEC, DINAS))
            undo(self.line, self.chance.choice(self.moves), at=at)

    def grant(self) -> None:
        self.line.grant(most=self.chance.randint(1, 2))

    def night(self) -> None:
        self.line.offices.clock.move(timedelta(days=1))

    def run(self, steps: int) -> None:
        acts = (self.new, self.new, self.verdict, self.move, self.undo, self.grant, self.night)
        for _ in range(steps):
            self.chance.choice(acts)()
            self.line.offices.clock.move(timedelta(minutes=7))
            if self.chance.random() < 0.6:
                self.line.post()
        self.line.post()
        for resident, request in self.requests[:4]:
            self.line.ready(resident, request=request)
        self.line.post()
        self.grant()


@pytest.mark.parametrize("seed", range(6))
def test_every_pair_of_a_wild_day_is_explained(line, quotas, seed):
    """Whatever happened in which order: the books say why each one came before each other."""
    if seed % 2:
        quotas(FIRST_CARDS)
    day = WildDay(line, Random(seed))
    day.run(45)
    compared = 0
    with line.at(DINAS):
        for a, b in combinations([request for _, request in day.requests], 2):
            seen = queries.why_one_before(a, b)
            if isinstance(seen, queries.WhyBefore):
                compared += 1
                assert seen.is_explained, (seen.first, seen.second)
                assert seen.because != "request", "minutes lie between any two"
    assert compared > 5
