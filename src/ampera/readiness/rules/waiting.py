"""Which reasons keep a card from its holder's hand, from the facts of one request. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.readiness.rules.policy import OfficeCard, Policy, printing_tier, reasons_printed
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.readiness.rules.waits import Wait, WaitCode
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

READY_VERDICT: Final = "PRINT_READY_RECORD"
#: The reason of a lending that has its own sentence.
PRINTER_DOWN: Final = "PRINTER_DOWN"
#: States that say all by themselves.
_PLAIN: Final = {
    RequestState.DELIVERED: WaitCode.DELIVERED,
    RequestState.REJECTED: WaitCode.REQUEST_REJECTED,
    RequestState.CLOSED: WaitCode.CLOSED,
    RequestState.OTHER_CARD: WaitCode.OTHER_CARD,
    RequestState.HAS_CARD: WaitCode.HAS_CARD,
}
_IN_WORK: Final = {
    RequestState.ON_ITS_WAY,
    RequestState.NOT_READY,
    RequestState.NOT_CONFIRMED,
    RequestState.WAITING,
}
assert set(_PLAIN) | _IN_WORK == set(RequestState)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitOfWait:
    """What is asked about the permit of a card under way; `office` is empty before its grant."""

    office: str
    state: PermitState
    is_recalled: bool
    print_until: str  #: ISO date, empty before its grant
    lent_from: str = ""  #: the home's office, where another one prints for it
    lent_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LentPlace:
    """Where a waiting card is printed while the home's office cannot, and why (a policy code)."""

    office: OfficeCode
    home: OfficeCode
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFacts:
    """All that decides why a request waits, as far as one server knows it."""

    state: RequestState
    reason: str  #: empty while only others told of the request
    is_confirmed: bool
    printable_from: str  #: ISO date, empty without one
    host: OfficeCode | None  #: the office that serves the request's kecamatan
    verdict: str  #: the centre's latest word, empty without one
    #: Is a recording of the resident known here? A replacement is made from one that is there.
    is_recorded: bool = True
    #: The centre's answer where none is known here: the office that recorded the resident, empty
    #: where nobody did; None while it looks.
    centre_answer: str | None = None
    card: CardState | None = None  #: of the card under way
    permit: PermitOfWait | None = None  #: of the card under way
    lent: LentPlace | None = None  #: while it waits and its office's printing is lent


def waits_of(
    facts: WaitFacts,
    *,
    day: date,
    by: Policy,
    offices: Mapping[OfficeCode, OfficeCard],
    is_shelf_empty: bool = False,
    quota_day: date | None = None,
) -> list[Wait]:
    """Every reason, nearest first.

    `offices` describes the office that would print, where it is known; `is_shelf_empty` is said
    of it, and `quota_day` is the day on which its quotas let the request through, if not today.
    """
    if facts.state in _PLAIN:
        return [Wait(_PLAIN[facts.state])]
    if facts.state is RequestState.ON_ITS_WAY:
        return [_on_its_way(facts, day), *_elsewhere(facts)]
    # A kecamatan is told the verdict, not the mandate: the queue itself stands at the dinas.
    if facts.state is not RequestState.WAITING and facts.verdict != READY_VERDICT:
        return _before_ready(facts)
    found = _before_permit(facts, day=day, by=by, offices=offices)
    office = printing_office(facts, day=day, by=by)
    if is_shelf_empty and office is not None:
        found.append(Wait(WaitCode.WAITING_FOR_BLANKO, {"office": office.text}))
    if not found and quota_day is not None and office is not None:
        told = {"office": office.text, "day": quota_day.isoformat()}
        found.append(Wait(WaitCode.QUOTA_TODAY, told))
    found = found or [Wait(WaitCode.IN_QUEUE, {"office": office.text if office else ""})]
    return found + _elsewhere(facts)


def _elsewhere(facts: WaitFacts) -> list[Wait]:
    """That the card is made at another office than the home's, and why; nothing where it is not."""
    if facts.permit is not None and facts.permit.lent_from:
        place = (facts.permit.office, facts.permit.lent_from, facts.permit.lent_why)
    elif facts.permit is None and facts.lent is not None:
        place = (facts.lent.office.text, facts.lent.home.text, facts.lent.why)
    else:
        return []
    code = WaitCode.LENT_PRINTER_DOWN if place[2] == PRINTER_DOWN else WaitCode.LENT
    return [Wait(code, {"office": place[0], "home": place[1]})]


def printing_office(facts: WaitFacts, *, day: date, by: Policy) -> OfficeCode | None:
    """Who would print the card on that day: the host of its kecamatan, the office to which that
    one's printing is lent, or the host's dinas."""
    if facts.host is None or not facts.reason:
        return None
    if facts.lent is not None:
        return facts.lent.office
    if printing_tier(Reason(facts.reason), day=day, by=by) is Tier.KECAMATAN:
        return facts.host
    return OfficeCode(facts.host.text[:5])


def _before_ready(facts: WaitFacts) -> list[Wait]:
    found = [] if facts.is_confirmed else [Wait(WaitCode.WAITING_FOR_CONFIRMATION)]
    if facts.verdict:
        return [*found, Wait(WaitCode.VERDICT, {"verdict": facts.verdict})]
    if facts.state is RequestState.NOT_READY:
        is_replacement = bool(facts.reason) and Reason(facts.reason).is_replacement
        lacks_recording = is_replacement and not facts.is_recorded
        # Nothing of it lies at the centre to be proved unique: nobody would ever answer.
        found.append(_of_recording(facts) if lacks_recording else Wait(WaitCode.WAITING_FOR_CENTRE))
    return found


def _of_recording(facts: WaitFacts) -> Wait:
    """What the centre said of a recording that is not known here."""
    if facts.centre_answer is None:
        return Wait(WaitCode.NOT_RECORDED)
    if not facts.centre_answer:
        return Wait(WaitCode.RECORD_FIRST)
    return Wait(WaitCode.RECORDED_ELSEWHERE, {"office": facts.centre_answer})


def _before_permit(
    facts: WaitFacts, *, day: date, by: Policy, offices: Mapping[OfficeCode, OfficeCard]
) -> list[Wait]:
    found = []
    if facts.printable_from and date.fromisoformat(facts.printable_from) > day:
        found.append(Wait(WaitCode.UNDER_AGE, {"day": facts.printable_from}))
    office = printing_office(facts, day=day, by=by)
    where = office.text if office is not None else ""
    card = offices.get(office) if office is not None else None
    reasons = reasons_printed(card, day=day, by=by) if card is not None else None
    if isinstance(reasons, Refusal) and reasons.code == "readiness.office_not_open":
        opens = str(reasons.facts["day"])
        found.append(Wait(WaitCode.OFFICE_NOT_OPEN, {"office": where, "day": opens}))
    elif reasons is None or isinstance(reasons, Refusal) or not _is_printed(facts, day, by):
        found.append(Wait(WaitCode.OFFICE_CANNOT_PRINT, {"office": where}))
    return found


def _is_printed(facts: WaitFacts, day: date, by: Policy) -> bool:  # positional: as above
    return printing_tier(Reason(facts.reason), day=day, by=by) is not None


def _on_its_way(facts: WaitFacts, day: date) -> Wait:  # positional: the facts and their day
    permit = facts.permit
    where = {"office": permit.office if permit is not None else ""}
    assert facts.card is not None, "a request on its way has a card under way"
    if facts.card is CardState.READY:
        return Wait(WaitCode.READY_TO_COLLECT, where)
    if facts.card is CardState.PRINTED:
        return Wait(WaitCode.TO_BE_CHECKED)
    if permit is None:
        return Wait(WaitCode.PRINTING, where)
    if permit.state in (PermitState.DISPUTED, PermitState.SUSPECT):
        return Wait(WaitCode.IN_DISPUTE)
    if permit.state is PermitState.IN_ATTEMPT:
        return Wait(WaitCode.PRINTING, where)
    if permit.is_recalled:
        return Wait(WaitCode.RECALLED, where)
    if date.fromisoformat(permit.print_until) < day:
        return Wait(WaitCode.PERMIT_EXPIRED, {**where, "day": permit.print_until})
    return Wait(WaitCode.PERMITTED, where)
