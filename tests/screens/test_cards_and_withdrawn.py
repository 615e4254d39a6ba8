"""The dinas's page of cards, the register of withdrawn cards, and destruction, by their pages."""

from __future__ import annotations

import pytest

from ampera.blanko.queries import accounts
from ampera.journal.alarms import open_alarms
from ampera.journal.models import EntryRow
from ampera.readiness.queries import CardState, card_state, hold_of
from ampera.withdrawal.queries import lying_at
from tests.api.city import DINAS, IT2, LOST, PUSAT, SU1
from tests.bad_input.whole import ready_card
from tests.screens.browser import SIXTEEN_DIGITS, Browser, refusal_of, second, shown


@pytest.fixture
def made(fresh_city):
    """A resident's card that lies ready at Seberang Ulu I, known at the dinas."""
    city = fresh_city
    person = city.person()
    card = ready_card(city, person)
    city.turn(1)
    return city, person, card


def page_of(city, person, *, login: str = "verifikator"):
    desk = Browser(city, DINAS, login)
    found = desk.post("/kartu/cari/", nik=person.nik)
    return desk, desk.follow(found), found.headers["Location"]


def serial_of(city, card: str) -> str:
    from ampera.withdrawal.models import Made

    with city.offices.at(SU1):
        return str(Made.objects.get(card=card).serial)


# ---- Kartu ----


def test_the_page_of_cards_tells_their_story_and_no_address_carries_a_nik(made):
    city, person, _ = made
    desk, page, path = page_of(city, person)
    text = shown(page)
    assert "siap diserahkan" in text
    assert "diperiksa: siap diserahkan" in text
    assert person.nik not in text
    assert not any(SIXTEEN_DIGITS.search(each) for each in desk.addresses)
    assert path.startswith("/kartu/penduduk/res_")


def test_a_hold_is_placed_told_to_the_office_and_lifted_by_two(made):
    city, person, _ = made
    desk, page, path = page_of(city, person)
    told = {"owner": "Pengadilan Negeri Contoh", "basis": "Surat contoh 12", "reason": "COURT"}
    no = desk.send(page, f"{path}tahan/", **told, until="2019-01-01")
    assert refusal_of(no) == "readiness.hold_until"
    no = desk.send(page, f"{path}tahan/", **told, until="kapan-kapan")
    assert refusal_of(no) == "screens.nothing_chosen"
    page = desk.follow(desk.send(page, f"{path}tahan/", **told, until="2017-10-01"))
    assert "Penyerahan kartu ditahan sampai 1 Oktober 2017" in shown(page)
    assert "Perekaman dan pencetakan tetap berjalan" in shown(page)
    assert "Pengadilan Negeri Contoh" in shown(desk.get("/kartu/"))
    city.turn(1)
    resident = path.split("/")[3]
    with city.offices.at(SU1):
        assert hold_of(resident) is not None
    no = desk.send(page, f"{path}cabut/", basis="Surat 13", second_login="", second_password="")
    assert no.status_code >= 400
    page = desk.follow(desk.send(page, f"{path}cabut/", basis="Surat pencabutan 13", **second()))
    assert "Penahanan dicabut berdua" in shown(page)
    city.turn(1)
    with city.offices.at(SU1):
        assert hold_of(resident) is None


def test_a_block_takes_two_voids_the_card_and_says_that_it_is_never_revived(made):
    city, person, card = made
    desk, page, path = page_of(city, person)
    assert "Bila blokir dicabut, kartu lama tidak hidup lagi" in shown(page)
    paper = {"why": "BLOCKED", "document": "Surat blokir contoh 1"}
    no = desk.send(page, f"{path}batal/", **paper)
    assert refusal_of(no) == "screens.nothing_chosen", "the consequences were not confirmed"
    no = desk.send(page, f"{path}batal/", **paper, understood="ya")
    assert no.status_code in (401, 403, 409, 422)
    done = desk.send(page, f"{path}batal/", **paper, understood="ya", **second())
    text = shown(desk.follow(done))
    assert "1 kartu dibatalkan" in text
    assert "kartu baru, bukan menghidupkan kartu lama" in text
    assert "batal: diblokir" in text
    city.turn(1)
    with city.offices.at(SU1):
        assert card_state(card) is CardState.VOID
    assert serial_of(city, card) in shown(desk.get("/kartu/"))
    assert serial_of(city, card) in shown(Browser(city, SU1, "loket").get("/ditarik/"))


def test_after_a_block_the_counter_takes_a_new_request_and_tells_no_reason(made):
    from ampera.intake.queries import open_requests_of
    from tests.api.city import NEW_PAPERS

    city, person, _ = made
    desk, page, path = page_of(city, person)
    again = {"nik": person.nik, "reason": "NEW", "papers": NEW_PAPERS}
    assert city.post(SU1, "loket", "requests", **again)["code"] == "intake.already_open"
    paper = {"why": "BLOCKED", "document": "Surat blokir contoh 1", "understood": "ya"}
    done = desk.send(page, f"{path}batal/", **paper, **second())
    assert done.status_code == 302
    city.turn(1)
    with city.offices.at(SU1):
        assert open_requests_of(path.split("/")[3]) == []
    assert "request" in city.post(SU1, "loket", "requests", **again)


def test_death_needs_a_paper_and_one_officer(made):
    city, person, card = made
    desk, page, path = page_of(city, person)
    no = desk.send(page, f"{path}batal/", why="DIED", document=" ", understood="ya")
    assert refusal_of(no) == "readiness.void_document"
    no = desk.send(page, f"{path}batal/", why="WHIM", document="x", understood="ya")
    assert refusal_of(no) == "screens.nothing_chosen"
    done = desk.send(page, f"{path}batal/", why="DIED", document="Akta contoh 3", understood="ya")
    assert done.status_code == 302
    page = desk.follow(done)
    no = desk.send(page, f"{path}batal/", why="DIED", document="Akta contoh 3", understood="ya")
    assert refusal_of(no) == "readiness.no_card_to_void"
    with city.offices.at(DINAS):
        assert card_state(card) is CardState.VOID


def test_a_card_from_before_ampera_is_noted_and_can_then_be_voided(fresh_city):
    city, person = fresh_city, fresh_city.person(has_card=True)
    desk, page, path = page_of(city, person)
    assert "kartu dari sebelum Ampera" in shown(page)
    page = desk.follow(desk.send(page, f"{path}lama/"))
    assert "Kartu lama dicatat" in shown(page)
    assert refusal_of(desk.post("/kartu/penduduk/res_x/lama/")) == "register.not_here"
    done = desk.send(page, f"{path}batal/", why="DIED", document="Akta 1", understood="ya")
    page = desk.follow(done)
    assert "1 kartu dibatalkan" in shown(page)
    assert "(sebelum Ampera)" in shown(desk.get("/kartu/"))
    again = desk.post(f"{path}lama/")
    assert "Tidak dicatat" in shown(desk.follow(again))


def test_a_recall_is_asked_from_the_page_while_the_permit_is_open(fresh_city):
    city, person = fresh_city, fresh_city.person()
    city.ready_record(person)
    city.turn(2)
    desk, page, path = page_of(city, person)
    assert "Tarik kembali izin cetak" in shown(page)
    fields = desk.form(page, f"{path}tarik/")
    no = desk.post(f"{path}tarik/", **fields, why="")
    assert refusal_of(no) == "screens.nothing_chosen"
    no = desk.post(f"{path}tarik/", **{**fields, "permit": "prm_x"}, why="OFFICE_STOPPED")
    assert refusal_of(no) in ("readiness.permit_unknown", "screens.nothing_chosen")
    from ampera.screens.wording import RECALLS

    done = desk.post(f"{path}tarik/", **fields, why=next(iter(RECALLS)))
    assert "Izin diminta kembali" in shown(desk.follow(done))


def test_the_page_of_cards_is_the_dinas_s_and_for_those_who_may_void(made):
    city, _, card = made
    assert refusal_of(Browser(city, SU1, "kepala").get("/kartu/")) == "screens.other_tier"
    assert refusal_of(Browser(city, DINAS, "loket").get("/kartu/")) == "officer.may_not"
    desk = Browser(city, DINAS, "kepala")
    assert desk.get(f"/kartu/satu/{card}/").status_code == 302
    assert refusal_of(desk.get("/kartu/satu/crd_x/")) == "readiness.card_unknown"
    assert refusal_of(desk.get("/kartu/penduduk/res_x/")) == "register.not_here"
    assert "penolakan" in desk.post("/kartu/cari/", nik="123").content.decode()


# ---- Kartu ditarik ----


def test_a_found_card_is_looked_up_by_serial_and_by_nik_and_the_look_is_recorded(made):

    city, person, card = made
    city.post(SU1, "loket", f"cards/{card}/hand-over")
    desk, number = Browser(city, SU1, "loket"), serial_of(city, card)
    with city.offices.at(SU1):
        before = EntryRow.objects.filter(kind="look.recorded/1").count()
    by_serial = shown(desk.post("/ditarik/cek/", serial=number.lower()))
    assert "MASIH BERLAKU" in by_serial
    assert "panggil pemegangnya" in by_serial
    assert person.name not in by_serial, "whoever brings a card learns no name"
    by_nik = shown(desk.post("/ditarik/cek/", nik=person.nik))
    assert "MASIH BERLAKU" in by_nik
    with city.offices.at(SU1):
        assert EntryRow.objects.filter(kind="look.recorded/1").count() == before + 2
    assert "TIDAK DIKENAL" in shown(desk.post("/ditarik/cek/", serial="XYZ00000001"))
    assert refusal_of(desk.post("/ditarik/cek/", serial="!!")) == "withdrawal.no_serial"
    assert desk.post("/ditarik/cek/", nik="1").status_code >= 400


def test_a_live_find_is_taken_in_with_an_alarm_and_goes_back_to_its_holder(made):
    city, _, card = made
    city.post(SU1, "loket", f"cards/{card}/hand-over")
    desk = Browser(city, SU1, "loket")
    page = desk.post("/ditarik/cek/", serial=serial_of(city, card))
    done = desk.send(page, "/ditarik/terima/", how="FOUND", place="lemari 1", cause="")
    assert "panggil pemegangnya" in shown(desk.follow(done))
    with city.offices.at(SU1):
        (piece,) = lying_at()
        assert [key for key, _ in open_alarms()] == [f"found:{piece.piece}"]
    here = f"/ditarik/{piece.piece}/"
    page = desk.get(here)
    assert refusal_of(desk.send(page, f"{here}kembali/")) == "withdrawal.not_to_be_given_back"
    done = desk.send(page, f"{here}kembali/", is_holder="ya")
    assert "dikembalikan kepada pemegangnya" in shown(desk.follow(done))
    assert refusal_of(desk.get(here)) == "withdrawal.piece_unknown"
    no = desk.post("/ditarik/terima/", how="WHIM", place="x", serial="ABC00000001")
    assert refusal_of(no) == "withdrawal.how_unknown"


def test_who_may_not_take_in_reads_only(made):
    city, _, _ = made
    assert "Terima kartu" not in shown(Browser(city, SU1, "cetak").get("/ditarik/"))
    assert refusal_of(Browser(city, SU1, "cetak").post("/ditarik/terima/")) == "officer.may_not"
    assert refusal_of(Browser(city, SU1, "cetak").post("/pemusnahan/buka/")) == "officer.may_not"


# ---- Pemusnahan ----


@pytest.fixture
def spoils(fresh_city):
    """Two ruined blanks at Seberang Ulu I."""
    from ampera.blanko.actions import reserve_next_in, spoil_in
    from ampera.journal.actions import Command, perform
    from ampera.journal.house import house

    def ruin(pen):
        blanko = reserve_next_in(pen, attempt="att_1")
        assert spoil_in(pen, serial=str(blanko), cause="failed_print") is None
        return {}

    with fresh_city.offices.at(SU1):
        for _ in range(2):
            command = Command(house().ids.new("cmd"), fresh_city.officer(SU1, "blanko"))
            assert perform(command, ruin, content={}) == {}
    return fresh_city


def begun(city):
    desk = Browser(city, SU1, "blanko")
    page = desk.get("/pemusnahan/")
    with city.offices.at(SU1):
        pieces = [each.piece for each in lying_at()]
    return desk, desk.send(page, "/pemusnahan/buka/", piece=pieces)


def test_a_batch_is_counted_destroyed_by_two_and_its_paper_is_made(spoils):
    city = spoils
    desk, opened = begun(city)
    page = desk.follow(opened)
    here = opened.headers["Location"]
    assert desk.get(f"{here}berita-acara.pdf").content.startswith(b"%PDF")
    told = {"place": "Halaman kantor", "witness_1": "SAKSI CONTOH", "counted": "ya"}
    fields = desk.form(page, "", 0) | {"number": "474/1"}
    no = desk.post(here, **{**fields, **told, "counted": ""}, **second())
    assert refusal_of(no) == "screens.nothing_chosen"
    no = desk.post(here, **{**fields, **told, "witness_1": ""}, **second())
    assert refusal_of(no) == "withdrawal.no_witness"
    done = desk.post(here, **{**fields, **told}, **second())
    text = shown(desk.follow(done))
    assert "SAKSI CONTOH" in text
    assert "2 keping" in text
    assert desk.get(f"{here}berita-acara.pdf").content.startswith(b"%PDF")
    with city.offices.at(SU1):
        assert accounts(SU1)["destroyed"] == 2
    assert "474/1" in shown(desk.get("/pemusnahan/"))
    no = desk.post(here, **{**fields, **told}, **second())
    assert no.status_code == 302, "sent twice, it is done once"
    city.turn(1)
    report = shown(Browser(city, DINAS, "kepala").get(f"/pemusnahan/laporan/?kantor={SU1}"))
    assert "sama dengan jumlah seluruh keping" in report


def test_the_page_says_not_to_burn_while_the_second_medium_is_missing(spoils, monkeypatch):
    from ampera.journal.second_log import MemorySecondLog

    def broken(*_):
        raise OSError("the stick is gone")

    desk, opened = begun(spoils)
    page, here = desk.follow(opened), opened.headers["Location"]
    told = {"number": "474/1", "place": "Halaman", "witness_1": "SAKSI CONTOH", "counted": "ya"}
    monkeypatch.setattr(MemorySecondLog, "append", broken)
    no = desk.post(here, **{**desk.form(page, "", 0), **told}, **second())
    assert refusal_of(no) == "withdrawal.second_log_missing"
    page = desk.get(here)
    assert "Jangan musnahkan dulu" in shown(page)
    again = desk.send(page, f"{here}amankan/")
    assert refusal_of(again) == "withdrawal.second_log_missing"
    monkeypatch.undo()
    page = desk.follow(desk.send(page, f"{here}amankan/"))
    assert "ada di dua media" in shown(page)
    assert "Jangan musnahkan dulu" not in shown(page)


def test_a_batch_can_be_given_up_and_the_report_is_there_as_page_file_and_paper(spoils):
    city = spoils
    desk, opened = begun(city)
    here = opened.headers["Location"]
    page = desk.follow(opened)
    done = desk.send(page, f"{here}batal/")
    assert "tidak ada yang dimusnahkan" in shown(desk.follow(done))
    assert refusal_of(desk.get(here)) == "withdrawal.batch_unknown"
    assert refusal_of(desk.get(f"{here}berita-acara.pdf")) == "withdrawal.batch_unknown"
    assert refusal_of(desk.post("/pemusnahan/buka/", cause="x")) == "withdrawal.cause_unknown"
    table = desk.get("/pemusnahan/laporan.csv?bulan=2017-09").content.decode("utf-8-sig")
    rows = [line.split(";") for line in table.strip().split("\r\n")]
    assert rows[0][2] == "sebab"
    for column in range(3, 10):
        assert sum(int(row[column]) for row in rows[1:-1]) == int(rows[-1][column])
    assert rows[-1] == ["16.71.02", "2017-09", "JUMLAH", "0", "2", *"0000", "2"]
    paper = desk.get("/pemusnahan/laporan.pdf?bulan=2017-09")
    assert paper.content.startswith(b"%PDF")
    assert desk.get("/pemusnahan/laporan/?bulan=x").status_code == 200


# ---- what a replacement asks ----


def test_the_counter_copies_the_police_letter_into_the_request(fresh_city):
    from ampera.intake.models import CardRequest

    city, person = fresh_city, fresh_city.person(has_card=True)
    desk = Browser(city, SU1, "loket")
    page = desk.follow(desk.post("/permohonan/cari/", nik=person.nik))
    text = shown(page)
    assert "Surat kehilangan dari kepolisian" in text
    assert "KK dan biodata diubah dahulu" in text
    assert "Permendagri 8/2016" in text
    asked = {"reason": "LOST", "papers": LOST["papers"]}
    no = desk.send(page, "/permohonan/terima/", **asked)
    assert refusal_of(no) == "intake.police_letter"
    letter = {"police_number": "SKH/9", "police_on": "2017-09-02", "police_office": "Polsek"}
    done = desk.send(page, "/permohonan/terima/", **asked, **letter)
    assert done.status_code == 302
    with city.offices.at(SU1):
        row = CardRequest.objects.get()
        assert (row.police_number, row.police_on, row.police_office) == (
            *("SKH/9", "2017-09-02", "Polsek"),
        )


def test_a_data_change_is_refused_while_the_register_says_what_the_card_says(made):
    city, person, card = made
    city.post(SU1, "loket", f"cards/{card}/hand-over")
    city.turn(1)
    asked = {"reason": "DATA_CHANGED", "papers": ["form", "old_card", "event_proof"]}
    told = city.post(SU1, "loket", "requests", nik=person.nik, **asked)
    assert told["code"] == "intake.nothing_changed"
    from ampera.register.models import Resident

    with city.offices.at(SU1):
        Resident.objects.filter(nik=person.nik).update(address="JL. CONTOH BARU NO. 9")
    assert "request" in city.post(SU1, "loket", "requests", nik=person.nik, **asked)


@pytest.mark.parametrize("code", [IT2, PUSAT])
def test_nothing_of_another_office_is_listed(made, code):
    city, _, card = made
    login = "loket" if code == IT2 else "kepala"
    answer = Browser(city, code, login).get("/ditarik/")
    assert serial_of(city, card) not in shown(answer)


def test_a_hold_is_placed_on_nobody_whom_this_office_does_not_serve(city):
    desk = Browser(city, DINAS, "verifikator")
    told = {"reason": "COURT", "owner": "Instansi contoh", "basis": "Surat contoh 1"}
    with city.offices.at(DINAS):
        before = EntryRow.objects.count()
    for resident in ("res_unknown", "9901010101019999"):
        no = desk.post(f"/kartu/penduduk/{resident}/tahan/", **told, until="2017-10-01")
        assert refusal_of(no) == "register.not_here"
    with city.offices.at(DINAS):
        assert EntryRow.objects.count() == before, "a chain keeps what is written into it"
