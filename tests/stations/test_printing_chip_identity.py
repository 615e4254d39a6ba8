"""The chip as identity and as evidence: which blank it sits in, and what it tells of an attempt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ampera.devices.chip.simulated import uid_of_blank
from ampera.journal.models import EntryRow
from ampera.journal.rebuild import compare_with_rebuild
from ampera.printing.actions import bind_chip, read_chip_of, settle_attempt
from ampera.printing.ports import ChipState, open_encoder
from ampera.printing.queries import chips_told_twice
from ampera.printing.rules.attempts import AttemptState
from ampera.printing.rules.chips import Found
from ampera.words import OfficeCode, Refusal
from tests.stations.chip_desk import ChipDesk, chip_alarms, contents
from tests.stations.printing_desk import (
    BUDI,
    KEC,
    SARI,
    by,
    code,
    serial,
)

PORTRAIT_EF = b"\x01\x02"


@pytest.fixture
def desk(offices):
    made = ChipDesk(offices)
    yield made
    open_encoder(OfficeCode(KEC), encoder=None)


def kinds(kind):
    return EntryRow.objects.filter(kind=kind).count()


def test_a_chip_is_bound_to_its_blank_at_first_sight_and_never_to_another(desk):
    with desk.at():
        desk.reader.put(serial(1))
        first = bind_chip(by(), serial=serial(1), encoder=desk.encoder)
        assert first == {"serial": serial(1), "uid": uid_of_blank(serial(1)), "is_new": True}
        again = bind_chip(by(), serial=serial(1), encoder=desk.encoder)
        assert again["is_new"] is False
        no = bind_chip(by(), serial=serial(2), encoder=desk.encoder)
        assert no == Refusal("printing.chip_of_other_blank", serial=serial(2), other=serial(1))
        desk.reader.put(serial(3))
        no = bind_chip(by(), serial=serial(1), encoder=desk.encoder)
        assert code(no) == "printing.blank_has_other_chip"
        assert len(chip_alarms()) == 2
        assert kinds("chip.bound/1") == 1


def test_a_blank_that_no_book_knows_is_not_bound(desk):
    with desk.at():
        desk.reader.put("SPC99999999")
        answer = bind_chip(by(), serial="SPC99999999", encoder=desk.encoder)
        assert code(answer) == "blanko.unknown"
        desk.reader.remove()
        no = bind_chip(by(), serial=serial(1), encoder=desk.encoder)
        assert code(no) == "printing.no_chip_seen"


def test_a_double_feed_is_seen_when_the_card_is_written_where_nothing_read_it_before(desk):
    """Two blanks stuck together: the one printed is not the one whose chip was read."""
    with desk.at():
        desk.reader.put(serial(1))
        bind_chip(by(), serial=serial(1), encoder=desk.encoder)
        attempt = desk.printed()
        assert attempt.serial == serial(1)
        desk.reader.put(serial(2))
        assert code(desk.personalise(attempt)) == "printing.blank_has_other_chip"
        assert len(chip_alarms()) == 1
        assert desk.encoder.read().state is ChipState.EMPTY


def test_an_attempt_of_unknown_outcome_takes_no_writing(desk):
    with desk.at():
        attempt = unknown(desk)
        assert code(desk.personalise(attempt)) == "printing.chip_not_now"
        assert code(desk.fail(attempt, "no_chip")) == "printing.chip_not_now"
        assert code(read_chip_of("att_none", encoder=desk.encoder)) == "printing.no_such_attempt"
        assert code(desk.personalise(replace(attempt, id="att_none"))) == "printing.no_such_attempt"


def unknown(desk):
    """An attempt whose fate nobody knows; its blank lies on the reader."""
    from ampera.printing.actions import end_attempt, open_attempt

    opened = open_attempt(by(), permit="prm_1", printer="p1")
    end_attempt(by(), attempt=opened["attempt"], outcome="UNKNOWN", cause="restarted")
    desk.reader.put(opened["serial"])
    return desk.attempt(1)


def written_inside(desk, number):
    """What an encoder inside the printer did before the power went."""
    desk.encoder.write(contents(number), uid=desk.encoder.uid())


@pytest.mark.parametrize(
    ("befell", "found", "suggested", "may_be_shelved", "alarms"),
    [
        (lambda desk: written_inside(desk, 1), Found.THIS_CARD, AttemptState.PRINTED, False, 0),
        (lambda desk: None, Found.EMPTY, None, True, 0),
        (lambda desk: written_inside(desk, 2), Found.OTHER_CARD, None, False, 1),
    ],
    ids=["complete with this card", "never begun", "another person's"],
)
def test_the_chip_tells_what_became_of_an_attempt(
    desk, befell, found, suggested, may_be_shelved, alarms
):
    with desk.at():
        attempt = unknown(desk)
        befell(desk)
        told = read_chip_of(attempt.id, encoder=desk.encoder)
        assert (told.found, told.suggested) == (found, suggested)
        assert told.may_be_shelved is may_be_shelved
        assert len(chip_alarms()) == alarms
        assert (told.serial, told.is_bound) == (attempt.serial, False)


def test_a_blank_whose_chip_was_written_never_goes_back_to_the_shelf(desk):
    from ampera.printing.actions import empty_printer, end_attempt, open_attempt

    with desk.at():
        opened = open_attempt(by(), permit="prm_1", printer="p1")
        desk.reader.put(opened["serial"])
        # By an encoder inside the printer.
        assert desk.personalise(desk.attempt(1))["outcome"] == "WRITTEN"
        end_attempt(by(), attempt=opened["attempt"], outcome="UNKNOWN", cause="restarted")
        empty_printer(by(SARI), printer="p1", witness=BUDI)
        told = {"attempt": opened["attempt"], "witness": BUDI}
        no = settle_attempt(by(), outcome="SHELF", **told)
        assert code(no) == "printing.chip_was_written"
        done = settle_attempt(by(), outcome="SPOILED", cause="power", **told)
        assert done["outcome"] == "SPOILED"


def test_a_torn_chip_says_only_that_somebody_began(desk):
    with desk.at():
        attempt = unknown(desk)
        desk.reader.tear_after(2)
        with pytest.raises(Exception, match="off the reader"):
            written_inside(desk, 1)
        desk.reader.put(attempt.serial)
        told = read_chip_of(attempt.id, encoder=desk.encoder)
        assert (told.found, told.suggested, told.may_be_shelved) == (Found.TORN, None, False)


def test_the_chip_of_another_blank_is_no_evidence_and_an_alarm(desk):
    with desk.at():
        attempt = unknown(desk)
        desk.reader.put(serial(4))
        bind_chip(by(), serial=serial(4), encoder=desk.encoder)
        told = read_chip_of(attempt.id, encoder=desk.encoder)
        assert (told.found, told.suggested) == (Found.OTHER_BLANK, None)
        assert len(chip_alarms()) == 1
        desk.reader.remove()
        answer = read_chip_of(attempt.id, encoder=desk.encoder)
        assert code(answer) == "printing.no_chip_seen"


def test_verify_complains_of_a_chip_in_two_blanks_and_of_a_blank_with_two_chips(desk):
    from ampera.journal.actions import perform

    def tell(uid, blank):
        def work(pen):
            pen.write("chip.bound/1", subject=blank, facts={"uid": uid, "serial": blank})
            return {}

        assert perform(by(), work, content={"uid": uid, "blank": blank}) == {}

    with desk.at():
        tell("F9AA", serial(1))
        assert chips_told_twice() == []
        tell("F9AA", serial(2))
        tell("F9BB", serial(2))
        assert chips_told_twice() == [
            "chip F9AA was seen in more than one blank",
            f"blank {serial(2)} was seen with more than one chip",
        ]
        assert compare_with_rebuild() == []
