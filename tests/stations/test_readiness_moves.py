"""Urgencies, jumps and quotas at real servers."""

from __future__ import annotations

from datetime import timedelta

from ampera.journal.queries import entries_about
from ampera.readiness import actions, queries
from ampera.readiness.models import Asked, Permit, QueueMove
from ampera.readiness.queries import WaitCode
from ampera.readiness.rules.policy import QuotaClass, policy
from ampera.words import Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.queue_moves import FIRST_CARDS, jump, three, undo, urge
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
