"""A date that is yet to come is refused where it is typed, and moves nothing where it travels."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.enrolment.models import Enrolment
from ampera.intake.models import CardRequest
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.journal.queries import part_after
from ampera.journal.receiving import place_of, receive_part
from ampera.register.actions import Holder, grant_officer, import_residents, load_wilayah
from ampera.register.models import Resident
from ampera.register.queries import local_day
from ampera.words import OfficeCode, WilayahCode
from tests.api.city import DINAS, LOST, SU1, key
from tests.bad_input.whole import ready_card
from tests.recordings import a_resident, taken
from tests.rules.test_register_export import a_line, an_export
from tests.screens.browser import Browser, refusal_of, shown

MARRIED, TOMORROW = 2, timedelta(days=1)


def test_a_row_of_somebody_yet_unborn_is_refused_and_the_others_are_taken(offices, tmp_path):
    lines = [
        a_line(NIK="9901010709909001"),
        a_line(NIK="9901010809179002", **{"Tanggal Lahir": "08-09-2017"}),
        a_line(NIK="9901010709909003"),
    ]
    file = tmp_path / "export.csv"
    file.write_text("\n".join(an_export(*lines)), encoding="utf-8")
    with offices.at(DINAS):
        load_wilayah(within=WilayahCode("16.71"))
        done = import_residents(file)
        assert done.refused == 1
        beside = (tmp_path / "export.csv.refused.csv").read_text(encoding="utf-8")
        assert "register.row_date" in beside
        assert sorted(Resident.objects.values_list("nik", flat=True)) == [
            "9901010709909001",
            "9901010709909003",
        ]


@pytest.fixture
def unborn(fresh_city):
    """A married resident whose record says a birth date that is yet to come."""
    city = fresh_city
    person = city.person()
    with city.offices.at(SU1):
        found = Resident.objects.filter(nik=person.nik)
        found.update(born=local_day() + TOMORROW, marital=MARRIED)
    return city, person


def test_nobody_yet_unborn_asks_for_a_card(unborn):
    city, person = unborn
    counter = Browser(city, SU1, "loket")
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    papers = ["form", "kk_copy", "presence"]
    no = counter.send(page, "/permohonan/terima/", papers=papers)
    assert refusal_of(no) == "intake.born_in_future"
    assert "Tanggal lahir 2017-09-08 belum tiba" in shown(no)
    told = city.post(SU1, "loket", "requests", nik=person.nik, reason="NEW", papers=papers)
    assert told["code"] == "intake.born_in_future"
    with city.offices.at(SU1):
        assert not CardRequest.objects.exists()


def test_nobody_yet_unborn_is_recorded_though_married(fresh_city):
    city, person = fresh_city, fresh_city.person()
    request = city.take(person)
    city.post(SU1, "loket", f"requests/{request}/complete")
    city.turn(1)
    with city.offices.at(SU1):
        tomorrow = local_day() + TOMORROW
        Resident.objects.filter(nik=person.nik).update(born=tomorrow, marital=MARRIED)
    told = city.post(SU1, "loket", f"requests/{request}/recording", sample=True)
    assert told["code"] == "enrolment.too_young"
    page = Browser(city, SU1, "loket").get(f"/permohonan/{request}/rekam/")
    assert "belum berusia 16 tahun" in shown(page)
    with city.offices.at(SU1):
        assert not Enrolment.objects.exists()
        assert city.rooms[SU1].store.names() == []


@pytest.mark.parametrize("days", [-1, 91, 40_000])
def test_rights_end_neither_yesterday_nor_in_a_hundred_years(offices, days):
    with offices.at(DINAS):
        answer = grant_officer(
            Command(id=house().ids.new("cmd")),
            office=OfficeCode(SU1),
            login="baru",
            holder=Holder("Petugas baru (CONTOH)"),
            roles=["loket"],
            until=local_day() + timedelta(days=days),
        )
        assert answer.code == "officer.too_long"


def test_an_entry_dated_in_the_future_is_kept_and_moves_no_clock_above(fresh_city):
    """A kecamatan whose clock stands in 2099 spoils its own dates and nobody else's."""
    city = fresh_city
    with city.offices.at(DINAS) as here:
        now, known = here.now(), place_of(city_chain(city))
    city.offices.clock.move(timedelta(days=30_000))
    taken(city.offices, a_resident(), at=SU1)
    city.offices.clock.move(timedelta(days=-30_000))
    with city.offices.at(SU1):
        part = part_after(city_chain(city), known.seq, most=50)
        assert part.entries[-1].at.year == 2099
    with city.offices.at(DINAS) as here:
        assert receive_part(part).seq == part.entries[-1].seq
        assert CardRequest.objects.count() == 1
        assert here.now() == now
        assert not here.is_clock_doubtful
    with city.offices.at(SU1) as here:
        assert here.is_clock_doubtful, "its own clock is shown as gone back, and prints nothing"


def city_chain(city):
    with city.offices.at(SU1) as here:
        return here.chain("up")


def test_an_office_whose_opening_day_is_yet_to_come_prints_nothing(fresh_city):
    from ampera.register.actions import describe_office

    city = fresh_city
    with city.offices.at(DINAS):
        opens = local_day() + timedelta(days=30)
        answer = describe_office(
            Command(id=house().ids.new("cmd")),
            office=OfficeCode(SU1),
            name="Seberang Ulu I",
            hosted_by=None,
            capabilities=["cetak"],
            prints_from=opens,
        )
        assert answer == {"office": SU1}
    request = city.ready_record(city.person())
    case = city.get(DINAS, "verifikator", f"requests/{request}")
    assert [each["code"] for each in case["waits"]] == ["OFFICE_NOT_OPEN"]
    assert case["waits"][0]["facts"]["day"] == opens.isoformat()
    assert case["permit"] is None


def test_a_report_of_loss_has_the_day_on_which_it_was_made_and_no_other(fresh_city):
    """Nobody types the day of a loss: the card is void from the entry on, by the server's clock."""
    from ampera.readiness.models import Card

    city, person = fresh_city, fresh_city.person()
    card = ready_card(city, person)
    city.post(SU1, "loket", f"cards/{card}/hand-over")
    body = {"nik": person.nik, **LOST}
    told = city.post(SU1, "loket", "requests", **body, lost_on="2099-01-01")
    assert told["code"] == "api.body_invalid"
    assert "lost_on" in told["detail"]
    with city.offices.at(SU1):
        assert Card.objects.get(card=card).state == "VALID"
    assert "request" in city.post(SU1, "loket", "requests", key_=key(), **body)
    city.offices.post()
    for office in (SU1, DINAS):
        with city.offices.at(office):
            assert Card.objects.get(card=card).state == "VOID"


def test_no_card_is_valid_before_a_day_that_has_come(fresh_city):
    """Under age by the register: recorded, print ready, and out of the queue until the birthday."""
    city, person = fresh_city, fresh_city.person()
    with city.offices.at(SU1):
        sixteen = date(local_day().year - 17, local_day().month, local_day().day) + TOMORROW * 40
        Resident.objects.filter(nik=person.nik).update(born=sixteen, marital=1)
    with city.offices.at(DINAS):
        Resident.objects.filter(nik=person.nik).update(born=sixteen, marital=1)
    request = city.ready_record(person)
    case = city.get(DINAS, "verifikator", f"requests/{request}")
    assert [each["code"] for each in case["waits"]] == ["UNDER_AGE"]
    assert case["permit"] is None
