"""What the printing station asks of a card printer, and the few ways in which it can fail.

The port is narrow on purpose. `send` speaks to the printer exactly once; whether an attempt may go
on is the station's decision, taken from what `find` and `look` have *seen* and from what officers
have seen in the tray. No answer of a printer proves that a blanko is whole: only eyes do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class JobState(StrEnum):
    """The seven job states of RFC 8011 §5.3.7, by their short names."""

    PENDING = "pending"
    HELD = "held"
    PROCESSING = "processing"
    STOPPED = "stopped"
    CANCELED = "canceled"
    ABORTED = "aborted"
    COMPLETED = "completed"

    @property
    def is_ended(self) -> bool:
        """True when the printer says that this job will not move any more."""
        return self in _ENDED


_ENDED: Final = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})


class PrinterState(StrEnum):
    """The three printer states of RFC 8011 §5.4.11."""

    IDLE = "idle"
    PROCESSING = "processing"
    STOPPED = "stopped"


class Severity(StrEnum):
    """How much a reason hinders. RFC 8011 §5.4.12: a keyword without a suffix is an error."""

    REPORT = "report"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of `printer-state-reasons`, its suffix split off: `media-empty` with severity error."""

    keyword: str
    severity: Severity

    @classmethod
    def from_keyword(cls, text: str) -> Reason:
        """Split `media-empty-warning`. Without a suffix it is an error (RFC 8011 §5.4.12)."""
        for severity in Severity:
            stem = text.removesuffix(f"-{severity.value}")
            if stem != text and stem:
                return cls(stem, severity)
        return cls(text, Severity.ERROR)

    def __str__(self) -> str:
        return f"{self.keyword}-{self.severity.value}"


@dataclass(frozen=True, slots=True)
class JobSeen:
    """What the printer said of one job when it was asked. A sighting, not a promise.

    `job_id` is the printer's own number and means nothing after the printer has restarted; a job is
    known by `job_name`, which carries the attempt's id.
    """

    job_name: str
    job_id: int
    state: JobState
    reasons: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """One of the things that a printer uses up, as it tells (`marker-*`, PWG 5100.9 / CUPS).

    `level_percent` is what the printer *claims* is left of the nominal yield; None where it cannot
    say. The real yield differs and is measured by the station.
    """

    name: str
    kind: str  #: a `marker-types` keyword: `ink-ribbon`, `transfer-unit`
    level_percent: int | None


@dataclass(frozen=True, slots=True)
class PrinterSeen:
    """What the printer said of itself when it was asked.

    `uuid` and `up_time_seconds` tell whether the same machine has been running without a break:
    another uuid is another printer, a smaller up time is a restart, and then job ids start again.
    `model` is `printer-make-and-model`, empty where it is not told. `has_reader` says that its
    driver also keeps `ports.Stage`: it reads a blank's chip before it prints on it.
    """

    state: PrinterState
    reasons: tuple[Reason, ...]
    is_accepting_jobs: bool
    uuid: str
    up_time_seconds: int
    message: str = ""
    model: str = ""
    supplies: tuple[Supply, ...] = ()
    has_reader: bool = False

    @property
    def may_print(self) -> bool:
        """True when a job sent now would be taken up without a person's hand."""
        hindered = any(reason.severity is Severity.ERROR for reason in self.reasons)
        return self.is_accepting_jobs and self.state is not PrinterState.STOPPED and not hindered

    def has(self, keyword: str) -> bool:
        """True when this reason stands, at any severity: `seen.has("media-empty")`."""
        return any(reason.keyword == keyword for reason in self.reasons)


class BlankoGone(StrEnum):
    """After a failed `send`: may the blanko that was fed for it have been used?"""

    NO = "no"
    MAYBE = "maybe"


class DeviceError(Exception):
    """A printer did not do what it was asked. Every leaf answers two questions.

    ::

        DeviceError                    may_retry        is_blanko_gone
        ├── Unreachable                yes              no      nothing was sent
        ├── AnswerLost                 no: use `find`   maybe   the request may have arrived
        └── Rejected(reason)           by its reason    no      the printer said no

    The answers are about `send`. `look` and `find` change nothing and may always be asked again,
    whichever error they raised.
    """

    def __init__(self, detail: str, *, may_retry: bool, is_blanko_gone: BlankoGone) -> None:
        super().__init__(detail)
        self.detail = detail
        self.may_retry = may_retry
        self.is_blanko_gone = is_blanko_gone


class Unreachable(DeviceError):
    """It is certain that nothing was sent: no connection came about."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=True, is_blanko_gone=BlankoGone.NO)


class AnswerLost(DeviceError):
    """The request may have arrived, no readable answer came. Only `find` by name may tell."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, may_retry=False, is_blanko_gone=BlankoGone.MAYBE)


class RejectedReason(StrEnum):
    """Why a printer said no."""

    BUSY = "busy"  #: it has a job in hand and keeps no queue
    NOT_ACCEPTING = "not-accepting"  #: it is paused, shut or not taking jobs
    DOCUMENT = "document"  #: it cannot read this document; the same bytes will be refused again
    REQUEST = "request"  #: anything else it did not agree to; the status stands in the detail


class Rejected(DeviceError):
    """The printer answered no and took nothing."""

    def __init__(self, reason: RejectedReason, detail: str = "") -> None:
        is_passing = reason in (RejectedReason.BUSY, RejectedReason.NOT_ACCEPTING)
        super().__init__(detail or reason.value, may_retry=is_passing, is_blanko_gone=BlankoGone.NO)
        self.reason = reason


def gravest(sightings: Iterable[JobSeen]) -> JobSeen | None:
    """Of several sightings under one job name, the one to act on; None of none.

    A job that could still print comes before one that did print, that before one that did not, and
    the newer before the older. Two jobs of one name are never sent, but a printer is not trusted.
    """

    def gravity(seen: JobSeen) -> tuple[int, int]:
        rank = 2 if not seen.state.is_ended else 1 if seen.state is JobState.COMPLETED else 0
        return rank, seen.job_id

    return max(sightings, key=gravity, default=None)


class CardPrinter(Protocol):
    """One card printer. All methods raise only `DeviceError`s."""

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        """Say Print-Job exactly once; nothing inside ever says it again.

        `job_name` is the attempt's id and must not have been used before; `document` is a PDF of
        the card's two sides. Raises `Unreachable`, `AnswerLost` or `Rejected`.
        """
        ...

    def find(self, job_name: str) -> JobSeen | None:
        """What the printer says of this job, whether it has ended or not.

        None means only that the printer does not list it: a printer that restarted may have
        forgotten the job, and one that is slow may still print it. Compare uuid and up time of
        `look`. When one name stands on several jobs, the one that could still print is told.
        """
        ...

    def look(self) -> PrinterSeen:
        """State, reasons, identity and up time of the printer."""
        ...

    def cancel(self, job_name: str) -> JobSeen | None:
        """Ask that this job end and tell what is seen of it then; None when it is not listed.

        A job that has ended is left as it is. A job being printed may go on to a stopping point:
        it is over only when `find` shows an ended state. The blanko inside is ruined more often
        than not.
        """
        ...

    def wake(self) -> None:
        """Ask that the printer be warm soon: it leaves its power saving and heats up.

        Nothing is printed by it and it may be said again at any time. A printer that cannot be
        asked so ignores it; whether it warms up is seen with `look`.
        """
        ...

    def purge(self) -> None:
        """Make the printer forget every job that could still print.

        Meant for *two officers emptied the printer and purged its jobs*. Raises `Rejected` when a
        job that could still print is seen after the attempt to remove it. The printer may forget
        ended jobs too: read them before.
        """
        ...
