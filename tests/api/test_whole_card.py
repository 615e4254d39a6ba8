"""One card from the first question to the holder's hand, over the machine interface only."""

from __future__ import annotations

from tests.api.city import DINAS, NEW_PAPERS, PRINTER, PUSAT, SU1, key


def test_a_first_card_over_the_machine_interface(fresh_city):
    city = fresh_city
    person = city.people(SU1)[0]
    seen = city.post(SU1, "loket", "residents/look-up", nik=person.nik)
    assert seen["name"] == person.name
    assert seen["recorded"] is False
    taken = city.post(SU1, "loket", "requests", nik=person.nik, reason="NEW", papers=NEW_PAPERS)
    request = taken["request"]
    assert (taken["goes_to"], taken["missing"]) == (SU1, [])
    city.post(SU1, "loket", f"requests/{request}/complete")
    assert city.get(SU1, "loket", f"requests/{request}")["reach"] == "LOCAL"
    city.turn(1)
    assert city.get(SU1, "loket", f"requests/{request}")["state"]["word"] == "UNREGISTERED"
    city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    city.turn()
    case = city.get(SU1, "loket", f"requests/{request}")
    assert case["state"]["word"] == "PRINT_READY_RECORD"
    assert [each["code"] for each in case["waits"]] == ["PERMITTED"]
    [permit] = city.get(SU1, "cetak", "permits")
    assert permit["request"] == request
    assert permit["name"] == person.name
    assert person.nik not in str(permit)
    city.print_on(20)
    run = city.post(SU1, "cetak", "runs", cards=1)
    assert run.get("run", "").startswith("cmd_"), run
    city.print_on()
    [card] = city.get(SU1, "cetak", "cards/to-check")
    face = city.raw(SU1, "cetak", "GET", f"cards/{card['card']}/face.pdf")
    assert face.content.startswith(b"%PDF")
    assert face.headers["Cache-Control"] == "no-store"
    assert city.post(SU1, "cetak", f"cards/{card['card']}/check", result="READY") == {
        "card": card["card"],
        "result": "READY",
    }
    [ready] = city.get(SU1, "loket", "cards/ready")
    assert ready["card"] == card["card"]
    given = city.post(SU1, "loket", f"cards/{card['card']}/hand-over", to="HOLDER")
    assert given == {"card": card["card"], "voids": None}
    city.turn()
    for office, login in ((SU1, "loket"), (DINAS, "verifikator"), (PUSAT, "kepala")):
        case = city.get(office, login, f"requests/{request}")
        assert case["state"]["word"] == "CARD_ISSUED", office
    assert case["reach"] == "CENTRE"
    assert city.get(SU1, "kepala", "blanko/accounts")["accounts"] == {"shelf": 4, "issued": 1}
    story = city.get(DINAS, "kepala", f"cards/{card['card']}")
    assert (story["state"], len(story["serials"])) == ("VALID", 1)


def test_the_same_key_prints_no_second_run(fresh_city):
    city = fresh_city
    city.ready_record(city.people(SU1)[0])
    city.print_on(20)
    again = key()
    first = city.post(SU1, "cetak", "runs", key_=again, cards=1)
    assert city.post(SU1, "cetak", "runs", key_=again, cards=1) == first
    assert city.post(SU1, "cetak", "runs", cards=1)["code"] == "printing.run_is_on"
    [printer] = city.get(SU1, "cetak", "printers")
    assert (printer["printer"], printer["run"], printer["run_cards"]) == (PRINTER, first["run"], 1)
