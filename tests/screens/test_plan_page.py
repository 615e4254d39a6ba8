"""The plan at the dinas: this city or a scenario, in words, a picture and tables."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ampera.planning.models import SupplyRequest
from ampera.planning.queries.today import NAME, scenario_today
from ampera.planning.rules.supply import SupplyEvidence
from ampera.planning.rules.whatif.reading import read_scenario
from ampera.planning.rules.whatif.scenario import Policy, Scenario
from ampera.planning.rules.whatif.shipped import shipped_text
from ampera.screens.office.plan import KEPT_MAX
from tests.api.city import DINAS, SU1
from tests.screens.browser import Browser, refusal_of, shown

START = "2017-09-07T01:00:00.000000Z"
FIGURES = SupplyEvidence(
    cutoff=START, prr_new=9, prr_other=0, not_ready=0, capacity_day=160, capacity_month=3520,
    used=0, spoiled=0, shelf=0, transit=0, dispute=0, days_of_stock=None,
).facts()  # fmt: skip

PALEMBANG = "/rencana/?skenario=palembang-2017"


@pytest.fixture
def head(city) -> Browser:
    return Browser(city, DINAS, "kepala")


def a_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("skenario.toml", text.encode(), "application/toml")


def changed(old: str, new: str) -> str:
    text = shipped_text("palembang-2017")
    assert isinstance(text, str)
    assert old in text
    return text.replace(old, new)


def test_the_head_sees_palembang_in_words_a_picture_and_tables(head):
    page = shown(head.get(PALEMBANG))
    for expected in (
        "belum habis dalam 180 hari kerja",
        "Semua kantor mencetak semua kartu",
        "Seberang Ulu Satu + Jakabaring",
        "Kartu yang menunggu, hari demi hari",
        "kebijakan",
    ):
        assert expected in page


def test_the_picture_has_points_and_no_commas_for_decimals(head):
    page = head.get(PALEMBANG).content.decode()
    points = page.split('<polygon points="')[1].split('"')[0]
    pairs = [pair.split(",") for pair in points.split()]
    assert len(pairs) == 360, "180 days there and back"
    assert all(len(pair) == 2 and 0 <= float(pair[0]) <= 720 for pair in pairs)
    assert all(0 <= float(pair[1]) <= 300 for pair in pairs)


def test_two_scenarios_stand_side_by_side(head):
    answer = head.get(f"{PALEMBANG}&banding=palembang-2017&kebijakan_banding=after-own")
    page = shown(answer)
    assert "Garis putus" in page
    assert "Di sampingnya" in page
    assert 'stroke-dasharray="8 4"' in answer.content.decode()


def test_this_city_is_planned_from_its_own_books(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    city.turn()
    with city.offices.at(DINAS):
        found = scenario_today()
    assert isinstance(found, Scenario)
    office = next(each for each in found.offices if each.code == SU1)
    assert office.new_waiting.middle == 1
    assert office.new_a_day.high > 0
    assert office.blanko.source
    assert found.offices[-1].is_dinas
    assert found.policy in set(Policy)
    page = shown(Browser(city, DINAS, "kepala").get("/rencana/"))
    assert "Kota ini, menurut buku hari ini" in page
    text = Browser(city, DINAS, "kepala").get(f"/rencana/berkas/{NAME}.toml").content.decode()
    again = read_scenario(text)
    assert isinstance(again, Scenario)
    assert again.offices == found.offices


def test_a_printers_stops_are_taken_as_its_agent_measured_them(fresh_city):
    city = fresh_city
    city.print_on(20)
    city.ready_record(city.person())
    city.post(SU1, "cetak", "runs", cards=1)
    city.printer.machine.power_off()
    city.print_on(1800)
    city.printer.machine.power_on(city.offices.clock.at)
    city.print_on(1200)
    city.turn()
    with city.offices.at(DINAS):
        found = scenario_today()
    by_code = {each.code: each.printing for each in found.offices}
    assert 25 < by_code[SU1].stop_minutes.middle < 35
    assert by_code[SU1].stop_every_minutes.middle > 60
    assert by_code[SU1].availability < 1
    assert by_code["16.71.03"].availability == 1, "where nothing was measured nothing is invented"


def test_what_the_centre_promised_for_a_day_is_a_supply(fresh_city):
    with fresh_city.offices.at(DINAS):
        row = {
            **{"office": DINAS, "state": "ANSWERED", "at": START, "officer": "off", "wanted": 9},
            **{"evidence": FIGURES, "answered_at": START},
        }
        for request, more in (
            ("1", {"promised": 5000, "promised_on": "2017-11-15", "number": "470/1"}),
            ("2", {"promised": 4000}),
            (
                "3",
                {
                    "promised": 300,
                    "promised_on": "2017-09-01",
                    "received_at": START,
                    "state": "RECEIVED",
                },
            ),
        ):
            SupplyRequest.objects.create(request=request, **(row | more))
        [supply] = scenario_today().supplies
    assert (supply.earliest, supply.blanko.middle) == (date(2017, 11, 15), 5000)
    assert "470/1" in supply.source


def test_an_uploaded_scenario_can_be_chosen_while_signed_in(head):
    named = changed('name = "palembang-2017"', 'name = "dua pencetak!"')
    head.post("/rencana/unggah/", berkas=a_file(named))
    page = shown(head.get("/rencana/?skenario=dua-pencetak"))
    assert "dua-pencetak (Anda simpan)" in page
    assert head.get("/rencana/berkas/dua-pencetak.toml").content.decode() == named
    assert "dua-pencetak (Anda simpan)" not in shown(
        Browser(head.city, DINAS, "kepala").get(PALEMBANG)
    )


def test_todays_figures_can_be_set_aside_and_the_oldest_gives_way(head):
    head.post("/rencana/simpan/")
    assert "(Anda simpan)" in shown(head.get(PALEMBANG))
    for number in range(KEPT_MAX):
        text = changed('name = "palembang-2017"', f'name = "coba{number}"')
        head.post("/rencana/unggah/", berkas=a_file(text))
    page = shown(head.get(PALEMBANG))
    assert page.count("(Anda simpan)") == 2 * KEPT_MAX, "in both lists"
    assert f"{NAME}-20" not in page


SHIPPED = str(shipped_text("palembang-2017"))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"= ", "planning.scenario_unreadable"),
        (b"format = 1", "planning.scenario_missing"),
        (SHIPPED.encode() + b"\n\xff\xfe", "planning.scenario_unreadable"),
        (b"x" * 5_000_000, "planning.scenario_file_too_large"),
        (b"", "planning.scenario_missing"),
        (SHIPPED.replace("days = ", "dayz = ", 1).encode(), "planning.scenario_missing"),
        (b"surprise = 1\n" + SHIPPED.encode(), "planning.scenario_unknown_key"),
        (
            SHIPPED.replace("days = 180", "days = -180").encode(),
            "planning.scenario_wrong_value",
        ),
        (
            SHIPPED.replace("days = 180", 'days = "seratus"').encode(),
            "planning.scenario_wrong_value",
        ),
    ],
)
def test_a_file_of_nonsense_is_refused_and_nothing_is_kept(head, raw, code):
    assert raw != SHIPPED.encode(), "the nonsense is in it"
    sent = SimpleUploadedFile("skenario.toml", raw, "application/toml")
    answer = head.post("/rencana/unggah/", berkas=sent)
    assert answer.status_code == (413 if "too_large" in code else 422)
    assert refusal_of(answer) == code
    assert "(Anda simpan)" not in shown(head.get(PALEMBANG))


def test_nothing_chosen_is_refused(head):
    assert refusal_of(head.post("/rencana/unggah/")) == "planning.scenario_missing"


def test_an_unknown_scenario_is_refused(head):
    for path in (
        "/rencana/?skenario=bandung",
        "/rencana/berkas/bandung.toml",
        "/rencana/tabel.csv?skenario=bandung",
        f"{PALEMBANG}&banding=bandung",
    ):
        assert head.get(path).status_code == 404


def test_a_scenario_too_large_to_answer_at_once_is_offered_to_be_computed_beside(head):
    dinas = changed('name = "palembang-2017"', 'name = "besar"').replace("days = 180", "days = 400")
    offices = "".join(
        f'[[office]]\ncode = "99.02.{number}"\nname = "K"\nprinters = 1\n' for number in range(60)
    )
    head.post("/rencana/unggah/", berkas=a_file(f"{dinas}\n{offices}"))
    answer = head.get("/rencana/?skenario=besar")
    assert answer.status_code == 422
    assert "Hitung di samping pelayanan" in shown(answer)
    assert head.form(answer, "/rencana/hitung/")["skenario"] == "besar"


def test_csv_has_a_line_a_day(head):
    lines = head.get("/rencana/tabel.csv?skenario=palembang-2017").content.decode().splitlines()
    assert len(lines) == 181
    assert lines[1].startswith("palembang-2017,dinas-only,2017-09-07,")


def test_a_kecamatan_has_no_plan(city):
    assert Browser(city, SU1, "kepala").get("/rencana/").status_code == 404
