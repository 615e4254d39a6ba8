"""Printing lent by machines: the same act as on the page, with the same rights."""

from __future__ import annotations

from datetime import timedelta

from ampera.journal.house import house
from ampera.printing.actions.stops import tell_down
from ampera.printing.rules.stops import StopCause
from tests.api.city import DINAS, SU1


def test_the_dinas_lends_and_ends_by_the_interface(fresh_city):
    city = fresh_city
    day = city.offices.clock.at.date()
    wish = {
        "home": SU1,
        "at": DINAS,
        "since": day.isoformat(),
        "until": (day + timedelta(days=2)).isoformat(),
        "why": "PRINTER_DOWN",
    }

    def lend(login="verifikator", at=DINAS, **changes):
        return city.post(at, login, "lendings", **{**wish, **changes})

    assert lend()["code"] == "readiness.lending_not_down"
    with city.offices.at(SU1):
        tell_down("p1", cause=StopCause.REPAIR, since=house().now())
    city.turn()
    assert lend(login="loket")["code"] == "officer.may_not"
    assert lend(login="kepala", at=SU1)["code"] == "readiness.not_the_dinas"
    assert lend(at="16.71", home="SU1")["code"] == "api.body_invalid"
    lending = lend()["lending"]
    (seen,) = city.get(DINAS, "kepala", "lendings")
    assert (seen["lending"], seen["home"], seen["at"]) == (lending, SU1, DINAS)
    assert (seen["is_over"], seen["ends_when_up"], seen["granted"]) == (False, True, 0)
    city.turn()
    request = city.ready_record(city.person())
    why = city.get(SU1, "loket", f"requests/{request}")
    assert "LENT_PRINTER_DOWN" in str(why), why
    (seen,) = city.get(DINAS, "kepala", "lendings")
    assert (seen["granted"], seen["open"]) == (1, 1)
    end = f"lendings/{lending}/end"
    assert city.post(DINAS, "verifikator", end) == {"lending": lending}
    assert city.post(DINAS, "verifikator", end)["code"] == "readiness.lending_over"
    (seen,) = city.get(DINAS, "kepala", "lendings")
    assert (seen["is_over"], seen["ended_why"]) == (True, "DECIDED")
