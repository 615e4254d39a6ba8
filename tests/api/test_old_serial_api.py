"""The number of an old card at the handover: never a NIK, never just any text."""

from __future__ import annotations

from ampera.delivery.queries import handed_over
from tests.api.city import SU1
from tests.bad_input.whole import ready_card
from tests.screens.browser import Browser, refusal_of

A_NIK = "9999014107900001"


def test_machine_and_page_refuse_what_is_no_number_of_a_card(fresh_city):
    card = ready_card(fresh_city, fresh_city.person())
    path = f"cards/{card}/hand-over"
    for typed in (A_NIK, "kartu biru"):
        no = fresh_city.post(SU1, "loket", path, old_serial=typed)
        assert no["code"] == "delivery.old_serial_form"
    with fresh_city.offices.at(SU1):
        assert handed_over(card) is None
    desk, here = Browser(fresh_city, SU1, "loket"), f"/penyerahan/{card}/"
    told = {**desk.form(desk.get(here)), "to": "HOLDER", "verified": "DOCUMENT"}
    assert refusal_of(desk.post(here, **told, old_serial=A_NIK)) == "delivery.old_serial_form"
    given = fresh_city.post(SU1, "loket", path, old_serial="00-12345")
    assert given["card"] == card
    with fresh_city.offices.at(SU1):
        assert handed_over(card).old_serial == "0012345"
