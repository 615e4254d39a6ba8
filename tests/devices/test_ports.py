"""The words of the printer port answer what the station asks of them."""

from __future__ import annotations

import pytest

from ampera.printing.ports import (
    JobSeen,
    JobState,
    PrinterSeen,
    PrinterState,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
    gravest,
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("media-empty-error", Reason("media-empty", Severity.ERROR)),
        ("media-low-warning", Reason("media-low", Severity.WARNING)),
        ("marker-supply-low-report", Reason("marker-supply-low", Severity.REPORT)),
        ("cover-open", Reason("cover-open", Severity.ERROR)),
        ("-error", Reason("-error", Severity.ERROR)),
    ],
)
def test_a_reason_is_split_from_its_severity_and_none_means_error(
    text: str, reason: Reason
) -> None:
    assert Reason.from_keyword(text) == reason


@pytest.mark.parametrize("state", list(JobState))
def test_only_three_states_end_a_job(state: JobState) -> None:
    ended = {JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED}
    assert state.is_ended is (state in ended)


@pytest.mark.parametrize(
    ("state", "reason", "is_accepting", "may_print"),
    [
        (PrinterState.IDLE, Reason("media-low", Severity.WARNING), True, True),
        (PrinterState.PROCESSING, Reason("media-low", Severity.WARNING), True, True),
        (PrinterState.STOPPED, Reason("paused", Severity.REPORT), True, False),
        (PrinterState.IDLE, Reason("marker-supply-empty", Severity.ERROR), True, False),
        (PrinterState.IDLE, Reason("media-low", Severity.WARNING), False, False),
    ],
)
def test_a_printer_may_print_when_nothing_hinders_it(
    *, state: PrinterState, reason: Reason, is_accepting: bool, may_print: bool
) -> None:
    seen = PrinterSeen(state, (reason,), is_accepting, "u", 1)
    assert seen.may_print is may_print


@pytest.mark.parametrize("reason", list(RejectedReason))
def test_only_what_passes_by_itself_is_worth_another_try(reason: RejectedReason) -> None:
    passing = {RejectedReason.BUSY, RejectedReason.NOT_ACCEPTING}
    assert Rejected(reason).may_retry is (reason in passing)


def test_the_gravest_sighting_is_the_one_that_could_still_print() -> None:
    aborted = JobSeen("att_1", 3, JobState.ABORTED)
    completed = JobSeen("att_1", 1, JobState.COMPLETED)
    waiting = JobSeen("att_1", 2, JobState.HELD)
    assert gravest([aborted, completed, waiting]) == waiting
    assert gravest([aborted, completed]) == completed
    assert gravest([aborted]) == aborted
    assert gravest([]) is None
