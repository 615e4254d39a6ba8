"""The moments of requests, read from the tables of all stations in one statement.

Planning reads everything and writes nothing there: ten thousand requests of a month asked station
by station would take a minute on a dinas's two cores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from ampera.journal import sql
from ampera.planning.rules.service_time import LentWay, Way
from ampera.readiness.queries import CardState
from ampera.readiness.queries.lending import Lent, lent_today
from ampera.register.rules.days import day_begins
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode
from ampera.words.reason import Reason


class _Row(NamedTuple):
    """A request beside one of its recordings, permits and attempts. None: not there."""

    request: str
    reason: str
    office: str
    handed_to: str
    host: str
    completed_at: str
    confirmed_at: str
    rejected_at: str
    closed_at: str
    captured_at: str | None
    received_at: str | None
    decided_at: str | None
    permit_office: str | None
    granted_at: str | None
    lent_from: str | None
    lent_at: str | None
    lent_day: str | None
    card_state: str | None
    ended: str | None
    ended_at: Any
    settled_at: Any
    result: str | None
    checked_at: Any


_WAYS: Final = """
SELECT r.id, r.reason, r.office, r.handed_to, r.host, r.completed_at, r.confirmed_at,
       r.rejected_at, r.closed_at, e.captured_at, e.received_at, v.decided_at,
       m.office, m.granted_at, m.lent_from, l.begun_at, l.since,
       c.state, t.ended, t.ended_at, t.settled_at, k.result, k.checked_at
  FROM intake_cardrequest r
  LEFT JOIN enrolment_enrolment e ON e.request = r.id AND e.captured_at <> ''
  LEFT JOIN dedup_recordverdict v ON v.enrolment = e.id
  LEFT JOIN readiness_permit m ON m.request = r.id AND m.office <> ''
  LEFT JOIN readiness_lentprinting l ON l.lending = m.lending AND m.lending <> ''
  LEFT JOIN readiness_card c ON c.card = m.card
  LEFT JOIN printing_attempt t
         ON t.card = m.card AND (t.ended = 'PRINTED' OR t.settled = 'PRINTED')
  LEFT JOIN printing_cardcheck k ON k.card = m.card
 WHERE r.taken_at <> '' AND r.completed_at <> '' AND """
_ONE: Final = f"{_WAYS}r.id = %s ORDER BY r.id"
_BETWEEN: Final = f"{_WAYS}r.completed_at >= %s AND r.completed_at < %s ORDER BY r.id"


def way_of(request: str) -> Way | None:
    """The moments of one request; None before its data were complete."""
    return next(_ways(sql.every(_ONE, request)), None)


def ways_between(since: datetime, until: datetime) -> list[Way]:  # positional: a span
    """Those of all requests known here whose data were complete within the span."""
    return list(_ways(sql.every(_BETWEEN, utc_text(since), utc_text(until))))


def _ways(found: Iterable[tuple[Any, ...]]) -> Iterator[Way]:
    rows = (_Row._make(row) for row in found)
    lent = {each.lending.home.text: each for each in lent_today()}
    return (_way(list(group), lent) for _, group in groupby(rows, key=lambda row: row.request))


def _way(rows: list[_Row], lent: Mapping[str, Lent]) -> Way:  # positional: a request, who lends
    first = rows[0]
    ready = [_moment(row.checked_at) for row in rows if row.result == "READY"]
    ready_at = min((at for at in ready if at is not None), default=None)
    printed = [
        _moment(row.ended_at if row.ended == "PRINTED" else row.settled_at)
        for row in rows
        # Until a card passes its check, one that was thrown away has ended nothing.
        if row.ended is not None and row.result != "REJECTED"
    ]
    # Nobody knows a first card's recording before it is captured; the earliest one counts.
    captured = min((row for row in rows if row.captured_at), key=_captured_at, default=first)
    granted = [row for row in rows if row.granted_at and row.card_state != CardState.ENDED]
    newest = max(granted, key=lambda row: row.granted_at or "", default=None)
    return Way(
        request=first.request,
        office=(newest.permit_office or "") if newest is not None else _served_at(first),
        completed_at=utc_from_text(first.completed_at),
        captured_at=_text(captured.captured_at),
        received_at=_text(captured.received_at),
        decided_at=_text(captured.decided_at),
        confirmed_at=_text(first.confirmed_at),
        granted_at=_text(newest.granted_at) if newest is not None else None,
        printed_at=max((at for at in printed if at is not None), default=None),
        ready_at=ready_at,
        is_first=not Reason(first.reason).is_replacement,
        ended_at=_text(first.rejected_at) or _text(first.closed_at),
        lent=_lent(newest) if newest is not None else _lent_queue(first, lent),
    )


def _lent(row: _Row) -> LentWay | None:
    """A permit says by itself for whom it was granted elsewhere."""
    if not row.lent_from or not row.lent_at or not row.lent_day:
        return None
    home, day = OfficeCode(row.lent_from), date.fromisoformat(row.lent_day)
    since = max(utc_from_text(row.lent_at), day_begins(home, day=day))
    return LentWay(home=home.text, at=row.permit_office or "", since=since)


def _lent_queue(row: _Row, lent: Mapping[str, Lent]) -> LentWay | None:  # positional: as above
    """One that still waits for its permit is printed where its office's printing is lent now."""
    found = lent.get(_served_at(row))
    if found is None or Reason(row.reason) not in found.reasons:
        return None
    told = found.lending
    since = max(utc_from_text(told.begun_at), day_begins(told.home, day=told.since))
    return LentWay(home=told.home.text, at=told.at.text, since=since)


def _captured_at(row: _Row) -> str:
    return row.captured_at or ""


def _served_at(row: _Row) -> str:
    return row.handed_to or row.office


def _text(text: str | None) -> datetime | None:
    return utc_from_text(text) if text else None


def _moment(value: Any) -> datetime | None:
    """A column of Django's, which keeps UTC: SQLite forgets to say so, or gives the text."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
