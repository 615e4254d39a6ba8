"""Why a card waits, told at every step of the line."""

from __future__ import annotations

from datetime import date, timedelta

from ampera.readiness import actions, queries
from ampera.readiness.queries import PermitState, WaitCode
from ampera.words import Reason, Refusal
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    OTHER,
    PUSAT,
    by,
    codes,
    recall,
    write,
)

# ---- why it waits ----


def test_every_step_of_the_line_says_why_it_waits(line):
    request = line.ask("res_1")
    assert codes(line, request, at=KEC) == [
        WaitCode.WAITING_FOR_CONFIRMATION,
        WaitCode.WAITING_FOR_CENTRE,
    ]
    line.post()
    line.confirm(request)
    line.post()
    assert codes(line, request, at=KEC) == [WaitCode.WAITING_FOR_CENTRE]
    line.ready("res_1", request=request, printable_from=date(2017, 9, 8))
    line.post()
    assert codes(line, request, blanko_on_shelf=0) == [
        WaitCode.UNDER_AGE,
        WaitCode.WAITING_FOR_BLANKO,
    ]
    line.offices.clock.move(timedelta(days=1))
    assert codes(line, request, blanko_on_shelf=5) == [WaitCode.IN_QUEUE]
    (permit,) = line.grant()
    line.post()
    assert codes(line, request, at=KEC) == [WaitCode.PERMITTED]
    line.begin(permit, "att_1")
    assert codes(line, request, at=KEC) == [WaitCode.PRINTING]
    line.end(permit, "att_1", "PRINTED")
    assert codes(line, request, at=KEC) == [WaitCode.TO_BE_CHECKED]
    line.check(permit, "READY")
    assert codes(line, request, at=KEC) == [WaitCode.READY_TO_COLLECT]
    line.hand_over(permit)
    assert codes(line, request, at=KEC) == [WaitCode.DELIVERED]


def test_other_reasons_to_wait_are_told_too(line):
    closed = line.ready("res_closed", home=OTHER)
    line.post()
    assert codes(line, closed) == [WaitCode.OFFICE_NOT_OPEN]
    permit = line.permit_for("res_1")
    second = line.ready("res_1", request="req_second")
    line.post()
    assert codes(line, second) == [WaitCode.OTHER_CARD]
    recall(line, permit)
    assert codes(line, "req_res_1") == [WaitCode.RECALLED]
    line.offices.clock.move(timedelta(days=46))
    late = line.permit_for("res_2")
    line.offices.clock.move(timedelta(days=46))
    assert codes(line, "req_res_2") == [WaitCode.PERMIT_EXPIRED]
    with line.at(DINAS):
        assert queries.permit_seen(late).state is PermitState.OPEN
        assert queries.why_it_waits("req_unknown") == Refusal("readiness.not_here")
        actions.import_cards(by(), residents=["res_old"])
    old = line.ready("res_old")
    line.post()
    assert codes(line, old) == [WaitCode.HAS_CARD]
    changed = line.ask("res_old", reason=Reason.DATA_CHANGED)
    line.post()
    assert codes(line, changed) == [WaitCode.WAITING_FOR_CONFIRMATION]
    with line.at(DINAS):
        facts = {"request": changed, "why": "kk lama"}
        write("request.rejected/1", subject=changed, facts=facts, to=KEC)
    assert codes(line, changed) == [WaitCode.REQUEST_REJECTED]


def test_a_verdict_that_is_not_print_ready_is_told_by_its_own_word(line):
    request = line.ask("res_1")
    facts = {"enrolment": "enr_1", "request": request, "resident": "res_1", "of": "enr_0"}
    facts |= {"office": KEC, "arrival": 1}
    with line.at(PUSAT):
        write(
            "dedup.decided/1",
            subject="enr_1",
            facts=facts | {"verdict": "DUPLICATE_RECORD", "order": 1},
            to=DINAS,
        )
    line.post()
    line.confirm(request)
    line.post()
    with line.at(DINAS):
        (wait,) = queries.why_it_waits(request)
        assert "DUPLICATE_RECORD" in wait.text()
