"""What moves inside the simulated printer: hopper, the card inside, tray, power, heat, and time.

Deterministic: time comes in through `advance`, chance from the seed. One card takes `print_seconds`
of city time. What the printer lacks (`COOL` has no heat, no supplies, no chance) plays no part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ampera.devices.simulated.cards import Card, Fate, Faults, Physical, PowerCut
from ampera.devices.simulated.inside import Feeding, Inside
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.station import ReaderSwitch, Taken
from ampera.devices.simulated.supplies import CardChance, chance_of
from ampera.printing.ports import JobState

OPEN_JOB_SECONDS_MAX: Final = 600  # multiple-operation-time-out: waiting for a document
HISTORY_MAX: Final = 200  # a printer forgets; a day's work is 160 cards
HEAT_KEPT_SECONDS: Final = 600  #: so old may the temperature be that a killed printer remembers
_OPEN_JOB_TIME: Final = timedelta(seconds=OPEN_JOB_SECONDS_MAX)
_MICROSECOND: Final = timedelta(microseconds=1)
_EVER_SECONDS: Final = 1e9  # 30 years
#: What a spool written before printers had heat, supplies and a reading station does not say.
_LATER: Final[Mapping[str, Any]] = {
    "is_misfed": False,
    "seed": 0,
    "counters": [0, 0, 0],
    "supplies": {},
    "heat": None,
    "staged": None,
    "is_asked": False,
    "reader": ReaderSwitch.ON,
}


class Mechanism(Inside):
    """The moving part."""

    def advance(self, now: datetime) -> None:
        """Let time pass up to `now`; a clock that went back moves nothing."""
        while self.is_powered and self.at < now:
            self._settle()
            until = min([now, *(wake for wake in self._wakes() if wake > self.at)])
            feeding = self._feeding
            if feeding is None or self.is_halted:
                self._pass(until, is_printing=False)
                continue
            is_cut_short = feeding.will_jam or feeding.cut is not None
            goal = self.print_time / 2 if is_cut_short else self.print_time
            done_at = self.at + (goal - feeding.elapsed)
            feeding.elapsed += min(until, done_at) - self.at
            self._pass(min(until, done_at), is_printing=True)
            if self.at == done_at:
                self._finish(feeding)
        self._pass(max(self.at, now), is_printing=False)
        self._settle()

    def power_off(self, cut: PowerCut | None = None) -> None:
        """Cut the power. The card inside meets the cut's fate; without a cut it is ruined. A blank
        at the reading station stays there as it is."""
        if self.powered_at is None:
            return
        self.powered_at, self.is_asked = None, False
        if self.heating is not None:
            self.heating.switch(is_on=False)
        feeding, self._feeding = self._feeding, None
        if feeding is not None:
            card = self._card(feeding, cut.fate if cut is not None else Fate.RUINED)
            if card.fate is Fate.FINISHED:
                self._put_out(card)
            else:
                self._stuck = card
            if cut is not None:
                feeding.job.resumes_after_seconds = cut.resumes_after_seconds
        self._moved()

    def power_on(self, now: datetime) -> None:
        """Bring the power back: the card inside comes out, and its job is told as aborted."""
        if self.powered_at is not None:
            return
        self._pass(max(now, self.at), is_printing=False)
        self.powered_at = self.at
        if self.heating is not None:
            self.heating.switch(is_on=True)
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

    def restore(  # positional: a pair
        self, record: Mapping[str, Any], jobs: Mapping[int, Job]
    ) -> None:
        """Take up what a process that died left behind; whatever was inside met a power cut."""
        record = {**_LATER, **record}
        physical = Physical.from_record(record["physical"])
        self.uuid, self.next_job_id = record["uuid"], record["next_job_id"]
        self.jobs = dict(jobs)
        self._hopper, self._tray = list(physical.hopper), list(physical.tray)
        self._ruined = list(physical.ruined)
        self._stuck = Card.from_record(record["stuck"]) if record["stuck"] is not None else None
        staged = record["staged"]
        self._staged = Taken.from_record(staged) if staged is not None else None
        self.faults = Faults.from_record(record["faults"])
        self.is_cover_open, self.is_jammed, self.is_busy, self.is_accepting = record["switches"]
        self.is_misfed, self._seed = record["is_misfed"], record["seed"]
        self.reader = ReaderSwitch(record["reader"])
        self.cards_printed, self.cards_since_cleaning, self._feedings = record["counters"]
        for name, piece in self.supplies.items():  # a printer of another model has others
            piece.reseed(self._seed)
            if name in record["supplies"]:
                piece.restore(record["supplies"][name])
        if record["feeding"] is not None:
            assert physical.inside is not None
            job = self.jobs[record["feeding"]]
            self._feeding = Feeding(job, physical.inside, timedelta(0), False, None)
        self.power_off()
        if self.heating is not None and record["heat"] is not None:
            ago = (self.at - datetime.fromisoformat(record["at"])).total_seconds()
            self.heating.restore(record["heat"], seconds_ago=ago)
        self.power_on(self.at)

    def _finish(self, feeding: Feeding) -> None:
        if feeding.cut is not None:
            self.power_off(feeding.cut)
            return
        self._feeding = None
        if feeding.will_jam:
            self._stuck, self.is_jammed = self._card(feeding, Fate.RUINED), True
            self._abort(feeding.job, "card jam")
        else:
            self._put_out(self._card(feeding, Fate.FINISHED))
            feeding.job.end(JobState.COMPLETED, at=self.at, reason="job-completed-successfully")
        self._moved()

    def _settle(self) -> None:
        """Do what needs no time: wake jobs, drop what never came, follow the heat, feed the next
        card."""
        if not self.is_powered:
            return
        for job in self.jobs.values():
            if job.wakes_at is not None and job.wakes_at <= self.at:
                job.wake()
                self._moved()
            if job.state is JobState.HELD and job.created_at + _OPEN_JOB_TIME <= self.at:
                self._abort(job, "its document never came")
        waiting = self._waiting()
        self._follow_heat(is_wanted=waiting is not None or self._feeding is not None)
        is_free = self._feeding is None and not self.is_paused and not self.is_halted
        if is_free and (self._staged or self._hopper) and waiting is not None:
            self._feed(waiting)
        self._forget_old_jobs()

    def _wakes(self) -> Iterator[datetime]:
        for job in self.jobs.values():
            if job.wakes_at is not None:
                yield job.wakes_at
            if job.state is JobState.HELD:
                yield job.created_at + _OPEN_JOB_TIME
        if self.heating is not None:
            is_moving = self._feeding is not None and not self.is_halted
            seconds = self.heating.seconds_to_change(is_printing=is_moving)
            if seconds < _EVER_SECONDS:
                # Never short of the threshold: a microsecond late moves no card.
                steps = math.ceil(seconds * 1e6)
                yield self.at + timedelta(microseconds=steps) + _MICROSECOND

    def _feed(self, job: Job) -> None:
        if self.is_blocked or not self._is_heat_right:
            return
        taken, self._staged = self._staged or self._take_in(), None
        self.reader_said = ""
        if taken is None:
            return
        cut, self.faults.cut = self.faults.cut, None
        will_jam = (self.faults.jam or taken.will_jam) and cut is None
        if will_jam:
            self.faults.jam = False
        self._feeding = Feeding(job, taken.serial, timedelta(0), will_jam, cut)
        for second in taken.second_out():
            self._put_out(second)
        for piece in self.supplies.values():
            piece.use()
        self.cards_since_cleaning += 1
        job.state, job.reasons, job.message = JobState.PROCESSING, ("job-printing",), ""
        job.processing_at = self.at
        self._moved()

    def _take_in(self) -> Taken | None:
        """The next blank of the hopper and what sticks to it; None when it is not fed."""
        chance = self._chance()
        if chance.misfeeds:
            self.is_misfed = True
            self._moved()
            return None
        serial = self._hopper.pop(0)
        if chance.second is None or not self._hopper:
            return Taken(serial, chance.jams)
        return Taken(serial, chance.jams, self._hopper.pop(0), chance.second)

    def _chance(self) -> CardChance:
        """What befalls this feeding: what was drawn, and what hands have set."""
        self._feedings += 1
        drawn = chance_of(
            self.model,
            seed=self._seed,
            feeding=self._feedings,
            is_cleaning_overdue=self.is_cleaning_overdue,
        )
        misfeeds, self.faults.misfeed = drawn.misfeeds or self.faults.misfeed, False
        if misfeeds:
            return CardChance(misfeeds=True)
        second, self.faults.second = self.faults.second or drawn.second, None
        return CardChance(drawn.jams, False, second)

    def _follow_heat(self, *, is_wanted: bool) -> None:
        if self.heating is None:
            return
        if is_wanted:
            self.heating.wake()
        is_moving = self._feeding is not None and not self.is_halted
        while self.heating.follow(is_printing=is_moving):
            is_moving = self._feeding is not None and not self.is_halted
            self._moved()

    def _pass(self, until: datetime, *, is_printing: bool) -> None:
        """Let the clock go to `until` with nothing happening on the way."""
        if self.heating is not None and until > self.at:
            seconds = (until - self.at).total_seconds()
            self.heating.pass_time(seconds, is_printing=is_printing, is_wanted=self.is_wanted)
            self._heat_unkept_seconds += seconds
            if self.is_powered and self._heat_unkept_seconds >= HEAT_KEPT_SECONDS:
                self._moved()
        self.at = until

    def _eject(self, job: Job) -> None:
        """Throw the card out half printed, if it is this job's."""
        if self._feeding is not None and self._feeding.job is job:
            self._put_out(self._card(self._feeding, Fate.RUINED))
            self._feeding = None

    def _release(self) -> None:
        """Let the stuck card out, to where its fate belongs."""
        if self._stuck is not None:
            self._put_out(self._stuck)
            self._stuck = None

    def _abort(self, job: Job, message: str) -> None:
        job.end(JobState.ABORTED, at=self.at, reason="aborted-by-system", message=message)
        self._moved()

    def _forget_old_jobs(self) -> None:
        ended = [job for job in self.jobs.values() if job.is_settled]
        for job in ended[: max(0, len(ended) - HISTORY_MAX)]:
            del self.jobs[job.job_id]
