"""Loans, differences and months by machine: the same acts as on the pages, with the same rights."""

from __future__ import annotations

import pytest

from tests.api.city import DINAS, PASSWORD, SU1

SECOND = {"login": "kepala", "password": PASSWORD}


def shelf_of(city, office) -> list[str]:
    from ampera.blanko.models import Item

    with city.offices.at(office):
        rows = Item.objects.filter(place=f"{office}/shelf", is_box=False).order_by("item")
        return list(rows.values_list("item", flat=True))


def a_loan(at_city, *items, **changes):
    told = {
        "number": "PJ-1",
        "city": "16.72",
        "until": "2017-10-07",
        "items": list(items),
        "courier_name": "KURIR CONTOH",
        "courier_paper": "NIP 99",
        "letter": "400/12/2017",
        "witness": SECOND,
    }
    return at_city.post(DINAS, "blanko", "blanko/loans", **{**told, **changes})


def test_a_loan_goes_out_comes_back_in_part_and_is_settled(fresh_city):
    city = fresh_city
    *items, other = shelf_of(city, DINAS)[:3]
    assert a_loan(city, *items, city="16.71")["code"] == "blanko.loan_city"
    assert a_loan(city, *items, until="x")["code"] == "api.body_invalid"
    assert a_loan(city, items=[])["code"] == "api.body_invalid"
    assert a_loan(city, *items) == {"items": items, "turn": 1}
    assert a_loan(city, other)["code"] == "blanko.loan_known"
    (loan,) = city.get(DINAS, "blanko", "blanko/loans")
    assert (loan["lent"], loan["out"], loan["city"], loan["serials"]) == (2, 2, "16.72", items)

    def back(*serials, how="back", number="PJ-1/K", loan="PJ-1"):
        path = f"blanko/loans/{loan}/settle"
        fields = {"number": number, "items": list(serials), "how": how, "witness": SECOND}
        return city.post(DINAS, "blanko", path, **fields)

    assert back("SPC99999999", how="spent")["code"] == "blanko.not_in_loan"
    assert back(items[0], loan="PJ-9")["code"] == "blanko.loan_unknown"
    assert back(items[0], how="kept")["code"] == "api.body_invalid"
    assert back(items[0]) == {"items": [items[0]], "replaced": [], "owed": 1}
    assert back(items[0])["code"] == "blanko.loan_here", "it is back already"
    spent = back(*items[1:], how="spent", number="PJ-1/P")
    assert spent == {"items": items[1:], "replaced": [], "owed": 0}
    (loan,) = city.get(DINAS, "blanko", "blanko/loans")
    assert (loan["returned"], loan["spent"], loan["out"]) == (1, 1, 0)


def test_another_box_comes_in_place_of_lent_ones(fresh_city):
    city = fresh_city
    items = shelf_of(city, DINAS)[:3]
    a_loan(city, *items, number="400/12/2017")
    path = "blanko/loans/400/12/2017/settle"
    box = {"box": "BOX-77", "first": "ZZZ99000101", "size": 2}
    told = {"number": "PJ-1/K", "boxes": [box], "items": items[:1], "how": "back", "turn": 3}
    back = city.post(DINAS, "blanko", path, **told, witness=SECOND)
    assert back == {"items": items[:1], "replaced": ["BOX-77"], "owed": 0}
    (loan,) = city.get(DINAS, "blanko", "blanko/loans")
    assert (loan["returned"], loan["replaced"], loan["owed"], loan["out"]) == (1, 2, 0, 0)


def test_a_debt_is_taken_given_back_and_waived(fresh_city):
    city = fresh_city
    own = shelf_of(city, DINAS)[0]
    courier = {"courier_name": "KURIR CONTOH", "courier_paper": "NIP 99", "letter": "400/12/2017"}
    lent = [f"ZZZ9900000{n}" for n in range(1, 4)]
    told = {"number": "PJ-9", "city": "16.72", "serials": lent, "turn": 4, **courier}
    assert city.post(DINAS, "blanko", "blanko/debts", **told, witness=SECOND) == {"borrowed": 3}
    assert city.post(SU1, "blanko", "blanko/debts", **told, witness=SECOND)["code"] == (
        "blanko.loan_tier"
    )

    def settle(what, **fields):
        path = f"blanko/debts/PJ-9/{what}"
        return city.post(DINAS, "blanko", path, **fields, witness=SECOND)

    given = settle("give", number="PJ-9/S", items=[own, lent[0]])
    assert given == {"items": [own, lent[0]], "turn": 5, "owed": 1}
    assert settle("give", number="PJ-9/S", items=lent[1:])["code"] == "blanko.loan_too_many"
    assert settle("waive", number="PJ-9/P", count=1) == {"owed": 0}
    (debt,) = city.get(DINAS, "blanko", "blanko/debts")
    assert (debt["borrowed"], debt["given"], debt["waived"], debt["owed"]) == (3, 2, 1, 0)
    assert debt["places"] == {"ceded": 1, "shelf": 2}


def test_a_difference_is_listed_and_decided_by_two_above(fresh_city):
    city = fresh_city
    items = shelf_of(city, DINAS)[:2]
    sent = city.post(DINAS, "blanko", "blanko/shipments", to=SU1, serials=items, courier="blanko")
    city.offices.post()
    got = city.post(
        *(SU1, "blanko", f"blanko/shipments/{sent['shipment']}/receive"),
        seen_serials=items[:1],
        witness=SECOND,
    )
    assert got["short"] == items[1:], got
    city.offices.post()
    (one,) = city.get(DINAS, "blanko", "blanko/disputes")
    assert (one["item"], one["office"], one["why"]) == (items[1], SU1, "SHORT")
    assert city.get(SU1, "blanko", "blanko/disputes")[0]["item"] == items[1]

    def decide(at=DINAS, **changes):
        told = {"outcome": "written_off", "number": "BA-1", "witness": SECOND}
        path = f"blanko/disputes/{items[1]}/settle"
        return city.post(at, "blanko", path, **{**told, **changes})

    assert decide(at=SU1)["code"] == "blanko.not_yours_to_settle"
    assert decide(outcome="lost")["code"] == "api.body_invalid"
    assert decide() == {"item": items[1], "place": f"{SU1}/written_off"}
    assert decide()["code"] == "blanko.not_in_dispute"
    assert city.get(DINAS, "blanko", "blanko/disputes") == []


def test_a_month_is_read_of_every_office_that_is_told_here(fresh_city):
    found = fresh_city.get(DINAS, "kepala", "blanko/months/2017-09")
    assert all(each["is_balanced"] for each in found)
    assert {DINAS, SU1} <= {each["office"] for each in found}
    (own,) = fresh_city.get(DINAS, "kepala", f"blanko/months/2017-09?office={SU1}")
    assert own["office"] == SU1
    assert own["closing"] == own["opening"] + sum(own["came"].values()) - sum(own["went"].values())


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("blanko/months/2017-13", "api.body_invalid"),
        ("blanko/months/1917-01", "api.body_invalid"),
        ("blanko/months/2017-09?office=16.72.01", "register.office_not_yours"),
    ],
)
def test_a_month_or_an_office_that_is_none_is_refused(fresh_city, path, code):
    assert fresh_city.raw(DINAS, "kepala", "GET", path).json()["code"] == code


def test_the_centre_takes_boxes_from_the_maker_and_nobody_else_does(fresh_city):
    def take(at="00", **changes):
        told = {
            "number": "BA-PM/1",
            "boxes": [{"box": "PM-1", "first": "SPM00000001", "size": 250}],
            "witness": SECOND,
        }
        return fresh_city.post(at, "blanko", "blanko/maker", **{**told, **changes})

    assert take(at=DINAS)["code"] == "blanko.not_the_centre"
    assert take(boxes=[])["code"] == "api.body_invalid"
    before = fresh_city.get("00", "kepala", "blanko/accounts")["sum"]
    assert take() == {"blanko": 250}
    assert fresh_city.get("00", "kepala", "blanko/accounts")["sum"] == before + 250
    assert take()["code"] in ("blanko.already_known", "blanko.range_overlaps")
