"""Recall, return, forfeit, handover and voiding: never two cards for one person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.journal.actions import perform
from ampera.journal.queries import waiting_count
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness import actions, queries
from ampera.readiness.queries import CardState, PermitState, WaitCode
from ampera.words import Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import DINAS, KEC, OTHER, PUSAT, Line, by, write

OPENING = date(2017, 9, 7)


@pytest.fixture
def line(offices):
    made = Line(offices)
    made.describe(DINAS, date(2014, 12, 1))
    made.describe(KEC, OPENING)
    made.describe(OTHER, date(2017, 9, 11))
    return made


def assert_whole(line: Line) -> None:
    for server in (PUSAT, DINAS, KEC):
        with line.at(server):
            assert [each for check in queries.CHECKS for each in check()] == []
            assert compare_with_rebuild() == []
            assert waiting_count() == {}


def recall(line: Line, permit: str) -> Refusal | None:
    with line.at(DINAS):
        answer = actions.recall_permit(by(), permit=permit, why="moved")
    return answer if isinstance(answer, Refusal) else None


def answer(line: Line, *, at: str = KEC) -> int:
    with line.at(at):
        return actions.answer_recalls()


def codes(line: Line, request: str, *, at: str = DINAS, **more: int) -> list[WaitCode]:
    with line.at(at):
        waits = queries.why_it_waits(request, **more)
        assert isinstance(waits, list), waits
        return [each.code for each in waits]


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


# ---- cards ----


def test_a_card_is_valid_from_its_handover_and_the_next_one_voids_it(line):
    first = line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.DATA_CHANGED)
    line.confirm(request)
    line.post()
    (permit,) = line.grant(DINAS)
    with line.at(DINAS):
        seen = queries.permit_seen(permit)
        assert (seen.replaces, queries.current_card("res_1")) == (first, first)
        assert queries.live_card("res_1") == seen.card
    second = line.deliver(permit, at=DINAS)
    for server in (DINAS, PUSAT):
        with line.at(server):
            assert queries.current_card("res_1") == second
            assert queries.live_card("res_1") is None
            assert queries.card_state(first) is CardState.VOID
            assert {each.card for each in queries.cards_of("res_1")} == {first, second}
            assert queries.card_seen(first).resident == "res_1"
            assert queries.card_seen("crd_unknown") is None
    assert_whole(line)


def test_a_rejected_card_frees_for_another_permit(line):
    permit = line.permit_for("res_1")
    card = line.print_card(permit)
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits")
    line.check(permit, "REJECTED")
    line.post()
    (second,) = line.grant()
    with line.at(DINAS):
        assert queries.card_state(card) is CardState.REJECTED
        assert queries.permit_seen(second).replaces is None
    assert_whole(line)


def test_a_delivered_request_asks_for_nothing_more_and_its_names_are_gone(line):
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    (permit,) = line.grant()
    line.post()
    line.deliver(permit)
    assert line.grant() == Refusal("readiness.nobody_waits")
    with line.at(KEC):
        (named,) = queries.named_permits("off_a", permits=[permit], purpose="print")
        assert (named.nama, named.nik) == ("", "")
        assert queries.named_permits("off_a", permits=["prm_x"], purpose="print") == []
    assert_whole(line)


def test_a_report_of_loss_voids_at_once(line):
    card = line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.LOST)
    line.post()
    for server in (DINAS, PUSAT, KEC):
        with line.at(server):
            assert queries.card_state(card) is CardState.VOID
    line.confirm(request)
    line.post()
    (permit,) = line.grant(DINAS)
    with line.at(DINAS):
        assert queries.permit_seen(permit).replaces is None


def test_a_death_voids_recalls_and_ends_every_request(line):
    permit = line.permit_for("res_1")
    with line.at(DINAS):
        card = queries.permit_seen(permit).card
        assert actions.void_card(by(), card=card, why="DIED") == {"card": card}
        again = actions.void_card(by(), card=card, why="DIED")
        assert again == Refusal("readiness.card_void")
        assert queries.permit_seen(permit).is_recalled
        unknown = actions.void_card(by(), card="crd_unknown", why="DIED")
        assert unknown == Refusal("readiness.card_unknown")
    line.post()
    assert line.begin(permit, "att_1") == Refusal("readiness.card_void")
    assert answer(line) == 1
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits")
    assert codes(line, "req_res_1") == [WaitCode.CLOSED]
    with line.at(KEC):
        assert actions.void_card(by(), card=card, why="DIED") == Refusal(
            "readiness.not_the_dinas", office=KEC
        )
    assert_whole(line)


def test_a_voided_card_bars_another_until_its_holder_has_answered(line):
    permit = line.permit_for("res_1")
    line.ready("res_1", request="req_other")
    line.post()
    with line.at(DINAS):
        card = queries.permit_seen(permit).card
        actions.void_card(by(), card=card, why="BLOCKED")
    assert line.grant() == Refusal("readiness.nobody_waits"), "the holder may print it still"
    line.post()
    assert answer(line) == 1
    line.post()
    assert len(line.grant()) == 1
    assert_whole(line)


def test_two_officers_decide_that_no_card_came_of_a_disputed_attempt(line):
    permit = line.permit_for("res_1")
    line.begin(permit, "att_1")
    line.end(permit, "att_1", "UNKNOWN")
    line.end(permit, "att_1", "DISPUTE", kind="settled")
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits"), "it counts as spent"
    with line.at(DINAS):
        seen = queries.permit_seen(permit)
        assert seen.state is PermitState.DISPUTED
        alone = actions.void_card(by("off_a"), card=seen.card, why="NOT_MADE", witness="off_a")
        assert alone == Refusal("officer.same_person")
        done = actions.void_card(by("off_a"), card=seen.card, why="NOT_MADE", witness="off_b")
        assert done == {"card": seen.card}
    assert len(line.grant()) == 1
    line.post()
    assert_whole(line)


def test_after_a_restore_open_permits_are_suspect_until_two_officers_decide(line):
    open_one, printed = line.permit_for("res_1"), line.permit_for("res_2")
    line.print_card(printed)

    def suspect(pen):
        return {"suspects": actions.mark_open_suspect_in(pen, why="two blanko are missing")}

    with line.at(KEC):
        assert perform(by(), suspect, content={}) == {"suspects": [open_one]}
    assert line.begin(open_one, "att_1") == Refusal("readiness.permit_spent")
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits")
    assert codes(line, "req_res_1") == [WaitCode.IN_DISPUTE]
    with line.at(DINAS):
        card = queries.permit_seen(open_one).card
        actions.void_card(by("off_a"), card=card, why="NOT_MADE", witness="off_b")
    assert len(line.grant()) == 1
    line.post()
    assert_whole(line)


def test_a_permit_in_an_attempt_is_suspect_too_when_blanko_are_missing(line):
    """The tail that was lost may have settled this attempt and printed the card on another blanko.
    If the first one is then found whole, its permit must not print once more."""
    permit = line.permit_for("res_1")
    line.begin(permit, "att_1")

    def suspect(pen):
        return {"suspects": actions.mark_open_suspect_in(pen, why="one blanko is missing")}

    with line.at(KEC):
        assert perform(by(), suspect, content={}) == {"suspects": [permit]}
    line.end(permit, "att_1", "UNKNOWN")
    line.end(permit, "att_1", "SHELF", kind="settled")
    assert line.begin(permit, "att_2") == Refusal("readiness.permit_spent")
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits")
    assert_whole(line)


def test_a_word_that_a_kind_cannot_say_is_parked(line):
    permit = line.permit_for("res_1")
    with line.at(KEC):
        card = queries.permit_seen(permit).card

        def work(pen):
            kept = dict(pen.house.registry.projections)
            pen.house.registry.projections.clear()
            facts = {
                "card": card,
                "permit": permit,
                "result": "HANDED_OVER",
                "serial": "SPC00000001",
                "witness": "",
            }
            pen.write("card.checked/1", subject=card, facts=facts)
            pen.house.registry.projections.update(kept)
            return {}

        perform(by(), work, content={})
    line.post()
    with line.at(DINAS):
        assert waiting_count() == {"parked": 1}
        assert queries.card_state(card) is CardState.PERMITTED


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


# ---- any order ----


def test_any_interleaving_of_the_chains_gives_the_same_tables(line):
    first = line.deliver(line.permit_for("res_1"))
    lost = line.ask("res_1", reason=Reason.LOST)
    line.confirm(lost)
    line.post()
    (own,) = line.grant(DINAS)
    line.begin(own, "att_own", at=DINAS)
    recalled, spoiled, dead = (line.permit_for(f"res_{number}") for number in (2, 3, 4))
    recall(line, recalled)
    line.begin(spoiled, "att_s")
    line.end(spoiled, "att_s", "UNKNOWN")
    line.end(spoiled, "att_s", "SPOILED", kind="settled")
    line.print_card(spoiled)
    line.check(spoiled, "REJECTED")
    with line.at(DINAS):
        actions.void_card(by(), card=queries.permit_seen(dead).card, why="DIED")
        actions.import_cards(by(), residents=["res_9"])
    line.ready("res_5", request=line.ask("res_5"))
    line.post()
    answer(line)
    line.post()
    line.grant()
    line.ready("res_2", request="req_res_2", version="v2")
    line.post()
    with line.at(DINAS):
        assert queries.card_state(first) is CardState.VOID
    for server in (KEC, DINAS, PUSAT):
        assert_order_free(line.offices, server, tries=12)
