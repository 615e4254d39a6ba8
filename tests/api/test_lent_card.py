"""One card of Seberang Ulu I printed and handed over at Ilir Timur II, packet and paper and all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from ampera.delivery.actions import delete_print_packets, seal_bundle
from ampera.delivery.actions.messages import write_outbox
from ampera.delivery.models import OutMessage
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.enrolment.actions import read_print_packet
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.journal.queries import chains
from ampera.planning.queries.service_time import clock_of
from ampera.planning.queries.ways import way_of
from ampera.planning.rules.service_time import Pause
from ampera.printing.actions import step_printer
from ampera.printing.actions.stops import tell_down
from ampera.printing.rules.stops import StopCause
from ampera.readiness.queries import permit_seen
from ampera.tiers.print_packets import PacketsHere, name_for, packet_of
from ampera.words import OfficeCode, Refusal
from tests.api.city import DINAS, IT2, NEW_PAPERS, PUSAT, SU1, City
from tests.api.test_chip_of_a_card import fetch
from tests.houses import Offices
from tests.screens.browser import Browser, refusal_of, shown

PRINTER = "p1"
WALL = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def city(django_db_blocker):
    """A Monday on which Ilir Timur II prints and has blanks, and SU I has no printer."""
    with django_db_blocker.unblock(), Offices() as offices:
        offices.clock.move(timedelta(days=4))
        made = City(offices)
        with offices.at(IT2):
            made._count_in(IT2, 3)
        with offices.at(SU1):
            tell_down(PRINTER, cause=StopCause.REPAIR, since=house().now())
        made.turn()
        yield made


def lend(city) -> str:
    day = city.offices.clock.at.date()
    told = {"since": day.isoformat(), "until": (day + timedelta(days=5)).isoformat()}
    wish = {"home": SU1, "at": IT2, "why": "PRINTER_DOWN", **told}
    lending = city.post(DINAS, "kepala", "lendings", **wish)["lending"]
    city.turn()
    return lending


def ready_with_contact(city, person) -> str:
    """As `City.ready_record`, and the resident left a telephone number."""
    told = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS, "contact": "0812-0000-0000"}
    request = city.post(SU1, "loket", "requests", **told)["request"]
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    city.turn()
    return str(request)


def printed(city) -> str:
    """The printer of Ilir Timur II makes the card; found READY. Returns it."""
    machine = MemoryPrinter(now=city.offices.clock.at, rng=Random(3))
    for begun in (False, True):
        for _ in range(45):
            city.offices.clock.move(timedelta(seconds=20))
            machine.tick(city.offices.clock.at)
            with city.offices.at(IT2):
                step_printer(PRINTER, port=machine, render=_card_pdf)
            if begun and machine.machine.is_starved:
                machine.machine.load(["FED900001"])
        if not begun:
            assert "run" in city.post(IT2, "cetak", "runs", cards=1)
    [card] = city.get(IT2, "cetak", "cards/to-check")
    assert city.post(IT2, "cetak", f"cards/{card['card']}/check", result="READY")["card"]
    return card["card"]


def _card_pdf(permit: str) -> bytes:
    return b"%PDF-1.4 SPESIMEN " + permit.encode()


def looks(city, code) -> int:
    with city.offices.at(code):
        own = (each for each in chains() if each.name.audience == "audit" and each.is_own)
        return next((each.seq for each in own if each.name.origin.text == code), 0)


def kelurahan_in_packet(city, permit: str) -> str:
    """Sealed by the dinas to the office that prints, and to no other. Returns what it says."""
    fetch(city, at=DINAS, of=PUSAT)
    with city.offices.at(DINAS):
        assert name_for(OfficeCode(SU1), about=permit) is None
    fetch(city, at=SU1, of=DINAS)
    fetch(city, at=IT2, of=DINAS)
    with city.offices.at(SU1):
        assert packet_of(permit_seen(permit)) is None
    with city.offices.at(IT2):
        packet = read_print_packet(packet_of(permit_seen(permit)))
    assert not isinstance(packet, Refusal), packet
    return packet.printed.kelurahan


def assert_told_by_the_home_office(city) -> None:
    """It has the resident's telephone number; the office that prints has not."""
    with city.offices.at(IT2):
        write_outbox(now=WALL)
        assert OutMessage.objects.get().state == "NO_CONTACT"
    with city.offices.at(SU1):
        assert write_outbox(now=WALL) == 1
        assert "siap diambil di Ilir Timur" in OutMessage.objects.get().text
        assert write_outbox(now=WALL) == 0


def assert_the_clock_knows_who_prints(city, request: str) -> None:
    """The home's broken printer keeps no card any more since another office prints."""
    with city.offices.at(DINAS):
        seen = clock_of(request)
    assert seen is not None
    assert seen.way.lent is not None
    assert (seen.way.lent.home, seen.way.lent.at, seen.way.office) == (SU1, IT2, IT2)
    assert not set(seen.reading.paused) & {Pause.PRINTER, Pause.POWER, Pause.BLANKO}
    with city.offices.at(SU1):
        at_home = clock_of(request)
    assert at_home is not None
    assert at_home.way.lent == seen.way.lent


def test_a_card_of_another_office_from_the_sealed_packet_to_the_signed_receipt(city):
    lend(city)
    person = city.person()
    request = ready_with_contact(city, person)
    [permit] = city.get(IT2, "cetak", "permits")
    assert (permit["office"], permit["name"]) == (IT2, person.name)
    assert city.get(SU1, "cetak", "permits") == []
    kelurahan = kelurahan_in_packet(city, permit["permit"])
    assert kelurahan.startswith(SU1), "the address is the resident's"
    page = Browser(city, IT2, "cetak").get("/cetak/")
    assert "warga Seberang Ulu I" in shown(page)
    assert f"/permohonan/{request}/" not in page.content.decode(), "the request lies at home"
    card = printed(city)
    city.turn()
    case = city.get(SU1, "loket", f"requests/{request}")
    assert [each["code"] for each in case["waits"]] == ["READY_TO_COLLECT", "LENT_PRINTER_DOWN"]
    assert_told_by_the_home_office(city)
    assert_the_clock_knows_who_prints(city, request)
    desk = Browser(city, IT2, "loket")
    text = shown(desk.get("/penyerahan/"))
    assert person.name in text
    assert "warga Seberang Ulu I; diserahkan di sini" in text
    assert refusal_of(desk.get(f"/permohonan/{request}/")) == "intake.no_such_request"
    with city.offices.at(IT2):
        command = Command(house().ids.new("cmd"), officer=city.officer(IT2, "loket"))
        no = seal_bundle(command, kelurahan=kelurahan, cards=[card])
        assert no.code == "delivery.other_kelurahan", "no carrier takes it to another kecamatan"
    given = desk.post(f"/penyerahan/{card}/", to="HOLDER", verified="DOCUMENT")
    assert given.status_code == 302, shown(given)
    before = looks(city, IT2)
    assert person.name in shown(desk.get(f"/penyerahan/{card}/bukti/"))
    assert desk.get(f"/penyerahan/{card}/bukti.pdf").content.startswith(b"%PDF")
    assert looks(city, IT2) == before + 2, "each look at the name is recorded"
    assert person.name not in shown(desk.get("/penyerahan/"))
    city.turn()
    for code, login in ((SU1, "loket"), (DINAS, "verifikator")):
        case = city.get(code, login, f"requests/{request}")
        assert case["state"]["word"] == "CARD_ISSUED", code
    with city.offices.at(IT2):
        assert delete_print_packets(PacketsHere()) == 1
        assert packet_of(permit_seen(permit["permit"])) is None
    city.offices.clock.move(timedelta(days=1))
    gone = desk.get(f"/penyerahan/{card}/bukti/")
    assert refusal_of(gone) == "intake.no_such_request", (
        "from the next day on nobody reads it there"
    )


def test_a_portrait_leaves_the_office_that_gives_its_permit_back(city):
    lend(city)
    city.ready_record(city.person())
    city.turn()
    fetch(city, at=DINAS, of=PUSAT)
    fetch(city, at=IT2, of=DINAS)
    [permit] = city.get(IT2, "cetak", "permits")
    seen = permit["permit"]
    city.post(DINAS, "verifikator", f"permits/{seen}/recall", why="PRINTER_DOWN")
    with city.offices.at(IT2):
        assert packet_of(permit_seen(seen)) is not None
        assert delete_print_packets(PacketsHere()) == 0
    city.turn()
    with city.offices.at(IT2):
        assert delete_print_packets(PacketsHere()) == 1
        assert packet_of(permit_seen(seen)) is None
        assert delete_print_packets(PacketsHere()) == 0
    with city.offices.at(DINAS):
        # Granted anew, the packet of its mandate is still there to be sealed.
        assert delete_print_packets(PacketsHere()) == 0
        assert packet_of(permit_seen(seen)) is not None


def test_the_clock_of_one_that_still_waits_goes_by_whoever_would_print_it_today(city):
    told = {"nik": city.person().nik, "reason": "NEW", "papers": NEW_PAPERS}
    request = city.post(SU1, "loket", "requests", **told)["request"]
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn()
    with city.offices.at(DINAS):
        assert way_of(request).lent is None
    lend(city)
    with city.offices.at(DINAS):
        way = way_of(request)
    assert (way.office, way.lent.home, way.lent.at) == (SU1, SU1, IT2)
