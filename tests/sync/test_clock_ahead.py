"""A clock that runs ahead of the tier above: seen at a contact, however slow the line is."""

from __future__ import annotations

from datetime import timedelta

from ampera.journal.marks import is_ahead_of_children, note_child_contact
from ampera.sync.courier import courier_step
from ampera.sync.link import LocalLink, Unreachable
from ampera.words import FixedClock, OfficeCode
from tests.sync.province import carry, link_from

KEC, OTHER, DINAS = "16.71.02", "16.71.06", "16.71"


def off_by(offices, code: str, **parts: float) -> None:
    """The clock on that machine's board goes wrong, or is set right."""
    with offices.at(code) as here:
        here.clock = FixedClock(offices.clock.at + timedelta(**parts))


def is_doubtful(offices, code: str = KEC) -> bool:
    with offices.at(code) as here:
        return here.is_clock_doubtful


def silence(offices, *, seconds: float) -> None:
    def no_answer(_):
        raise Unreachable

    with offices.at(KEC):
        now = offices.wall + timedelta(seconds=seconds)
        assert courier_step(LocalLink(no_answer), now=now).error == "link.unreachable"


def test_minutes_ahead_are_doubtful_from_the_next_contact_until_one_finds_the_clock_right(offices):
    off_by(offices, KEC, minutes=5)
    assert not is_doubtful(offices), "nobody has told it yet"
    carry(offices, KEC, rounds=1)
    assert is_doubtful(offices)
    with offices.at(KEC) as here:
        assert here.is_clock_ahead
    offices.clock.move(timedelta(minutes=5))
    off_by(offices, KEC)
    assert is_doubtful(offices), "no contact since: what is known is that it was ahead"
    carry(offices, KEC, rounds=1)
    assert not is_doubtful(offices)


def test_a_minute_ahead_is_no_doubt(offices):
    off_by(offices, KEC, seconds=110)
    carry(offices, KEC, rounds=1)
    assert not is_doubtful(offices)


def test_an_answer_that_takes_long_makes_no_clock_wrong(offices):
    """The answer says when it was written; ten minutes later it arrives."""
    link = link_from(offices, KEC)

    def slow(message):
        answer = link.ask(message)
        with offices.at(KEC) as here:
            here.clock = FixedClock(here.clock.now() + timedelta(minutes=10))
        return answer

    carry(offices, KEC, link=LocalLink(slow), rounds=1)
    assert not is_doubtful(offices)


def test_a_clock_that_was_set_back_while_the_line_is_cut_waits_for_its_own_time_only(offices):
    off_by(offices, KEC, minutes=10)
    carry(offices, KEC, rounds=1)
    off_by(offices, KEC)
    silence(offices, seconds=600)
    with offices.at(KEC) as here:
        assert not here.is_clock_ahead


def test_a_dinas_sees_by_its_children_that_it_is_ahead_of_them(offices):
    with offices.at(DINAS) as here:
        now = here.clock.now()
        assert not is_ahead_of_children(), "nobody spoke"
        note_child_contact(OfficeCode(KEC), said_at=now - timedelta(days=3))
        assert is_ahead_of_children()
        note_child_contact(OfficeCode(OTHER), said_at=now)
        assert not is_ahead_of_children(), "one clock of two says nothing"
        here.clock = FixedClock(now + timedelta(days=2))
        note_child_contact(OfficeCode(OTHER), said_at=now)
        assert is_ahead_of_children(), "what was said two days ago counts no more"
