"""The clock of a request: one hour, at most a day after everything is complete; what stops it.

Permendagri 19/2018: a document is issued within an hour, within 24 hours at the latest; art. 3(3):
the time does not count while data communication or facilities fail. So a pause needs evidence, and
evidence here is never a word typed in by the office that is late: it is an outage that the post
noted, the centre's own entries, the blanko books, or the print agent's stops (domain §2.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ampera.planning.rules.spans import Span, clip, total, without

PROMISED: Final = timedelta(hours=1)
_WORTH_TELLING: Final = timedelta(minutes=1)
AT_MOST: Final = timedelta(hours=24)


class Pause(StrEnum):
    """Why the clock of a request stands. Where two hold at once the first in this order counts."""

    CENTRE = "CENTRE"  #: the recording lies in the centre's queue
    LINE = "LINE"  #: the way up was cut
    POWER = "POWER"  #: the printer had no power or could not be reached
    PRINTER = "PRINTER"  #: it was jammed, hot or in repair
    RIBBON = "RIBBON"  #: ribbon or film had run out
    BLANKO = "BLANKO"  #: not one blank on the shelf


#: What keeps a card from being printed, and nothing else.
_OF_PRINTING: Final = (Pause.POWER, Pause.PRINTER, Pause.RIBBON, Pause.BLANKO)


class Kept(StrEnum):
    """Was the promise kept, by the office's own time?"""

    IN_AN_HOUR = "IN_AN_HOUR"
    IN_A_DAY = "IN_A_DAY"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that stopped an office for a while, and where that is written."""

    cause: Pause
    span: Span
    source: str  #: what says so: a kind of entry, or the books
    office: str = ""  #: whom it stopped; empty: whoever is asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class LentWay:
    """That a card is printed at another office than the home's, and from when on."""

    home: str
    at: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The moments of one request; None: not yet, or not on its way.

    A first card has a recording of its own, a replacement is made from an earlier one.
    """

    request: str
    office: str  #: who prints it, else who works on it
    completed_at: datetime
    captured_at: datetime | None = None
    received_at: datetime | None = None
    decided_at: datetime | None = None
    confirmed_at: datetime | None = None
    granted_at: datetime | None = None
    printed_at: datetime | None = None
    ready_at: datetime | None = None
    is_first: bool = True
    ended_at: datetime | None = None  #: rejected or closed without a card
    lent: LentWay | None = None  #: the home's office has no printer: another one prints

    @property
    def started_at(self) -> datetime | None:
        """When everything was complete; a first card is complete only with its recording."""
        if not self.is_first:
            return self.completed_at
        return None if self.captured_at is None else max(self.completed_at, self.captured_at)

    @property
    def printable_at(self) -> datetime | None:
        """From when on only printing was left: the verdict, or the word of the dinas."""
        return self.decided_at if self.is_first else self.confirmed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the clock of one request shows."""

    request: str
    office: str
    is_running: bool
    total: timedelta
    paused: Mapping[Pause, timedelta]  #: only causes that stopped it at all

    @property
    def own(self) -> timedelta:
        """What is left to the office itself when all that it could not help is taken away."""
        return self.total - sum(self.paused.values(), timedelta(0))

    @property
    def told(self) -> Mapping[Pause, timedelta]:
        """Pauses worth a word: shorter ones than a minute are nobody's reason."""
        return {cause: length for cause, length in self.paused.items() if length >= _WORTH_TELLING}

    @property
    def kept(self) -> Kept:
        if self.own <= PROMISED:
            return Kept.IN_AN_HOUR
        return Kept.IN_A_DAY if self.own <= AT_MOST else Kept.LATE


def read_clock(way: Way, *, evidence: Iterable[Evidence], now: datetime) -> Reading | None:
    """The clock of a request; None while it has not started. Each second counts for one cause."""
    started = way.started_at
    if started is None or started > now:
        return None
    end = way.ready_at or way.ended_at or now
    whole = Span(started, max(started, end))
    told = evidence_about(way, evidence)
    taken: list[Span] = []
    paused: dict[Pause, timedelta] = {}
    for cause in Pause:
        spans = [Span(*_centre(way, now))] if cause is Pause.CENTRE and way.received_at else []
        spans += [each.span for each in told if each.cause is cause]
        here = without(clip(clip(spans, _window(way, cause, now)), whole), taken)
        if here:
            paused[cause] = total(here)
            taken += here
    return Reading(
        request=way.request,
        office=way.office,
        is_running=way.ready_at is None and way.ended_at is None,
        total=whole.length,
        paused=paused,
    )


def evidence_about(way: Way, evidence: Iterable[Evidence]) -> list[Evidence]:  # positional: a pair
    """What of the evidence is about this request: that of its own office.

    Where printing is lent, the printers and blanks of the home's office count until that was
    decided and the other one's from then on; the line is the home's, where the request was taken.
    """
    lent = way.lent
    if lent is None:
        return [each for each in evidence if each.office in ("", way.office)]
    found = []
    for each in evidence:
        span: Span | None = each.span
        if each.cause in _OF_PRINTING:
            span = _before(each.span, lent.since) if each.office == lent.home else None
            span = _after(each.span, lent.since) if each.office == lent.at else span
        elif each.office not in ("", lent.home):
            span = None
        if span is not None:
            found.append(replace(each, span=span))
    return found


def _before(span: Span, moment: datetime) -> Span | None:  # positional: reads as a line
    return Span(span.since, min(span.until, moment)) if span.since < moment else None


def _after(span: Span, moment: datetime) -> Span | None:  # positional: as above
    return Span(max(span.since, moment), span.until) if span.until > moment else None


def _centre(way: Way, now: datetime) -> tuple[datetime, datetime]:  # positional: one way
    """From the centre's receipt to its verdict: both moments stand in the centre's own entries."""
    assert way.received_at is not None
    return way.received_at, max(way.received_at, way.decided_at or now)


def _window(way: Way, cause: Pause, now: datetime) -> Span | None:  # positional: one question
    """When this cause can keep a request at all: a jam does not delay a confirmation."""
    if cause is Pause.CENTRE:
        return Span(*_centre(way, now)) if way.received_at is not None else None
    if cause is Pause.LINE:
        # Until its permit is here a request needs the line, afterwards it does not.
        begin = way.started_at
        assert begin is not None
        return Span(begin, max(begin, way.granted_at or way.printed_at or now))
    assert cause in _OF_PRINTING
    if way.printable_at is None:
        return None
    return Span(way.printable_at, max(way.printable_at, way.printed_at or now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The clocks of one office, counted."""

    office: str
    finished: int
    running: int
    kept: Mapping[Kept, int]  #: of the finished
    late_running: int  #: still running and past the 24 hours by the office's own time
    own_median: timedelta | None
    total_median: timedelta | None
    paused: Mapping[Pause, timedelta]  #: summed over all requests

    @property
    def kept_percent(self) -> int | None:
        """Of the finished: how many within the 24 hours; None while nothing is finished."""
        within = self.finished - self.kept.get(Kept.LATE, 0)
        return 100 * within // self.finished if self.finished else None


def summarize(office: str, readings: Sequence[Reading]) -> Summary:  # positional: whose, what
    """Count the clocks of one office."""
    done = [each for each in readings if not each.is_running]
    running = [each for each in readings if each.is_running]
    paused: dict[Pause, timedelta] = {}
    for reading in readings:
        for cause, length in reading.paused.items():
            paused[cause] = paused.get(cause, timedelta(0)) + length
    return Summary(
        office=office,
        finished=len(done),
        running=len(running),
        kept={kept: sum(each.kept is kept for each in done) for kept in Kept},
        late_running=sum(each.kept is Kept.LATE for each in running),
        own_median=_median([each.own for each in done]),
        total_median=_median([each.total for each in done]),
        paused=paused,
    )


def _median(lengths: Sequence[timedelta]) -> timedelta | None:
    """The lower middle: a time that one of them really took."""
    return sorted(lengths)[(len(lengths) - 1) // 2] if lengths else None
