"""What lies where in and around a simulated printer: the physical truth, whatever any job says.

Tests and the officers of the demo *look into the tray* through these types; the station never
does. A document is remembered by its hash alone, so that no resident's data lies in a printer's
folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of a blank that was fed."""

    FINISHED = "finished"  #: printed to the end, lies in the tray
    RUINED = "ruined"  #: printed in part, or bent; lies in the reject bin
    UNTOUCHED = "untouched"  #: came out as it went in; lies in the tray


@dataclass(frozen=True, slots=True)
class Card:
    """One blank that went through the machine, known by the serial it was loaded under."""

    serial: str
    job_name: str
    document_sha256: str
    fate: Fate

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Card:
        return cls(**{**record, "fate": Fate(record["fate"])})


@dataclass(frozen=True, slots=True)
class Physical:
    """Hopper, inside, tray and reject bin, in the order in which the pieces came there.

    `staged` lies at the reading station; `ruined` is the reject bin, into which the printer also
    puts whole blanks that it was told to reject.
    """

    hopper: tuple[str, ...]
    inside: str | None
    tray: tuple[Card, ...]
    ruined: tuple[Card, ...]
    staged: tuple[str, ...] = ()

    @property
    def in_order(self) -> tuple[str, ...]:
        """The blanks that would be printed on, the next one first."""
        return (*self.staged, *self.hopper)

    def finished(self, job_name: str) -> tuple[Card, ...]:
        """The finished cards of this job in the tray; more than one is what must never be."""
        return tuple(
            card for card in self.tray if card.job_name == job_name and card.fate is Fate.FINISHED
        )

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Physical:
        return cls(
            hopper=tuple(record["hopper"]),
            inside=record["inside"],
            tray=tuple(Card.from_record(card) for card in record["tray"]),
            ruined=tuple(Card.from_record(card) for card in record["ruined"]),
            staged=tuple(record.get("staged", ())),
        )


@dataclass(frozen=True, slots=True)
class PowerCut:
    """The power goes while a card is half printed.

    With `resumes_after_seconds` the printer takes the job up again that long after power came back,
    although it has called it aborted: the printer that prints a settled job.
    """

    fate: Fate
    resumes_after_seconds: float | None = None


@dataclass(slots=True)
class Faults:
    """What will go wrong next. Each is used up by the request or the card that it befalls."""

    jam: bool = False
    cut: PowerCut | None = None
    lose_answer: bool = False
    lose_request: bool = False
    late_seconds: float | None = None
    misfeed: bool = False
    second: Fate | None = None  #: of the next card: what becomes of a blank that goes in with it
    lose_sight: bool = False  #: a blank is presented and the connection dropped before the answer
    reader_silent: bool = False  #: the reader inside says nothing when it is next asked

    def record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Faults:
        cut = record["cut"]
        if cut is not None:
            cut = PowerCut(Fate(cut["fate"]), cut["resumes_after_seconds"])
        second = Fate(record["second"]) if record.get("second") else None
        return cls(**{**record, "cut": cut, "second": second})
