"""One request as all stations know it: its state, how far it has got, why it waits.

What the facts mean is said by the rules of the stations that they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ampera.dedup.queries import Verdict
from ampera.delivery.queries.facts import (
    FACTS_BY_ID,
    FACTS_BY_TICKET,
    Row,
    card_seen,
    is_shelf_empty,
    permit_seen,
    request_facts,
    rows_of,
    steps_of,
)
from ampera.enrolment.queries import centre_answer, recorded_as
from ampera.enrolment.rules.states import RecordingFacts, recording_state
from ampera.intake.queries import RequestFacts, RequestSeen, StateText, status_of
from ampera.intake.rules.tickets import hash_of_ticket, read_ticket
from ampera.journal.house import house
from ampera.journal.journeys import Journey, Reach, Step, journey_over
from ampera.readiness.queries import (
    CardSeen,
    CardState,
    OfficeCard,
    PermitSeen,
    PermitState,
    Wait,
    WaitCode,
)
from ampera.readiness.queries.queue import is_any_quota, quota_day
from ampera.readiness.rules.lending import lent_reasons
from ampera.readiness.rules.policy import policy
from ampera.readiness.rules.states import RequestState
from ampera.readiness.rules.waiting import LentPlace, PermitOfWait, WaitFacts, waits_of
from ampera.register.queries import OfficeSeen, local_day
from ampera.register.queries.directory import office_named, offices_and_hosts
from ampera.words import Reason, Refusal
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode, Tier

#: SIAK's word for who is not recorded yet.
_UNREGISTERED: Final = "UNREGISTERED"
_NOT_GRANTED: Final = frozenset(
    {RequestState.NOT_READY, RequestState.NOT_CONFIRMED, RequestState.WAITING}
)


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """The whole way of one request as far as this server knows it: where it is and why it waits."""

    request: RequestSeen
    text: StateText
    waits: tuple[Wait, ...]  #: every reason known here, nearest first; empty where none is known
    journey: Journey  #: how far its newest entry has got, LOCAL → CITY → CENTRE
    enrolment: str  #: record id, or empty
    permit: PermitSeen | None
    card: CardSeen | None  #: the card of this request that counts most: under way, then valid


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """What the holder of a receipt may read: no number, no whole name, no address, no record id."""

    text: StateText
    waits: tuple[Wait, ...]
    journey: Journey
    name: str = field(repr=False)  #: first letters only: `S*** A***`
    taken_at: datetime
    office: OfficeCode  #: where the card is, else who works on the request
    names: Mapping[OfficeCode, str]  #: of the offices that are spoken of, as far as known here


def case_of(found: RequestSeen) -> CaseSeen:
    """Everything that a page or a machine says of one request, gathered from all stations.

    The caller has come through a door (or with a ticket): no look is recorded here.
    """
    rows = rows_of(FACTS_BY_ID, found.id)
    case = _judged(rows, found.facts)
    return CaseSeen(
        request=found,
        text=case.text,
        waits=case.waits,
        journey=case.journey,
        enrolment=case.enrolment,
        permit=permit_seen(case.card) if case.card is not None else None,
        card=card_seen(case.card) if case.card is not None else None,
    )


def case_of_ticket(ticket: str) -> TicketSeen | Refusal:
    """What a receipt's code shows. A wrong shape and an unknown code get the same refusal.

    Reads only: a hit leaves nothing behind.
    """
    plain = read_ticket(ticket)
    # The query runs for a wrong shape too: the time must not tell the two apart.
    rows = rows_of(FACTS_BY_TICKET, hash_of_ticket(plain if plain is not None else "-"))
    if not rows:
        return Refusal("intake.no_such_ticket")
    row = rows[0]
    facts = request_facts(row)
    case = _judged([each for each in rows if each.id == row.id], facts)
    permitted = case.card.permit_office if case.card is not None else ""
    office = office_named(permitted) if permitted else facts.serving_office
    return TicketSeen(
        text=case.text,
        waits=case.waits,
        journey=case.journey,
        name=" ".join(f"{word[0]}***" for word in row.nama.split()),
        taken_at=utc_from_text(row.taken_at),
        office=office,
        names={code: each.name for code, each in case.offices.items()},
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the facts of one request come to."""

    text: StateText
    waits: tuple[Wait, ...]
    journey: Journey
    enrolment: str
    card: Row | None
    offices: Mapping[OfficeCode, OfficeSeen]


def _judged(rows: Sequence[Row], facts: RequestFacts) -> _Judged:  # positional: one request
    row = rows[0]
    kept = [
        each
        for each in rows
        if each.card is not None and each.card_state not in (CardState.ENDED, CardState.REJECTED)
    ]
    card = kept[-1] if kept else None
    captured = min(
        (each for each in rows if each.enrolment is not None),
        key=lambda each: (each.captured_at, each.enrolment),
        default=None,
    )
    enrolment = (captured.enrolment or "") if captured is not None else ""
    steps = steps_of(row.id, enrolment=enrolment, card=card)
    places = [house().code.text, facts.serving_office.text, row.served_at or ""]
    places += [row.served_at[:5]] if row.served_at else []
    places += [card.permit_office or ""] if card is not None else []
    places += [row.lending_at or "", *(each.lent_from or "" for each in rows)]
    offices = offices_and_hosts(places)
    return _Judged(
        text=status_of(facts, siak=_word_of_card(card) or _word_before(rows, captured, steps)),
        waits=_waits(rows, offices),
        journey=journey_over(steps),
        enrolment=enrolment,
        card=card,
        offices=offices,
    )


def _must_be_recorded(row: Row) -> bool:
    """A replacement for somebody of whom the centre has no recording: SIAK's first word again."""
    is_ready_for_it = bool(row.confirmed_at) and not _is_recorded(row)
    return is_ready_for_it and centre_answer(row.id) == ""


def _word_of_card(card: Row | None) -> str:
    """SIAK's word from the permit on; empty while there is none, or none any more."""
    if card is None:
        return ""
    match CardState(card.card_state):
        case CardState.VALID:
            return "CARD_ISSUED"
        case CardState.PRINTED | CardState.READY:
            return "CARD_PRINTED"
        case CardState.PERMITTED:
            is_open = not card.permit_office or card.permit_state == PermitState.OPEN
            return "PRINT_READY_RECORD" if is_open else "SENT_FOR_CARD_PRINTING"
        case CardState.VOID | CardState.ENDED | CardState.REJECTED:
            return ""


def _word_before(  # positional: one request
    rows: Sequence[Row], captured: Row | None, steps: Sequence[Step]
) -> str:
    """The word of uniqueness or recording, empty while nothing was captured."""
    verdict = min(
        ((row.judged, row.verdict) for row in rows if row.judged is not None), default=None
    )
    if verdict is not None:
        return verdict[1] or Verdict.ADJUDICATE_RECORD.value
    if captured is None:
        return _UNREGISTERED if _must_be_recorded(rows[0]) else ""
    reach = journey_over(step for step in steps if step.subject == captured.enrolment).reach
    tier = house().tier
    is_above = {
        Tier.KECAMATAN: reach is not Reach.LOCAL,
        Tier.DINAS: reach is Reach.CENTRE,
        Tier.PUSAT: True,
    }[tier]
    is_own = captured.captured_in == house().code.text
    return recording_state(
        RecordingFacts(
            is_received=bool(captured.received_at),
            is_packet_sent=tier is Tier.PUSAT or bool(captured.sent_at),
            has_entry_left=is_above if is_own else True,
        )
    ).value


def _lent(row: Row, offices: Mapping[OfficeCode, OfficeSeen]) -> LentPlace | None:  # positional
    """Where the card of a request that is not granted yet is printed, if not at its own office."""
    if row.lending_at is None or row.asked_state not in _NOT_GRANTED:
        return None
    at, home = office_named(row.lending_at), office_named(row.lending_home)
    known = offices.get(home)
    if known is None or not row.asked_reason:
        return None
    card = OfficeCard(home, known.prints_from, known.capabilities)
    reasons = lent_reasons(card, at=at, day=local_day(), by=policy())
    is_lent = row.asked_reason in reasons
    return LentPlace(office=at, home=home, why=row.lending_why) if is_lent else None


def _waits(rows: Sequence[Row], offices: Mapping[OfficeCode, OfficeSeen]) -> tuple[Wait, ...]:
    if rows[0].asked_state is None:
        return ()
    facts, day, by = _wait_facts(rows, offices), local_day(), policy()
    cards = {
        each.code: OfficeCard(each.code, each.prints_from, each.capabilities)
        for each in offices.values()
    }
    waits = waits_of(facts, day=day, by=by, offices=cards)
    for wait in waits:
        if wait.code is WaitCode.IN_QUEUE and is_shelf_empty(office_named(wait.facts["office"])):
            waits = waits_of(facts, day=day, by=by, offices=cards, is_shelf_empty=True)
    if is_any_quota() and any(wait.code is WaitCode.IN_QUEUE for wait in waits):
        turn = quota_day(rows[0].id)
        waits = waits_of(facts, day=day, by=by, offices=cards, quota_day=turn)
    return tuple(waits)


def _wait_facts(rows: Sequence[Row], offices: Mapping[OfficeCode, OfficeSeen]) -> WaitFacts:
    row = rows[0]
    latest = max(rows, key=lambda each: each.centre_order or 0)
    live = next((each for each in rows if each.is_card_live), None)
    is_recorded = _is_recorded(row)
    return WaitFacts(
        state=RequestState(row.asked_state or ""),
        reason=row.asked_reason,
        is_confirmed=bool(row.is_confirmed),
        printable_from=row.printable_from,
        host=_host(office_named(row.served_at), offices) if row.served_at else None,
        verdict=latest.centre_word or "",
        is_recorded=is_recorded,
        centre_answer=None if is_recorded else centre_answer(row.id),
        card=CardState(live.card_state) if live is not None else None,
        permit=_permit_of_wait(live) if live is not None else None,
        lent=_lent(row, offices),
    )


def _is_recorded(row: Row) -> bool:
    """A replacement is made from an earlier recording, which stands under another request."""
    is_asked = row.asked_state == RequestState.NOT_READY and Reason(row.reason).is_replacement
    return not is_asked or bool(recorded_as(row.resident))


def _permit_of_wait(live: Row) -> PermitOfWait | None:
    if live.permit is None:
        return None
    return PermitOfWait(
        office=live.permit_office,
        state=PermitState(live.permit_state),
        is_recalled=bool(live.is_recalled),
        print_until=live.print_until,
        lent_from=live.lent_from or "",
        lent_why=live.lent_why or "",
    )


def _host(served: OfficeCode, offices: Mapping[OfficeCode, OfficeSeen]) -> OfficeCode:
    found = offices.get(served)
    return found.hosted_by if found is not None and found.hosted_by is not None else served
