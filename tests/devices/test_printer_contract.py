"""What every card printer promises the printing station, held against both simulated printers."""

from __future__ import annotations

import hashlib

import pytest

from ampera.devices.simulated.cards import Fate, PowerCut
from ampera.printing.ports import (
    AnswerLost,
    BlankoGone,
    JobState,
    PrinterState,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
    Unreachable,
)

from .conftest import CARD_PDF, Bench

A_CARD = 180  # city seconds


def test_a_sent_job_becomes_one_card_in_the_tray(bench: Bench) -> None:
    bench.load("B1", "B2")
    sent = bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert sent.job_name == "att_1"
    assert not sent.state.is_ended
    bench.let_pass(A_CARD)
    found = bench.printer.find("att_1")
    assert found is not None
    assert (found.state, found.reasons) == (
        JobState.COMPLETED,
        ("job-completed-successfully",),
    )
    physical = bench.physical()
    assert [card.serial for card in physical.finished("att_1")] == ["B1"]
    assert physical.tray[0].document_sha256 == hashlib.sha256(CARD_PDF).hexdigest()
    assert physical.hopper == ("B2",)


def test_a_card_takes_its_time(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD - 1)
    found = bench.printer.find("att_1")
    assert found is not None
    assert found.state is JobState.PROCESSING
    assert bench.physical().inside == "B1"
    bench.let_pass(1)
    assert bench.physical().inside is None


def test_jobs_are_printed_one_after_the_other_in_order(bench: Bench) -> None:
    bench.load("B1", "B2", "B3")
    for name in ("att_1", "att_2", "att_3"):
        bench.printer.send(job_name=name, document=CARD_PDF)
    second = bench.printer.find("att_2")
    assert second is not None
    assert second.state is JobState.PENDING
    bench.let_pass(2 * A_CARD)
    assert [card.job_name for card in bench.physical().tray] == ["att_1", "att_2"]
    bench.let_pass(A_CARD)
    assert [card.serial for card in bench.physical().tray] == ["B1", "B2", "B3"]


def test_a_job_that_was_never_sent_is_not_found(bench: Bench) -> None:
    assert bench.printer.find("att_1") is None
    assert bench.printer.cancel("att_1") is None


def test_a_lost_answer_leaves_a_job_that_is_found_by_name_and_printed_once(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.lose_answer = True
    with pytest.raises(AnswerLost) as lost:
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert not lost.value.may_retry
    assert lost.value.is_blanko_gone is BlankoGone.MAYBE
    found = bench.printer.find("att_1")
    assert found is not None
    assert found.state is JobState.PROCESSING
    bench.let_pass(10 * A_CARD)
    assert len(bench.physical().finished("att_1")) == 1
    assert bench.physical().hopper == ("B2",)


def test_a_lost_request_looks_the_same_to_the_sender_and_leaves_no_job(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.faults.lose_request = True
    with pytest.raises(AnswerLost):
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert bench.printer.find("att_1") is None
    bench.let_pass(10 * A_CARD)
    assert bench.physical().hopper == ("B1",)


def test_a_job_believed_dead_may_be_printed_late(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.faults.late_seconds = 3600
    with pytest.raises(AnswerLost):
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(3599)
    assert bench.printer.find("att_1") is None
    assert bench.physical().hopper == ("B1",)
    bench.let_pass(1 + A_CARD)
    assert len(bench.physical().finished("att_1")) == 1


def test_a_purge_kills_even_a_job_that_nobody_sees(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.faults.late_seconds = 3600
    with pytest.raises(AnswerLost):
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.printer.purge()
    bench.let_pass(2 * 3600)
    assert bench.physical().hopper == ("B1",)
    assert bench.physical().tray == ()


def test_a_purge_leaves_no_job_that_could_still_print(bench: Bench) -> None:
    bench.load("B1", "B2")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.printer.send(job_name="att_2", document=CARD_PDF)
    bench.let_pass(A_CARD / 2)
    bench.printer.purge()
    bench.let_pass(10 * A_CARD)
    physical = bench.physical()
    assert physical.tray == ()
    assert [card.serial for card in physical.ruined] == ["B1"]
    assert physical.hopper == ("B2",)


@pytest.mark.parametrize("fate", list(Fate))
def test_a_power_cut_in_mid_card_aborts_the_job_and_leaves_the_blank_as_fate_wills(
    bench: Bench, fate: Fate
) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.cut = PowerCut(fate)
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD / 2)
    with pytest.raises(Unreachable) as dark:
        bench.printer.find("att_1")
    assert dark.value.may_retry
    assert dark.value.is_blanko_gone is BlankoGone.NO
    bench.let_pass(A_CARD)
    bench.power_on()
    found = bench.printer.find("att_1")
    assert found is not None
    assert (found.state, found.reasons) == (JobState.ABORTED, ("aborted-by-system",))
    bench.let_pass(10 * A_CARD)
    physical = bench.physical()
    pieces = physical.ruined if fate is Fate.RUINED else physical.tray
    assert [(card.serial, card.fate) for card in pieces] == [("B1", fate)]
    assert physical.hopper == ("B2",)


def test_nothing_is_sent_to_a_dark_printer(bench: Bench) -> None:
    bench.load("B1")
    with bench.machine() as machine:
        machine.power_off()
    with pytest.raises(Unreachable):
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.power_on()
    bench.let_pass(A_CARD)
    assert bench.printer.find("att_1") is None
    assert bench.physical().hopper == ("B1",)


def test_a_printer_may_print_a_job_that_it_called_aborted(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.cut = PowerCut(Fate.RUINED, resumes_after_seconds=600)
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    bench.power_on()
    settled = bench.printer.find("att_1")
    assert settled is not None
    assert settled.state is JobState.ABORTED
    bench.let_pass(600 + A_CARD)
    assert [card.serial for card in bench.physical().finished("att_1")] == ["B2"]


def test_two_officers_can_stop_a_printer_that_would_print_a_settled_job(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.cut = PowerCut(Fate.RUINED, resumes_after_seconds=600)
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    bench.power_on()
    with bench.machine() as machine:
        taken_out = machine.empty()
    bench.printer.purge()
    assert ([card.serial for card in taken_out.ruined], taken_out.hopper) == (["B1"], ("B2",))
    bench.load("B2")
    bench.let_pass(3600)
    assert bench.physical().hopper == ("B2",)


def test_up_time_starts_again_with_the_power_and_the_uuid_stays(bench: Bench) -> None:
    bench.let_pass(1000)
    before = bench.printer.look()
    with bench.machine() as machine:
        machine.power_off()
    bench.let_pass(50)
    bench.power_on()
    bench.let_pass(5)
    after = bench.printer.look()
    assert before.uuid == after.uuid != ""
    assert (before.up_time_seconds, after.up_time_seconds) == (1000, 5)


def test_a_jam_ruins_the_card_and_stops_the_printer_until_it_is_cleared(bench: Bench) -> None:
    bench.load("B1", "B2")
    with bench.machine() as machine:
        machine.faults.jam = True
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.printer.send(job_name="att_2", document=CARD_PDF)
    bench.let_pass(10 * A_CARD)
    seen = bench.printer.look()
    assert seen.state is PrinterState.STOPPED
    assert Reason("media-jam", Severity.ERROR) in seen.reasons
    assert not seen.may_print
    aborted, waiting = bench.printer.find("att_1"), bench.printer.find("att_2")
    assert aborted is not None
    assert (aborted.state, aborted.message) == (JobState.ABORTED, "card jam")
    assert waiting is not None
    assert (waiting.state, waiting.reasons) == (JobState.PENDING, ("printer-stopped",))
    assert bench.physical().inside == "B1"
    with bench.machine() as machine:
        machine.clear_jam()
    bench.let_pass(A_CARD)
    physical = bench.physical()
    assert [card.serial for card in physical.ruined] == ["B1"]
    assert [card.serial for card in physical.finished("att_2")] == ["B2"]


def test_an_open_cover_halts_the_card_and_it_goes_on_where_it_stood(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD - 10)
    with bench.machine() as machine:
        machine.set_cover(is_open=True)
    bench.let_pass(3600)
    halted, seen = bench.printer.find("att_1"), bench.printer.look()
    assert halted is not None
    assert (halted.state, halted.reasons) == (JobState.STOPPED, ("printer-stopped",))
    assert seen.state is PrinterState.STOPPED
    assert seen.has("cover-open")
    with bench.machine() as machine:
        machine.set_cover(is_open=False)
    bench.let_pass(9)
    assert bench.physical().tray == ()
    bench.let_pass(1)
    assert len(bench.physical().finished("att_1")) == 1


def test_without_blanks_a_job_waits_and_the_printer_says_what_it_needs(bench: Bench) -> None:
    assert bench.printer.look().may_print, "an empty hopper stops nothing until a job wants a card"
    assert Reason("media-empty", Severity.WARNING) in bench.printer.look().reasons
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    seen, found = bench.printer.look(), bench.printer.find("att_1")
    assert seen.state is PrinterState.STOPPED
    assert {str(reason) for reason in seen.reasons} == {"media-empty-error", "media-needed-error"}
    assert found is not None
    assert found.state is JobState.PENDING
    bench.load("B1")
    bench.let_pass(A_CARD)
    assert len(bench.physical().finished("att_1")) == 1


def test_a_few_blanks_are_reported_as_low(bench: Bench) -> None:
    bench.load("B1", "B2")
    assert bench.printer.look().reasons == (Reason("media-low", Severity.REPORT),)
    bench.load(*(f"C{number}" for number in range(10)))
    assert bench.printer.look().reasons == ()


def test_a_busy_printer_rejects_and_may_be_asked_again(bench: Bench) -> None:
    with bench.machine() as machine:
        machine.is_busy = True
    with pytest.raises(Rejected) as no:
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert no.value.reason is RejectedReason.BUSY
    assert no.value.may_retry
    assert no.value.is_blanko_gone is BlankoGone.NO
    assert bench.printer.find("att_1") is None


def test_a_printer_that_accepts_no_jobs_says_so_and_rejects(bench: Bench) -> None:
    with bench.machine() as machine:
        machine.is_accepting = False
    seen = bench.printer.look()
    assert not seen.is_accepting_jobs
    assert not seen.may_print
    with pytest.raises(Rejected) as no:
        bench.printer.send(job_name="att_1", document=CARD_PDF)
    assert no.value.reason is RejectedReason.NOT_ACCEPTING


def test_a_document_that_is_no_pdf_is_rejected_for_good(bench: Bench) -> None:
    with pytest.raises(Rejected) as no:
        bench.printer.send(job_name="att_1", document=b"\x89PNG")
    assert no.value.reason is RejectedReason.DOCUMENT
    assert not no.value.may_retry


def test_a_waiting_job_is_canceled_and_its_blank_stays_in_the_hopper(bench: Bench) -> None:
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    canceled = bench.printer.cancel("att_1")
    assert canceled is not None
    assert (canceled.state, canceled.reasons) == (JobState.CANCELED, ("job-canceled-by-user",))
    bench.load("B1")
    bench.let_pass(A_CARD)
    assert bench.physical().hopper == ("B1",)


def test_canceling_a_card_half_printed_ruins_it(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD / 2)
    bench.printer.cancel("att_1")
    bench.let_pass(A_CARD)
    physical = bench.physical()
    assert (physical.tray, [card.serial for card in physical.ruined]) == ((), ["B1"])


def test_canceling_a_printed_job_changes_nothing(bench: Bench) -> None:
    bench.load("B1")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    seen = bench.printer.cancel("att_1")
    assert seen is not None
    assert seen.state is JobState.COMPLETED


def test_of_two_jobs_of_one_name_the_one_that_could_still_print_is_told(
    bench: Bench,
) -> None:
    bench.load("B1")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.printer.send(job_name="att_2", document=CARD_PDF)
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(A_CARD)
    found = bench.printer.find("att_1")
    assert found is not None
    assert found.state is JobState.PENDING


def test_time_that_jumps_ahead_prints_no_more_than_the_jobs_that_wait(bench: Bench) -> None:
    bench.load("B1", "B2", "B3")
    bench.printer.send(job_name="att_1", document=CARD_PDF)
    bench.let_pass(1_000_000)
    bench.let_pass(-1_000_000)
    assert bench.physical().hopper == ("B2", "B3")
    assert len(bench.physical().tray) == 1
