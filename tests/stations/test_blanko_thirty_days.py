"""Thirty days of three offices, closed daily; then one blanko is stolen, and found to be gone the
same day at the right office."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from ampera.blanko import actions, queries
from ampera.journal.rebuild import compare_with_rebuild
from ampera.words import Refusal
from tests.houses import Offices
from tests.stations.blanko_days import (
    DINAS,
    KEC,
    OTHER,
    assert_books_are_whole,
    attempted,
    by,
    close,
    inside,
    opened,
    what_lies_here,
)

DAYS = 30


def a_day_of_work(code: str, chance: Random) -> None:
    """Some cards are printed, some blanko ruined, one given back whole."""
    for _ in range(chance.randint(0, 4)):
        serial = queries.next_serial(code)
        if serial is None:
            return
        attempted(serial, end=chance.choice(["issued", "issued", "issued", "spoiled"]))
    serial = queries.next_serial(code)
    if serial is not None:
        attempted(serial, end="")
        inside(actions.shelve_in, serial=serial, attempt="att_1")


def sent_to(offices: Offices, code: str, count: int) -> None:
    with offices.at(DINAS):
        serials = [s for s, at in sorted(queries.all_places().items()) if at == f"{DINAS}/shelf"]
        actions.ship(by(), to=code, boxes=[], serials=serials[:count], courier="off_k")
    offices.post(rounds=2)
    with offices.at(code):
        for each in queries.shipments_to(code):
            actions.receive_shipment(
                by(),
                shipment=each.shipment,
                seen_boxes=[],
                seen_serials=list(each.serials),
                witness="off_b",
            )


def test_ninety_balances_close_and_a_theft_is_found_the_same_day(django_db_blocker):
    chance = Random(9)
    with django_db_blocker.unblock(), Offices(DINAS, KEC, OTHER) as offices:
        for code, first, count in ((DINAS, 1, 400), (KEC, 1001, 40), (OTHER, 2001, 40)):
            with offices.at(code):
                opened(*(f"SPC{n:08d}" for n in range(first, first + count)))
        for day in range(DAYS):
            if day % 7 == 3:
                sent_to(offices, chance.choice([KEC, OTHER]), 10)
            for code in (DINAS, KEC, OTHER):
                with offices.at(code):
                    a_day_of_work(code, chance)
                    answer = close(code)
                    assert isinstance(answer, dict), answer
                    assert answer["missing"] == []
            offices.clock.at += timedelta(days=1)
        offices.post()
        with offices.at(DINAS):
            told = [len(queries.closed_days(code)) for code in (DINAS, KEC, OTHER)]
            assert told == [DAYS] * 3
            assert_books_are_whole()
            assert compare_with_rebuild() == []
        # Somebody takes one from the shelf of one office. Every office counts as every day.
        with offices.at(KEC):
            stolen = queries.next_serial(KEC)
        for code in (DINAS, KEC, OTHER):
            with offices.at(code):
                gone = (stolen,) if code == KEC else ()
                if code == KEC:
                    first = actions.close_day(
                        by(), counted=what_lies_here(code, without=gone), witness="off_b"
                    )
                    assert first == Refusal("blanko.day_differs")
                assert close(code, without=gone)["missing"] == list(gone)
        offices.post()
        with offices.at(DINAS):
            lost = {code: list(queries.in_dispute(code)) for code in (DINAS, KEC, OTHER)}
            assert lost == {DINAS: [], KEC: [stolen], OTHER: []}
            assert_books_are_whole()
