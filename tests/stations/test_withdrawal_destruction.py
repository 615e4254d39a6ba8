"""Batches: one cause, two officers, named witnesses, and nothing that is gone comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ampera.blanko.queries import CHECKS as BLANKO
from ampera.blanko.queries import accounts, history
from ampera.delivery.actions import hand_over
from ampera.journal.alarms import open_alarms
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import entries_about
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness.queries import CardState, card_state
from ampera.withdrawal.actions import (
    cancel_batch,
    finish_batch,
    open_batch,
    refresh_guards,
    secure_again,
)
from ampera.withdrawal.actions import destroying as destroying_module
from ampera.withdrawal.models import InBatch
from ampera.withdrawal.queries import (
    CHECKS,
    batch_seen,
    destruction_seen,
    destructions,
    is_on_second_medium,
    lying_at,
    open_batches,
)
from ampera.withdrawal.queries.look_up import standing_seen
from ampera.withdrawal.rules.pieces import How, Standing, Witness
from ampera.withdrawal.rules.policy import Cause, Way
from ampera.words import Refusal
from tests.interleavings import assert_order_free
from tests.stations.printing_desk import BUDI, DINAS, KEC, Desk, by, serial
from tests.stations.withdrawn_cards import (
    WITNESSES,
    batch_of,
    brought,
    destroyed,
    done_with,
    handed,
    printed,
    spoiled,
    voided,
)


@pytest.fixture
def desk(offices):
    return Desk(offices, permits=4, blanks=6)


def whole(desk: Desk) -> None:
    desk.offices.post()
    for code in (KEC, DINAS):
        with desk.offices.at(code):
            assert compare_with_rebuild() == []
            assert [each for check in (*BLANKO, *CHECKS) for each in check()] == []
        assert_order_free(desk.offices, code, tries=8)


# ---- what a batch does ----


def test_a_ruined_blank_is_destroyed_in_the_books_and_in_the_batch_at_once(desk):
    with desk.at():
        first, second = spoiled(1), spoiled(2)
        assert accounts(KEC)["spoiled"] == 2
        batch = destroyed("FAILED_PRINT", first, second)
        assert accounts(KEC).get("spoiled") is None
        assert accounts(KEC)["destroyed"] == 2
        assert history(first)[-1].document == batch
        assert lying_at() == []
        seen = destruction_seen(batch)
        assert (seen.number, seen.total, seen.cause) == ("474/12/PMS/2017", 2, Cause.FAILED_PRINT)
        assert seen.officers == ("off_sari", BUDI)
        assert seen.witnesses == (("SAKSI CONTOH", "Inspektorat Contoh"),)
        assert [each.serial for each in seen.pieces] == [first, second]
        assert seen.way is Way.SENT, "in 2017 they went to the ministry"
        assert [each.destruction for each in destructions()] == [batch]
        assert open_batches() == []
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert destruction_seen(batch).pieces == seen.pieces
        assert accounts(KEC)["destroyed"] == 2
    whole(desk)


def test_a_destroyed_card_is_void_for_good_and_found_again_it_is_an_alarm(desk):
    with desk.at():
        card = printed(1)
        handed(1)
    voided(desk, card)
    with desk.at():
        piece = brought(card)["piece"]
        destroyed("FOUND_AGAIN", piece)
        assert card_state(card) is CardState.VOID
        assert standing_seen(card=card, serial="").standing is Standing.DESTROYED
        assert brought(card) == Refusal("withdrawal.not_a_card")
        again = brought(card, how=How.FOUND, cause="OTHER")
        assert again["standing"] == "DESTROYED"
        assert "DESTROYED" in open_alarms()[0][1]
    whole(desk)


def test_a_rejected_card_that_is_destroyed_can_never_be_handed_over(desk):
    with desk.at():
        card = printed(1, result="REJECTED")
        destroyed("FAILED_PRINT", serial(1))
        assert card_state(card) is CardState.VOID
        assert isinstance(hand_over(by(), card=card), Refusal)
        # Even an entry that says so makes it no valid card.
        handed(1)
        assert card_state(card) is CardState.VOID
    whole(desk)


def test_a_batch_that_was_given_up_destroys_nothing(desk):
    with desk.at():
        ruined = spoiled(1)
        batch = batch_of("FAILED_PRINT", ruined)
        assert [each.piece for each in batch_seen(batch).pieces] == [ruined]
        assert lying_at()[0].batch == batch
        assert cancel_batch(by(), batch=batch) == {"batch": batch}
        assert cancel_batch(by(), batch=batch) == Refusal("withdrawal.batch_unknown")
        assert lying_at()[0].batch == ""
        assert accounts(KEC)["spoiled"] == 1
        destroyed("FAILED_PRINT", ruined)


# ---- refusals ----


def test_a_piece_in_two_batches_is_refused(desk):
    with desk.at():
        first, second = spoiled(1), spoiled(2)
        batch = batch_of("FAILED_PRINT", first)
        no = open_batch(by(), cause="FAILED_PRINT", pieces=[second, first])
        assert no == Refusal("withdrawal.in_another_batch", batch=batch)
        destroyed("FAILED_PRINT", second)
        finish_batch(by(), batch=batch, done=done_with())
        no = open_batch(by(), cause="FAILED_PRINT", pieces=[first])
        assert no == Refusal("withdrawal.destroyed", batch=batch)
        assert open_alarms() == []


def test_a_batch_has_one_cause_and_only_pieces_that_may_go(desk):
    with desk.at():
        ruined, other = spoiled(1), spoiled(2, cause="bad_blank")
        card = printed(3)
        handed(3)
        live = brought(card, how=How.FOUND)["piece"]

        def tried(*pieces: str, cause: str = "FAILED_PRINT"):
            answer = open_batch(by(), cause=cause, pieces=pieces)
            return answer.code if isinstance(answer, Refusal) else answer

        assert tried() == "withdrawal.nothing_chosen"
        assert tried(ruined, ruined) == "withdrawal.chosen_twice"
        assert tried(ruined, other) == "withdrawal.other_cause"
        assert tried(ruined, cause="WHIM") == "withdrawal.cause_unknown"
        assert tried(live, cause="OTHER") == "withdrawal.not_void"
        assert tried(serial(6)) == "withdrawal.piece_unknown", "a whole blank on the shelf"
        assert tried("wdr_x") == "withdrawal.piece_unknown"
        assert tried(*(f"x{n}" for n in range(301))) == "withdrawal.batch_too_big"
        assert not InBatch.objects.exists()
    desk.offices.post()
    with desk.offices.at(DINAS):
        assert tried(ruined) == "withdrawal.piece_unknown", "it lies at the kecamatan"


def test_a_found_spoil_is_destroyed_through_the_books_alone(desk):
    with desk.at():
        ruined = spoiled(1)
        piece = brought(serial=ruined, how=How.FOUND)["piece"]
        no = open_batch(by(), cause="FAILED_PRINT", pieces=[piece])
        assert no == Refusal("withdrawal.among_the_spoils")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": " "}, "withdrawal.minutes_incomplete"),
        ({"place": ""}, "withdrawal.minutes_incomplete"),
        ({"witnesses": ()}, "withdrawal.no_witness"),
        ({"witnesses": (Witness(name=" "),)}, "withdrawal.no_witness"),
        ({"second": ""}, "officer.same_person"),
        ({"second": "off_sari"}, "officer.same_person"),
    ],
)
def test_a_berita_acara_names_number_place_two_officers_and_a_witness(desk, changes, code):
    with desk.at():
        batch = batch_of("FAILED_PRINT", spoiled(1))
        no = finish_batch(by(), batch=batch, done=done_with(**changes))
        assert isinstance(no, Refusal)
        assert no.code == code
        assert accounts(KEC)["spoiled"] == 1, "nothing moved"
        assert isinstance(finish_batch(by(), batch=batch, done=done_with()), dict)
        gone = finish_batch(by(), batch=batch, done=done_with())
        assert gone == Refusal("withdrawal.batch_unknown")


def test_what_became_live_again_in_the_books_is_not_destroyed(desk, monkeypatch):
    """The check is made once more when the batch goes: the facts may have changed meanwhile."""
    with desk.at():
        batch = batch_of("FAILED_PRINT", spoiled(1))
        no = Refusal("withdrawal.not_void")
        monkeypatch.setattr(destroying_module, "check_destroy", lambda *_, **__: no)
        assert finish_batch(by(), batch=batch, done=done_with()) == no
        assert accounts(KEC)["spoiled"] == 1


def test_nothing_is_burned_before_its_list_lies_on_a_second_medium(desk, monkeypatch):
    """The stick is gone: the list stands in the books, and the fire has to wait for it."""
    from ampera.journal.house import house

    def broken(_):
        raise OSError("the stick is gone")

    with desk.at():
        batch, command = batch_of("FAILED_PRINT", spoiled(1)), by()
        monkeypatch.setattr(house().second_log, "append", broken)
        no = finish_batch(command, batch=batch, done=done_with())
        assert no == Refusal("withdrawal.second_log_missing")
        assert not is_on_second_medium(batch)
        assert secure_again() == no
        monkeypatch.undo()
        assert finish_batch(command, batch=batch, done=done_with()) == {
            "destruction": batch,
            "total": 1,
        }
        assert is_on_second_medium(batch)
        assert len(destructions()) == 1, "nothing was written twice"


def test_an_entry_that_the_dinas_acknowledged_lies_on_a_second_medium_too(desk, monkeypatch):
    from ampera.journal.house import house
    from ampera.journal.models import Chain

    def broken(_):
        raise OSError("the stick is gone")

    with desk.at():
        batch = batch_of("FAILED_PRINT", spoiled(1))
        monkeypatch.setattr(house().second_log, "append", broken)
        finish_batch(by(), batch=batch, done=done_with())
        assert not is_on_second_medium(batch)
        (entry,) = entries_about([batch])
        Chain.objects.filter(name=str(entry.chain)).update(above_seq=entry.seq)
        assert is_on_second_medium(batch)


def test_while_quarantined_nothing_is_destroyed(desk):
    with desk.at():
        batch = batch_of("FAILED_PRINT", spoiled(1))
        quarantine("restored")
        no = finish_batch(by(), batch=batch, done=done_with())
        assert no == Refusal("server.quarantined")


def test_a_piece_told_in_two_batches_is_an_alarm_and_the_earlier_stands(desk):
    """No honest server writes it; a forged or restored one may."""
    from tests.stations.withdrawn_cards import written

    def told(batch: str) -> dict:
        return {
            "destruction": batch,
            "number": "1",
            "place": "x",
            "way": "BURNED",
            "cause": "OTHER",
            "on": "2017-09-07",
            "officers": ["off_a", "off_b"],
            "witnesses": 0,
            "total": 1,
            "pieces": [{"piece": "wdr_1", "card": "", "serial": "ABC1"}],
        }

    with desk.at():
        written("destruction.done/1", subject="dst_1", **told("dst_1"))
    desk.offices.clock.move(timedelta(seconds=5))
    desk.offices.post()
    with desk.offices.at(DINAS):
        written("destruction.done/1", subject="dst_2", **told("dst_2"))
        (alarm,) = open_alarms()
        assert "dst_1 and dst_2" in alarm[1]
        assert destruction_seen("dst_1").pieces != ()
        assert destruction_seen("dst_2").pieces == ()
        assert [each for check in CHECKS for each in check()] == ["dst_2 says 1 pieces and has 0"]
    for code in (KEC, DINAS):
        assert_order_free(desk.offices, code, tries=8)


def test_the_guard_of_a_batch_lets_go_of_what_is_gone(desk):
    with desk.at():
        ruined = spoiled(1)
        destroyed("FAILED_PRINT", ruined)
        InBatch.objects.create(piece=ruined, batch="dst_old")
        refresh_guards()
        assert not InBatch.objects.exists()


def test_verify_names_what_is_destroyed_and_not_gone_and_what_lies_twice(desk):
    from ampera.withdrawal.models import Gone, Piece

    with desk.at():
        card = printed(1)
        handed(1)
        brought(card, how=How.FOUND)
        row = Piece.objects.get()
        row.pk = "wdr_other"
        row.save(force_insert=True)
        ruined = spoiled(2)
        for piece, of in ((ruined, ""), ("wdr_x", card)):
            Gone.objects.create(
                piece=piece, destruction="dst_x", card=of, serial="", cause="OTHER",
                office=KEC, on="2017-09-07", at="x", hash="x",
            )  # fmt: skip
        assert [each for check in CHECKS for each in check()] == [
            f"{card} was destroyed and is VALID",
            f"{ruined} was destroyed and stands at {KEC}/spoiled",
            f"{card} lies in two registers",
        ]


def test_witnesses_are_named_in_the_body_and_stand_in_no_facts(desk):
    with desk.at():
        batch = destroyed("FAILED_PRINT", spoiled(1))
        (entry,) = [each for each in entries_about([batch]) if each.kind == "destruction.done/1"]
        assert WITNESSES[0].name not in str(entry.facts)
        assert entry.body["witnesses"][0]["name"] == WITNESSES[0].name
