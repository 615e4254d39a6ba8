"""An office in custody: its permits end at once, and nobody gets two cards by it."""

from __future__ import annotations

import pytest

from ampera.blanko.actions import dispute_in, reserve_in, settle_dispute, ship
from ampera.blanko.queries import accounts, shelf_count
from ampera.blanko.rules import Box
from ampera.journal.actions import perform
from ampera.journal.models import EntryRow, EntryState
from ampera.printing.actions import grant_lots, lend_printing, open_attempt
from ampera.printing.queries import custody_desk
from ampera.printing.rules.custody import CustodyFacts, compare_custody, why_not_whole
from ampera.readiness.models import Card, Permit
from ampera.readiness.queries import (
    CardState,
    PermitState,
    is_seized,
    open_permit_count,
    open_permits,
    seizure_of,
    seizures,
)
from ampera.readiness.rules.lending import LendWish
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.stations.custody_desk import (
    WITNESS,
    custody_line,
    in_custody,
    release,
    seize,
    show_chain,
)
from tests.stations.printing_desk import PRINTER, count_in, serial
from tests.stations.readiness_line import DINAS, KEC, OTHER, assert_whole, by


@pytest.fixture
def line(offices):
    return custody_line(offices)


def states(line, *, at=DINAS) -> list[str]:
    with line.at(at):
        return list(Permit.objects.order_by("permit").values_list("state", flat=True))


def test_with_server_and_every_blank_in_custody_all_open_permits_end_at_once(line):
    done = seize(line)
    assert isinstance(done, dict), done
    assert len(done["forfeited"]) == 2
    assert states(line) == [PermitState.FORFEITED] * 2
    with line.at(DINAS):
        known = seizure_of(KEC)
        assert known is not None
        assert (known.blanko, known.permits, known.officers) == (3, 2, ("off_a", WITNESS))
        assert (known.server, known.document) == ("SRV-02", "BA/12/2017")
    line.post()
    assert states(line, at=KEC) == [PermitState.FORFEITED] * 2
    for server in (DINAS, KEC):
        assert_order_free(line.offices, server, tries=6)
    assert_whole(line)


def test_whoever_waited_there_may_be_granted_at_once_elsewhere_and_only_there(line):
    seize(line)
    line.post()
    with line.at(DINAS):
        assert grant_lots() == 0
    assert line.grant(KEC) == Refusal("readiness.office_seized", office=KEC)
    day = line.offices.clock.at.date()
    wish = LendWish(
        home=OfficeCode(KEC),
        at=OfficeCode(OTHER),
        since=day,
        until=day,
        why="PRINTER_DOWN",
        ends_when_up=False,
    )
    with line.at(DINAS):
        lent = lend_printing(by(), wish=wish)
        assert isinstance(lent, dict), lent
        assert grant_lots() == 2
        assert (open_permit_count(OTHER), open_permit_count(KEC)) == (2, 0)
    line.post()
    with line.at(OTHER):
        permits = [each.permit for each in open_permits(OTHER)]
    for permit in permits:
        line.deliver(permit, at=OTHER)
    assert_whole(line)


def test_a_card_that_was_printed_before_and_told_later_is_void_at_birth(line):
    with line.at(KEC):
        permit = open_permits(KEC)[0].permit
    card = line.print_card(permit)
    line.check(permit, "READY")
    # Its news has not come. The card lies in the tray; its serial is read off it.
    done = seize(line)
    assert permit in done["forfeited"]
    line.post()
    for server in (DINAS, KEC):
        with line.at(server):
            assert Card.objects.get(pk=card).state == CardState.VOID
            assert not Card.objects.get(pk=card).bars_another
    assert_whole(line)


def test_an_attempt_whose_outcome_nobody_knows_frees_its_permit_too_when_its_blank_is_there(line):
    with line.at(KEC):
        permit = open_permits(KEC)[0].permit
        opened = open_attempt(by(), permit=permit, printer=PRINTER)
        assert isinstance(opened, dict), opened
    line.post()
    no = seize(line)
    assert no == Refusal("printing.custody_printer", printers=PRINTER)
    done = seize(line, printers=(PRINTER,))
    assert isinstance(done, dict), done
    assert permit in done["forfeited"]


def test_one_missing_blank_and_nothing_is_freed_and_nothing_written(line):
    no = seize(line, serials=(serial(1), serial(3)))
    assert no == Refusal("printing.custody_blanko", count=1, serials=serial(2))
    assert states(line) == [PermitState.OPEN] * 2
    with line.at(DINAS):
        assert seizures() == []


def test_a_blank_in_dispute_is_shown_or_decided_first(line):
    def lose(pen):
        return reserve_in(pen, serial=serial(1), attempt="att_1") or dispute_in(
            pen, serial=serial(1)
        ) or {}  # fmt: skip

    with line.at(KEC):
        assert perform(by(), lose, content={}) == {}
    line.post()
    without = {"serials": (serial(2), serial(3))}
    assert seize(line, **without) == Refusal(
        "printing.custody_blanko", count=1, serials=serial(1)
    )  # fmt: skip
    with line.at(DINAS):
        decided = settle_dispute(
            by(),
            item=serial(1),
            outcome="written_off",
            document="BA/9",
            witness=WITNESS,
        )
        assert not isinstance(decided, Refusal), decided
    assert isinstance(seize(line, **without), dict)


def test_blanks_under_way_to_the_office_count_as_its_own(line):
    with line.at(DINAS):
        count_in(1, first=901)
        sent = ship(by(), to=KEC, boxes=[], serials=[serial(901)], courier=WITNESS)
        assert not isinstance(sent, Refusal), sent
        assert dict(custody_desk(OfficeCode(KEC)).accounts) == {"shelf": 3, "transit": 1}
    assert seize(line).code == "printing.custody_blanko"
    every = (*in_custody().serials, serial(901))
    assert isinstance(seize(line, serials=every), dict)


def test_what_lies_there_and_is_not_in_the_books_is_written_down(line):
    done = seize(line, serials=(*in_custody().serials, serial(777)))
    assert done["surplus"] == [serial(777)]
    with line.at(DINAS):
        assert seizure_of(KEC).surplus == (serial(777),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"witness": "off_a"}, "officer.same_person"),
        ({"witness": ""}, "officer.same_person"),
        ({"place": " "}, "readiness.seizure_paper"),
        ({"server": ""}, "readiness.seizure_paper"),
        ({"document": "x" * 121}, "readiness.seizure_paper"),
        ({"printers": ("",)}, "readiness.seizure_paper"),
        ({"serials": ("1",)}, "blanko.serial_form"),
        ({"boxes": ("?",)}, "blanko.box_form"),
        ({"office": OfficeCode("16.71")}, "readiness.office_unknown"),
        ({"office": OfficeCode("16.72.01")}, "readiness.office_unknown"),
        ({"at": KEC}, "readiness.not_the_dinas"),
    ],
)
def test_what_is_not_said_by_two_of_the_dinas_with_a_paper_is_refused(line, changes, code):
    answer = seize(line, **changes)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert states(line) == [PermitState.OPEN] * 2


def test_nothing_is_freed_while_an_entry_of_the_office_lies_unread(line):
    with line.at(DINAS):
        row = EntryRow.objects.filter(chain__startswith=f"{KEC}/up").order_by("-seq").first()
        EntryRow.objects.filter(pk=row.pk).update(state=EntryState.PARKED)
    assert seize(line) == Refusal("readiness.unread_entries", office=KEC)


def test_an_office_is_taken_into_custody_once(line):
    seize(line)
    assert seize(line) == Refusal("readiness.office_seized", office=KEC)


def test_it_is_given_back_only_after_its_server_has_heard_that_its_permits_are_gone(line):
    seizure = seize(line)["seizure"]
    early = release(line, seizure)
    assert early == Refusal("readiness.seizure_not_told", office=KEC)
    show_chain(line)
    assert release(line, seizure) == early, "what it showed was from before"
    line.post()
    show_chain(line)
    assert release(line, seizure) == {"seizure": seizure}
    with line.at(DINAS):
        assert not is_seized(KEC)
        assert grant_lots() == 2
    line.post()
    # The blanks stood in its own books all the time: it goes on with them.
    with line.at(KEC):
        assert (shelf_count(KEC), accounts(KEC)) == (3, {"shelf": 3})
        permit = open_permits(KEC)[0].permit
    line.deliver(permit)
    for server in (DINAS, KEC):
        assert_order_free(line.offices, server, tries=6)
    assert_whole(line)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"witness": "off_a"}, "officer.same_person"),
        ({"document": ""}, "readiness.seizure_paper"),
        ({"at": KEC}, "readiness.not_the_dinas"),
        ({"seizure": "szr_unknown"}, "readiness.office_not_seized"),
    ],
)
def test_it_is_given_back_by_two_of_the_dinas_with_a_paper(line, changes, code):
    seizure = seize(line)["seizure"]
    line.post()
    show_chain(line)
    answer = release(line, **{"seizure": seizure, **changes})
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert release(line, seizure) == {"seizure": seizure}
    assert release(line, seizure) == Refusal("readiness.office_not_seized")


def test_a_sealed_box_is_there_by_its_label_or_by_each_of_its_serials():
    facts = CustodyFacts({"K1": Box("K1", serial(1), 3), serial(9): None}, frozenset({"p1"}))
    assert facts.blanko == 4

    def missing(serials, boxes=()):
        return compare_custody(facts, serials=serials, boxes=boxes, printers=["p1"]).missing

    assert missing([serial(9)], ["K1"]) == ()
    assert missing([serial(n) for n in (1, 2, 3, 9)]) == ()
    assert missing([serial(n) for n in (1, 3, 9)]) == (serial(2),)
    assert missing([serial(9)]) == ("K1",)
    compared = compare_custody(facts, serials=[serial(50)], boxes=["K7"], printers=[])
    assert compared.surplus == ("K7", serial(50))
    assert compared.missing_printers == ("p1",)
    assert why_not_whole(compared).code == "printing.custody_printer"
