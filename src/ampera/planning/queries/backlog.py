"""The backlog at a cut-off time, counted by the database in one statement.

Only facts with the time of their entry are read, never a state that a later entry overwrote: what
is counted for a past moment today is what was counted then, once all entries of that time are here.
Planning reads the tables of all stations; asked one by one, 100,000 cases would take minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from ampera.journal import sql
from ampera.journal.house import house
from ampera.planning.rules.backlog import (
    AGE_STEPS_DAYS,
    BacklogRow,
    CardSeen,
    CaseFacts,
    CityBacklog,
    Part,
    Place,
    place_of,
)
from ampera.readiness.rules.policy import policy, printing_tier
from ampera.register.rules.days import zone_of
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason

#: `%s` is the cut-off wherever it stands in the first part of the statement.
_OPEN: Final = """
WITH open_request AS (
  SELECT r.id, r.resident, r.reason, r.taken_at, r.is_nik_known,
         CASE WHEN r.handed_at <> '' AND r.handed_at <= %s AND LENGTH(r.handed_to) = 8
              THEN r.handed_to
              WHEN LENGTH(r.host) = 8 THEN r.host ELSE SUBSTR(r.home, 1, 8) END AS office,
         CASE WHEN r.completed_at <> '' AND r.completed_at <= %s THEN 1 ELSE 0 END AS completed,
         CASE WHEN r.confirmed_at <> '' AND r.confirmed_at <= %s THEN 1 ELSE 0 END AS confirmed,
         CASE WHEN CAST(r.missing AS TEXT) <> '[]' THEN 1 ELSE 0 END AS lacks,
         CASE WHEN r.rejected_at <> '' AND r.rejected_at <= %s THEN 1 ELSE 0 END AS rejected
    FROM intake_cardrequest r
   WHERE r.taken_at <> '' AND r.taken_at <= %s
     AND (r.closed_at = '' OR r.closed_at > %s)
),
"""
#: What was said of every card of these residents. What only the holder of a permit may say is
#: believed of the holder alone, as in readiness.
_CARDS: Final = """
whose AS (
  SELECT DISTINCT c.card, c.resident, c.request, c.permit, COALESCE(p.office, '') AS office,
         CASE WHEN p.permit IS NULL THEN 0 ELSE 1 END AS granted
    FROM open_request o
    JOIN readiness_card c ON c.resident = o.resident
    LEFT JOIN readiness_permit p
           ON p.permit = c.permit AND p.granted_at <> '' AND p.granted_at <= %s
),
said AS (
  SELECT c.card, w.said, w.origin FROM whose c
    JOIN readiness_word w ON w.card = c.card WHERE w.at <= %s
  UNION ALL
  SELECT c.card, w.said, w.origin FROM whose c
    JOIN readiness_word w ON w.permit = c.permit
   WHERE c.permit <> '' AND w.card = '' AND w.at <= %s
),
bits AS (
  SELECT c.card, c.resident, c.request, c.office, c.granted, COUNT(s.said) AS words,
    MAX(CASE WHEN s.said IN ('REPLACED', 'LOST', 'BLOCKED', 'DIED', 'ANNULLED', 'NOT_MADE',
                             'UNCOLLECTED', 'DESTROYED') THEN 1 ELSE 0 END) AS voided,
    MAX(CASE WHEN s.said IN ('RETURNED', 'FORFEITED') THEN 1 ELSE 0 END) AS given_back,
    MAX(CASE WHEN s.said IN ('HANDED_OVER', 'IMPORTED') THEN 1 ELSE 0 END) AS held,
    MAX(CASE WHEN s.said = 'HANDED_OVER' THEN 1 ELSE 0 END) AS handed,
    MAX(CASE WHEN s.said = 'NOT_MADE' THEN 1 ELSE 0 END) AS not_made,
    MAX(CASE WHEN s.said = 'REJECTED' THEN 1 ELSE 0 END) AS rejected,
    MAX(CASE WHEN s.said = 'READY' THEN 1 ELSE 0 END) AS ready,
    MAX(CASE WHEN s.said = 'PRINTED' THEN 1 ELSE 0 END) AS printed,
    MAX(CASE WHEN s.said IN ('DISPUTE', 'SUSPECTED') THEN 1 ELSE 0 END) AS disputed,
    MAX(CASE WHEN s.said IN ('DIED', 'ANNULLED') THEN 1 ELSE 0 END) AS ends_all,
    MAX(CASE WHEN s.said IN ('BLOCKED', 'UNCOLLECTED') THEN 1 ELSE 0 END) AS ends_own
    FROM whose c
    LEFT JOIN said s ON s.card = c.card
     AND (c.office = '' OR c.office = s.origin OR s.said NOT IN
          ('OPENED', 'PRINTED', 'SPOILED', 'UNKNOWN', 'WITHDRAWN', 'SHELF', 'DISPUTE', 'READY',
           'REJECTED', 'RETURNED', 'SUSPECTED'))
   GROUP BY c.card, c.resident, c.request, c.office, c.granted
),
state AS (
  SELECT b.*,
    CASE WHEN voided = 1 OR (given_back = 1 AND printed = 1) THEN 'VOID'
         WHEN given_back = 1 THEN 'ENDED' WHEN held = 1 THEN 'VALID'
         WHEN rejected = 1 THEN 'REJECTED' WHEN ready = 1 THEN 'READY'
         WHEN printed = 1 THEN 'PRINTED' WHEN disputed = 1 THEN 'DISPUTED'
         ELSE 'PERMITTED' END AS state
    FROM bits b WHERE granted = 1 OR words > 0
),
seen AS (
  SELECT o.id AS request,
    MAX(CASE WHEN s.request = o.id AND s.state IN ('READY', 'PRINTED', 'DISPUTED', 'PERMITTED')
             THEN s.state ELSE '' END) AS card,
    MAX(CASE WHEN s.request = o.id AND s.state IN ('READY', 'PRINTED', 'DISPUTED', 'PERMITTED')
             THEN s.office ELSE '' END) AS at_office,
    MAX(CASE WHEN (s.request <> o.id AND s.state IN ('READY', 'PRINTED', 'DISPUTED', 'PERMITTED'))
               OR (s.state = 'VOID' AND s.given_back = 0 AND s.not_made = 0 AND s.held = 0
                   AND s.printed = 0) THEN 1 ELSE 0 END) AS barred,
    MAX(CASE WHEN s.request <> o.id AND s.state = 'VALID' THEN 1 ELSE 0 END) AS valid,
    MAX(CASE WHEN s.request <> o.id AND s.ends_own = 1 THEN 1 ELSE 0 END) AS anew,
    MAX(CASE WHEN s.ends_all = 1 OR (s.request = o.id AND (s.ends_own = 1 OR s.handed = 1))
             THEN 1 ELSE 0 END) AS closed
    FROM open_request o JOIN state s ON s.resident = o.resident
   GROUP BY o.id
),
"""
#: Recordings, verdicts, the centre's answer about an older one, and mandates.
_LINE: Final = """
recorded AS (
  SELECT o.id AS request, 1 AS captured,
    MAX(CASE WHEN e.received_at <> '' AND e.received_at <= %s THEN 1 ELSE 0 END) AS received
    FROM open_request o JOIN enrolment_enrolment e ON e.request = o.id
   WHERE e.captured_at <> '' AND e.captured_at <= %s GROUP BY o.id
),
judged AS (
  SELECT o.id AS request,
    MAX(CASE WHEN v.asked_at <> '' AND v.asked_at <= %s THEN 1 ELSE 0 END) AS asked,
    MAX(CASE WHEN v.decided_at <> '' AND v.decided_at <= %s THEN v.verdict ELSE '' END) AS verdict
    FROM open_request o JOIN dedup_recordverdict v ON v.request = o.id GROUP BY o.id
),
mandated AS (
  SELECT o.id AS request, MAX(CASE WHEN m.request = o.id THEN 1 ELSE 0 END) AS own
    FROM open_request o JOIN readiness_record m ON m.resident = o.resident
   WHERE m.at <= %s GROUP BY o.id
)
"""
_COUNT: Final = """
SELECT o.office, o.reason, o.completed, o.lacks, o.is_nik_known, o.confirmed,
       COALESCE(e.captured, 0), COALESCE(e.received, 0), COALESCE(v.asked, 0),
       COALESCE(v.verdict, ''), l.recorded_at, CASE WHEN m.request IS NULL THEN 0 ELSE 1 END,
       COALESCE(m.own, 0), COALESCE(s.anew, 0), COALESCE(s.card, ''), COALESCE(s.barred, 0),
       COALESCE(s.valid, 0), COALESCE(s.at_office, ''), COUNT(*), MIN(o.taken_at),
       SUM(CASE WHEN o.taken_at > %s THEN 1 ELSE 0 END),
       SUM(CASE WHEN o.taken_at > %s THEN 1 ELSE 0 END),
       SUM(CASE WHEN o.taken_at > %s THEN 1 ELSE 0 END)
  FROM open_request o
  LEFT JOIN seen s ON s.request = o.id
  LEFT JOIN recorded e ON e.request = o.id
  LEFT JOIN judged v ON v.request = o.id
  LEFT JOIN mandated m ON m.request = o.id
  LEFT JOIN enrolment_lookedup l ON l.request = o.id AND l.at <= %s
 WHERE COALESCE(s.closed, 0) = 0 AND (o.rejected = 0 OR COALESCE(s.card, '') <> '')
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
"""
_BEFORE_AGES: Final = _OPEN + _CARDS + _LINE
_STATEMENT: Final = _BEFORE_AGES + _COUNT


class _Row(NamedTuple):
    """One group of requests with the same facts."""

    office: str
    reason: str
    is_completed: int
    lacks_papers: int
    is_nik_known: int
    is_confirmed: int
    is_captured: int
    is_received: int
    is_asked: int
    verdict: str
    found_at: str | None
    has_record: int
    is_own_record: int
    asks_anew: int
    card: str
    is_barred: int
    has_valid: int
    at: str
    cases: int
    oldest: str
    within_1: int
    within_2: int
    within_3: int


def backlog_at(cutoff: datetime | None = None) -> CityBacklog:
    """The backlog of all offices whose requests this server knows, at a moment (default: now).

    At a dinas: the city. Rows are counts of requests by serving kecamatan (`row.office`), place of
    the card (`row.at`: the office that prints or printed it), reason, and place in the backlog
    (`row.place`: part, why, who must act), with ages; no person and no request is named.

    A request counts from the moment it was taken until its card was handed over, or it was
    rejected (unless its card was under way already) or ended. It stands in exactly one part: READY
    (a PRINT_READY_RECORD under mandate, no card printed; residents not yet 17 are counted too,
    because SIAK's PRR says so and their birthday is not kept once the card is theirs), NOT_READY,
    or PRINTED.

    `backlog_at(t).need(office)` is the number of blanks an office could use at once. Any past
    moment may be asked; the answer is the one of that moment plus what reached this server later
    from offices that were cut off then. One statement, whatever the city's size.
    """
    moment = cutoff or house().now()
    text = utc_text(moment)
    ages = [utc_text(moment - timedelta(days=days)) for days in AGE_STEPS_DAYS]
    values = [text] * _BEFORE_AGES.count("%s") + [*ages, text]
    found: dict[tuple[Any, ...], list[_Row]] = {}
    printing = _printing_offices(moment)
    for row in map(_Row._make, sql.every(_STATEMENT, *values)):
        place = place_of(_facts(row))
        reason = Reason(row.reason)
        at = OfficeCode(row.at) if row.at else printing(row.office, reason)
        key = (row.office, at, reason, place.part, place.why, place.actor)
        found.setdefault(key, []).append(row)
    rows = [_counted(key, group) for key, group in found.items()]
    rows.sort(key=lambda each: (each.office, each.at, each.reason, each.place.why))
    return CityBacklog(moment, tuple(rows))


def _facts(row: _Row) -> CaseFacts:
    return CaseFacts(
        reason=Reason(row.reason),
        is_completed=bool(row.is_completed),
        lacks_papers=bool(row.lacks_papers),
        is_nik_known=bool(row.is_nik_known),
        is_confirmed=bool(row.is_confirmed),
        is_captured=bool(row.is_captured),
        is_received=bool(row.is_received),
        is_asked=bool(row.is_asked),
        verdict=row.verdict,
        found_at=row.found_at,
        has_record=bool(row.has_record),
        is_own_record=bool(row.is_own_record),
        asks_anew=bool(row.asks_anew),
        card=CardSeen(row.card),
        is_barred=bool(row.is_barred),
        has_valid=bool(row.has_valid),
    )


def _counted(key: tuple[Any, ...], group: Iterable[_Row]) -> BacklogRow:  # positional: a pair
    office, at, reason, part, why, actor = key
    rows = list(group)
    count = sum(row.cases for row in rows)
    within = [sum(each) for each in zip(*(row[-3:] for row in rows), strict=True)]
    steps = [0, *within, count]
    return BacklogRow(
        office=OfficeCode(office),
        at=at,
        reason=reason,
        place=Place(Part(part), why, actor),
        count=count,
        ages=tuple(steps[i + 1] - steps[i] for i in range(len(steps) - 1)),
        oldest=utc_from_text(min(row.oldest for row in rows)),
    )


def _printing_offices(moment: datetime) -> Any:
    """Who prints a reason for a kecamatan by the policy of that day; the dinas where nobody else
    does."""
    rows = policy()

    def printing(office: str, reason: Reason) -> OfficeCode:  # positional: whose, what
        code = OfficeCode(office)
        day = moment.astimezone(zone_of(code)).date()
        tier = printing_tier(reason, day=day, by=rows)
        return code if tier is Tier.KECAMATAN else OfficeCode(office[:5])

    return printing
