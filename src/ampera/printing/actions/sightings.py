"""What the agent noted of printers and jobs. Local run-time: a restore loses it, and nothing else.

Written only when it changes, so that a tick in which nothing happened costs no write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ampera.journal import sql
from ampera.journal.alarms import raise_alarm
from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.printing.actions.runs import end_run
from ampera.printing.models import HeldUp, JobTrack, PrinterNow
from ampera.printing.ports import JobSeen, JobState, PrinterSeen, Severity
from ampera.printing.queries import restless_on
from ampera.printing.rules.attempts import (
    WATCH_HOURS,
    AttemptSeen,
    Phase,
    is_printed_late,
)
from ampera.words.refusal import Refusal

#: A look that says the same as before is written down this often.
LOOK_WRITTEN_SECONDS: Final = 10
#: A permit that could not be printed is tried again after this long.
HELD_UP_SECONDS: Final = 600
MISS_WAIT_SECONDS: Final = 15
MISS_WAIT_SECONDS_MAX: Final = 900
_MESSAGE_MAX: Final = 200
_FORGET_MISSES: Final = """
UPDATE printing_printernow SET misses = 0, not_before = NULL WHERE printer = %s AND misses > 0
"""


def note_look(printer: str, *, seen: PrinterSeen, known: PrinterNow | None) -> None:
    """Keep how a printer was when it was looked at; `known` is what stood there before."""
    now = house().now()
    hard = [each.keyword for each in seen.reasons if each.severity is not Severity.REPORT]
    told = {
        "is_reachable": True,
        "state": seen.state.value,
        "may_print": seen.may_print,
        "reasons": hard,
        "message": seen.message[:_MESSAGE_MAX],
        "uuid": seen.uuid,
        "supplies": {each.kind: each.level_percent for each in seen.supplies},
    }
    if known is not None and known.looked_at is not None:
        is_same = all(getattr(known, name) == value for name, value in told.items())
        is_fresh = now - known.looked_at < timedelta(seconds=LOOK_WRITTEN_SECONDS)
        if is_same and is_fresh and seen.up_time_seconds >= known.up_time_seconds:
            return
    noted = {**told, "up_time_seconds": seen.up_time_seconds, "looked_at": now}
    if known is None or not rows_of(PrinterNow).change(printer, **noted):
        rows_of(PrinterNow).put(printer=printer, **noted)


def note_unreachable(printer: str, *, detail: str) -> None:
    """Keep that a printer did not answer; what was known of its jobs stays."""
    told = {"is_reachable": False, "may_print": False, "message": detail[:_MESSAGE_MAX]}
    row = rows_of(PrinterNow).get(printer)
    if row is None or row.is_reachable:
        rows_of(PrinterNow).put(printer=printer, looked_at=house().now(), **told)


def note_wait(printer: str, *, why: Refusal | None) -> None:
    """Keep why nothing was begun, for the screen."""
    code = why.code if why is not None else ""
    facts = dict(why.facts) if why is not None else {}
    row = rows_of(PrinterNow).get(printer)
    if row is not None and (row.waits_code, row.waits_facts) != (code, facts):
        rows_of(PrinterNow).change(printer, waits_code=code, waits_facts=facts)


def note_missed(printer: str) -> None:
    """A job was not taken: wait twice as long after each miss, a quarter of an hour at most."""
    row = PrinterNow.objects.get(pk=printer)
    wait_seconds = min(MISS_WAIT_SECONDS * 2**row.misses, MISS_WAIT_SECONDS_MAX)
    row.misses = min(row.misses + 1, 10)
    row.not_before = house().now() + timedelta(seconds=wait_seconds)
    row.save(update_fields=["misses", "not_before"])


def note_taken(printer: str) -> None:
    """A job was taken: the misses are forgotten."""
    sql.write(_FORGET_MISSES, printer)


def note_job(attempt: AttemptSeen, *, job: JobSeen | None) -> bool:
    """Keep what the printer says of a job; was that news? A job it no longer lists leaves the last
    word standing.

    A job that goes on after its attempt was over raises an alarm and holds the printer until two
    officers have emptied it: the card is void at birth and must be found.
    """
    now = house().now()
    track = rows_of(JobTrack).get(attempt.id)
    if track is None:
        if job is None:
            return False
        track = JobTrack(attempt=attempt.id, printer=attempt.printer, phase=Phase.SENDING.value)
    if job is None:
        _touch(track)
        return False
    is_news = track.job_state != job.state.value
    if not is_news and track.job_message == job.message[:_MESSAGE_MAX]:
        _touch(track)
        return False
    track.job_state = job.state.value
    track.job_reasons = list(job.reasons)
    track.job_message = job.message[:_MESSAGE_MAX]
    track.looked_at = now
    if is_news and track.late_at is None and is_printed_late(attempt, job_state=job.state.value):
        track.late_at = now
        end_run(attempt.printer, why="late_print")
        raise_alarm(
            f"late_print:{attempt.id}",
            f"printer {attempt.printer} printed after settlement: attempt {attempt.id} was"
            f" {attempt.state.value}, now the printer says {job.state.value}; the card that comes"
            " out now is void at birth: two officers empty the printer and find it",
        )
    rows_of(JobTrack).save(track)
    return True


def note_put_aside(attempt: AttemptSeen) -> None:
    """The blank that the reader said no to lies in the reject bin: nothing is done with it there,
    and another may come."""
    JobTrack.objects.filter(pk=attempt.id, phase=Phase.STAGING.value).update(
        job_state=JobState.ABORTED.value, looked_at=house().now()
    )


def _touch(track: JobTrack) -> None:
    """Say that the job was asked for, so that the next one has its turn."""
    rows_of(JobTrack).change(track.attempt, looked_at=house().now())


def watched(printer: str) -> AttemptSeen | None:
    """The attempt whose job is to be asked for again: printers take up jobs that they gave up.

    Attempts of the last day that ended without a card, the one asked for longest ago first.
    """
    since = house().now() - timedelta(hours=WATCH_HOURS)
    return restless_on(printer, since=since)


def hold_up(permit: str, *, why: Refusal) -> None:
    """Pass over this permit for a while."""
    HeldUp.objects.filter(at__lte=_held_since()).delete()
    HeldUp.objects.update_or_create(
        permit=permit,
        defaults={"code": why.code, "facts": dict(why.facts), "at": house().now()},
    )


def held_up() -> dict[str, Refusal]:
    """The permits that were passed over a short while ago, and why."""
    since = rows_of(HeldUp).stored("at", _held_since())
    rows = rows_of(HeldUp).where("at > %s", since)
    return {row.permit: Refusal(row.code, **row.facts) for row in rows}


def _held_since() -> datetime:
    return house().now() - timedelta(seconds=HELD_UP_SECONDS)
