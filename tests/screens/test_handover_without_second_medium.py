"""The stick is gone while a card is given out: no page says that it may leave the hand."""

from __future__ import annotations

from ampera.journal.second_log import MemorySecondLog
from tests.api.city import SU1
from tests.bad_input.whole import ready_card
from tests.screens.browser import Browser, refusal_of, shown


def test_the_page_gives_no_receipt_before_the_handover_lies_on_a_second_medium(
    fresh_city, monkeypatch
):
    def broken(*_):
        raise OSError("the stick is gone")

    card = ready_card(fresh_city, fresh_city.person())
    desk, here = Browser(fresh_city, SU1, "loket"), f"/penyerahan/{card}/"
    page = desk.get(here)
    told = {**desk.form(page), "to": "HOLDER", "verified": "DOCUMENT"}
    monkeypatch.setattr(MemorySecondLog, "append", broken)
    for _ in range(2):  # and once more, as the refusal says
        no = desk.post(here, **told)
        assert refusal_of(no) == "delivery.second_log_missing"
    assert refusal_of(desk.get(here)) == "delivery.second_log_missing"
    monkeypatch.undo()
    given = desk.post(here, **told)
    assert given.headers["Location"] == f"{here}bukti/"
    assert "diserahkan" in shown(desk.follow(given))
