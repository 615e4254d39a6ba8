"""What is inside the simulated printer and what of it is kept: hopper, card, tray, supplies, heat.

`Mechanism` moves it. What the printer lacks (`COOL` has no heat, no supplies, no chance) plays no
part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ampera.devices.chip.simulated import uid_of_blank
from ampera.devices.simulated.cards import Card, Fate, Faults, Physical, PowerCut
from ampera.devices.simulated.heating import Heating
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.model import COOL, ROOM_CELSIUS_TYPICAL, PrinterModel
from ampera.devices.simulated.station import ChipOf, ReaderSwitch, Taken
from ampera.devices.simulated.supplies import SupplyPiece
from ampera.printing.ports import JobState


@dataclass(slots=True)
class Feeding:
    """The card being printed, and how that will go."""

    job: Job
    serial: str
    elapsed: timedelta
    will_jam: bool
    cut: PowerCut | None


class Inside:
    """The parts and their state. `revision` grows with everything that must not be forgotten.

    `print_seconds` overrules the model's own. `seed` decides all chance that the model has.
    """

    def __init__(
        self,
        *,
        uuid: str,
        now: datetime,
        print_seconds: float | None = None,
        model: PrinterModel = COOL,
        seed: int = 0,
    ) -> None:
        seconds = model.print_seconds if print_seconds is None else print_seconds
        assert seconds > 0
        self.uuid = uuid
        self.model = model
        self.print_time = timedelta(seconds=seconds)
        self.at = now
        self.powered_at: datetime | None = now
        self.faults = Faults()
        self.is_cover_open = False
        self.is_jammed = False
        self.is_misfed = False
        self.is_paused = False
        self.is_busy = False
        self.is_accepting = True
        #: A blank was asked for, to be read, and none was there.
        self.is_asked = False
        self.chip_of: ChipOf = uid_of_blank
        self.reader = ReaderSwitch.ON
        #: What the reader last said of the blank at its station: a UID, or `SILENT`; empty when
        #: nobody was told anything of it.
        self.reader_said = ""
        self.revision = 0
        self.jobs: dict[int, Job] = {}
        self.next_job_id = 1
        self.cards_printed = 0
        self.cards_since_cleaning = 0
        self.supplies = {each.name: SupplyPiece(each, seed=seed) for each in model.supplies}
        self.heating: Heating | None = None
        if model.thermal is not None:
            self.heating = Heating(model, model.thermal, room=ROOM_CELSIUS_TYPICAL)
        self._seed = seed
        self._feedings = 0
        self._heat_unkept_seconds = 0.0
        self._hopper: list[str] = []
        self._tray: list[Card] = []
        self._ruined: list[Card] = []
        self._staged: Taken | None = None
        self._feeding: Feeding | None = None
        self._stuck: Card | None = None

    @property
    def is_powered(self) -> bool:
        return self.powered_at is not None

    @property
    def has_reader(self) -> bool:
        """Does it say that it can read a blank? Not while its reader is switched off."""
        return self.model.has_reader and self.reader is not ReaderSwitch.OFF

    @property
    def is_halted(self) -> bool:
        """True while nothing inside moves: until a hand has helped, or the heat is right again."""
        if self.is_cover_open or self.is_jammed:
            return True
        return self._feeding is not None and not self._is_heat_right

    @property
    def is_printing(self) -> bool:
        return self._feeding is not None

    @property
    def is_starved(self) -> bool:
        """True while a job, or who wants to read a blank, waits for one."""
        if self._hopper or self._staged is not None or self._feeding is not None:
            return False
        return self.is_asked or self._waiting() is not None

    @property
    def is_wanted(self) -> bool:
        """True while there is a job to print."""
        return self._feeding is not None or self._waiting() is not None

    @property
    def is_tray_full(self) -> bool:
        most = self.model.capacity.tray
        return most is not None and len(self._tray) >= most

    @property
    def is_reject_full(self) -> bool:
        most = self.model.capacity.reject
        return most is not None and len(self._ruined) >= most

    @property
    def is_blocked(self) -> bool:
        """True while no card can be begun before a hand has helped, whatever is in the hopper."""
        is_out = any(piece.is_empty for piece in self.supplies.values())
        return self.is_misfed or is_out or self.is_tray_full or self.is_reject_full

    @property
    def staged(self) -> tuple[str, ...]:
        """The serials at the reading station: none, one, or two that stick together."""
        return self._staged.serials if self._staged is not None else ()

    @property
    def hopper_count(self) -> int:
        return len(self._hopper)

    @property
    def tray_count(self) -> int:
        return len(self._tray)

    @property
    def has_cut_off(self) -> bool:
        """True while it stands still because of its own cut-off."""
        return self.heating is not None and self.heating.has_cut_off

    @property
    def is_cleaning_overdue(self) -> bool:
        cleaning = self.model.cleaning
        return cleaning is not None and self.cards_since_cleaning >= cleaning.every_cards

    def physical(self) -> Physical:
        """Hopper, inside, tray and reject bin as they are."""
        inside = self._feeding.serial if self._feeding is not None else None
        if self._stuck is not None:
            inside = self._stuck.serial
        return Physical(
            tuple(self._hopper), inside, tuple(self._tray), tuple(self._ruined), self.staged
        )

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file: all but the jobs, which are kept one by one."""
        stuck = self._stuck
        return {
            "uuid": self.uuid,
            "at": self.at.isoformat(),
            "next_job_id": self.next_job_id,
            "physical": self.physical().record(),
            "feeding": self._feeding.job.job_id if self._feeding is not None else None,
            "stuck": stuck.record() if stuck is not None else None,
            "staged": self._staged.record() if self._staged is not None else None,
            "is_asked": self.is_asked,
            "faults": self.faults.record(),
            "switches": [self.is_cover_open, self.is_jammed, self.is_busy, self.is_accepting],
            "is_misfed": self.is_misfed,
            "reader": self.reader,
            "counters": [self.cards_printed, self.cards_since_cleaning, self._feedings],
            "seed": self._seed,
            "supplies": {name: piece.record() for name, piece in self.supplies.items()},
            "heat": self.heating.record() if self.heating is not None else None,
        }

    def _waiting(self) -> Job | None:
        ready = (job for job in self.jobs.values() if job.state is JobState.PENDING)
        return next((job for job in ready if job.is_listed), None)

    @property
    def _is_heat_right(self) -> bool:
        return self.heating is None or self.heating.is_ready

    def _put_out(self, card: Card) -> None:
        if card.fate is Fate.FINISHED:
            self.cards_printed += 1
        (self._ruined if card.fate is Fate.RUINED else self._tray).append(card)

    def _card(self, feeding: Feeding, fate: Fate) -> Card:
        return Card(feeding.serial, feeding.job.name, feeding.job.document_sha256, fate)

    def _moved(self) -> None:
        self.revision += 1
        self._heat_unkept_seconds = 0.0
