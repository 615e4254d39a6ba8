"""A whole card through forms alone: no JavaScript, and no number of a person in any address."""

from __future__ import annotations

import re

from tests.api.city import DINAS, NEW_PAPERS, PUSAT, SU1
from tests.screens.browser import ALL_SEEN, SIXTEEN_DIGITS, Browser, refusal_of, second, shown


def id_in(address: str) -> str:
    found = re.search(r"(req|crd|att)_[0-9a-f]{32}", address)
    assert found, address
    return found[0]


def take(counter: Browser, person) -> str:
    """Search, choose the reason, show the papers; gives the request."""
    found = counter.send(counter.get("/permohonan/"), "/permohonan/cari/", nik=person.nik)
    page = counter.follow(found)
    assert person.name in shown(page)
    taken = counter.send(page, "/permohonan/terima/", papers=NEW_PAPERS)
    receipt = counter.follow(taken)
    assert re.search(r"Kode permohonan ([2-9A-Z]{4} ){3}", shown(receipt))
    return id_in(taken.headers["Location"])


def record(counter: Browser, request: str) -> None:
    """The gate, sample images, the resident's yes, the seal."""
    form = counter.get(f"/permohonan/{request}/rekam/")
    assert "Gerbang terbuka" in shown(form)
    preview = counter.send(form, f"/permohonan/{request}/rekam/periksa/", number=1, sample="1")
    assert "Tunjukkan foto kepada pemohon" in shown(preview)
    done = counter.send(preview, f"/permohonan/{request}/rekam/simpan/", agreed="yes")
    assert "Perekaman tersimpan" in shown(counter.follow(done))


def test_a_whole_card_by_forms_alone(fresh_city):
    city = fresh_city
    person = city.person()
    counter, printer = Browser(city, SU1, "loket"), Browser(city, SU1, "cetak")
    request = take(counter, person)
    case = f"/permohonan/{request}/"
    assert "REQUEST_TAKEN" in shown(counter.get(case))
    counter.send(counter.get(case), f"{case}lapor/")
    assert "REPORTED" in shown(counter.get(case))
    city.turn(1)
    assert "UNREGISTERED" in shown(counter.get(case))
    record(counter, request)
    assert "BIO_CAPTURED" in shown(counter.get(case))
    city.turn()
    page = shown(counter.get(case))
    assert "PRINT_READY_RECORD" in page
    assert "Izin cetak ada di kantor 16.71.02" in page
    city.print_on(20)

    desk = printer.get("/cetak/")
    assert person.name in shown(desk)
    begun = printer.send(desk, "/cetak/mulai/", cards="1", feeding="one")
    assert "Pencetakan dimulai" in shown(printer.follow(begun))
    city.print_on()
    waiting = printer.get("/cetak/").content.decode()
    card = id_in(waiting[waiting.index("/cetak/kartu/") :])
    check = printer.get(f"/cetak/kartu/{card}/")
    assert person.name in shown(check)
    face = printer.get(f"/cetak/kartu/{card}/muka.pdf")
    assert face.content.startswith(b"%PDF")
    picture = printer.get(f"/cetak/kartu/{card}/muka.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    hasty = printer.post(f"/cetak/kartu/{card}/", **printer.form(check), seen=["foto"])
    assert refusal_of(hasty) == "screens.not_all_looked_at"
    checked = printer.post(f"/cetak/kartu/{card}/", **printer.form(check), **ALL_SEEN)
    assert "Kartu siap diserahkan" in shown(printer.follow(checked))

    assert person.name in shown(counter.get("/penyerahan/"))
    give = counter.get(f"/penyerahan/{card}/")
    fields = counter.form(give) | {"verified": "DOCUMENT", "to": "HOLDER"}
    proof = counter.follow(counter.post(f"/penyerahan/{card}/", **fields))
    assert "kartu boleh diberikan" in shown(proof)
    paper = counter.get(f"/penyerahan/{card}/bukti.pdf")
    assert paper.headers["Content-Type"] == "application/pdf", shown(paper)
    city.turn()
    for office, login in ((SU1, "loket"), (DINAS, "verifikator")):
        page = shown(Browser(city, office, login).get(case))
        assert "CARD_ISSUED" in page
        assert "Kartu diserahkan" in page
    for each in (*counter.addresses, *printer.addresses):
        assert not SIXTEEN_DIGITS.search(each), each
        assert person.name.split()[0].lower() not in each.lower()


def test_the_double_click_takes_one_request(city, officer):
    counter, person = officer(SU1, "loket"), city.person()
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    fields = counter.form(page, "/permohonan/terima/") | {"papers": NEW_PAPERS}
    first = counter.post("/permohonan/terima/", **fields)
    again = counter.post("/permohonan/terima/", **fields)
    assert first.headers["Location"] == again.headers["Location"]
    other = counter.post("/permohonan/terima/", **(fields | {"command": ""}))
    assert refusal_of(other) == "intake.already_open"


def test_a_missing_paper_is_named_in_words(city, officer):
    counter, person = officer(SU1, "loket"), city.person()
    page = counter.follow(counter.post("/permohonan/cari/", nik=person.nik))
    no = counter.send(page, "/permohonan/terima/", papers=["form"])
    assert refusal_of(no) == "intake.paper_missing"
    assert "fotokopi KK" in shown(no)


def test_the_ticket_is_not_shown_to_another_officer(city, officer):
    counter = officer(SU1, "loket")
    request = take(counter, city.person())
    assert counter.get(f"/permohonan/{request}/tanda-terima.pdf").content.startswith(b"%PDF")
    other = officer(SU1, "loket")
    for page in ("tanda-terima/", "tanda-terima.pdf"):
        no = other.get(f"/permohonan/{request}/{page}")
        assert refusal_of(no) == "screens.receipt_gone"


def test_a_photo_is_sealed_only_after_the_resident_agreed(city, officer):
    counter = officer(SU1, "loket")
    request = take(counter, city.person())
    counter.send(counter.get(f"/permohonan/{request}/"), f"/permohonan/{request}/lapor/")
    city.turn(1)
    form = counter.get(f"/permohonan/{request}/rekam/")
    check, save = (f"/permohonan/{request}/rekam/{part}/" for part in ("periksa", "simpan"))
    preview = counter.send(form, check, number=1, sample="1")
    no = counter.send(preview, save)
    assert refusal_of(no) == "screens.photo_not_agreed"
    fields = counter.form(preview, save) | {"agreed": "yes"}
    first, again = counter.post(save, **fields), counter.post(save, **fields)
    assert first.headers["Location"] == again.headers["Location"]
    shut = shown(counter.get(f"/permohonan/{request}/rekam/"))
    assert "Gerbang perekaman tertutup" in shut


def test_a_file_that_is_no_image_is_refused_before_anything_is_kept(city, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    counter = officer(SU1, "loket")
    request = take(counter, city.person())
    counter.send(counter.get(f"/permohonan/{request}/"), f"/permohonan/{request}/lapor/")
    city.turn(1)
    check = f"/permohonan/{request}/rekam/periksa/"
    assert refusal_of(counter.post(check)) == "enrolment.image_missing"
    names = ("portrait", "signature", "finger_1", "finger_2")
    files = {name: SimpleUploadedFile(f"{name}.png", b"bukan gambar") for name in names}
    assert refusal_of(counter.post(check, **files)) == "papers.not_an_image"


def test_a_rejected_card_takes_two_persons(fresh_city):
    city = fresh_city
    city.ready_record(city.person())
    printer = Browser(city, SU1, "cetak")
    city.print_on(20)
    printer.send(printer.get("/cetak/"), "/cetak/mulai/", cards="1", feeding="one")
    city.print_on()
    waiting = printer.get("/cetak/").content.decode()
    card = id_in(waiting[waiting.index("/cetak/kartu/") :])
    page = f"/cetak/kartu/{card}/"
    fields = printer.form(printer.get(page), "", 1)
    assert refusal_of(printer.post(page, **fields, **second())) == "printing.no_spoil_cause"
    fields |= {"cause": "heat"}
    wrong = printer.post(page, **fields, second_login="kepala", second_password="salah")
    assert refusal_of(wrong) == "officer.unknown"
    done = printer.post(page, **fields, **second())
    assert "Kartu ditolak" in shown(printer.follow(done))
    no = printer.post(page, **(fields | {"command": ""}), **second())
    assert refusal_of(no) == "printing.already_checked"


def test_the_centre_sees_both_sides_of_a_double(fresh_city):
    city = fresh_city
    person = city.person()
    city.ready_record(person)
    centre = Browser(city, PUSAT, "kepala")
    assert "Penunggalan" in shown(centre.get("/penunggalan/"))
    assert refusal_of(centre.get("/penunggalan/enr_" + "0" * 32 + "/")) == "dedup.no_such_double"
