"""Two windows at once, on PostgreSQL, with the control in which the guard is taken out."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import accounts
from ampera.journal.entry import ChainName, Entry
from ampera.withdrawal.actions import (
    destroying,
    finish_batch,
    open_batch,
    receive_package,
    send_package,
    sending,
)
from ampera.withdrawal.models import Batch, Destruction, Gone, InBatch, Piece, PieceMove
from ampera.withdrawal.projection.packages import withdrawal_sent
from ampera.withdrawal.rules.packages import Opened, Sealed
from ampera.withdrawal.rules.pieces import How
from ampera.words import OfficeCode, Refusal
from tests.houses import START
from tests.recordings import at_once
from tests.stations.printing_desk import BUDI, DINAS, by, lone_dinas
from tests.stations.withdrawn_cards import batch_of, brought, done_with, spoiled

pytestmark = pytest.mark.postgres


class NoGuard:
    """A table that lets everything in."""

    class objects:
        @staticmethod
        def bulk_create(rows: object) -> None: ...

    def __init__(self, **_: object) -> None: ...


def test_of_two_windows_one_takes_the_found_card_in(postgres_database):
    lone_dinas(permits=1, blanks=1)
    for number in range(4):
        found = [lambda n=number: brought(serial=f"XYZ0000000{n}", how=How.FOUND)] * 3
        answers = at_once(*found)
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert len(refused) == 2, answers
        assert {each.code for each in refused} == {"withdrawal.lies_already"}
        assert Piece.objects.count() == number + 1


def test_of_two_windows_one_has_the_piece_in_its_batch(postgres_database):
    lone_dinas(permits=1, blanks=4)
    for number in range(4):
        ruined = spoiled(number + 1)
        tried = [lambda piece=ruined: open_batch(by(), cause="FAILED_PRINT", pieces=[piece])] * 3
        answers = at_once(*tried)
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert {each.code for each in refused} == {"withdrawal.in_another_batch"}
        assert len(refused) == 2
        assert (Batch.objects.count(), InBatch.objects.count()) == (number + 1, number + 1)


def test_a_batch_that_two_windows_finish_is_destroyed_once(postgres_database):
    lone_dinas(permits=1, blanks=2)
    batch = batch_of("FAILED_PRINT", spoiled(1), spoiled(2))
    done = [lambda: finish_batch(by(), batch=batch, done=done_with())] * 3
    answers = at_once(*done)
    assert sum(isinstance(each, dict) for each in answers) == 1, answers
    assert (Destruction.objects.count(), Gone.objects.count()) == (1, 2)
    assert accounts(DINAS)["destroyed"] == 2


def found_pieces(number: int) -> list[str]:
    return [
        brought(serial=f"XYZ{number:04d}{each:04d}", how=How.FOUND, cause="OTHER")["piece"]
        for each in range(2)
    ]


def packed(piece: str, to: str = "16.71.02"):
    """Into a package for one of two kecamatan: the two are told in different chains."""
    sealed = Sealed(seal="SGL 1", courier="KURIR CONTOH", second=BUDI)
    return send_package(by(), to=OfficeCode(to), pieces=[piece], sealed=sealed)


def test_of_two_windows_one_puts_a_piece_into_its_package(postgres_database):
    lone_dinas(permits=1, blanks=1)
    for number in range(4):
        piece, _ = found_pieces(number)
        answers = at_once(
            *(lambda each=piece, to=to: packed(each, to) for to in ("16.71.02", "16.71.06"))
        )
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert len(refused) == 1, answers
        assert {each.code for each in refused} == {"withdrawal.piece_unknown"}
        assert PieceMove.objects.filter(piece=piece).count() == 1


def test_a_piece_goes_into_a_package_or_into_a_batch_and_never_into_both(postgres_database):
    from ampera.withdrawal.models import Made
    from tests.stations.withdrawn_cards import written

    lone_dinas(permits=1, blanks=1)
    for number in range(4):
        card = f"crd_x{number}"
        written("card.voided/1", subject=card, card=card, resident="res_1", why="LOST", witness="")
        Made.objects.create(
            card=card, serial=f"XYZ9{number}", office=DINAS, result="READY", at="x", hash="x"
        )
        piece = brought(card, cause="OTHER")["piece"]
        answers = at_once(
            lambda each=piece: packed(each),
            lambda each=piece: open_batch(by(), cause="FOUND_AGAIN", pieces=[each]),
        )
        refused = [each.code for each in answers if isinstance(each, Refusal)]
        assert len(refused) == 1, answers
        assert refused[0] in ("withdrawal.piece_unknown", "withdrawal.in_another_batch")


def test_a_package_that_two_windows_receive_is_received_once(postgres_database):
    lone_dinas(permits=1, blanks=1)
    for number in range(4):
        package, piece = f"wpk_{number:032x}", f"wdr_{number:032x}"
        told = {
            **{"piece": piece, "n": 1, "card": "", "serial": f"ABC{number}", "how": "FOUND"},
            **{"cause": "OTHER", "standing": "UNKNOWN"},
        }
        sent = entry_from(
            "16.71.02", package=package, to=DINAS, seal="S", count=1, officers=[], pieces=[told]
        )
        withdrawal_sent(sent)
        opened = Opened(marks=(piece,), is_seal_whole=True, second=BUDI)
        answers = at_once(
            *[lambda of=package, seen=opened: receive_package(by(), package=of, opened=seen)] * 3
        )
        refused = [each for each in answers if isinstance(each, Refusal)]
        assert len(refused) == 2, answers
        assert {each.code for each in refused} <= {
            *("withdrawal.package_received", "withdrawal.moved_meanwhile"),
        }
        assert Piece.objects.get(pk=piece).lies == DINAS


def entry_from(origin: str, **facts) -> Entry:
    """A package's entry of another office, as it would have come by post."""
    return Entry(
        chain=ChainName.read(f"{origin}/up@1"),
        seq=1,
        kind="withdrawal.sent/1",
        subject=facts["package"],
        at=START,
        officer="off_a",
        command_id="cmd",
        facts=facts,
        body_hash="",
        prev="",
        hash=facts["package"],
        salt="",
        body=None,
    )


def test_control_without_compare_and_set_a_piece_is_in_two_packages(postgres_database, monkeypatch):
    """What it is for: taken out, two packages that were sealed at once both list one piece."""
    lone_dinas(permits=1, blanks=1)
    monkeypatch.setattr(sending, "claim", lambda *_, **__: True)
    monkeypatch.setattr(sending, "hold", lambda _: None)
    piece, _ = found_pieces(9)
    answers = at_once(*(lambda to=to: packed(piece, to) for to in ("16.71.02", "16.71.06")))
    assert all(isinstance(each, dict) for each in answers), answers
    assert PieceMove.objects.filter(piece=piece, stands=False).exists()


def test_control_without_the_guard_a_piece_lies_in_two_batches(postgres_database, monkeypatch):
    """What the guard is for: taken out, two batches that were opened at once hold one piece."""
    lone_dinas(permits=1, blanks=1)
    ruined = spoiled(1)
    monkeypatch.setattr(destroying, "InBatch", NoGuard)
    tried = [lambda: open_batch(by(), cause="FAILED_PRINT", pieces=[ruined])] * 2
    answers = at_once(*tried)
    assert all(isinstance(each, dict) for each in answers), answers
    assert Batch.objects.count() == 2
