"""An office in custody by machines: the same act as on the page, with the same rights."""

from __future__ import annotations

from ampera.register.actions import set_password
from tests.api.city import DINAS, PASSWORD, SU1
from tests.stations.custody_desk import show_chain

SECOND = {"login": "kepala", "password": PASSWORD}


def test_the_dinas_takes_an_office_into_custody_and_gives_it_back(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.turn()
    with city.offices.at(DINAS):
        assert set_password(city.officer(DINAS, "loket"), password=PASSWORD) is None
    asked = city.get(DINAS, "verifikator", f"custody/asked/{SU1}")
    assert (asked["open_permits"], asked["printers"], asked["is_in_custody"]) == (1, [], False)
    assert asked["blanko"] >= len(asked["items"]) > 0

    def seize(login="verifikator", at=DINAS, **changes):
        told = {
            "office": SU1,
            "server": "SRV-02",
            "printers": [],
            "place": "Gudang arsip",
            "document": "BA/12",
            "boxes": [each for each in asked["items"] if not each.startswith("SPC")],
            "serials": [each for each in asked["items"] if each.startswith("SPC")],
            "second": SECOND,
        }
        return city.post(at, login, "custody", **{**told, **changes})

    assert seize(login="loket")["code"] == "officer.may_not"
    assert seize(second=None)["code"] == "printing.two_persons"
    assert seize(second={**SECOND, "login": "loket"})["code"] == "officer.may_not"
    assert seize(at=SU1)["code"] == "readiness.not_the_dinas"
    assert seize(office="x")["code"] == "api.body_invalid"
    assert seize(boxes=[], serials=[])["code"] == "printing.custody_blanko"
    done = seize()
    assert len(done["forfeited"]) == 1, done
    (seen,) = city.get(DINAS, "kepala", "custody")
    assert (seen["office"], seen["permits"], seen["is_told"]) == (SU1, 1, False)
    back = f"custody/{done['seizure']}/release"
    fields = {"document": "BA/13", "second": SECOND}
    no = city.post(DINAS, "verifikator", back, **fields)
    assert no["code"] == "readiness.seizure_not_told"
    assert city.post(DINAS, "verifikator", back, document="x")["code"] == "printing.two_persons"
    city.turn()
    show_chain(city, office=SU1)
    assert city.post(DINAS, "verifikator", back, **fields) == {"seizure": done["seizure"]}
    assert city.get(DINAS, "kepala", "custody")[0]["released_at"]


def test_only_a_kecamatan_of_this_dinas_is_asked_about(fresh_city):
    for office in (DINAS, "16.72.01", "x"):
        no = fresh_city.raw(DINAS, "kepala", "GET", f"custody/asked/{office}").json()
        assert no["code"] == "readiness.office_unknown"
    no = fresh_city.raw(SU1, "kepala", "GET", f"custody/asked/{SU1}").json()
    assert no["code"] == "readiness.office_unknown"
