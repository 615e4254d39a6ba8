"""The print agent: one small step a tick for each printer, over the port.

All that it knows lies in the database: a worker that dies between any two lines goes on from there.
It says Print-Job once for an attempt; after that only the printer's list of jobs may tell
(architecture §5). No transaction is open while it speaks to a printer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final, cast

from django.db import connection

from ampera.blanko.queries import next_serial
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.journal.second_log import secure
from ampera.printing.actions.attempts import end_attempt, open_attempt
from ampera.printing.actions.pace import is_warming, note_pace, warm_up_in_time, why_not_now
from ampera.printing.actions.runs import end_run
from ampera.printing.actions.sightings import (
    held_up,
    hold_up,
    note_job,
    note_look,
    note_missed,
    note_taken,
    note_unreachable,
    note_wait,
    watched,
)
from ampera.printing.actions.staging import FEED_BLANKO, put_aside, read_blank, was_read
from ampera.printing.actions.stops import has_work, watch_stop
from ampera.printing.models import JobTrack, PrinterNow, PrinterPace
from ampera.printing.ports import (
    AnswerLost,
    CardPrinter,
    DeviceError,
    PrinterSeen,
    PrinterState,
    Rejected,
    RejectedReason,
    Stage,
    Unreachable,
)
from ampera.printing.queries import RunSeen, attempts_on, run_on, unknown_attempts
from ampera.printing.rules.attempts import (
    AttemptSeen,
    AttemptState,
    Cause,
    Ending,
    Phase,
    outcome_of,
)
from ampera.printing.rules.printers import Running, has_restarted, next_in_hopper
from ampera.readiness.queries import PermitSeen, open_permits, why_no_card
from ampera.register.queries import local_day
from ampera.words.refusal import Refusal

#: Opens the print packet of a permit in memory and draws the card: PDF bytes, or why it cannot be.
#: Given by the wiring; no print packet, no print.
Render = Callable[[str], bytes | Refusal]

#: A printer that nobody uses is looked at this often, so that screens know how it is.
IDLE_LOOK_SECONDS: Final = 30
#: So many permits without a packet are passed over in one tick.
PASSED_OVER_MAX: Final = 3
QUEUE_LOOKED_AT_MAX: Final = 50


def step_printers(printers: Mapping[str, CardPrinter], *, render: Render) -> int:
    """One tick: a step at each printer. Returns at how many there was something to do."""
    return sum(step_printer(name, port=printers[name], render=render) for name in sorted(printers))


def step_printer(printer: str, *, port: CardPrinter, render: Render) -> bool:
    """One step at one printer: look, then follow the card in work or begin the next.

    Never raises a DeviceError: what a printer does not tell is noted and asked again.
    """
    assert not connection.in_atomic_block, "no printer is asked inside a transaction"
    now = rows_of(PrinterNow).get(printer)
    run = run_on(printer)
    holding = attempts_on(printer)
    watching = watched(printer)
    is_busy = bool(holding or watching or run)
    if not _is_wanted(now, is_busy=is_busy or is_warming(printer)):
        return False
    seen = None
    try:
        seen = port.look()
        note_look(printer, seen=seen, known=now)
        pace = note_pace(printer, seen=seen, known=now)
        if run is None and not holding:
            warm_up_in_time(pace, port=port, has_work=has_work())
        if now is not None and now.must_purge:
            _purge(printer, port=port)
            return True
        if watching is not None and note_job(watching, job=port.find(watching.id)):
            # What the printer says of an old card may hold it, and end the run.
            holding, run = attempts_on(printer), run_on(printer)
        refused = next((each for each in holding if each.is_to_be_put_aside), None)
        if refused is not None and seen.has_reader:
            put_aside(refused, stage=_stage_of(port))
            holding = attempts_on(printer)
        working = next((each for each in holding if each.state is AttemptState.OPEN), None)
        if working is not None:
            _follow(working, port=port, seen=seen, render=render)
        elif not holding and run is not None:
            _begin(run, port=port, seen=seen, render=render)
    except DeviceError as silence:
        note_unreachable(printer, detail=silence.detail)
        if seen is None:
            pace = note_pace(printer, seen=None, known=now)
    now = rows_of(PrinterNow).get(printer)
    assert now is not None, "looked at, so noted"
    watch_stop(pace, now=now, is_busy=bool(run or holding))
    return True


def _is_wanted(now: PrinterNow | None, *, is_busy: bool) -> bool:
    if is_busy or now is None or now.must_purge:
        return True
    idle = timedelta(seconds=IDLE_LOOK_SECONDS)
    return now.looked_at is None or house().now() - now.looked_at >= idle


def _purge(printer: str, *, port: CardPrinter) -> None:
    """Read what the printer still tells of unknown cards, then make it forget its jobs."""
    for attempt in unknown_attempts():
        if attempt.printer == printer:
            note_job(attempt, job=port.find(attempt.id))
    port.purge()
    PrinterNow.objects.filter(pk=printer).update(must_purge=False)


def _stage_of(port: CardPrinter) -> Stage:
    """The reading station of a printer that says it has one: its driver keeps both ports."""
    return cast("Stage", port)


def _follow(attempt: AttemptSeen, *, port: CardPrinter, seen: PrinterSeen, render: Render) -> None:
    """Ask for the job of an open attempt by its name, and end the attempt when that tells how.

    One whose blank was still to be read is gone on with: nothing was sent for it.
    """
    job = port.find(attempt.id)
    note_job(attempt, job=job)
    track = rows_of(JobTrack).get(attempt.id) or JobTrack(attempt=attempt.id)
    now = house().now()
    since = track.sent_at or attempt.opened_at or now
    then_at = track.machine_at or attempt.opened_at or now
    phase = _phase(attempt, track)
    ending = outcome_of(
        job.state.value if job is not None else None,
        phase=phase,
        has_restarted=has_restarted(
            Running(track.uuid, track.up_time_seconds),
            now=Running(seen.uuid, seen.up_time_seconds),
            elapsed_seconds=(now - then_at).total_seconds(),
        ),
        waited_seconds=(now - since).total_seconds(),
    )
    if ending is not None:
        _end(attempt, ending=ending, document=track.document)
    elif phase is Phase.STAGING and job is None and not seen.has_reader:
        # Somebody switched the reader off: what lies at it is not known, and is not printed on.
        _end(attempt, ending=Ending(AttemptState.UNKNOWN, Cause.UNREAD))
    elif phase is Phase.STAGING and job is None and _is_free(seen):
        _read_and_feed(attempt, port=port, seen=seen, render=render)


def _is_free(seen: PrinterSeen) -> bool:
    """Would a card be begun now?"""
    return seen.may_print and seen.state is PrinterState.IDLE


def _phase(attempt: AttemptSeen, track: JobTrack) -> Phase:
    """How far Print-Job got, as far as this server can vouch for it."""
    if attempt.incarnation != house().incarnation or not track.phase:
        # Opened in an earlier life of this server: its notes came from a backup and may be old.
        return Phase.SENDING
    phase = Phase(track.phase)
    if phase in (Phase.SENDING, Phase.STAGING) and attempt.emptied_at is not None:
        return Phase.SENT  # the printer was purged since: no answer will come any more
    return phase


def _end(attempt: AttemptSeen, *, ending: Ending, document: str = "") -> None:
    answer = end_attempt(
        Command(id=f"end:{attempt.id}"),
        attempt=attempt.id,
        outcome=ending.outcome.value,
        cause=ending.cause.value,
        document=document,
    )
    # Refused only when an officer was quicker, or the books contradict: then a person must look.
    if isinstance(answer, Refusal):
        note_wait(attempt.printer, why=answer)


def _begin(run: RunSeen, *, port: CardPrinter, seen: PrinterSeen, render: Render) -> None:
    """Open the next attempt of the run, lay it on the second medium, and only then feed."""
    printer = run.printer
    if run.is_done:
        end_run(printer, why="done")
        return
    if run.serials and not seen.has_reader and was_read(run):
        # Its reader was switched off: from here on blanks are fed one by one.
        end_run(printer, why="reader_off")
        return
    # Read again: while the printer was asked, officers may have said that it is to be purged.
    now = rows_of(PrinterNow).get(printer)
    assert now is not None, "looked at, so noted"
    is_waiting = now.not_before is not None and house().now() < now.not_before
    if now.must_purge or is_waiting or not _is_free(seen):
        return
    pace = rows_of(PrinterPace).get(printer)
    assert pace is not None, "noted before"
    if (rest := why_not_now(pace, seen=seen, run=run)) is not None:
        note_wait(printer, why=rest)
        return
    in_hopper = next_in_hopper(run.serials, used=run.used)
    serial = in_hopper if run.serials else next_serial(house().code)
    if serial is None:
        note_wait(printer, why=Refusal("printing.no_blanko"))
        return
    # Asked before too: without its medium an office must not open one attempt after the other.
    if not _is_secured(printer) or (chosen := _next_card(printer, render=render)) is None:
        return
    permit, document = chosen
    opened = _open(run, permit=permit, serial=serial)
    if opened is not None:
        _read_and_feed(opened, port=port, seen=seen, render=lambda _: document)


def _next_card(printer: str, *, render: Render) -> tuple[str, bytes] | None:
    """The first of the office's permits whose card can be drawn, with its PDF.

    A recalled permit is about to be returned, and one whose day is over waits for its renewal.
    """
    known = held_up()
    why: Refusal | None = None
    tried = 0
    for each in _queue():
        if each.is_recalled or each.print_until < local_day():
            continue
        if each.permit in known:
            why = why or known[each.permit]
            continue
        document = render(each.permit)
        if not isinstance(document, Refusal):
            return each.permit, document
        hold_up(each.permit, why=document)
        why = why or document
        tried += 1
        if tried == PASSED_OVER_MAX:
            break
    note_wait(printer, why=why or Refusal("printing.queue_empty"))
    return None


def _queue() -> Iterator[PermitSeen]:
    """The open permits in their order: nearly always the first is the one."""
    first = open_permits(house().code, most=PASSED_OVER_MAX)
    yield from first
    if len(first) == PASSED_OVER_MAX:
        yield from open_permits(house().code, most=QUEUE_LOOKED_AT_MAX)[PASSED_OVER_MAX:]


def _open(run: RunSeen, *, permit: str, serial: str) -> AttemptSeen | None:
    command = Command(id=house().ids.new("cmd"), officer=run.officer)
    answer = open_attempt(command, permit=permit, printer=run.printer, serial=serial)
    if not isinstance(answer, Refusal):
        note_wait(run.printer, why=None)
        found = (each for each in attempts_on(run.printer) if each.id == answer["attempt"])
        return next(found, None)
    note_wait(run.printer, why=answer)
    if answer.code.startswith("blanko."):
        # The hopper is not what the books say: somebody has to look before a card is fed.
        end_run(run.printer, why=answer.code)
    elif not answer.code.startswith(("printing.printer", "server.")):
        hold_up(permit, why=answer)
    return None


def _read_and_feed(
    attempt: AttemptSeen, *, port: CardPrinter, seen: PrinterSeen, render: Render
) -> None:
    """Where the printer can, have it read which blank lies in it; then print on that one."""
    if seen.has_reader and not _is_still_to_print(attempt, stage=_stage_of(port)):
        return
    document = render(attempt.permit)
    if isinstance(document, Refusal):
        # What lies at the reader is known by its chip: the next attempt goes on with it.
        hold_up(attempt.permit, why=document)
        _end(attempt, ending=Ending(AttemptState.WITHDRAWN, Cause.NEVER_SENT))
        return
    _feed(attempt, port=port, document=document)


def _is_still_to_print(attempt: AttemptSeen, *, stage: Stage) -> bool:
    """Is its blank at the reader, and may its card still be made? Days may lie between.

    Only when no blank is at the reader, or a bound one, is the attempt taken back: what lies there
    unread stays with the attempt under which it came in (decision 21).
    """
    verdict = _is_right_blank(attempt, stage=stage)
    if verdict is False:
        return False
    if house().is_clock_doubtful:
        # When a permit ends is said by this office's own clock.
        note_wait(attempt.printer, why=Refusal("server.clock_doubtful"))
        return False
    if (over := why_no_card(attempt.permit)) is not None:
        note_wait(attempt.printer, why=over)
        _end(attempt, ending=Ending(AttemptState.WITHDRAWN, Cause.NEVER_SENT))
        return False
    return verdict is True


def _is_right_blank(attempt: AttemptSeen, *, stage: Stage) -> bool | None:
    """Is the blank at the reader the one that was reserved? What is not so ends the attempt, and
    what is not known yet is asked again. None: no blank is there yet."""
    track = rows_of(JobTrack).get(attempt.id)
    assert track is not None, "made with the attempt"
    if not _is_secured(attempt.printer):
        if track.phase == Phase.NEVER_SENT:
            _end(attempt, ending=Ending(AttemptState.WITHDRAWN, Cause.NO_SECOND_LOG))
        return False
    # Written down before a blank moves: from here on the attempt is gone on with, not withdrawn.
    if track.phase != Phase.STAGING:
        rows_of(JobTrack).change(attempt.id, phase=Phase.STAGING.value, is_staged=True)
    verdict = read_blank(attempt, stage=stage)
    if isinstance(verdict, Ending):
        _end(attempt, ending=verdict)
        return False
    note_wait(attempt.printer, why=verdict)
    if verdict is None:
        return True
    return None if verdict.code == FEED_BLANKO else False


def _feed(attempt: AttemptSeen, *, port: CardPrinter, document: bytes) -> None:
    """Say Print-Job once. What is not certain afterwards stays open and is asked for by name."""
    if not _is_secured(attempt.printer):
        _end(attempt, ending=Ending(AttemptState.WITHDRAWN, Cause.NO_SECOND_LOG))
        return
    digest = hashlib.sha256(document).hexdigest()
    # Written down before it is done: a server that dies from here on takes the job for sent.
    rows_of(JobTrack).change(
        attempt.id, phase=Phase.SENDING.value, document=digest, sent_at=house().now()
    )
    try:
        job = port.send(job_name=attempt.id, document=document)
    except Unreachable:
        _not_taken(attempt, Cause.UNREACHABLE)
    except Rejected as no:
        if no.reason is RejectedReason.DOCUMENT:
            refused = Refusal("printing.document_refused", printer=attempt.printer)
            hold_up(attempt.permit, why=refused)
        _not_taken(attempt, Cause.REJECTED)
    except AnswerLost:
        return
    else:
        rows_of(JobTrack).change(attempt.id, phase=Phase.SENT.value)
        note_taken(attempt.printer)
        note_job(attempt, job=job)


def _is_secured(printer: str) -> bool:
    """Does every own entry lie on the second medium? Without that no blank is fed."""
    try:
        secure()
    except OSError:
        note_wait(printer, why=Refusal("printing.second_log_missing"))
        return False
    return True


def _not_taken(attempt: AttemptSeen, cause: Cause) -> None:
    _end(attempt, ending=Ending(AttemptState.WITHDRAWN, cause))
    note_missed(attempt.printer)
