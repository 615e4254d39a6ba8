"""Verdicts of the centre: one person, one NIK, one recording; both sides of a double stay
visible."""

from __future__ import annotations

import pytest

from ampera.dedup import queries
from ampera.dedup.actions import IdentityEngine, adjudicate, decide_next, refresh_guards
from ampera.dedup.models import OnePrintReady, RecordVerdict, Turn
from ampera.dedup.ports import EngineError, Sample, use_engine
from ampera.dedup.rules import Candidate, DecisionZone, Verdict
from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.intake import actions as intake_actions
from ampera.journal.actions import Command
from ampera.journal.alarms import open_alarms
from ampera.journal.models import EntryRow
from ampera.words import OfficeCode, Refusal
from tests.interleavings import assert_order_free
from tests.recordings import received, recorded

K, D, P, OTHER_K = "16.71.02", "16.71", "00", "16.71.06"
READY, DUPLICATE = Verdict.PRINT_READY_RECORD, Verdict.DUPLICATE_RECORD


class ScriptedEngine:
    """Says what a test told it about a recording; `None` until then."""

    def __init__(self) -> None:
        self.gallery: list[str] = []
        self.answers: dict[str, list[Candidate] | None] = {}
        self.is_down = False

    def enrol(self, sample: Sample) -> None:
        if self.is_down:
            raise EngineError
        if sample.enrolment not in self.gallery:
            self.gallery.append(sample.enrolment)

    def search(self, sample: Sample) -> list[Candidate] | None:
        assert sample.enrolment in self.gallery, "into the gallery first, then the search"
        return self.answers.get(sample.enrolment, [])


@pytest.fixture(autouse=True)
def register_says(monkeypatch):
    monkeypatch.setattr(intake_actions, "agrees_with_register", lambda *_, **__: None)


@pytest.fixture
def rooms(offices):
    return open_simulated_rooms((P, D, K, OTHER_K))


@pytest.fixture
def engine():
    made = ScriptedEngine()
    use_engine(made)
    yield made
    use_engine(None)


def twice(offices, rooms) -> tuple[str, str]:
    """One NIK recorded at two offices that did not know of each other; the second arrives later."""
    first = recorded(offices, 1, at=K)
    second = recorded(offices, 1, at=OTHER_K, resident="res_" + "f" * 32)
    received(offices, rooms, at=K)
    received(offices, rooms, at=OTHER_K)
    return first, second


def judged(offices) -> int:
    with offices.at(P):
        done = decide_next()
    offices.post()
    return done


def test_a_resident_recorded_once_is_print_ready_everywhere(offices, rooms):
    enrolment = recorded(offices)
    received(offices, rooms)
    assert judged(offices) == 1
    for code in (K, D, P):
        with offices.at(code):
            seen = queries.verdict_of(enrolment)
            assert (seen.verdict, seen.of, seen.order) == (READY, None, 1)
            assert queries.siak_word_of(seen.request) == "PRINT_READY_RECORD"
            assert queries.verdict_of_request(seen.request) == seen
    with offices.at(OTHER_K):
        assert queries.verdict_of(enrolment) is None
        assert not EntryRow.objects.filter(subject=enrolment).exists()


def test_nothing_is_decided_before_the_packet_is_acknowledged(offices, rooms):
    enrolment = recorded(offices)
    offices.post()
    assert judged(offices) == 0
    with offices.at(P):
        assert queries.verdict_of(enrolment) is None


def test_the_second_recording_of_a_nik_is_the_duplicate_and_both_sides_are_shown(offices, rooms):
    first, second = twice(offices, rooms)
    assert judged(offices) == 2
    for code in (D, P):
        with offices.at(code):
            assert queries.verdict_of(first).verdict is READY
            both = queries.both_sides(second)
            assert both.verdict.verdict is DUPLICATE
            assert (both.later.id, both.earlier.id) == (second, first)
            assert [each.verdict.enrolment for each in queries.doubles()] == [second]
    with offices.at(OTHER_K):
        seen = queries.verdict_of(second)
        assert (seen.verdict, seen.of) == (DUPLICATE, first)
        assert queries.both_sides(second).earlier is None, "it is not this office's to see"


def test_the_first_to_arrive_stays_whoever_was_captured_first(offices, rooms):
    captured_first = recorded(offices, 1, at=K)
    arrives_first = recorded(offices, 1, at=OTHER_K, resident="res_" + "f" * 32)
    received(offices, rooms, at=OTHER_K)
    received(offices, rooms, at=K)
    judged(offices)
    with offices.at(P):
        assert queries.verdict_of(arrives_first).verdict is READY
        assert queries.verdict_of(captured_first).of == arrives_first


def test_a_verdict_has_no_other_side_when_it_is_print_ready(offices, rooms):
    enrolment = recorded(offices)
    received(offices, rooms)
    judged(offices)
    with offices.at(P):
        no = Refusal("dedup.no_such_double")
        assert queries.both_sides(enrolment) == no
        assert queries.both_sides("enr_0") == no


def test_verdicts_have_numbers_in_the_order_of_arrival(offices, rooms):
    for number in range(1, 5):
        recorded(offices, number)
    received(offices, rooms)
    judged(offices)
    with offices.at(P):
        ready = queries.ready_after(0)
        assert [each.order for each in ready] == [1, 2, 3, 4]
        assert [each.arrival for each in ready] == [1, 2, 3, 4]
        assert [each.order for each in queries.ready_after(2, most=1)] == [3]
        assert decide_next() == 0


def test_one_that_the_engine_has_not_answered_holds_back_all_behind_it(offices, rooms, engine):
    first, second = recorded(offices, 1), recorded(offices, 2)
    received(offices, rooms)
    with offices.at(P):
        order = sorted((first, second), key=arrival_of)
        engine.answers[order[0]] = None
        assert decide_next() == 0
        assert queries.verdict_of(order[1]) is None
        engine.answers[order[0]] = []
        assert decide_next() == 2
        assert engine.gallery == order


def arrival_of(enrolment: str) -> int:
    from ampera.enrolment.queries import enrolment_seen

    return enrolment_seen(enrolment).arrival


def test_an_engine_that_is_down_decides_nothing_and_is_shown(offices, rooms, engine):
    recorded(offices)
    received(offices, rooms)
    engine.is_down = True
    with offices.at(P):
        assert decide_next() == 0
        assert "dedup:engine" in dict(open_alarms())
        engine.is_down = False
        assert decide_next() == 1
        assert open_alarms() == []


def test_two_recordings_of_one_nik_are_never_both_print_ready(offices, rooms, engine):
    twice(offices, rooms)  # and the engine sees nothing
    assert judged(offices) == 2
    with offices.at(P):
        words = sorted(RecordVerdict.objects.values_list("verdict", flat=True))
        assert words == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]


@pytest.mark.parametrize(("is_same_person", "word"), [(True, DUPLICATE), (False, READY)])
def test_doubt_waits_for_an_adjudicator_who_has_the_final_word(
    offices, rooms, engine, is_same_person, word
):
    first, second = recorded(offices, 1), recorded(offices, 2, at=OTHER_K)
    received(offices, rooms, at=K)
    received(offices, rooms, at=OTHER_K)
    engine.answers[second] = [Candidate(first, 600, DecisionZone.MAYBE)]
    judged(offices)
    with offices.at(OTHER_K):
        assert queries.verdict_of(second).verdict is Verdict.ADJUDICATE_RECORD
    with offices.at(P):
        [waiting] = queries.doubles(Verdict.ADJUDICATE_RECORD)
        assert (waiting.later.id, waiting.earlier.id) == (second, first)
        command = Command("cmd_1", officer="off_ajudikator")
        answer = adjudicate(command, enrolment=second, is_same_person=is_same_person)
        assert answer["verdict"] == word
        assert queries.doubles(Verdict.ADJUDICATE_RECORD) == []
        again = adjudicate(Command("cmd_2", "off_x"), enrolment=second, is_same_person=True)
        assert again == Refusal("dedup.not_to_adjudicate")
    offices.post()
    with offices.at(OTHER_K):
        assert queries.verdict_of(second).verdict is word
    for code in (OTHER_K, D, P):
        assert_order_free(offices, code, tries=10)


def test_an_adjudicator_cannot_free_a_second_recording_of_a_print_ready_nik(offices, rooms, engine):
    first, second = twice(offices, rooms)
    with offices.at(P):
        decide_next(most=1)
        # As an engine that doubts would have left it, before the guard was asked.
        at = "2017-09-07T01:00:00.000000Z"
        RecordVerdict.objects.create(enrolment=second, asked_of=first, asked_at=at, arrival=2)
        answer = adjudicate(Command("cmd_1", "off_x"), enrolment=second, is_same_person=False)
        assert answer == Refusal("dedup.already_ready", enrolment=first)


def test_only_the_centre_adjudicates(offices, rooms):
    enrolment = recorded(offices)
    with offices.at(K):
        answer = adjudicate(Command("cmd_1", "off_x"), enrolment=enrolment, is_same_person=True)
        assert answer == Refusal("dedup.not_to_adjudicate")


def test_guards_are_made_anew_from_the_facts(offices, rooms):
    twice(offices, rooms)
    judged(offices)
    with offices.at(P):
        for guard in (OnePrintReady, Turn):
            before = sorted(guard.objects.values_list())
            assert before
            guard.objects.all().delete()
            refresh_guards()
            assert sorted(guard.objects.values_list()) == before


def test_any_order_of_the_chains_gives_the_same_verdicts(offices, rooms):
    twice(offices, rooms)
    recorded(offices, 3, at=D)
    received(offices, rooms, at=D)
    judged(offices)
    recorded(offices, 4, home=OfficeCode(OTHER_K), host=OfficeCode(OTHER_K))
    received(offices, rooms, at=K)
    judged(offices)
    for code in (K, D, P, OTHER_K):
        assert_order_free(offices, code)


def test_the_embedded_engine_is_used_when_no_other_is(offices, rooms):
    recorded(offices)
    received(offices, rooms)
    judged(offices)
    with offices.at(P):
        sample = Sample("enr_new", "", (), resident="res_new", nik="9971021705990001")
        found = IdentityEngine().search(sample)
        assert [each.zone for each in found] == [DecisionZone.SAME]
