"""An office's day at a real PC/SC reader: the station's verbs, the whole stack below them."""

from __future__ import annotations

from ampera.printing.ports import ChipState
from ampera.printing.queries import encoding_of
from tests.stations.chip_desk import ChipDesk, contents
from tests.stations.conftest import offices
from tests.stations.printing_desk import BUDI, code

from .conftest import pcsc_bench

__all__ = ["offices"]


def test_a_card_is_torn_away_laid_back_written_and_ready(stack, offices):
    desk = ChipDesk(offices)
    with pcsc_bench(stack) as bench, desk.at():
        attempt = desk.printed()
        assert code(desk.personalise(attempt, encoder=bench.encoder)) == "printing.no_chip_seen"
        bench.tear_after(4)
        bench.put(attempt.serial)
        assert code(desk.personalise(attempt, encoder=bench.encoder)) == "printing.chip_torn"
        bench.put(attempt.serial)
        assert bench.encoder.read().state is ChipState.TORN
        assert desk.personalise(attempt, encoder=bench.encoder)["outcome"] == "WRITTEN"
        assert bench.encoder.read().contents == contents(1)
        assert desk.check(1, "READY")["result"] == "READY"


def test_a_worn_chip_fails_and_its_card_is_rejected_by_two(stack, offices):
    desk = ChipDesk(offices)
    with pcsc_bench(stack) as bench, desk.at():
        attempt = desk.printed(2)
        portrait = bench.encoder.layout.file("portrait").ef
        bench.hands.spoil(attempt.serial, worn=frozenset({portrait}))
        bench.put(attempt.serial)
        assert desk.personalise(attempt, encoder=bench.encoder)["cause"] == "failed_encode"
        assert encoding_of(attempt.id).outcome == "FAILED"
        assert code(desk.check(2, "READY")) == "printing.chip_failed"
        assert desk.check(2, "REJECTED", BUDI)["result"] == "REJECTED"
