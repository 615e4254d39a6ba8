"""Handover, voiding and doubt: never two cards for one person."""

from __future__ import annotations

import pytest

from ampera.journal.actions import perform
from ampera.journal.queries import waiting_count
from ampera.readiness import actions, queries
from ampera.readiness.queries import CardState, PermitState, WaitCode
from ampera.words import Reason, Refusal
from tests.interleavings import assert_order_free
from tests.stations.readiness_line import (
    DINAS,
    KEC,
    PUSAT,
    answer,
    assert_whole,
    by,
    codes,
    recall,
)

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
        done = actions.void_card(by(), card=card, why="BLOCKED", witness="off_b")
        assert done == {"card": card}
    assert line.grant() == Refusal("readiness.nobody_waits"), "the holder may print it still"
    line.post()
    assert answer(line) == 1
    line.post()
    assert len(line.grant()) == 1
    assert_whole(line)


@pytest.mark.parametrize("why", ["BLOCKED", "ANNULLED"])
def test_a_block_or_an_annulled_nik_takes_two_officers_also_card_by_card(line, why):
    permit = line.permit_for("res_1")
    with line.at(DINAS):
        card = queries.permit_seen(permit).card

        def said(officer: str = "off_a", witness: str = "off_b"):
            return actions.void_card(by(officer), card=card, why=why, witness=witness)

        for alone in (said(witness=""), said(witness="off_a"), said(officer="")):
            assert alone == Refusal("officer.same_person")
        assert queries.card_state(card) is CardState.PERMITTED
        assert not queries.permit_seen(permit).is_recalled, "nothing was recalled meanwhile"
        untrue = actions.void_card(by(), card=card, why="UNCOLLECTED", witness="off_b")
        assert untrue == Refusal("readiness.no_card_to_void"), "it lies in no drawer"
        assert said() == {"card": card}
        assert queries.card_state(card) is CardState.VOID


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


# ---- all cards of a resident at once ----


def test_death_voids_every_card_and_recalls_the_print_in_progress(line):
    first = line.deliver(line.permit_for("res_1"))
    request = line.ask("res_1", reason=Reason.DATA_CHANGED)
    line.confirm(request)
    line.post()
    (permit,) = line.grant(DINAS)
    with line.at(DINAS):
        second = queries.permit_seen(permit).card
        done = actions.void_cards_of(
            by(), resident="res_1", why="DIED", document="Akta kematian contoh 1"
        )
        assert done == {"cards": [first, second], "recalled": 1}
        assert queries.card_state(second) is CardState.VOID
        assert queries.permit_seen(permit).is_recalled
        again = actions.void_cards_of(by(), resident="res_1", why="DIED", document="Akta 1")
        assert again == Refusal("readiness.no_card_to_void")
    assert answer(line, at=DINAS) == 1
    line.post()
    with line.at(KEC):
        assert queries.card_state(first) is CardState.VOID
        (word,) = [each for each in queries.card_words(first) if each.said.value == "DIED"]
        assert str(word.office) == DINAS
        voided = queries.voided_by(queries.card_words(first))
        assert voided == word
    assert_whole(line)


def test_only_a_card_that_was_made_is_lost(line):
    permit = line.permit_for("res_1")
    with line.at(DINAS):
        card = queries.permit_seen(permit).card
        no = actions.void_cards_of(by(), resident="res_1", why="LOST", document="Surat 1")
        assert no == Refusal("readiness.no_card_to_void")
        assert queries.card_state(card) is CardState.PERMITTED
    line.deliver(permit)
    with line.at(DINAS):
        done = actions.void_cards_of(by(), resident="res_1", why="LOST", document="Surat 1")
        assert done == {"cards": [card], "recalled": 0}


def test_a_block_and_an_annulled_nik_take_two_officers_and_a_paper(line):
    line.deliver(line.permit_for("res_1"))
    said = {"resident": "res_1", "document": "Surat contoh 1"}
    with line.at(DINAS):
        for why in ("BLOCKED", "ANNULLED"):
            for witness in ("", "off_a"):
                no = actions.void_cards_of(by("off_a"), why=why, witness=witness, **said)
                assert no == Refusal("officer.same_person")
        no = actions.void_cards_of(by(), resident="res_1", why="DIED", document=" ")
        assert no == Refusal("readiness.void_document")
        no = actions.void_cards_of(by(), why="NOT_MADE", witness="off_b", **said)
        assert no == Refusal("readiness.void_reason")
        done = actions.void_cards_of(by("off_a"), why="BLOCKED", witness="off_b", **said)
        assert isinstance(done, dict)
    with line.at(KEC):
        no = actions.void_cards_of(by(), why="DIED", **said)
        assert no == Refusal("readiness.not_the_dinas", office=KEC)


def test_void_cards_that_somebody_may_hold_are_listed_and_others_are_not(line):
    from ampera.readiness.rules.states import Said

    held = line.deliver(line.permit_for("res_1"))
    line.permit_for("res_2")
    with line.at(DINAS):
        for resident in ("res_1", "res_2"):
            done = actions.void_cards_of(by(), resident=resident, why="DIED", document="Akta 1")
            assert isinstance(done, dict)
        listed = queries.voided_cards([Said.DIED], most=10)
        assert [each.card for each in listed] == [held]
        assert queries.voided_cards([Said.LOST], most=10) == []


def test_after_a_block_of_a_ready_card_a_new_request_gets_a_new_card(line):
    """The block was lifted: the old card stays void, nobody is recorded twice."""
    request = line.ask("res_1")
    line.ready("res_1", request=request)
    line.post()
    (permit,) = line.grant()
    line.post()
    old = line.print_card(permit)
    line.check(permit, "READY")
    line.post()
    with line.at(DINAS):
        said = {"resident": "res_1", "document": "Surat contoh 1", "witness": "off_b"}
        assert isinstance(actions.void_cards_of(by(), why="BLOCKED", **said), dict)
    line.post()
    assert codes(line, request) == [WaitCode.CLOSED]
    anew = line.ask("res_1")
    line.post()
    assert line.grant() == Refusal("readiness.nobody_waits"), "the dinas confirms it first"
    line.confirm(anew)
    line.post()
    (second,) = line.grant()
    line.post()
    new = line.deliver(second)
    with line.at(DINAS):
        assert queries.current_card("res_1") == new != old
        assert queries.card_state(old) is CardState.VOID
    assert_whole(line)
    assert_order_free(line.offices, DINAS, tries=6)


def test_only_a_ready_card_is_taken_back_because_nobody_fetched_it(line):
    permit = line.permit_for("res_1")
    said = {"resident": "res_1", "document": "Daftar contoh 1", "witness": "off_b"}
    with line.at(DINAS):
        no = actions.void_cards_of(by(), why="UNCOLLECTED", **said)
        assert no == Refusal("readiness.no_card_to_void")
    card = line.print_card(permit)
    line.check(permit, "READY")
    line.post()
    with line.at(DINAS):
        done = actions.void_cards_of(by(), why="UNCOLLECTED", **said)
        assert done == {"cards": [card], "recalled": 0}
