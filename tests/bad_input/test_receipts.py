"""The receipt of a handover names the holder, though the permit forgot the name by then."""

from __future__ import annotations

from ampera.delivery.queries import receipt_of
from ampera.journal.models import EntryRow
from ampera.papers.heads import Letterhead
from ampera.papers.receipts import handover_receipt
from ampera.readiness.models import Permit
from tests.api.city import SU1
from tests.bad_input.whole import handed_over_card
from tests.papers.poppler import words_of

HEAD = Letterhead(government="PEMERINTAH KOTA CONTOH", office="KECAMATAN CONTOH")


def test_the_receipt_names_the_holder_after_the_permit_forgot_the_name(fresh_city):
    city, person = fresh_city, fresh_city.person()
    card = handed_over_card(city, person)
    with city.offices.at(SU1):
        assert set(Permit.objects.values_list("nama", "nik")) == {("", "")}
        officer = city.officer(SU1, "loket")
        seen = receipt_of(card, officer=officer, letterhead=HEAD, place="Palembang")
        assert (seen.nama, seen.nik.digits) == (person.name, person.nik)
        assert handover_receipt(seen).startswith(b"%PDF")


def test_a_machine_gets_the_receipt_as_a_paper_and_its_look_is_recorded(fresh_city):
    city, person = fresh_city, fresh_city.person()
    card = handed_over_card(city, person)
    with city.offices.at(SU1):
        before = EntryRow.objects.filter(kind="look.recorded/1").count()
    paper = city.raw(SU1, "loket", "GET", f"cards/{card}/receipt.pdf")
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper.headers["Cache-Control"]
    assert person.name in words_of(paper.content)
    with city.offices.at(SU1):
        assert EntryRow.objects.filter(kind="look.recorded/1").count() == before + 1
    assert city.raw(SU1, "blanko", "GET", f"cards/{card}/receipt.pdf").status_code == 403
    unknown = city.raw(SU1, "loket", "GET", f"cards/crd_{'0' * 32}/receipt.pdf")
    assert unknown.json()["code"] == "delivery.no_such_card"
