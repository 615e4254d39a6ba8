"""Stock rooms: goods move by two officers' hands; a killed driver leaves none of them behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ampera.devices.simulated.hands import obey
from ampera.devices.simulated.printer import PrinterConfig, SimulatedPrinter
from ampera.words.clock import FixedClock
from ampera.words.office import OfficeCode
from ampera.world.driving.client import Silent
from ampera.world.driving.hopper import Hopper
from ampera.world.driving.stockroom import StockRoom
from ampera.world.driving.supply import DinasStockRoom
from tests.world_driving.acting import DINAS, KECAMATAN, MORNING, ScriptedCity, ground_of

PRINTER = {"printer": "16.71.02", "run": None, "is_reachable": True}
BOX = {
    "shipment": "shp_a",
    "source": "16.71",
    "at": "2017-09-07T01:00:00Z",
    "under_way": 3,
    "boxes": ["KOTAK-020"],
    "serials": [],
}
OPENED = {"box": "KOTAK-020", "first": "DC00020001", "last": "DC00020003", "blanko": 3}


@pytest.fixture
def city(tmp_path: Path) -> ScriptedCity:
    return ScriptedCity(
        tmp_path,
        {
            "GET printers": [PRINTER],
            "GET attempts": [],
            "GET blanko/shipments": [BOX],
            "GET blanko/accounts": {"accounts": {"shelf": 100}},
            "POST blanko/shipments/shp_a/receive": {"received": ["KOTAK-020"], "short": []},
            "POST blanko/shipments": {"shipment": "shp_b", "blanko": 3},
            "POST blanko/boxes": OPENED,
            "POST runs/stop": {},
        },
    )


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING + timedelta(hours=2))


def printer_at(city: ScriptedCity, *, office: OfficeCode, blanko: int = 0) -> SimulatedPrinter:
    folder = city.printer_folder(office)
    folder.mkdir(parents=True)
    made = SimulatedPrinter(
        name=office.text, config=PrinterConfig(0, folder), clock=FixedClock(MORNING)
    )
    made.tick()
    Hopper(folder).lay(f"DC009000{number:02d}" for number in range(1, blanko + 1))
    obey(made)
    return made


def room_at(city: ScriptedCity, *, clock: FixedClock, **habits: Any) -> StockRoom:
    return StockRoom(ground_of(city, clock=clock, **habits), code=KECAMATAN)


def test_a_box_is_received_opened_and_laid_into_the_printer(city, clock):
    printer = printer_at(city, office=KECAMATAN)
    room_at(city, clock=clock).step(clock.now())
    obey(printer)
    ((key, body),) = city.commands("blanko/shipments/shp_a/receive")
    assert (key, body["witness"]["login"]) == ("receive:shp_a", "kepala")
    assert printer.physical().hopper == ("DC00020001", "DC00020002", "DC00020003")
    assert Hopper(city.printer_folder(KECAMATAN)).in_hand() is None


def test_a_van_on_its_way_is_waited_for(city, clock):
    printer_at(city, office=KECAMATAN)
    clock.at = MORNING + timedelta(minutes=20)
    room_at(city, clock=clock).step(clock.now())
    assert city.commands("blanko") == []
    assert "3 blanko dalam perjalanan dari 16.71" in (city.folder / "activity.log").read_text()


def test_goods_in_the_hands_of_a_killed_driver_are_put_away_by_the_next(city, clock):
    printer = printer_at(city, office=KECAMATAN)
    city.script["POST blanko/boxes"] = [Silent("killed here"), OPENED]
    with pytest.raises(Silent):
        room_at(city, clock=clock).step(clock.now())
    city.script["GET blanko/shipments"] = []  # received: nothing is under way any more
    room_at(city, clock=clock).step(clock.now())
    obey(printer)
    first, second = city.commands("blanko/shipments/shp_a/receive")
    assert first == second, "the same command, so that the same answer is given"
    assert len(printer.physical().hopper) == 3


def test_nobody_opens_a_printer_that_prints(city, clock):
    printer_at(city, office=KECAMATAN)
    city.script["GET printers"] = [{**PRINTER, "run": "cmd_1"}]
    room_at(city, clock=clock).step(clock.now())
    assert city.commands("blanko") == []
    assert [key for key, _ in city.commands("runs/stop")] == ["still:cmd_1"]


def test_of_single_blanko_one_may_not_arrive(city, clock):
    printer_at(city, office=KECAMATAN)
    loose = {**BOX, "boxes": [], "serials": ["DC00900001", "DC00900002"]}
    city.script["GET blanko/shipments"] = [loose]
    city.script["POST blanko/shipments/shp_a/receive"] = {
        "received": ["DC00900001"],
        "short": ["DC00900002"],
    }
    room_at(city, clock=clock, short_shipment=1).step(clock.now())
    ((_, body),) = city.commands("blanko/shipments/shp_a/receive")
    assert body["seen_serials"] == ["DC00900001"]
    assert "1 tidak ada: selisih" in (city.folder / "activity.log").read_text()


def test_the_dinas_shares_on_the_first_day_and_keeps_the_lowest_serials(city, clock, monkeypatch):
    monkeypatch.setattr("ampera.world.driving.supply._SHARED_WHEN_ABOVE", 40)
    printer = printer_at(city, office=DINAS, blanko=60)
    city.script["GET blanko/shipments"] = []
    room = DinasStockRoom(ground_of(city, clock=clock))
    room.step(clock.now())
    obey(printer)
    ((key, body),) = city.commands("blanko/shipments")
    left = printer.physical().hopper
    assert (key, body["to"]) == ("share:16.71.02", "16.71.02")
    assert max(left) < min(body["serials"])
    assert len(left) + len(body["serials"]) == 60
    room.step(clock.now())
    assert len(city.commands("blanko/shipments")) == 1


def test_an_empty_shelf_is_filled_from_the_pusat_through_the_dinas(city, clock):
    printer_at(city, office=DINAS)
    shelves = {KECAMATAN.text: {"shelf": 3}, DINAS.text: {"shelf": 90}}
    city.script["GET blanko/accounts"] = lambda _, what: {"accounts": shelves[what["office"]]}
    city.script["GET blanko/shipments"] = []
    room = DinasStockRoom(ground_of(city, clock=clock))
    room.step(clock.now())
    assert [body["to"] for _, body in city.commands("blanko/shipments")] == ["16.71"]
    shelves[DINAS.text]["transit"] = 250
    city.script["GET blanko/shipments"] = [{**BOX, "source": "00"}]
    clock.move(timedelta(hours=2))
    room.step(clock.now())
    (_, (key, body)) = (each for each in city.commands("blanko/shipments") if "boxes" in each[1])
    assert (key, body["to"], body["boxes"]) == ("on:shp_a", "16.71.02", ["KOTAK-020"])
    assert city.commands("blanko/boxes") == [], "it goes on sealed"


def test_a_shelf_that_is_being_filled_is_not_asked_for_twice(city, clock):
    printer_at(city, office=DINAS)
    city.script["GET blanko/accounts"] = {"accounts": {"shelf": 3, "transit": 250}}
    city.script["GET blanko/shipments"] = []
    DinasStockRoom(ground_of(city, clock=clock)).step(clock.now())
    assert city.commands("blanko/shipments") == []
