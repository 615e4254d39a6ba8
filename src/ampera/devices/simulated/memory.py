"""The card printer of the simulated province: the same machine, no network, chance from a seed.

Time passes only in `tick`. Faults come either one by one, set on `machine.faults`, or by chance,
drawn from the injected random source at each send, always in one order, so that a seed replays.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from ampera.devices.simulated.cards import Fate, Physical, PowerCut
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.machine import Dropped, Machine
from ampera.devices.simulated.model import COOL, PrinterModel
from ampera.printing.ports import AnswerLost, JobSeen, PrinterSeen, Unreachable, gravest

USER: Final = "ampera"


@dataclass(frozen=True, slots=True)
class FaultChances:
    """How often each fault befalls a send, 0 to 1, and how long its aftermath may last."""

    lost_answer: float = 0.0
    lost_request: float = 0.0
    jam: float = 0.0
    power_cut: float = 0.0
    late: float = 0.0  #: the answer is lost, the job unseen, and the card comes all the same
    resumes: float = 0.0  #: of the power cuts: the aborted job is printed after all
    off_ticks_max: int = 3
    late_seconds_max: int = 3600

    def __post_init__(self) -> None:
        chances = [getattr(self, field.name) for field in fields(self)][:6]
        assert all(0 <= chance <= 1 for chance in chances), "a chance is between 0 and 1"
        assert self.off_ticks_max >= 1 <= self.late_seconds_max


class MemoryPrinter:
    """Keeps `ampera.printing.ports.CardPrinter`, and `Stage` where its model has a reader inside.

    `machine` is its physical truth and its hands.

    Without a model it knows no heat, no supplies and no chance but `chances`. With one it starts
    cold in a room of 28 °C: `machine.set_room` and `machine.stand_warm` change that.
    """

    def __init__(
        self,
        *,
        now: datetime,
        rng: random.Random,
        chances: FaultChances | None = None,
        print_seconds: float | None = None,
        model: PrinterModel = COOL,
    ) -> None:
        number = uuid.UUID(int=rng.getrandbits(128), version=4)
        # Drawn only where it makes a difference: a seed told without it tells the same story.
        seed = rng.getrandbits(64) if model.has_chance else 0
        self.machine = Machine(
            uuid=str(number), now=now, print_seconds=print_seconds, model=model, seed=seed
        )
        self._rng = rng
        self._chances = chances or FaultChances()
        self._off_ticks_left = 0

    def tick(self, now: datetime) -> None:
        """Let time pass up to `now`. After a cut by chance the power comes back by itself."""
        if not self.machine.is_powered and self._off_ticks_left > 0:
            self._off_ticks_left -= 1
            if self._off_ticks_left == 0:
                self.machine.power_on(now)
        self.machine.advance(now)

    def physical(self) -> Physical:
        """What lies where."""
        return self.machine.physical()

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        self._powered()
        self._draw_faults()
        try:
            job = self.machine.submit(name=job_name, user=USER, document=document)
        except Dropped:
            raise AnswerLost("the connection broke before the answer") from None
        return self._seen(job)

    def find(self, job_name: str) -> JobSeen | None:
        self._powered()
        jobs = self.machine.listed()
        return gravest(self._seen(job) for job in jobs if job.name == job_name)

    def look(self) -> PrinterSeen:
        self._powered()
        return PrinterSeen(
            state=self.machine.state,
            reasons=self.machine.reasons,
            is_accepting_jobs=self.machine.is_accepting,
            uuid=self.machine.uuid,
            up_time_seconds=self.machine.up_time_seconds,
            model=self.machine.model.make_and_model,
            supplies=tuple(piece.seen for piece in self.machine.supplies.values()),
            has_reader=self.machine.has_reader,
        )

    def cancel(self, job_name: str) -> JobSeen | None:
        self._powered()
        seen = self.find(job_name)
        if seen is not None and not seen.state.is_ended:
            self.machine.cancel(self.machine.jobs[seen.job_id])
        return self.find(job_name)

    def wake(self) -> None:
        self._powered()
        self.machine.wake()

    def purge(self) -> None:
        self._powered()
        self.machine.purge()

    def present(self) -> str:
        self._powered()
        faults = self.machine.faults
        faults.lose_sight |= self._rng.random() < self._chances.lost_answer
        faults.reader_silent |= self._rng.random() < self._chances.lost_request
        try:
            return self.machine.present()
        except Dropped:
            raise AnswerLost("the connection broke before the answer") from None

    def reject(self) -> None:
        self._powered()
        self.machine.reject()

    def _powered(self) -> None:
        if not self.machine.is_powered:
            raise Unreachable("the printer is off")

    def _seen(self, job: Job) -> JobSeen:
        reasons = tuple(word for word in self.machine.reasons_of(job) if word != "none")
        return JobSeen(job.name, job.job_id, self.machine.state_of(job), reasons, job.message)

    def _draw_faults(self) -> None:
        """All draws are made whether they are used or not: one fault moves no other."""
        chances, faults = self._chances, self.machine.faults
        hits = [
            self._rng.random() < chance
            for chance in (
                chances.lost_answer,
                chances.lost_request,
                chances.jam,
                chances.power_cut,
                chances.late,
                chances.resumes,
            )
        ]
        fate = self._rng.choice(list(Fate))
        off_ticks = self._rng.randint(1, chances.off_ticks_max)
        seconds = float(self._rng.randint(1, chances.late_seconds_max))
        lost_answer, lost_request, jam, power_cut, late, resumes = hits
        faults.lose_answer |= lost_answer
        faults.lose_request |= lost_request
        faults.jam |= jam
        if power_cut:
            faults.cut = PowerCut(fate, seconds if resumes else None)
            self._off_ticks_left = off_ticks
        if late:
            faults.late_seconds = seconds
