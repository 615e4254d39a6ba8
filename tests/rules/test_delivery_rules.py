"""Who may be given which card, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ampera.delivery.rules import CardHeld, Custody, Handover, decide_hand_over

NOON = datetime(2017, 9, 7, 5, 0, tzinfo=UTC)
READY = CardHeld(
    card="crd_1",
    permit="prm_1",
    serial="B0001",
    office="16.71.02",
    result="READY",
    ready_at=NOON,
    handed_at=None,
    voided_at=None,
    voided_why="",
    replaced_by="",
)
TO_HOLDER = Handover(
    office="16.71.02", officer="off_sari", to="HOLDER", proxy_name="", proxy_basis=""
)
TO_PROXY = replace(TO_HOLDER, to="PROXY", proxy_name="CONTOH WAKIL", proxy_basis="surat kuasa")


def code(no):
    return getattr(no, "code", None)


def test_a_ready_card_is_handed_to_its_holder_or_a_recorded_proxy():
    assert decide_hand_over(READY, handover=TO_HOLDER) is None
    assert decide_hand_over(READY, handover=TO_PROXY) is None


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (None, "delivery.no_such_card"),
        (replace(READY, result=""), "delivery.no_such_card"),
        (replace(READY, result="REJECTED"), "delivery.not_ready"),
        (replace(READY, handed_at=NOON), "delivery.already_handed_over"),
        (replace(READY, handed_at=NOON, voided_at=NOON), "delivery.already_handed_over"),
        (replace(READY, voided_at=NOON), "delivery.voided"),
        (replace(READY, replaced_by="crd_2"), "delivery.voided"),
        (replace(READY, result="", voided_at=NOON), "delivery.voided"),
        (replace(READY, office="16.71.06"), "delivery.held_elsewhere"),
    ],
)
def test_what_bars_a_handover(held, expected):
    assert code(decide_hand_over(held, handover=TO_HOLDER)) == expected


@pytest.mark.parametrize(
    ("handover", "expected"),
    [
        (replace(TO_HOLDER, officer=""), "delivery.by_nobody"),
        (replace(TO_HOLDER, is_void=True), "delivery.voided"),
        (replace(TO_HOLDER, to="NEIGHBOUR"), "delivery.receiver_unknown"),
        (replace(TO_HOLDER, proxy_name="CONTOH"), "delivery.receiver_unknown"),
        (replace(TO_PROXY, proxy_name=" "), "delivery.receiver_unknown"),
        (replace(TO_PROXY, proxy_basis=""), "delivery.receiver_unknown"),
    ],
)
def test_the_receiver_has_to_be_known_and_recorded(handover, expected):
    assert code(decide_hand_over(READY, handover=handover)) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (READY, Custody.READY),
        (replace(READY, handed_at=NOON), Custody.HANDED_OVER),
        (replace(READY, handed_at=NOON, voided_at=NOON), Custody.VOID),
        (replace(READY, handed_at=NOON, replaced_by="crd_2"), Custody.VOID),
        (replace(READY, result="REJECTED"), Custody.REJECTED),
        (replace(READY, result=""), Custody.NOT_HERE),
    ],
)
def test_a_card_is_valid_from_its_handover_until_it_is_voided(held, expected):
    assert held.custody is expected
