"""Recall, return, renewal and forfeit: a permit ends once, and only then another is granted."""

from __future__ import annotations

from datetime import timedelta

from ampera.readiness import actions, queries
from ampera.readiness.queries import CardState, PermitState
from ampera.words import Reason, Refusal
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    OPENING,
    OTHER,
    answer,
    assert_whole,
    by,
    recall,
    write,
)

# ---- recall and return ----


def test_a_recalled_permit_comes_back_and_only_then_the_resident_is_granted_again(line):
    permit = line.permit_for("res_1")
    assert recall(line, permit) is None
    assert recall(line, permit) == Refusal("readiness.recalled_already")
    assert line.grant() == Refusal("readiness.nobody_waits"), "a recall alone frees nothing"
    line.post()
    assert answer(line) == 1
    assert answer(line) == 0
    assert line.grant() == Refusal("readiness.nobody_waits"), "the answer is not here yet"
    line.post()
    (second,) = line.grant()
    assert second != permit
    line.post()
    assert line.begin(permit, "att_1") == Refusal("readiness.permit_returned")
    assert line.begin(second, "att_2") is None
    line.post()
    assert_whole(line)


def test_a_recall_that_meets_a_print_is_answered_printed(line):
    permit = line.permit_for("res_1")
    recall(line, permit)
    line.begin(permit, "att_1")
    line.post()
    assert answer(line) == 0, "an attempt is open"
    line.end(permit, "att_1", "PRINTED")
    assert answer(line) == 0
    line.post()
    with line.at(DINAS):
        assert queries.permit_seen(permit).state is PermitState.PRINTED
    assert line.grant() == Refusal("readiness.nobody_waits")
    assert recall(line, permit) == Refusal("readiness.permit_spent")


def test_a_recall_waits_for_an_attempt_and_gets_the_permit_after_it(line):
    permit = line.permit_for("res_1")
    line.begin(permit, "att_1")
    recall(line, permit)
    line.post()
    assert answer(line) == 0
    line.end(permit, "att_1", "SPOILED")
    assert answer(line) == 1
    line.post()
    assert len(line.grant()) == 1
    assert_whole(line)


def test_a_recall_alone_bars_no_attempt(line):
    permit = line.permit_for("res_1")
    recall(line, permit)
    line.post()
    assert line.begin(permit, "att_1") is None


def test_the_dinas_recalls_only_what_it_granted(line):
    assert recall(line, "prm_unknown") == Refusal("readiness.permit_unknown")
    permit = line.permit_for("res_1")
    with line.at(KEC):
        no = actions.recall_permit(by(), permit=permit, why="moved")
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


def test_the_answer_of_another_office_frees_nothing(line):
    permit = line.permit_for("res_1")
    recall(line, permit)
    with line.at(OTHER):
        write("permit.returned/1", subject=permit, facts={"permit": permit})
    line.post()
    with line.at(DINAS):
        assert queries.permit_seen(permit).state is PermitState.OPEN
    assert line.grant() == Refusal("readiness.nobody_waits")


def test_a_new_version_of_the_record_recalls_the_permit_for_the_old_one(line):
    permit = line.permit_for("res_1")
    line.ready("res_1", request="req_res_1", version="v2")
    line.post()
    with line.at(DINAS):
        assert queries.permit_seen(permit).is_recalled
    assert answer(line) == 1
    line.post()
    (second,) = line.grant()
    with line.at(DINAS):
        assert queries.permit_seen(second).version == "v2"
    assert_whole(line)


def test_a_dinas_answers_its_own_recalls(line):
    line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.DAMAGED)
    line.confirm(request)
    line.post()
    (permit,) = line.grant(DINAS)
    recall(line, permit)
    assert answer(line, at=DINAS) == 1
    with line.at(DINAS):
        assert queries.permit_seen(permit).state is PermitState.RETURNED
    assert len(line.grant(DINAS)) == 1
    line.post()
    assert_whole(line)


# ---- the end of a permit ----


def test_permits_are_renewed_at_contact_near_their_end(line):
    permit = line.permit_for("res_1")
    with line.at(DINAS):
        no = actions.renew_permits(by(), office=KEC)
        assert no == Refusal("readiness.nothing_to_renew")
        line.offices.clock.move(timedelta(days=20))
        assert actions.renew_at_contact() == 0, "nothing was heard of the office for a day"
    line.ask("res_2")
    line.post()
    with line.at(DINAS):
        assert actions.renew_at_contact() == 1
        assert actions.renew_at_contact() == 0
    line.post()
    for server in (DINAS, KEC):
        with line.at(server):
            assert queries.permit_seen(permit).print_until == OPENING + timedelta(days=65)
    with line.at(KEC):
        no = actions.renew_permits(by(), office=KEC)
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


def test_an_expired_permit_goes_back_by_itself(line):
    permit = line.permit_for("res_1")
    assert answer(line) == 0
    line.offices.clock.move(timedelta(days=46))
    assert answer(line) == 1
    line.post()
    with line.at(DINAS):
        assert queries.permit_seen(permit).state is PermitState.RETURNED


def test_a_permit_is_forfeited_two_days_after_its_end_at_the_earliest(line):
    permit = line.permit_for("res_1")
    line.offices.clock.move(timedelta(days=47))
    with line.at(DINAS):
        early = actions.forfeit_permit(by(), permit=permit)
        assert early == Refusal("readiness.too_early_to_forfeit", day="2017-10-22")
        line.offices.clock.move(timedelta(days=1))
        unread = actions.forfeit_permit(by(), permit=permit, is_all_seen=False)
        assert unread == Refusal("readiness.unread_entries", office=KEC)
        assert actions.forfeit_permit(by(), permit=permit) == {"permit": permit}
        again = actions.forfeit_permit(by(), permit=permit)
        assert again == Refusal("readiness.permit_spent")
        missing = actions.forfeit_permit(by(), permit="prm_unknown")
        assert missing == Refusal("readiness.permit_unknown")
    assert len(line.grant()) == 1
    line.post()
    assert line.begin(permit, "att_1") == Refusal("readiness.permit_forfeited")
    with line.at(KEC):
        no = actions.forfeit_permit(by(), permit=permit)
        assert no == Refusal("readiness.not_the_dinas", office=KEC)
    assert_whole(line)


def test_a_card_printed_under_a_forfeited_permit_is_void_at_birth(line):
    permit = line.permit_for("res_1")
    card = line.print_card(permit)  # the link is cut: nobody hears of it
    line.offices.clock.move(timedelta(days=48))
    with line.at(DINAS):
        actions.forfeit_permit(by(), permit=permit)
    (second,) = line.grant()
    line.post()
    for server in (DINAS, KEC):
        with line.at(server):
            assert queries.card_state(card) is CardState.VOID
    new_card = line.deliver(second)
    with line.at(DINAS):
        assert queries.current_card("res_1") == new_card
    assert_whole(line)
