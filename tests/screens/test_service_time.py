"""The clock of requests on pages: own delay apart from the centre's, the line's and the shelf's."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest

from ampera.blanko.actions import open_books
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.planning.actions import tell_outages
from ampera.planning.queries import clock_of, report
from ampera.planning.rules.service_time import Kept, Pause
from ampera.sync.health import note_answer, note_silence
from ampera.words.refusal import Refusal
from tests.api.city import DINAS, IT2, SU1
from tests.screens.browser import Browser, shown


def cut_the_line(city, code: str, minutes: int) -> None:
    """Nobody above answers that office for so long; then the post heals."""
    with city.offices.at(code) as here:
        now = here.clock.now()
        note_answer(now, said_at=now, heard_above=None)
        note_silence(now, code="link.unreachable")
    city.offices.clock.move(timedelta(minutes=minutes))
    with city.offices.at(code) as here:
        now = here.clock.now()
        note_answer(now, said_at=now, heard_above=None)


def clock_at(city, code: str, request: str):
    with city.offices.at(code):
        return clock_of(request)


def test_a_card_made_in_minutes_keeps_the_promise(fresh_city):
    city = fresh_city
    request = city.ready_record(city.person())
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on()
    [card] = city.get(SU1, "cetak", "cards/to-check")
    city.post(SU1, "cetak", f"cards/{card['card']}/check", result="READY")
    city.turn()
    seen = clock_at(city, SU1, request)
    assert seen is not None
    assert (seen.reading.is_running, seen.reading.kept) == (False, Kept.IN_AN_HOUR)
    assert seen.way.ready_at is not None
    assert seen.reading.total == seen.way.ready_at - seen.way.captured_at
    page = shown(Browser(city, SU1, "loket").get(f"/permohonan/{request}/"))
    assert "Jam layanan:" in page
    assert "dalam 1 jam" in page
    table = shown(Browser(city, DINAS, "kepala").get("/waktu-layanan/"))
    assert "Seberang Ulu Satu" in table or "16.71.02" in table


def test_a_cut_line_is_told_once_and_stops_the_clock(city):
    person = city.person()
    taken = city.post(
        SU1, "loket", "requests", nik=person.nik, reason="NEW", papers=["kk_copy", "presence"]
    )
    if "request" not in taken:  # the papers of 2017 name the form, too
        taken = {"request": city.take(person)}
    request = taken["request"]
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    cut_the_line(city, SU1, 90)
    with city.offices.at(SU1):
        assert tell_outages() == 1
        assert tell_outages() == 0
    city.turn()
    for code in (SU1, DINAS):
        seen = clock_at(city, code, request)
        assert seen is not None
        assert seen.reading.paused[Pause.LINE] == timedelta(minutes=90), code
        assert [each.source for each in seen.evidence if each.cause is Pause.LINE] == [
            "line.was_down/1"
        ]


def test_a_hiccup_of_the_line_is_no_evidence(city):
    cut_the_line(city, SU1, 4)
    with city.offices.at(SU1):
        assert tell_outages() == 0


def test_a_cut_that_lasts_stops_the_clock_already(fresh_city):
    city = fresh_city
    request = city.ready_record(city.person())
    with city.offices.at(SU1) as here:
        note_answer(here.clock.now(), said_at=here.clock.now(), heard_above=None)
        note_silence(here.clock.now(), code="link.unreachable")
    before = clock_at(city, SU1, request)
    city.offices.clock.move(timedelta(hours=2))
    after = clock_at(city, SU1, request)
    assert before is not None
    assert after is not None
    # The permit is here: a cut line keeps nothing from being printed any more.
    assert after.reading.own - before.reading.own == timedelta(hours=2)


def test_an_empty_shelf_stops_the_clock_until_blanko_come(fresh_city):
    city = fresh_city
    request = city.ready_record(city.person(IT2), at=IT2)
    started = clock_at(city, IT2, request)
    assert started is not None
    city.offices.clock.move(timedelta(hours=3))
    unopened = clock_at(city, IT2, request)
    # Books that nobody has opened prove nothing.
    assert unopened is not None
    assert Pause.BLANKO not in unopened.reading.paused
    with city.offices.at(IT2):
        done = open_books(
            Command(id=house().ids.new("cmd"), officer=city.officer(IT2, "blanko")),
            boxes=[],
            serials=["SPC06000001"],
            witness=city.officer(IT2, "kepala"),
        )
        assert not isinstance(done, Refusal), done
    city.turn(1)
    with city.offices.at(DINAS) as here:
        found = report(
            IT2,
            since=here.clock.now() - timedelta(days=1),
            until=here.clock.now() + timedelta(days=1),
        )
        assert (found.summary.running, found.summary.late_running) == (1, 0)


def test_the_table_can_be_taken_away(city, officer):
    answer = officer(DINAS, "kepala").get("/waktu-layanan/tabel.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    head, *lines = list(csv.reader(answer.content.decode().splitlines()))
    assert head[:2] == ["kode", "kantor"]
    assert "jeda_jam_line" in head
    assert all(len(line) == len(head) for line in lines)


@pytest.mark.parametrize(
    "query",
    ["dari=kemarin", "dari=2017-09-10&sampai=2017-09-01", "sampai=9999-12-31", "dari=0001-01-01"],
)
def test_days_that_cannot_be_are_refused(city, officer, query):
    answer = officer(DINAS, "kepala").get(f"/waktu-layanan/?{query}")
    assert answer.status_code == 400
    assert "screens.not_a_day" in shown(answer)


def test_an_office_sees_only_its_own_clocks(city, officer):
    answer = officer(SU1, "kepala").get(f"/waktu-layanan/{IT2}/")
    assert "screens.no_such_office" in shown(answer)
    assert officer(SU1, "kepala").get(f"/waktu-layanan/{SU1}/").status_code == 200
    assert officer(DINAS, "kepala").get(f"/waktu-layanan/{IT2}/").status_code == 200
    assert officer(DINAS, "kepala").get("/waktu-layanan/bukan-kode/").status_code == 404


def test_a_printer_without_power_stops_the_clock_by_its_agents_word(fresh_city):
    city = fresh_city
    city.print_on(20)  # a printer that never worked here is nobody's
    request = city.ready_record(city.person())
    city.post(SU1, "cetak", "runs", cards=1)
    city.printer.machine.power_off()
    city.print_on(1800)
    city.printer.machine.power_on(city.offices.clock.at)
    city.print_on(1200)
    [card] = city.get(SU1, "cetak", "cards/to-check")
    city.post(SU1, "cetak", f"cards/{card['card']}/check", result="READY")
    city.turn()
    for code in (SU1, DINAS):
        seen = clock_at(city, code, request)
        assert seen is not None
        assert timedelta(minutes=25) < seen.reading.paused[Pause.POWER] < timedelta(minutes=35)
        assert {each.source for each in seen.evidence} == {"printer.down/1"}
        assert seen.reading.own + seen.reading.paused[Pause.POWER] <= seen.reading.total
