"""The books by machines: a day closed by two, a serial's way, a range, and what calls for a
person."""

from __future__ import annotations

from datetime import timedelta

from ampera.blanko.queries import held_at
from ampera.blanko.rules import stock_of
from ampera.words import OfficeCode
from tests.api.city import DINAS, IT2, PASSWORD, SU1

WITNESS = {"login": "kepala", "password": PASSWORD}


def lying(city) -> list[str]:
    with city.offices.at(SU1):
        return sorted(held_at(stock_of(OfficeCode(SU1))))


def no_of(city, path: str) -> str:
    """The code of the refusal that a question gets."""
    return str(city.raw(SU1, "kepala", "get", path).json()["code"])


def test_a_day_is_closed_and_read_again(fresh_city):
    city = fresh_city
    serials = lying(city)

    def close(whole, **more):
        return city.post(SU1, "blanko", "blanko/days", whole=whole, witness=WITNESS, **more)

    wrong = {"login": "kepala", "password": "salah-sekali"}
    no = city.post(SU1, "blanko", "blanko/days", whole=serials, witness=wrong)
    assert no["code"].startswith("officer.")
    no = city.post(SU1, "loket", "blanko/days", whole=serials, witness=WITNESS)
    assert no["code"] == "officer.may_not"
    assert close(serials[1:])["code"] == "blanko.day_differs"
    assert close(serials[1:], again=True)["code"] == "blanko.day_holder_missing"
    assert close(serials[1:], again=True, holder="siapa")["code"] == "officer.not_here"
    closed = close(serials[1:], again=True, holder="blanko")
    assert (closed["closing"], closed["missing"]) == (4, serials[:1])
    assert close(serials[1:])["code"] == "blanko.day_closed"
    city.turn()
    for at, office in ((SU1, ""), (DINAS, SU1)):
        path = f"blanko/days?office={office}" if office else "blanko/days"
        [day] = city.get(at, "kepala", path)
        assert (day["opening"], day["closing"], day["missing"]) == (0, 4, serials[:1])
        assert day["settle_by"] == "2017-09-10"
    assert no_of(city, f"blanko/days?office={IT2}") == "register.office_not_yours"


def test_a_way_a_range_and_alarms_are_told(fresh_city):
    city = fresh_city
    serials = lying(city)
    way = city.get(SU1, "blanko", f"blanko/trail/{serials[0]}")
    assert (way["place"], [each["why"] for each in way["steps"]]) == (
        "16.71.02/shelf",
        ["COUNTED"],
    )
    assert len(way["steps"][0]["officers"]) == 2
    assert no_of(city, "blanko/trail/XYZ00000009") == "blanko.unknown"
    path = f"blanko/range?first={serials[0]}&last={serials[-1]}"
    [run] = city.get(SU1, "blanko", path)
    assert (run["count"], run["place"]) == (5, "16.71.02/shelf")
    assert no_of(city, f"blanko/range?first={serials[1]}&last={serials[0]}") == "blanko.range_form"
    assert city.get(SU1, "blanko", "blanko/alarms") == []
    city.offices.clock.at += timedelta(days=1)
    [alarm] = city.get(SU1, "blanko", "blanko/alarms?language=en")
    assert alarm["code"] == "day_open"
    assert "has not closed" in alarm["text"]
