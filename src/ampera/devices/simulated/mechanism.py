"""What moves inside the simulated printer: hopper, the card inside, tray, power, and time.

Pure and deterministic: time comes in through `advance`, chance not at all. One card takes
`print_seconds` of city time. The mechanism does not grow hot or cold: a model of heat is a later
addition and is left out on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ampera.devices.simulated.cards import Card, Fate, Faults, Physical, PowerCut
from ampera.devices.simulated.jobs import Job
from ampera.printing.ports import JobState

PRINT_SECONDS_TYPICAL: Final = 180.0
OPEN_JOB_SECONDS_MAX: Final = 600  # multiple-operation-time-out: waiting for a document
HISTORY_MAX: Final = 200  # a printer forgets; a day's work is 160 cards
_OPEN_JOB_TIME: Final = timedelta(seconds=OPEN_JOB_SECONDS_MAX)


@dataclass(slots=True)
class _Feeding:
    """The card being printed, and how that will go."""

    job: Job
    serial: str
    elapsed: timedelta
    will_jam: bool
    cut: PowerCut | None


class Mechanism:
    """The moving part. `revision` grows with everything that must not be forgotten."""

    def __init__(
        self, *, uuid: str, now: datetime, print_seconds: float = PRINT_SECONDS_TYPICAL
    ) -> None:
        assert print_seconds > 0
        self.uuid = uuid
        self.print_time = timedelta(seconds=print_seconds)
        self.at = now
        self.powered_at: datetime | None = now
        self.faults = Faults()
        self.is_cover_open = False
        self.is_jammed = False
        self.is_paused = False
        self.is_busy = False
        self.is_accepting = True
        self.revision = 0
        self.jobs: dict[int, Job] = {}
        self.next_job_id = 1
        self._hopper: list[str] = []
        self._tray: list[Card] = []
        self._ruined: list[Card] = []
        self._feeding: _Feeding | None = None
        self._stuck: Card | None = None

    @property
    def is_powered(self) -> bool:
        return self.powered_at is not None

    @property
    def is_halted(self) -> bool:
        """True while nothing inside moves until a hand has helped."""
        return self.is_cover_open or self.is_jammed

    @property
    def is_printing(self) -> bool:
        return self._feeding is not None

    @property
    def is_starved(self) -> bool:
        """True while a job waits for a blank."""
        return not self._hopper and self._feeding is None and self._waiting() is not None

    def physical(self) -> Physical:
        """Hopper, inside, tray and reject bin as they are."""
        inside = self._feeding.serial if self._feeding is not None else None
        if self._stuck is not None:
            inside = self._stuck.serial
        return Physical(tuple(self._hopper), inside, tuple(self._tray), tuple(self._ruined))

    def advance(self, now: datetime) -> None:
        """Let time pass up to `now`; a clock that went back moves nothing."""
        while self.is_powered and self.at < now:
            self._settle()
            until = min([now, *(wake for wake in self._wakes() if wake > self.at)])
            feeding = self._feeding
            if feeding is None or self.is_halted:
                self.at = until
                continue
            is_cut_short = feeding.will_jam or feeding.cut is not None
            goal = self.print_time / 2 if is_cut_short else self.print_time
            done_at = self.at + (goal - feeding.elapsed)
            feeding.elapsed += min(until, done_at) - self.at
            self.at = min(until, done_at)
            if self.at == done_at:
                self._finish(feeding)
        self.at = max(self.at, now)
        self._settle()

    def power_off(self, cut: PowerCut | None = None) -> None:
        """Cut the power. The card inside meets the cut's fate; without a cut it is ruined."""
        if self.powered_at is None:
            return
        self.powered_at = None
        feeding, self._feeding = self._feeding, None
        if feeding is not None:
            card = self._card(feeding, cut.fate if cut is not None else Fate.RUINED)
            if card.fate is Fate.FINISHED:
                self._tray.append(card)
            else:
                self._stuck = card
            if cut is not None:
                feeding.job.resumes_after_seconds = cut.resumes_after_seconds
        self._moved()

    def power_on(self, now: datetime) -> None:
        """Bring the power back: the card inside comes out, and its job is told as aborted."""
        if self.powered_at is not None:
            return
        self.at = max(now, self.at)
        self.powered_at = self.at
        self.is_paused = False
        if not self.is_jammed:
            self._release()
        for job in self.jobs.values():
            if job.state in (JobState.PROCESSING, JobState.HELD):
                self._abort(job, "the power was cut")
            if job.resumes_after_seconds is not None:
                job.wakes_at = self.at + timedelta(seconds=job.resumes_after_seconds)
                job.resumes_after_seconds = None
        self._moved()

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file: all but the jobs, which are kept one by one."""
        stuck = self._stuck
        return {
            "uuid": self.uuid,
            "next_job_id": self.next_job_id,
            "physical": self.physical().record(),
            "feeding": self._feeding.job.job_id if self._feeding is not None else None,
            "stuck": stuck.record() if stuck is not None else None,
            "faults": self.faults.record(),
            "switches": [self.is_cover_open, self.is_jammed, self.is_busy, self.is_accepting],
        }

    def restore(  # positional: a pair
        self, record: Mapping[str, Any], jobs: Mapping[int, Job]
    ) -> None:
        """Take up what a process that died left behind; whatever was inside met a power cut."""
        physical = Physical.from_record(record["physical"])
        self.uuid, self.next_job_id = record["uuid"], record["next_job_id"]
        self.jobs = dict(jobs)
        self._hopper, self._tray = list(physical.hopper), list(physical.tray)
        self._ruined = list(physical.ruined)
        self._stuck = Card.from_record(record["stuck"]) if record["stuck"] is not None else None
        self.faults = Faults.from_record(record["faults"])
        self.is_cover_open, self.is_jammed, self.is_busy, self.is_accepting = record["switches"]
        if record["feeding"] is not None:
            assert physical.inside is not None
            job = self.jobs[record["feeding"]]
            self._feeding = _Feeding(job, physical.inside, timedelta(0), False, None)
        self.power_off()
        self.power_on(self.at)

    def _finish(self, feeding: _Feeding) -> None:
        if feeding.cut is not None:
            self.power_off(feeding.cut)
            return
        self._feeding = None
        if feeding.will_jam:
            self._stuck, self.is_jammed = self._card(feeding, Fate.RUINED), True
            self._abort(feeding.job, "card jam")
        else:
            self._tray.append(self._card(feeding, Fate.FINISHED))
            feeding.job.end(JobState.COMPLETED, at=self.at, reason="job-completed-successfully")
        self._moved()

    def _settle(self) -> None:
        """Do what needs no time: wake jobs, drop what never came, feed the next card."""
        if not self.is_powered:
            return
        for job in self.jobs.values():
            if job.wakes_at is not None and job.wakes_at <= self.at:
                job.wake()
                self._moved()
            if job.state is JobState.HELD and job.created_at + _OPEN_JOB_TIME <= self.at:
                self._abort(job, "its document never came")
        waiting = self._waiting()
        is_free = self._feeding is None and not self.is_paused and not self.is_halted
        if is_free and self._hopper and waiting is not None:
            self._feed(waiting)
        self._forget_old_jobs()

    def _wakes(self) -> list[datetime]:
        jobs = self.jobs.values()
        return [
            *(job.wakes_at for job in jobs if job.wakes_at is not None),
            *(job.created_at + _OPEN_JOB_TIME for job in jobs if job.state is JobState.HELD),
        ]

    def _waiting(self) -> Job | None:
        ready = (job for job in self.jobs.values() if job.state is JobState.PENDING)
        return next((job for job in ready if job.is_listed), None)

    def _feed(self, job: Job) -> None:
        cut, self.faults.cut = self.faults.cut, None
        will_jam = self.faults.jam and cut is None
        if will_jam:
            self.faults.jam = False
        self._feeding = _Feeding(job, self._hopper.pop(0), timedelta(0), will_jam, cut)
        job.state, job.reasons, job.message = JobState.PROCESSING, ("job-printing",), ""
        job.processing_at = self.at
        self._moved()

    def _eject(self, job: Job) -> None:
        """Throw the card out half printed, if it is this job's."""
        if self._feeding is not None and self._feeding.job is job:
            self._ruined.append(self._card(self._feeding, Fate.RUINED))
            self._feeding = None

    def _release(self) -> None:
        """Let the stuck card out, to where its fate belongs."""
        if self._stuck is not None:
            is_ruined = self._stuck.fate is Fate.RUINED
            (self._ruined if is_ruined else self._tray).append(self._stuck)
            self._stuck = None

    def _card(self, feeding: _Feeding, fate: Fate) -> Card:
        return Card(feeding.serial, feeding.job.name, feeding.job.document_sha256, fate)

    def _abort(self, job: Job, message: str) -> None:
        job.end(JobState.ABORTED, at=self.at, reason="aborted-by-system", message=message)
        self._moved()

    def _forget_old_jobs(self) -> None:
        ended = [job for job in self.jobs.values() if job.is_settled]
        for job in ended[: max(0, len(ended) - HISTORY_MAX)]:
            del self.jobs[job.job_id]

    def _moved(self) -> None:
        self.revision += 1
