"""What the agent noted of printers and jobs. Local run-time: a restore loses it, and nothing else.

Written only when it changes, so that a tick in which nothing happened costs no write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ampera.journal.alarms import raise_alarm
from ampera.journal.house import house
from ampera.printing.actions.runs import end_run
from ampera.printing.models import Attempt, HeldUp, JobTrack, PrinterNow
from ampera.printing.ports import JobSeen, PrinterSeen, Severity
from ampera.printing.queries import attempt_seen
from ampera.printing.rules.attempts import (
    WATCH_HOURS,
    AttemptSeen,
    AttemptState,
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
    if known is None or not PrinterNow.objects.filter(pk=printer).update(**noted):
        PrinterNow.objects.update_or_create(printer=printer, defaults=noted)


def note_unreachable(printer: str, *, detail: str) -> None:
    """Keep that a printer did not answer; what was known of its jobs stays."""
    told = {"is_reachable": False, "may_print": False, "message": detail[:_MESSAGE_MAX]}
    row = PrinterNow.objects.filter(pk=printer).first()
    if row is None or row.is_reachable:
        told["looked_at"] = house().now()
        PrinterNow.objects.update_or_create(printer=printer, defaults=told)


def note_wait(printer: str, *, why: Refusal | None) -> None:
    """Keep why nothing was begun, for the screen."""
    code = why.code if why is not None else ""
    facts = dict(why.facts) if why is not None else {}
    rows = PrinterNow.objects.filter(pk=printer).exclude(waits_code=code, waits_facts=facts)
    rows.update(waits_code=code, waits_facts=facts)


def note_missed(printer: str) -> None:
    """A job was not taken: wait twice as long after each miss, a quarter of an hour at most."""
    row = PrinterNow.objects.get(pk=printer)
    wait_seconds = min(MISS_WAIT_SECONDS * 2**row.misses, MISS_WAIT_SECONDS_MAX)
    row.misses = min(row.misses + 1, 10)
    row.not_before = house().now() + timedelta(seconds=wait_seconds)
    row.save(update_fields=["misses", "not_before"])


def note_taken(printer: str) -> None:
    """A job was taken: the misses are forgotten."""
    PrinterNow.objects.filter(pk=printer, misses__gt=0).update(misses=0, not_before=None)


def note_job(attempt: AttemptSeen, *, job: JobSeen | None) -> None:
    """Keep what the printer says of a job. A job it no longer lists leaves the last word standing.

    A job that goes on after its attempt was over raises an alarm and holds the printer until two
    officers have emptied it: the card is void at birth and must be found.
    """
    now = house().now()
    track = JobTrack.objects.filter(pk=attempt.id).first()
    if track is None:
        if job is None:
            return
        track = JobTrack(attempt=attempt.id, printer=attempt.printer, phase=Phase.SENDING.value)
    if job is None:
        _touch(track)
        return
    is_news = track.job_state != job.state.value
    if not is_news and track.job_message == job.message[:_MESSAGE_MAX]:
        _touch(track)
        return
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
            f" {attempt.state.value}, now the printer says {job.state.value}; the card is void at"
            " birth: two officers empty the printer and find it",
        )
    track.save()


def _touch(track: JobTrack) -> None:
    """Say that the job was asked for, so that the next one has its turn."""
    JobTrack.objects.filter(pk=track.attempt).update(looked_at=house().now())


def watched(printer: str) -> AttemptSeen | None:
    """The attempt whose job is to be asked for again: printers take up jobs that they gave up.

    Attempts of the last day that ended without a card, the one asked for longest ago first.
    """
    since = house().now() - timedelta(hours=WATCH_HOURS)
    ended = Attempt.objects.filter(printer=printer, office=str(house().code), ended_at__gte=since)
    # PRINTED is in the tray, and what was WITHDRAWN the printer never took.
    over = [AttemptState.PRINTED, AttemptState.WITHDRAWN]
    restless = ended.exclude(ended__in=over).exclude(settled=AttemptState.PRINTED)
    tracks = JobTrack.objects.filter(
        printer=printer, late_at__isnull=True, attempt__in=restless.values("id")
    ).exclude(phase=Phase.NEVER_SENT)
    first = tracks.order_by("looked_at", "attempt").values_list("attempt", flat=True).first()
    return attempt_seen(first) if first is not None else None


def hold_up(permit: str, *, why: Refusal) -> None:
    """Pass over this permit for a while."""
    HeldUp.objects.filter(at__lte=_held_since()).delete()
    HeldUp.objects.update_or_create(
        permit=permit,
        defaults={"code": why.code, "facts": dict(why.facts), "at": house().now()},
    )


def held_up() -> dict[str, Refusal]:
    """The permits that were passed over a short while ago, and why."""
    rows = HeldUp.objects.filter(at__gt=_held_since())
    return {row.permit: Refusal(row.code, **row.facts) for row in rows}


def _held_since() -> datetime:
    return house().now() - timedelta(seconds=HELD_UP_SECONDS)
