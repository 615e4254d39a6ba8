"""Long calculations by pages: asked for, followed, cancelled, stopped by a restart, compared."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ampera.planning.actions.calculations import (
    finish_calculation,
    forget_old_calculations,
    note_progress,
    stop_calculation,
    stop_those_of_before,
    take_calculation,
)
from ampera.planning.models import Calculation
from ampera.planning.rules.calculations import State, limits_policy
from ampera.tiers.calculating import Calculating
from ampera.words.clock import WallClock
from tests.api.city import DINAS, SU1
from tests.screens.browser import Browser, refusal_of, shown

PALEMBANG = {"skenario": "palembang-2017", "kebijakan": "pooled", "ulangan": "300"}
LONG = {**PALEMBANG, "ulangan": "5000"}


@pytest.fixture
def head(fresh_city) -> Browser:
    return Browser(fresh_city, DINAS, "kepala")


@pytest.fixture
def worker(fresh_city):
    """The worker's step, at the dinas; whatever it began is ended with the test."""
    calculating = Calculating()
    yield calculating
    calculating.end()


def step(browser: Browser, worker: Calculating) -> None:
    with browser.city.offices.at(DINAS):
        worker.step()


def until(browser: Browser, worker: Calculating, *states: State) -> Calculation:
    """Step as a worker does until the one calculation stands so."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        step(browser, worker)
        with browser.city.offices.at(DINAS):
            row = Calculation.objects.get()
        if row.state in states:
            return row
        time.sleep(0.05)
    pytest.fail(f"still {row.state} after a minute")


def asked(browser: Browser, **wish: str) -> str:
    """The address of the result."""
    answer = browser.post("/rencana/hitung/", **wish)
    assert answer.status_code == 302, shown(answer)
    return answer.headers["Location"]


def test_a_long_calculation_waits_runs_and_is_kept_under_its_own_address(head, worker):
    place = asked(head, **PALEMBANG)
    assert "Menunggu giliran" in shown(head.get(place))
    row = until(head, worker, State.DONE)
    assert place == f"/rencana/hasil/{row.key}/"
    page = shown(head.get(place))
    assert "300 kali" in page
    assert "Yang paling mengubah" in page
    assert len(head.get(f"{place[:-1]}.csv").content.decode().splitlines()) == 181
    assert 'policy = "pooled"' in head.get(f"{place[:-1]}.toml").content.decode()


def test_the_same_question_is_computed_once_also_for_another_officer(head, worker):
    place = asked(head, **PALEMBANG)
    until(head, worker, State.DONE)
    other = Browser(head.city, DINAS, "cetak")
    assert asked(other, **PALEMBANG) == place
    assert "Yang paling mengubah" in shown(other.get(place)), "not computed anew"
    assert asked(other, **{**PALEMBANG, "ulangan": "1000"}) != place


def test_its_progress_is_seen_by_a_live_block_and_without_javascript(head, worker):
    place = asked(head, **LONG)
    until(head, worker, State.RUNNING)
    whole, block = head.get(place), head.get(place, HX_Request="true")
    assert '<noscript><meta http-equiv="refresh"' in whole.content.decode()
    assert block.content.decode().strip() in whole.content.decode()
    assert "<progress" in block.content.decode()


def test_a_live_block_loads_the_page_anew_when_the_result_is_there(head, worker):
    place = asked(head, **PALEMBANG)
    until(head, worker, State.DONE)
    answer = head.get(place, HX_Request="true")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_a_cancelled_calculation_ends_its_process_and_can_be_started_again(head, worker):
    place = asked(head, **LONG)
    until(head, worker, State.RUNNING)
    [child] = worker._children
    head.post(f"{place}batal/")
    end = time.monotonic() + 30
    while worker._children and time.monotonic() < end:
        step(head, worker)
    assert child.process.poll() is not None, "the process is gone"
    assert "Hitungan ini dibatalkan" in shown(head.get(place))
    assert head.post(f"{place}ulang/").headers["Location"] == place
    assert until(head, worker, State.RUNNING).why == ""


def test_a_restart_stops_what_ran_and_says_so(head, worker):
    place = asked(head, **LONG)
    until(head, worker, State.RUNNING)
    worker.end()
    anew = Calculating()
    step(head, anew)
    anew.end()
    assert "terhenti karena server dihidupkan ulang" in shown(head.get(place))
    head.post(f"{place}ulang/")
    assert "Menunggu giliran" in shown(head.get(place))


def test_a_killed_process_is_told_and_not_waited_for(head, worker):
    place = asked(head, **LONG)
    until(head, worker, State.RUNNING)
    worker._children[0].process.kill()
    worker._children[0].process.wait()
    assert until(head, worker, State.STOPPED).why == "broken"
    assert "terhenti sebelum selesai" in shown(head.get(place))


def test_one_that_takes_too_long_is_stopped(head, worker):
    asked(head, **LONG)
    until(head, worker, State.RUNNING)
    limits = limits_policy().on(date(2017, 9, 6))
    worker.limits = lambda: replace(limits, seconds=-1)
    assert until(head, worker, State.STOPPED).why == "too_long"


def test_only_so_many_run_at_once_and_the_others_wait_in_order(head, worker):
    first, later = asked(head, **LONG), asked(head, **PALEMBANG)
    until_running = time.monotonic() + 10
    while not worker._children and time.monotonic() < until_running:
        step(head, worker)
    step(head, worker)
    assert [child.taken.key for child in worker._children] == [first.split("/")[-2]]
    assert "1 hitungan di depannya" in shown(head.get(later))


def test_an_officer_may_have_only_so_many_and_another_may_ask_still(head):
    for wish in (PALEMBANG, LONG):
        asked(head, **wish)
    more = {**PALEMBANG, "kebijakan": "after-own"}
    assert refusal_of(head.post("/rencana/hitung/", **more)) == "planning.calculations_full"
    assert asked(head, **LONG), "one that waits already is no further one"
    assert asked(Browser(head.city, DINAS, "cetak"), **more)


def test_an_officer_does_not_cancel_the_calculation_of_another_but_the_head_does(head):
    clerk = Browser(head.city, DINAS, "cetak")
    of_head, of_clerk = asked(head, **LONG), asked(clerk, **PALEMBANG)
    no = clerk.post(f"{of_head}batal/")
    assert (no.status_code, refusal_of(no)) == (403, "planning.calculation_of_other")
    assert head.post(f"{of_clerk}batal/").status_code == 302
    assert refusal_of(head.post(f"{of_clerk}batal/")) == "planning.calculation_over"


@pytest.mark.parametrize("path", ["", "batal/", "ulang/"])
def test_an_unknown_result_is_refused(head, path):
    place = f"/rencana/hasil/abc123/{path}"
    answer = head.post(place) if path else head.get(place)
    assert (answer.status_code, refusal_of(answer)) == (404, "planning.calculation_not_found")


@pytest.mark.parametrize("times", ["0", "-3", "banyak", "1e9", "999999", ""])
def test_a_number_of_replications_that_makes_no_sense_is_refused(head, times):
    answer = head.post("/rencana/hitung/", **{**PALEMBANG, "ulangan": times})
    assert refusal_of(answer) == "planning.scenario_wrong_value"
    with head.city.offices.at(DINAS):
        assert not Calculation.objects.exists()


def test_three_results_stand_side_by_side_and_neither_one_nor_four(head, worker):
    keys = []
    for policy in ("dinas-only", "after-own", "pooled"):
        place = asked(head, **{**PALEMBANG, "kebijakan": policy})
        keys.append(place.split("/")[-2])
        while True:
            step(head, worker)
            if "Yang paling mengubah" in shown(head.get(place)):
                break
            time.sleep(0.05)
    asked_for = "&".join(f"hasil={key}" for key in keys)
    page = shown(head.get(f"/rencana/banding/?{asked_for}"))
    assert "3 rencana berdampingan" in page
    assert "palembang-2017, after-own, 300 ulangan" in page
    one = head.get(f"/rencana/banding/?hasil={keys[0]}&hasil={keys[0]}")
    assert refusal_of(one) == "planning.compare_two_or_three"
    four = head.get(f"/rencana/banding/?{asked_for}&hasil=d")
    assert refusal_of(four) == "planning.compare_two_or_three"
    lost = head.get(f"/rencana/banding/?hasil={keys[0]}&hasil=d")
    assert refusal_of(lost) == "planning.calculation_not_found"


def test_an_answer_that_comes_after_the_cancel_is_not_kept(head):
    place, now = asked(head, **PALEMBANG), WallClock().now()
    with head.city.offices.at(DINAS):
        taken = take_calculation(now=now)
        assert taken is not None
    head.post(f"{place}batal/")
    with head.city.offices.at(DINAS):
        assert not finish_calculation(taken, answer={}, now=now)
        assert not note_progress(taken, done=1, parts=2, now=now)
        assert not stop_calculation(taken, why="broken", now=now)
        assert Calculation.objects.get().state == State.CANCELLED


def test_old_results_go_and_open_ones_stay(head, worker):
    asked(head, **PALEMBANG)
    until(head, worker, State.DONE)
    asked(head, **LONG)
    limits, now = limits_policy().on(date(2017, 9, 6)), WallClock().now()
    with head.city.offices.at(DINAS):
        assert forget_old_calculations(now=now, limits=limits) == 0
        later = now + limits.kept + timedelta(seconds=5)
        assert forget_old_calculations(now=later, limits=limits) == 1
        assert Calculation.objects.get().state == State.WAITING
        assert stop_those_of_before(now=later) == 0


def test_a_kecamatan_and_a_visitor_have_no_calculations(fresh_city):
    assert Browser(fresh_city, SU1, "kepala").post("/rencana/hitung/").status_code == 404
    answer = Browser(fresh_city, DINAS).post("/rencana/hitung/", **PALEMBANG)
    assert answer.headers["Location"].startswith("/masuk/")


def test_no_calculation_writes_an_entry(head, worker):
    from ampera.journal.models import EntryRow

    with head.city.offices.at(DINAS):
        before = EntryRow.objects.count()
    asked(head, **PALEMBANG)
    until(head, worker, State.DONE)
    with head.city.offices.at(DINAS):
        assert EntryRow.objects.count() == before
