"""The pages after a restore: two officers count, suspect permits are decided at the dinas."""

from __future__ import annotations

import re

import pytest

from ampera.blanko.queries import accounts, held_at
from ampera.journal.quarantine import is_quarantined, lift_quarantine, quarantine
from ampera.printing.queries import cards_to_check
from ampera.readiness.queries import CardState, card_state, open_permits
from ampera.readiness.queries.suspects import suspect_count, suspect_seen
from ampera.screens.counter.seen_blanko import read_serials, runs
from ampera.words import Refusal
from tests.api.city import DINAS, IT2, PASSWORD, SU1, City
from tests.screens.browser import Browser, refusal_of, second, shown

COUNT = "/pemulihan/hitung/"
SHELF = [f"SPC02{number:06d}" for number in range(1, 6)]


@pytest.fixture
def restored(city) -> City:
    """A permit is open at the kecamatan; then it is put back from a backup. Tests of this file
    share the city, so each finds the shelf as the one before left it."""
    with city.offices.at(SU1):
        lift_quarantine()
    city.ready_record(city.person())
    with city.offices.at(SU1):
        assert open_permits(SU1)
        quarantine("restored")
    return city


def on_shelf(city: City) -> list[str]:
    with city.offices.at(SU1):
        return sorted(held_at(f"{SU1}/shelf"))


def books(city: City) -> tuple[dict[str, int], int]:
    with city.offices.at(SU1):
        return accounts(SU1), suspect_count()


def moved(city: City, before: tuple[dict[str, int], int]) -> tuple[dict[str, int], int]:
    """What changed on each account, and how many permits more are suspect."""
    now, then = books(city), before
    names = now[0].keys() | then[0].keys()
    gone = {name: now[0].get(name, 0) - then[0].get(name, 0) for name in names}
    return {name: count for name, count in gone.items() if count}, now[1] - then[1]


def typed(**lists: str) -> dict[str, str]:
    return {"whole": "", "spoiled": "", "cards": "", "boxes": "", **lists}


def test_every_page_of_a_quarantined_server_says_so_and_where_to_go(restored):
    counting, asking = Browser(restored, SU1, "blanko"), Browser(restored, SU1, "loket")
    for page in ("/hari-ini/", "/blanko/", "/jalur/"):
        assert f'href="{COUNT}"' in counting.get(page).content.decode()
    told = shown(asking.get("/permohonan/"))
    assert "Server ini dipulihkan dari cadangan" in told
    assert "petugas blanko dan kepala kantor" in told
    assert "dipulihkan" not in shown(Browser(restored, IT2, "loket").get("/permohonan/"))


def test_a_whole_count_by_two_ends_the_quarantine(restored):
    keeper, before, seen = Browser(restored, SU1, "blanko"), books(restored), on_shelf(restored)
    assert "Dua petugas mencatat" in shown(keeper.get(COUNT))
    preview = keeper.post(COUNT, step="periksa", **typed(whole=" ".join(seen)))
    assert "Semua yang menurut buku ada di tangan kantor ini terlihat" in shown(preview)
    with restored.offices.at(SU1):
        assert is_quarantined(), "a preview says nothing yet"
    done = keeper.post(COUNT, **keeper.form(preview), step="catat", **second())
    assert "Karantina berakhir" in shown(keeper.follow(done))
    with restored.offices.at(SU1):
        assert not is_quarantined()
    assert moved(restored, before) == ({}, 0)
    page = keeper.get(COUNT)
    assert "tidak dikarantina" in shown(page)
    assert COUNT not in keeper.get("/hari-ini/").content.decode()
    late = keeper.post(COUNT, step="catat", **typed(whole=" ".join(seen)), **second())
    assert refusal_of(late) == "printing.not_quarantined"


def test_one_person_does_not_count_alone_and_the_list_stays(restored):
    keeper, seen = Browser(restored, SU1, "kepala"), " ".join(on_shelf(restored))
    alone = keeper.post(COUNT, step="catat", **typed(whole=seen), **second("kepala"))
    assert refusal_of(alone) == "officer.same_person"
    fields = keeper.form(alone)
    assert fields["whole"] == seen
    wrong = {"second_login": "blanko", "second_password": "bukan ini"}
    assert refusal_of(keeper.post(COUNT, step="catat", **fields, **wrong)).startswith("officer.")
    again = keeper.post(COUNT, **(fields | {"step": "ubah"}))
    assert f">{seen}</textarea>" in again.content.decode()
    with restored.offices.at(SU1):
        assert is_quarantined()


def test_a_missing_blanko_is_shown_first_and_puts_open_permits_under_suspicion(restored):
    keeper, before, seen = Browser(restored, SU1, "blanko"), books(restored), on_shelf(restored)
    with restored.offices.at(SU1):
        permits = len(open_permits(SU1))
    preview = keeper.post(COUNT, **typed(whole="\n".join(seen[:-1])))
    told = shown(preview)
    assert f"Bila ini dicatat, {permits} izin terbuka menjadi dicurigai" in told
    assert f"Stok di rak {seen[-1]}" in told
    done = keeper.post(COUNT, **keeper.form(preview), step="catat", **second())
    page = shown(keeper.follow(done))
    assert f"izin dicurigai: {permits}" in page
    assert "Yang memutuskan: dua petugas Disdukcapil" in page
    assert moved(restored, before) == ({"shelf": -1, "dispute": 1}, permits)
    # Nothing is printed under a suspect permit.
    with restored.offices.at(SU1):
        assert open_permits(SU1) == []
    restored.print_on(40)
    with restored.offices.at(SU1):
        assert cards_to_check() == []


def test_a_finished_card_of_the_lost_tail_counts_as_a_missing_blanko(restored):
    keeper, before, seen = Browser(restored, SU1, "blanko"), books(restored), on_shelf(restored)
    preview = keeper.post(COUNT, **typed(whole="\n".join(seen[:-1]), cards=seen[-1]))
    assert "Kartu jadi yang blankonya masih utuh di buku" in shown(preview)
    keeper.post(COUNT, **keeper.form(preview), step="catat", **second())
    change, suspects = moved(restored, before)
    assert change == {"shelf": -1, "dispute": 1}
    assert suspects >= 1


def test_a_blanko_that_the_books_never_knew_puts_permits_under_suspicion_too(restored):
    keeper, before, seen = Browser(restored, SU1, "blanko"), books(restored), on_shelf(restored)
    preview = keeper.post(COUNT, **typed(whole="\n".join([*seen, "SPC99000001"])))
    assert "Terlihat, tidak ada di buku" in shown(preview)
    keeper.post(COUNT, **keeper.form(preview), step="catat", **second())
    change, suspects = moved(restored, before)
    assert change == {"unmatched": 1}
    assert suspects >= 1


def test_what_cannot_be_read_is_said_and_nothing_is_lost(restored):
    keeper = Browser(restored, SU1, "blanko")
    for wrong, code in (
        ({"whole": f"{SHELF[0]} - SPC02999999"}, "screens.range_line"),
        ({"whole": f"{SHELF[0]} - SPX02000002"}, "screens.range_line"),
        ({"whole": "1234"}, "blanko.serial_form"),
        ({"whole": SHELF[0], "cards": SHELF[0]}, "blanko.counted_twice"),
        ({"boxes": "KOTAK-1"}, "screens.box_line"),
    ):
        answer = keeper.post(COUNT, **typed(**wrong))
        assert refusal_of(answer) == code
        for text in wrong.values():
            assert f">{text}</textarea>" in answer.content.decode()


def test_serials_are_read_one_a_line_several_in_a_line_and_as_a_range():
    assert read_serials("spc02000001\nSPC02000002 SPC02000003,SPC02000004\n\n") == SHELF[:4]
    for dash in (" - ", "-", "–", "..", " sampai ", " s/d "):
        assert read_serials(f"{SHELF[0]}{dash}{SHELF[4]}") == SHELF
    assert isinstance(read_serials(f"{SHELF[4]} - {SHELF[0]}"), Refusal)
    assert runs([*SHELF, "KOTAK-1", "SPC99000001"]) == (
        "KOTAK-1",
        f"{SHELF[0]} – {SHELF[4]} (5)",
        "SPC99000001",
    )


def test_only_who_keeps_the_stock_counts(restored):
    assert refusal_of(Browser(restored, SU1, "loket").get(COUNT)) == "officer.may_not"


@pytest.fixture
def suspected(restored) -> City:
    keeper, seen = Browser(restored, SU1, "blanko"), on_shelf(restored)
    keeper.post(COUNT, step="catat", **typed(whole="\n".join(seen[:-1])), **second())
    restored.turn(1)
    return restored


def a_suspect(browser: Browser) -> str:
    """The one that was granted last: other tests have left theirs."""
    page = browser.get("/izin-dicurigai/").content.decode()
    found = re.findall(r"/izin-dicurigai/prm_[0-9a-f]{32}/", page)
    assert found, page
    return str(found[-1])


def test_two_officers_of_the_dinas_decide_that_no_card_was_made(suspected):
    desk = Browser(suspected, DINAS, "verifikator")
    assert "/izin-dicurigai/" in desk.get("/hari-ini/").content.decode(), "it is in the menu"
    here, (_, waiting) = a_suspect(desk), books(suspected)
    page = desk.get(here)
    assert "Blanko tidak ditemukan SPC02" in shown(page)
    fields = desk.form(page)
    assert refusal_of(desk.post(here, **fields, **second())) == "screens.nothing_chosen"
    fields |= {"looked": "ya"}
    alone = {"second_login": "verifikator", "second_password": PASSWORD}
    assert refusal_of(desk.post(here, **fields, **alone)).startswith("officer.")
    done = desk.post(here, **fields, **second())
    assert "Diputus berdua" in shown(desk.follow(done))
    assert "sudah diputus" in shown(desk.get(here))
    suspected.turn()
    for code in (DINAS, SU1):
        with suspected.offices.at(code):
            assert suspect_count() == waiting - 1
            seen = suspect_seen(here.split("/")[2])
            assert seen is not None
            assert card_state(seen.permit.card) is CardState.VOID


def test_the_kecamatan_reads_and_does_not_decide(suspected):
    keeper = Browser(suspected, SU1, "kepala")
    here = a_suspect(keeper)
    page = keeper.get(here)
    assert "di server Disdukcapil" in shown(page)
    assert "Putuskan: tidak ada kartu" not in shown(page)
    no = keeper.post(here, looked="ya", **second("blanko"))
    assert refusal_of(no).startswith("officer.") or refusal_of(no) == "screens.second_may_not"
    neighbour = Browser(suspected, IT2, "kepala")
    assert refusal_of(neighbour.get(here)) == "readiness.permit_unknown"
    assert "Tidak ada izin" in shown(neighbour.get("/izin-dicurigai/"))
