"""Permits in lots: an office gets no more than it has blanks for, and none while it is unheard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ampera.blanko.queries import shelf_count
from ampera.journal.alarms import raise_alarm
from ampera.journal.marks import note_child_contact
from ampera.journal.models import EntryRow, EntryState
from ampera.journal.quarantine import quarantine
from ampera.printing.actions import end_attempt, grant_lots, open_attempt, settle_attempt
from ampera.printing.actions.lots import forfeit_late
from ampera.printing.models import Attempt
from ampera.printing.queries import measured_capacity
from ampera.printing.rules.printers import DAYS_AHEAD
from ampera.readiness.queries import PermitState, open_permit_count, open_permits, permit_seen
from ampera.words import OfficeCode, Reason
from tests.stations.printing_desk import PRINTER, by, code, count_in
from tests.stations.readiness_line import DINAS, KEC, OTHER, Line


@pytest.fixture
def line(offices):
    made = Line(offices)
    for office in (KEC, OTHER, DINAS):
        made.describe(office, date(2017, 9, 1))
    return made


def ready(line, count, *, home=KEC):
    for number in range(count):
        line.ready(f"res_{home[-2:]}{number:03d}", home=home)
    line.post()


def stock(line, blanks, *, at=KEC):
    with line.at(at):
        # No blank lies at two offices: each begins its serials elsewhere.
        count_in(blanks, first=1 if at == KEC else 501)
    line.post()


def granted(line):
    with line.at(DINAS):
        return grant_lots()


def test_an_office_gets_as_many_permits_as_it_has_blanks(line):
    ready(line, 5)
    stock(line, 3)
    assert granted(line) == 3
    line.post()
    with line.at(KEC):
        assert len(open_permits(KEC)) == 3


def test_a_tick_that_comes_twice_grants_nothing_twice(line):
    ready(line, 5)
    stock(line, 3)
    assert [granted(line) for _ in range(3)] == [3, 0, 0]
    with line.at(DINAS):
        assert open_permit_count(KEC) == 3


def test_an_office_without_blanks_or_without_people_gets_nothing(line):
    ready(line, 2)
    stock(line, 2, at=OTHER)
    assert granted(line) == 0


def test_a_printed_card_makes_room_for_no_further_permit_but_new_blanks_do(line):
    ready(line, 4)
    stock(line, 2)
    assert granted(line) == 2
    line.post()
    with line.at(KEC):
        permit = open_permits(KEC)[0].permit
        attempt = open_attempt(by(), permit=permit, printer=PRINTER)["attempt"]
        end_attempt(by(""), attempt=attempt, outcome="PRINTED", cause="completed")
    line.post()
    assert granted(line) == 0


def test_a_permit_whose_blank_was_spoiled_takes_another_blank_from_the_next_lot(line):
    ready(line, 4)
    stock(line, 3)
    with line.at(DINAS):
        assert grant_lots() == 3
    line.post()
    with line.at(KEC):
        permit = open_permits(KEC)[0].permit
        attempt = open_attempt(by(), permit=permit, printer=PRINTER)["attempt"]
        end_attempt(by(""), attempt=attempt, outcome="UNKNOWN", cause="aborted")
        settle_attempt(by(), attempt=attempt, outcome="SPOILED", witness="off_budi")
    line.post()
    with line.at(DINAS):
        # Three permits are open for two blanks: the fourth person waits for the next shipment.
        assert (open_permit_count(KEC), shelf_count(KEC)) == (3, 2)
        assert grant_lots() == 0


def test_a_lot_goes_out_in_steps(line, monkeypatch):
    monkeypatch.setattr("ampera.printing.actions.lots.STEP_MAX", 2)
    ready(line, 5)
    stock(line, 5)
    assert [granted(line) for _ in range(4)] == [2, 2, 1, 0]


def test_a_slow_office_gets_permits_for_its_days_only(line):
    ready(line, 12)
    stock(line, 12)
    with line.at(DINAS):
        for number in range(11):
            opened = line.offices.clock.at - timedelta(hours=20)
            Attempt.objects.create(
                id=f"att_{number}",
                office=KEC,
                opened_at=opened,
                opened_by="x",
                ended="PRINTED",
                ended_at=opened + timedelta(hours=4),
            )
        assert measured_capacity(OfficeCode(KEC)) == 2
        assert grant_lots() == DAYS_AHEAD * 2


def test_the_dinas_grants_to_its_own_counter(line):
    with line.at(DINAS):
        count_in(1)
    line.ready("res_own", home=KEC, reason=Reason.LOST)
    line.post()
    request = line.ask("res_own", reason=Reason.LOST, at=DINAS, host=DINAS)
    line.post()
    line.confirm(request, at=KEC)
    line.post()
    assert granted(line) == 1
    with line.at(DINAS):
        assert [permit.office for permit in open_permits(DINAS)] == [OfficeCode(DINAS)]


@pytest.mark.parametrize("state", [EntryState.PARKED, EntryState.NOT_MINE])
def test_nothing_is_granted_while_an_entry_of_the_office_lies_unread(line, state):
    ready(line, 2)
    stock(line, 2)
    with line.at(DINAS):
        row = EntryRow.objects.filter(chain__startswith=f"{KEC}/up").first()
        EntryRow.objects.filter(pk=row.pk).update(state=state)
        assert grant_lots() == 0, "nobody says whose entry it is: it may be anybody's"
        prefix = "parked" if state is EntryState.PARKED else "not_mine"
        raise_alarm(f"{prefix}:{row.chain}:{row.seq}", "waits")
        assert grant_lots() == 0
        EntryRow.objects.filter(pk=row.pk).update(state=EntryState.PROJECTED)
        assert grant_lots() == 2


def test_an_unread_entry_of_one_office_holds_up_no_other(line):
    ready(line, 1)
    stock(line, 1)
    ready(line, 1, home=OTHER)
    stock(line, 1, at=OTHER)
    with line.at(DINAS):
        row = EntryRow.objects.filter(chain__startswith=f"{OTHER}/up").first()
        EntryRow.objects.filter(pk=row.pk).update(state=EntryState.PARKED)
        raise_alarm(f"parked:{row.chain}:{row.seq}", "waits")
        assert grant_lots() == 1
        assert open_permit_count(KEC) == 1


def test_a_restored_or_doubtful_dinas_grants_nothing(line):
    ready(line, 1)
    stock(line, 1)
    with line.at(DINAS) as house:
        house.heard(line.offices.clock.at + timedelta(minutes=5))
        assert grant_lots() == 0
    with line.at(DINAS) as house:
        house.floor = None
        quarantine("restored")
        assert grant_lots() == 0


def test_a_kecamatan_grants_nothing(line):
    ready(line, 1)
    stock(line, 1)
    with line.at(KEC):
        assert grant_lots() == 0
        assert code(open_attempt(by(), permit="prm_none", printer=PRINTER)) == "printing.no_permit"


def lost_for(line, days):
    """One permit at an office that nobody heard of for so many days. Returns the permit."""
    ready(line, 1)
    stock(line, 1)
    assert granted(line) == 1
    with line.at(DINAS):
        (permit,) = open_permits(KEC)
    line.offices.clock.move(timedelta(days=days))
    return permit.permit


def test_two_days_after_its_day_a_permit_of_a_lost_office_frees_its_card_by_itself(line):
    permit = lost_for(line, 47)
    with line.at(DINAS):
        assert forfeit_late() == 0
        line.offices.clock.move(timedelta(days=1))
        assert forfeit_late() == 1
        assert forfeit_late() == 0
        assert permit_seen(permit).state is PermitState.FORFEITED
        assert not open_permits(KEC)


def test_nothing_is_forfeited_while_an_entry_of_the_office_lies_unread_or_the_clock_is_odd(line):
    permit = lost_for(line, 48)
    with line.at(DINAS) as house:
        row = EntryRow.objects.filter(chain__startswith=f"{KEC}/up").first()
        EntryRow.objects.filter(pk=row.pk).update(state=EntryState.PARKED)
        assert forfeit_late() == 0
        EntryRow.objects.filter(pk=row.pk).update(state=EntryState.PROJECTED)
        house.heard(line.offices.clock.at + timedelta(minutes=5))
        assert forfeit_late() == 0
        house.floor = None
        # Cut off from the pusat it finds by its children that its own clock runs ahead.
        note_child_contact(OfficeCode(KEC), said_at=line.offices.clock.at - timedelta(days=3))
        assert forfeit_late() == 0
        line.offices.clock.move(timedelta(minutes=1))
        note_child_contact(OfficeCode(KEC), said_at=line.offices.clock.at)
        assert permit_seen(permit).state is PermitState.OPEN
        assert forfeit_late() == 1
