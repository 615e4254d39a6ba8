"""One definition of backlog: each case in one part, and any past moment counted again the same."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from random import Random

import pytest

from ampera.journal.house import acting_in, house
from ampera.planning.queries.backlog import backlog_at
from ampera.planning.rules.backlog import Actor, Part, Why
from ampera.readiness import actions
from ampera.readiness.models import Asked
from ampera.words import Reason
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode
from tests.houses import Offices, as_default, new_database
from tests.interleavings import _project, chains_known, interleavings
from tests.stations.readiness_line import DINAS, HOSTED, KEC, OPENING, OTHER, PUSAT, Line, by, write

SU1 = OfficeCode(KEC)
CITY = OfficeCode(DINAS)


@pytest.fixture
def line(django_db_blocker):
    with django_db_blocker.unblock(), Offices() as offices:
        made = Line(offices)
        made.describe(DINAS, date(2014, 12, 1))
        made.describe(KEC, OPENING)
        made.describe(OTHER, OPENING)
        made.describe(HOSTED, None, host=KEC)
        yield made


def whys(line: Line, at: str = DINAS) -> dict[str, int]:
    with line.at(at):
        return backlog_at().by(lambda row: row.place.why)


def complete(line: Line, request: str, *, at: str = KEC) -> None:
    with line.at(at):
        write("request.completed/1", subject=request, facts={"request": request})


def decide(line: Line, request: str, enrolment: str, *, resident: str, verdict: str) -> None:
    with line.at(PUSAT):
        facts = {"enrolment": enrolment, "request": request, "resident": resident}
        told = {"verdict": verdict, "of": None, "order": 1, "office": KEC, "arrival": 1}
        write("dedup.decided/1", subject=enrolment, facts=facts | told, to=DINAS)


def test_a_first_card_stands_at_one_place_after_the_other(line):
    request = line.ask("res_1")
    line.post()
    assert whys(line) == {Why.NOT_REPORTED: 1}
    complete(line, request)
    line.confirm(request)
    line.post()
    assert whys(line) == {Why.TO_BE_RECORDED: 1}
    line.capture("res_1", request, "enr_1")
    line.post()
    assert whys(line) == {Why.RECORDING_SENT: 1}
    decide(line, request, "enr_1", resident="res_1", verdict="PRINT_READY_RECORD")
    line.post()
    assert whys(line) == {Why.IN_QUEUE: 1}
    (permit,) = line.grant()
    line.post()
    assert whys(line) == {Why.PERMITTED: 1}
    line.print_card(permit)
    line.post()
    assert whys(line) == {Why.TO_CHECK: 1}
    line.check(permit, "READY")
    line.post()
    assert whys(line) == {Why.TO_HAND_OVER: 1}
    line.hand_over(permit)
    line.post()
    assert whys(line) == {}


def test_a_double_waits_for_the_dinas_and_an_adjudicator_for_the_centre(line):
    for resident, verdict in (("res_1", "DUPLICATE_RECORD"), ("res_2", "ADJUDICATE_RECORD")):
        request = line.ask(resident)
        complete(line, request)
        line.confirm(request)
        line.capture(resident, request, f"enr_{resident}")
        line.post()
        decide(line, request, f"enr_{resident}", resident=resident, verdict=verdict)
    line.post()
    assert whys(line) == {Why.ADJUDICATION: 1, Why.DUPLICATE: 1}
    with line.at(DINAS):
        seen = backlog_at()
    assert (seen.count(actor=Actor.DINAS), seen.count(actor=Actor.PUSAT)) == (1, 1)


def test_replacements_need_blanks_of_the_dinas_and_first_cards_those_of_the_kecamatan(line):
    line.ready("res_1", request=line.ask("res_1"))
    lost = line.ask("res_2", reason=Reason.LOST)
    line.ready("res_2", request="req_older")
    complete(line, lost)
    line.post()
    assert whys(line) == {Why.IN_QUEUE: 1, Why.TO_CONFIRM: 1}
    line.confirm(lost)
    line.post()
    with line.at(DINAS):
        seen = backlog_at()
    assert (seen.need(SU1), seen.need(CITY)) == (1, 1)
    assert (seen.count(Part.READY, office=SU1), seen.count(is_new=True)) == (2, 1)


def test_a_card_in_dispute_needs_no_second_blanko(line):
    permit = line.permit_for("res_1")
    line.ask("res_1")
    line.begin(permit, "att_1")
    line.end(permit, "att_1", "UNKNOWN")
    line.end(permit, "att_1", "DISPUTE", kind="settled")
    line.post()
    with line.at(DINAS):
        assert backlog_at().need(SU1) == 0


def test_the_age_of_a_case_counts_from_the_day_it_was_asked_for(line):
    for days in (100, 31, 8, 1):
        line.ask(f"res_{days}")
        line.offices.clock.move(timedelta(days={100: 69, 31: 23, 8: 7, 1: 1}[days]))
    line.post()
    with line.at(DINAS):
        seen = backlog_at()
        assert seen.ages() == (1, 1, 1, 1)
        assert seen.oldest == house().now() - timedelta(days=100)


def lived(seed: int, *, steps: int) -> Line:
    """A city in which all kinds of things happen to a few residents, in a random order."""
    chance, offices = Random(seed), Offices(seed=seed)
    line = Line(offices)
    line.describe(DINAS, date(2014, 12, 1))
    line.describe(KEC, OPENING)
    line.describe(OTHER, OPENING)
    people = itertools.count(1)
    open_: list[tuple[str, str, str]] = []
    for _ in range(steps):
        offices.clock.move(timedelta(hours=chance.randint(1, 40)))
        act = chance.choice(("ask", "ask", "line", "line", "line", "card", "card", "card"))
        if act == "ask" or not open_:
            office = chance.choice((KEC, OTHER))
            reason = chance.choice((Reason.NEW, Reason.NEW, Reason.LOST))
            resident = f"res_{next(people)}"
            if reason is Reason.LOST:
                line.ready(resident, request=f"req_old_{resident}", home=office)
            asked = line.ask(resident, reason=reason, at=office, home=office, host=office)
            open_.append((resident, asked, office))
        elif act == "line":
            _go_on(line, *chance.choice(open_), chance=chance)
        else:
            _print(line, chance)
        if chance.random() < 0.6:
            line.post()
    line.post()
    return line


def _go_on(line: Line, resident: str, request: str, office: str, *, chance: Random) -> None:
    step = chance.choice(("complete", "confirm", "capture", "ready", "reject"))
    if step == "complete":
        complete(line, request, at=office)
    elif step == "confirm":
        line.confirm(request, at=office)
    elif step == "capture":
        line.capture(resident, request, f"enr_{request}", at=office)
    elif step == "ready":
        line.post()
        line.ready(resident, request=request, home=office)
    elif chance.random() < 0.3:
        with line.at(DINAS):
            facts = {"request": request, "why": "not_theirs"}
            write("request.rejected/1", subject=request, facts=facts, to=office)


def _print(line: Line, chance: Random) -> None:
    office = chance.choice((KEC, OTHER, DINAS))
    line.post()
    granted = line.grant(office, 1)
    line.post()
    if not isinstance(granted, list) or not granted:
        return
    (permit,) = granted
    line.offices.clock.move(timedelta(minutes=chance.randint(3, 300)))
    way = chance.choice(("stay", "return", "print", "reject", "ready", "hand", "hand", "unknown"))
    if way == "return":
        with line.at(DINAS):
            actions.recall_permit(by(), permit=permit, why="moved")
        line.post()
        with line.at(office):
            actions.answer_recalls()
    elif way == "unknown":
        line.begin(permit, f"att_{permit}", at=office)
        line.end(permit, f"att_{permit}", "UNKNOWN", at=office)
    elif way != "stay":
        line.print_card(permit, at=office)
        line.offices.clock.move(timedelta(minutes=chance.randint(3, 3000)))
        if way == "reject":
            line.check(permit, "REJECTED", at=office)
        elif way in ("ready", "hand"):
            line.check(permit, "READY", at=office)
        if way == "hand":
            line.offices.clock.move(timedelta(hours=chance.randint(1, 200)))
            line.hand_over(permit, at=office)


def counted_then(line: Line, at, *, chance: Random):
    """What the dinas counts when it knows the entries up to a moment and nothing later."""
    with line.at(DINAS) as here:
        pass
    told = [[e for e in chain if e.at <= at] for chain in chains_known(line.offices, DINAS)]
    order = next(itertools.islice(interleavings(told, chance=chance), chance.randint(0, 9), None))
    database = new_database()
    try:
        with as_default(database), acting_in(here):
            for entry in order:
                _project(entry)
            return backlog_at(at)
    finally:
        database.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_past_moment_is_counted_today_as_it_was_counted_then(django_db_blocker, seed):
    with django_db_blocker.unblock():
        line = lived(seed, steps=50)
        with line.offices:
            chance = Random(seed)
            moments = sorted({e.at for c in chains_known(line.offices, DINAS) for e in c})
            for at in chance.sample(moments, 12):
                with line.at(DINAS):
                    today = backlog_at(at)
                assert today == counted_then(line, at, chance=chance), at


@pytest.mark.parametrize("seed", range(4, 8))
def test_the_queue_and_the_backlog_mean_the_same(django_db_blocker, seed):
    """What readiness calls waiting, on its way or not confirmed is what is counted as such."""
    with django_db_blocker.unblock():
        line = lived(seed, steps=60)
        with line.offices, line.at(DINAS):
            seen = backlog_at()
            mine = Asked.objects.filter(request__in=_told())
            waiting = mine.filter(state="WAITING").count()
            on_way = mine.filter(state="ON_ITS_WAY").count()
            assert seen.by(lambda row: row.place.why).get(Why.IN_QUEUE, 0) == waiting
            of_cards = (Why.PERMITTED, Why.IN_DISPUTE, Why.TO_CHECK, Why.TO_HAND_OVER)
            assert sum(row.count for row in seen.rows if row.place.why in of_cards) == on_way
            assert waiting + on_way > 0
            rest = mine.filter(state__in=("NOT_READY", "NOT_CONFIRMED", "OTHER_CARD", "HAS_CARD"))
            assert seen.count(Part.NOT_READY) == rest.count()


def _told() -> list[str]:
    from ampera.intake.models import CardRequest

    return list(CardRequest.objects.exclude(taken_at="").values_list("id", flat=True))


def test_both_databases_count_alike(django_database):
    """The one statement is read by SQLite and by PostgreSQL."""
    from ampera.intake.models import CardRequest

    with Offices() as offices, offices.at(DINAS) as here:
        at = utc_text(here.now() - timedelta(days=10))
    row = {"home": f"{KEC}", "host": KEC, "taken_at": at, "office": KEC}
    with acting_in(here):
        CardRequest.objects.create(id="req_1", resident="res_1", reason="NEW", **row)
        more = {"completed_at": at, "missing": ["kk_copy"]}
        CardRequest.objects.create(id="req_2", resident="res_2", reason="LOST", **row, **more)
        CardRequest.objects.create(
            id="req_3", resident="res_3", reason="LOST", **row, missing=["kk_copy"]
        )
        seen = backlog_at()
    assert seen.by(lambda each: each.place.why) == {
        Why.NOT_REPORTED: 1,
        Why.PAPERS_MISSING: 1,
        Why.TO_CONFIRM: 1,
    }
    assert seen.ages() == (0, 3, 0, 0)
