"""A handover without a finger match, told by a machine: a reason code and a second officer."""

from __future__ import annotations

from tests.api.city import PASSWORD, SU1
from tests.screens.carriers import finish_cards

KEPALA = {"login": "kepala", "password": PASSWORD}


def test_an_exception_has_a_reason_and_a_second_officer(fresh_city):
    ((_, (card,)),) = finish_cards(fresh_city, 1)
    path = f"cards/{card}/hand-over"

    def give(**more):
        return fresh_city.post(SU1, "loket", path, to="HOLDER", verified="EXCEPTION", **more)

    assert give()["code"] == "delivery.exception_unknown"
    assert give(exception="NO_MATCHER")["code"] == "delivery.second_needed"
    wrong = {"login": "kepala", "password": "salah"}
    assert give(exception="NO_MATCHER", witness=wrong)["code"] == "officer.unknown"
    given = give(exception="NO_MATCHER", witness=KEPALA)
    assert given == {"card": card, "voids": None}
    assert fresh_city.get(SU1, "kepala", f"cards/{card}")["state"] == "VALID"
