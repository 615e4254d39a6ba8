"""The facts of one request, read from all stations in three statements.

It is the only place that reads tables of other stations: a dinas of two cores answers for everybody
with a receipt, and asking each station in turn took fifteen statements. Nothing is judged here.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final, NamedTuple

from ampera.blanko.rules import stock_of
from ampera.intake.queries import RequestFacts
from ampera.journal import sql
from ampera.journal.house import house
from ampera.journal.journeys import STEPS, Step
from ampera.readiness.queries import CardSeen, CardState, PermitSeen, PermitState
from ampera.register.queries import local_day
from ampera.register.queries.directory import office_named
from ampera.words import Reason
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode


class Row(NamedTuple):
    """One line of the first statement: the request beside one of its recordings, verdicts and
    cards. What is not there is None.
    """

    id: str
    resident: str
    reason: str
    office: str
    home: str
    host: str
    missing: str
    is_nik_known: bool
    nama: str
    taken_at: str
    completed_at: str
    confirmed_at: str
    rejected_why: str
    handed_to: str
    closed_at: str
    enrolment: str | None
    captured_at: str
    captured_in: str
    received_at: str
    sent_at: str | None
    judged: str | None  #: the recording that has a verdict
    verdict: str
    asked_state: str | None
    asked_reason: str
    is_confirmed: bool
    printable_from: str
    served_at: str
    centre_order: int | None
    centre_word: str
    card: str | None
    rank: str
    card_state: str
    card_permit: str
    permit: str | None
    permit_office: str
    permit_state: str
    is_recalled: bool
    print_until: str
    granted_at: str
    version: str
    replaces: str
    lent_from: str
    lent_why: str
    lending_at: str | None  #: where its office's cards are printed today, while that one cannot
    lending_home: str
    lending_why: str

    @property
    def is_card_live(self) -> bool:
        return self.card is not None and CardState(self.card_state).is_live


_FACTS: Final = """
SELECT r.id, r.resident, r.reason, r.office, r.home, r.host, r.missing, r.is_nik_known, r.nama,
       r.taken_at, r.completed_at, r.confirmed_at, r.rejected_why, r.handed_to, r.closed_at,
       e.id, e.captured_at, e.office, e.received_at, p.sent_at, v.enrolment, v.verdict,
       a.state, a.reason, a.is_confirmed, a.printable_from, a.served_at, w."order", w.verdict,
       c.card, c.rank, c.state, c.permit, m.permit, m.office, m.state, m.is_recalled,
       m.print_until, m.granted_at, m.version, m.replaces, m.lent_from, m.lent_why,
       l."at", l.home, l.why
  FROM intake_cardrequest r
  LEFT JOIN enrolment_enrolment e ON e.request = r.id AND e.captured_at <> ''
  LEFT JOIN enrolment_packet p ON p.id = e.packet
  LEFT JOIN dedup_recordverdict v ON v.request = r.id
  LEFT JOIN readiness_asked a ON a.request = r.id AND a.resident <> ''
  LEFT JOIN readiness_verdict w ON w.request = r.id
  LEFT JOIN readiness_card c ON c.resident = r.resident AND c.request = r.id
  LEFT JOIN readiness_permit m ON m.permit = c.permit
  LEFT JOIN readiness_lentprinting l ON l.home = COALESCE(
            (SELECT CASE WHEN o.hosted_by = '' THEN o.code ELSE o.hosted_by END
               FROM register_office o WHERE o.code = a.served_at),
            (SELECT CASE WHEN o.hosted_by = '' THEN o.code ELSE o.hosted_by END
               FROM register_officecopy o WHERE o.code = a.served_at), a.served_at)
        AND l.begun_at <> '' AND l.ended_at = '' AND l.since <= %s AND l.until >= %s
 WHERE r.taken_at <> '' AND """
FACTS_BY_ID: Final = f"{_FACTS}r.id = %s"
FACTS_BY_TICKET: Final = f"{_FACTS}r.ticket_hash = %s"
#: Of one card: its attempts are subjects of entries, too.
STEPS_OF_CASE: Final = STEPS + (  # noqa: S608 - values go in as parameters
    "(SELECT %s UNION ALL SELECT %s UNION ALL SELECT %s UNION ALL SELECT %s"
    " UNION ALL SELECT t.id FROM printing_attempt t WHERE t.card = %s)"
)
ONE_ON_SHELF: Final = "SELECT 1 FROM blanko_item WHERE place = %s AND count > 0 LIMIT 1"


def rows_of(statement: str, key: str) -> list[Row]:  # positional: a statement and its one value
    """The facts, smallest rank of the cards first; of two requests with one code the same one
    always."""
    day = local_day().isoformat()
    rows = [Row._make(row) for row in sql.read(statement, day, day, key)]
    return sorted(rows, key=lambda row: (row.id, row.rank or "")) if len(rows) > 1 else rows


def steps_of(request: str, *, enrolment: str, card: Row | None) -> list[Step]:
    """The places of all entries about a request, its recording, its card and what became of it."""
    # What is not there is asked for as the request: an empty name could be somebody's subject.
    name, permit = (card.card, card.card_permit) if card is not None else ("", "")
    wanted = (each or request for each in (request, enrolment, name, permit, name))
    rows = sql.read(STEPS_OF_CASE, *wanted)
    return [Step._make(row) for row in rows]


def is_shelf_empty(office: OfficeCode) -> bool:
    """Only the books of this office and of those directly below are told to a server."""
    here = house().code
    is_told = office == here or office.is_child_of(here)
    return is_told and not sql.read(ONE_ON_SHELF, stock_of(office))


def request_facts(row: Row) -> RequestFacts:
    return RequestFacts(
        id=row.id,
        resident=row.resident,
        reason=Reason(row.reason),
        office=office_named(row.office),
        home=office_named(row.home),
        host=office_named(row.host),
        missing=tuple(_list(row.missing)),
        is_nik_known=bool(row.is_nik_known),
        is_completed=bool(row.completed_at),
        is_confirmed=bool(row.confirmed_at),
        rejected_why=row.rejected_why,
        handed_to=row.handed_to,
        is_closed=bool(row.closed_at),
    )


def _list(text: Any) -> list[str]:
    found: list[str] = json.loads(text) if isinstance(text, str) else text
    return found


def card_seen(row: Row) -> CardSeen:
    return CardSeen(
        card=row.card or "",
        resident=row.resident,
        request=row.id,
        permit=row.card_permit,
        state=CardState(row.card_state),
    )


def permit_seen(row: Row) -> PermitSeen | None:
    """None when its grant is not known here."""
    if not row.permit_office or row.permit is None:
        return None
    return PermitSeen(
        permit=row.permit,
        card=row.card or "",
        resident=row.resident,
        request=row.id,
        version=row.version,
        replaces=row.replaces or None,
        office=office_named(row.permit_office),
        print_until=date.fromisoformat(row.print_until),
        granted_at=utc_from_text(row.granted_at),
        state=PermitState(row.permit_state),
        is_recalled=bool(row.is_recalled),
        lent_from=row.lent_from or "",
    )
