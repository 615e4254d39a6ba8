"""The clocks of requests, one by one and by office: own delay apart from everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ampera.journal.house import house
from ampera.planning.queries.evidence import evidence_for
from ampera.planning.queries.ways import way_of, ways_between
from ampera.planning.rules.service_time import (
    Evidence,
    Reading,
    Summary,
    Way,
    evidence_about,
    read_clock,
    summarize,
)

#: So many of the slowest are named in a report.
WORST_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """The clocks of one office in a span of time, and what stopped it meanwhile."""

    summary: Summary
    worst: tuple[Reading, ...]  #: running or late by the office's own time, the slowest first
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """The clock of one request with the evidence that stopped it."""

    way: Way
    reading: Reading
    evidence: tuple[Evidence, ...]


def clock_of(request: str) -> ClockSeen | None:
    """The clock of one request; None while its papers, data and recording are not complete."""
    way = way_of(request)
    if way is None or way.started_at is None:
        return None
    now = house().now()
    until = way.ready_at or way.ended_at or now
    told = _evidence_of([way], since=way.started_at, until=max(way.started_at, until))
    reading = read_clock(way, evidence=told, now=now)
    if reading is None:
        return None
    about = evidence_about(way, told)
    return ClockSeen(way, reading, tuple(each for each in about if each.cause in reading.paused))


def _evidence_of(ways: Sequence[Way], *, since: datetime, until: datetime) -> list[Evidence]:
    """What stopped the offices of these requests, and those that print for them."""
    offices = {way.office for way in ways}
    for way in ways:
        if way.lent is not None:
            offices |= {way.lent.home, way.lent.at}
    told: list[Evidence] = []
    for office in sorted(offices):
        told += evidence_for(office, since=since, until=until)
    return told


def reports(*, since: datetime, until: datetime) -> list[OfficeReport]:
    """One report for each office with a request in the span, by code.

    A kecamatan knows its own only, a dinas all of its city. A request belongs to the span in which
    its data were complete.
    """
    now = house().now()
    by_office: dict[str, list[Way]] = {}
    for way in ways_between(since, until):
        by_office.setdefault(way.office, []).append(way)
    return [_report(office, by_office[office], now=now) for office in sorted(by_office)]


def report(office: str, *, since: datetime, until: datetime) -> OfficeReport:
    """The report of one office, empty where it had no request."""
    ways = [way for way in ways_between(since, until) if way.office == office]
    return _report(office, ways, now=house().now())


def _report(office: str, ways: Sequence[Way], *, now: datetime) -> OfficeReport:
    begin = min((way.completed_at for way in ways), default=now)
    told = _evidence_of(ways, since=min(begin, now), until=now) if ways else []
    readings = [
        reading for way in ways if (reading := read_clock(way, evidence=told, now=now)) is not None
    ]
    slow = sorted(readings, key=_own, reverse=True)
    own = tuple(each for each in told if each.office == office)
    return OfficeReport(summarize(office, readings), tuple(slow[:WORST_MAX]), own)


def _own(reading: Reading) -> tuple[timedelta, str]:
    return reading.own, reading.request
