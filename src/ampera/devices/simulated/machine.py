"""The simulated card printer: what requests and hands do to it, and what it says of itself.

It is one truth behind two faces, an IPP server and an in-process `CardPrinter`. `Mechanism` moves
the cards; here stand the queue's verbs, the officer's hands and what is said of faults.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from ampera.devices.simulated.cards import Card, Fate, Physical
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.mechanism import Mechanism
from ampera.devices.simulated.reasons import reasons_of
from ampera.devices.simulated.station import SILENT, ReaderSwitch
from ampera.printing.ports import (
    HopperEmpty,
    JobState,
    PrinterState,
    ReaderSilent,
    Reason,
    Rejected,
    RejectedReason,
)

_PDF_MARK: Final = b"%PDF-"


class Dropped(Exception):
    """The connection breaks before the answer; what the machine did with the request stands."""


class Machine(Mechanism):
    """One printer with its queue."""

    # What requests do

    def submit(self, *, name: str, user: str, document: bytes) -> Job:
        """Take a job with its document. Raises Rejected, or Dropped when a fault wants it."""
        if self.faults.lose_request:
            self.faults.lose_request = False
            self._moved()
            raise Dropped
        self.check(document)
        return self.fill(self.open_job(name=name, user=user), document)

    def check(self, document: bytes | None = None) -> None:
        """Raise Rejected when a job, or this document, would not be taken now."""
        if not self.is_accepting:
            raise Rejected(RejectedReason.NOT_ACCEPTING, "the printer is not accepting jobs")
        if self.is_busy:
            raise Rejected(RejectedReason.BUSY, "the printer is busy")
        if document is not None and not document.startswith(_PDF_MARK):
            raise Rejected(RejectedReason.DOCUMENT, "the document is no PDF")

    def open_job(self, *, name: str, user: str) -> Job:
        """A job that waits for its document. Raises Rejected."""
        self.check()
        job = Job(self.next_job_id, name, user, self.at, JobState.HELD, ("job-incoming",))
        self.next_job_id += 1
        self.jobs[job.job_id] = job
        self._moved()
        return job

    def fill(self, job: Job, document: bytes) -> Job:
        """Give an open job its document. Raises Rejected or, under a fault, Dropped."""
        assert job.state is JobState.HELD
        self.check(document)
        job.document_sha256 = hashlib.sha256(document).hexdigest()
        job.document_octets = len(document)
        job.state, job.reasons = JobState.PENDING, ("none",)
        late, self.faults.late_seconds = self.faults.late_seconds, None
        is_lost, self.faults.lose_answer = self.faults.lose_answer, False
        if late is not None:
            job.wakes_at, job.is_listed = self.at + timedelta(seconds=late), False
        self.touch()
        if late is not None or is_lost:
            raise Dropped
        return job

    def cancel(self, job: Job) -> None:
        """End a job that has not ended. The card inside, if it is this job's, is ruined."""
        assert not job.state.is_ended
        self._eject(job)
        job.end(JobState.CANCELED, at=self.at, reason="job-canceled-by-user")
        self.touch()

    def purge(self) -> None:
        """Forget every job, listed or not, ended or not (RFC 8011 §4.2.9)."""
        if self._feeding is not None:
            self._eject(self._feeding.job)
        self.jobs.clear()
        self.is_asked = False
        self._moved()

    def present(self) -> str:
        """The UID of the blank at the reading station; the next one is taken there when none is.

        A blank is read as often as somebody asks. Raises StageError, Rejected, or Dropped when a
        fault wants it.
        """
        if not self.has_reader:
            raise Rejected(RejectedReason.REQUEST, "this printer has no reader that is on")
        if self._staged is None:
            self._stage_next()
        if self.faults.lose_sight:
            self.faults.lose_sight = False
            self._moved()
            raise Dropped
        if self.faults.reader_silent or self.reader is ReaderSwitch.BROKEN:
            self.faults.reader_silent = False
            self.reader_said = SILENT
            self._moved()
            raise ReaderSilent
        assert self._staged is not None
        self.reader_said = self._staged.uid(self.chip_of)
        return self.reader_said

    def _stage_next(self) -> None:
        if self.is_busy or self.is_wanted:
            raise Rejected(RejectedReason.BUSY, "the printer has a card in hand")
        if self.is_paused or self.is_halted or self.is_blocked or not self.is_accepting:
            raise Rejected(RejectedReason.NOT_ACCEPTING, "a person has to help the printer first")
        self.is_asked = not self._hopper
        if self.is_asked:
            self.touch()
            raise HopperEmpty
        self._staged = self._take_in()
        self._moved()
        if self._staged is None:
            raise Rejected(RejectedReason.NOT_ACCEPTING, "the blank was not fed")

    def reject(self) -> None:
        """Put what lies at the reading station into the reject bin, unprinted."""
        staged, self._staged = self._staged, None
        self.is_asked, self.reader_said = False, ""
        if staged is not None:
            self._ruined.append(Card(staged.serial, "", "", Fate.UNTOUCHED))
            self._ruined.extend(staged.second_out())
        self.touch()

    def wake(self) -> None:
        """Leave the power saver and heat up; a machine that is awake stays so."""
        if self.heating is not None:
            self.heating.wake()
        self.touch()

    def pause(self, *, is_paused: bool) -> None:
        """Feed no further card; the one inside is finished."""
        self.is_paused = is_paused
        self.touch()

    # What is seen

    def listed(self) -> Iterator[Job]:
        """The jobs that the printer owns up to, oldest first."""
        return (job for job in self.jobs.values() if job.is_listed)

    def state_of(self, job: Job) -> JobState:
        """The job's state; a card that is halted half-way shows as stopped."""
        is_stopped = job.state is JobState.PROCESSING and self.is_halted
        return JobState.STOPPED if is_stopped else job.state

    def reasons_of(self, job: Job) -> tuple[str, ...]:
        """`job-state-reasons`; a stopped printer is told on every job that waits for it."""
        is_waiting = job.state in (JobState.PENDING, JobState.PROCESSING)
        if is_waiting and self.state is PrinterState.STOPPED:
            return ("printer-stopped",)
        return job.reasons

    @property
    def up_time_seconds(self) -> int:
        """City seconds since the power came; at least one, as IPP wants."""
        assert self.powered_at is not None, "a printer without power tells nothing"
        return max(1, int((self.at - self.powered_at).total_seconds()))

    @property
    def state(self) -> PrinterState:
        if self.is_halted or self.has_cut_off:
            return PrinterState.STOPPED
        if self.is_printing:
            return PrinterState.PROCESSING
        if self.is_paused or self.is_starved or self.is_blocked:
            return PrinterState.STOPPED
        return PrinterState.PROCESSING if self.is_wanted else PrinterState.IDLE

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """`printer-state-reasons` by their registered names."""
        return reasons_of(self)

    # What hands do

    def load(self, serials: Iterable[str]) -> tuple[str, ...]:
        """Lay blanks under those in the hopper; the first is fed first. What does not fit is given
        back."""
        laid, most = list(serials), self.model.capacity.hopper
        room = len(laid) if most is None else max(0, most - len(self._hopper))
        self._hopper.extend(laid[:room])
        self.is_asked = self.is_asked and not self._hopper
        self.touch()
        return tuple(laid[room:])

    def unload(self) -> tuple[str, ...]:
        """Take all blanks out of the hopper; what goes in again lies square."""
        taken, self._hopper = tuple(self._hopper), []
        self.is_misfed = False
        self._moved()
        return taken

    def take(self, serials: Iterable[str]) -> tuple[Card, ...]:
        """Take these pieces out of tray and reject bin; what is not there is not taken."""
        wanted = set(serials)
        taken = tuple(card for card in [*self._tray, *self._ruined] if card.serial in wanted)
        self._tray = [card for card in self._tray if card.serial not in wanted]
        self._ruined = [card for card in self._ruined if card.serial not in wanted]
        self._moved()
        return taken

    def empty(self) -> Physical:
        """Take everything out: hopper, tray, rejects and the card inside, which that ruins. What
        lay at the reading station was next, and comes out before the hopper's."""
        if self._feeding is not None:
            job = self._feeding.job
            self._eject(job)
            self._abort(job, "the card was taken out")
        self._release()
        self.is_jammed = self.is_misfed = self.is_asked = False
        if self._staged is not None:
            self._hopper.insert(0, self._staged.serial)
            self._ruined.extend(self._staged.second_out())
            self._staged = None
        found = self.physical()
        self._hopper, self._tray, self._ruined = [], [], []
        self._moved()
        return found

    def set_cover(self, *, is_open: bool) -> None:
        """An open cover halts the card inside; it goes on where it stood."""
        self.is_cover_open = is_open
        self.touch()

    def clear_jam(self) -> None:
        """Pull the stuck card out; it goes to the reject bin."""
        if self.is_jammed:
            self.is_jammed = False
            self._release()
            self.touch()

    def set_stack_right(self) -> None:
        """Square the blanks in the hopper after one was not fed."""
        self.is_misfed = False
        self.touch()

    def empty_tray(self) -> tuple[Card, ...]:
        """Take all out of the tray."""
        taken, self._tray = tuple(self._tray), []
        self.touch()
        return taken

    def empty_reject(self) -> tuple[Card, ...]:
        """Take all out of the reject bin."""
        taken, self._ruined = tuple(self._ruined), []
        self.touch()
        return taken

    def change_supply(self, name: str) -> None:
        """Put a new ribbon, or film, in. Raises KeyError when the machine has no such supply."""
        self.supplies[name].change()
        self.touch()

    def change_empty_supplies(self) -> None:
        """Put a new piece in for each that has come to its end."""
        for piece in self.supplies.values():
            if piece.is_empty:
                piece.change()
        self.touch()

    def clean(self) -> None:
        """Run the cleaning card."""
        self.cards_since_cleaning = 0
        self.touch()

    def set_reader(self, how: ReaderSwitch) -> None:
        """The reader inside is switched on or off in the printer's settings, or breaks. A blank
        that
        lies at it stays there, and is what the next job prints on."""
        self.reader = how
        self.is_asked = self.is_asked and self.has_reader
        self.touch()

    def set_room(self, celsius: float) -> None:
        """From now on the room has this temperature; a machine without heat does not care."""
        if self.heating is not None:
            self.heating.room = celsius
        self.touch()

    def stand_warm(self) -> None:
        """Be as warm as if it had been on since yesterday: where a story begins in mid-day."""
        if self.heating is not None:
            self.heating.stand_warm()
        self.touch()

    def stand_cold(self) -> None:
        """Be as cold as the room: where a story begins in the morning."""
        if self.heating is not None:
            self.heating.stand_cold()
        self.touch()

    def touch(self) -> None:
        """Say that something was set from outside, and let it take effect."""
        self._moved()
        self._settle()
