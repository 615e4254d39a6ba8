"""Why one request came before another, from the journal of the dinas that grants.

What was not known here when the earlier one was granted does not count, however old it is: the
order in which this server came to know its entries tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.queries import arrival_of, entries_about
from ampera.readiness.models import Asked, Permit, QueueMove, Record
from ampera.readiness.queries.lending import lending_of
from ampera.readiness.queries.queue import classes_of, printing_place, queue_office
from ampera.readiness.rules.policy import NOT_URGENT, Moved, QueueRow, QuotaClass, policy
from ampera.readiness.rules.queue import SortKey, Standing, key_of_facts, why_before
from ampera.readiness.rules.states import RequestState
from ampera.register.queries import local_day
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: What proves a place in a queue; the rest of a request's trail stands on its own page.
PROVING: Final = frozenset(
    {"request.taken/1", "request.confirmed/1", "mandate.given/1", "permit.granted/1"}
    | {"queue.urged/1", "queue.jumped/1", "queue.undone/1"}
    | {"printing.lent/1", "printing.lending_ended/1"}
)


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """One entry, as `ampera verify` finds it again: chain, place and hash."""

    kind: str
    at: datetime
    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class MoveSeen:
    """One movement in a queue: by whom, why, on what evidence, and whether it still stands."""

    move: str
    request: str
    what: Moved
    reason: str  #: a code of `policy.toml`
    evidence: str
    note: str  #: empty once its retention ended
    rank: int
    decided_at: str
    officer: str
    witness: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestStands:
    """Where one request stands or stood in its queue, and what proves it."""

    request: str
    resident: str
    reason: Reason
    office: str  #: whose queue
    state: RequestState
    key: SortKey  #: at the moment of the comparison
    is_waiting: bool  #: then, as far as was known here
    granted_at: datetime | None
    place: int  #: when it was granted; 0 before
    queue_length: int
    moves: tuple[MoveSeen, ...]
    entries: tuple[EntryPlace, ...]


@dataclass(frozen=True, slots=True)
class WhyBefore:
    """Why `first` came, or comes, before `second`."""

    first: RequestStands
    second: RequestStands
    #: jump, urgency, first_card, waiting_since, request: the part of the order that differs; or
    #: other_queue, not_waiting_then, quota; or unexplained, which is a case for the auditor.
    because: str
    at: datetime  #: the moment of the comparison: the grant of the first, or now
    row: QueueRow  #: of the policy that was in force
    quotas: tuple[tuple[QuotaClass, int], ...]
    quota_basis: str

    @property
    def is_explained(self) -> bool:
        return self.because != "unexplained"


@dataclass(frozen=True, slots=True)
class _Known:
    """One request with all that was ever said of its place."""

    asked: Asked
    permit: Permit | None
    grant: Entry | None
    entries: tuple[Entry, ...]


def why_one_before(a: str, b: str) -> WhyBefore | Refusal:  # positional: a pair
    """Of two requests, which comes first and why. The caller records who looked.

    Refuses readiness.not_here for an unknown one, readiness.same_request, and
    readiness.not_in_queue when neither waits nor was granted.
    """
    if house().tier is not Tier.DINAS:
        return Refusal("readiness.not_the_dinas", office=str(house().code))
    if a == b:
        return Refusal("readiness.same_request")
    known = [_known(each) for each in (a, b)]
    both = [each for each in known if each is not None]
    if len(both) < len(known):
        return Refusal("readiness.not_here")
    granted = [each for each in both if each.grant is not None]
    if granted:
        first = min(granted, key=_granted)
    else:
        waiting = [each for each in both if each.asked.state == RequestState.WAITING]
        if not waiting:
            return Refusal("readiness.not_in_queue")
        order = policy().order_on(local_day())
        first = min(waiting, key=lambda each: _key(each, None).parts(order))
    second = both[1] if first is both[0] else both[0]
    return _compared(first, second)


def moves_of(requests: Sequence[str]) -> dict[str, tuple[MoveSeen, ...]]:
    """Every movement of these requests, oldest first, with its note as long as it is kept."""
    rows = QueueMove.objects.filter(request__in=requests).order_by("at", "move")
    notes = {
        entry.subject: str((entry.body or {}).get("note", ""))
        for entry in entries_about([row.move for row in rows])
        if entry.kind in ("queue.urged/1", "queue.jumped/1")
    }
    found: dict[str, tuple[MoveSeen, ...]] = {}
    for row in rows:
        seen = MoveSeen(
            move=row.move,
            request=row.request,
            what=Moved(row.what),
            reason=row.reason,
            evidence=row.evidence,
            note=notes.get(row.move, ""),
            rank=row.rank,
            decided_at=row.decided_at,
            officer=row.officer,
            witness=row.witness,
            at=utc_from_text(row.at),
            undone_at=utc_from_text(row.undone_at) if row.undone_at else None,
        )
        found[row.request] = (*found.get(row.request, ()), seen)
    return found


def _known(request: str) -> _Known | None:
    asked = Asked.objects.filter(pk=request).exclude(resident="").first()
    if asked is None or not asked.reason:
        return None
    # Of several grants (a permit that came back) the first one is when its turn came.
    permits = Permit.objects.filter(request=request).exclude(office="")
    permit = permits.order_by("granted_at", "permit").first()
    subjects = [request, *QueueMove.objects.filter(request=request).values_list("move", flat=True)]
    subjects += Record.objects.filter(resident=asked.resident).values_list("mandate", flat=True)
    subjects += [permit.permit] if permit is not None else []
    subjects += _lendings_of(asked, permit)
    entries = tuple(each for each in entries_about(subjects) if each.kind in PROVING)
    grant = next((each for each in entries if each.kind == "permit.granted/1"), None)
    return _Known(asked, permit, grant, entries)


def _lendings_of(asked: Asked, permit: Permit | None) -> list[str]:  # positional: one request
    """The lending by which it stands, or stood, in the queue of another office."""
    if permit is not None:
        return [permit.lending] if permit.lending else []
    office = queue_office(asked, day=local_day())
    lending = lending_of(office, day=local_day()) if office is not None else None
    return [lending.lending] if lending is not None else []


def _granted(known: _Known) -> tuple[int, int]:
    assert known.grant is not None, "asked of who was granted only"
    told = known.grant.facts.get("queue") or {}
    return arrival_of(known.grant), told.get("place", 0)


def _compared(first: _Known, second: _Known) -> WhyBefore:  # positional: in their order
    at = first.grant.at if first.grant is not None else house().now()
    day, row, order = _rule(first, at)
    offices = [_office(each, day, first.grant) for each in (first, second)]
    told = first.grant.facts.get("queue") if first.grant is not None else None
    key = key_of_facts(first.asked.request, told["key"]) if told else _key(first, first.grant)
    is_waiting = _was_waiting(second, first.grant, day)
    quotas = policy().limits_on(day, office=OfficeCode(offices[0])) if offices[0] else {}
    counted = classes_of(second.asked, OfficeCode(offices[0])) & quotas.keys() if quotas else ()
    because = why_before(
        Standing(key=key, office=offices[0], is_waiting=True),
        Standing(
            key=_key(second, first.grant),
            office=offices[1],
            is_waiting=is_waiting,
            is_held_back=bool(counted),
        ),
        order=order,
    )
    moves = moves_of([first.asked.request, second.asked.request])
    return WhyBefore(
        first=_stands(first, (offices[0], key, True), moves),
        second=_stands(second, (offices[1], _key(second, first.grant), is_waiting), moves),
        because=because,
        at=at,
        row=row,
        quotas=tuple(sorted(quotas.items())),
        quota_basis=policy().quotas_on(day).basis,
    )


def _rule(first: _Known, at: datetime) -> tuple[date, QueueRow, tuple[str, ...]]:  # positional
    """The day of the comparison, the row of the policy, and the order that the grant names."""
    here = OfficeCode(first.permit.office) if first.permit is not None else house().code
    day = day_at(here, at=at)
    row = policy().queue_on(day)
    told = first.grant.facts.get("queue") if first.grant is not None else None
    return day, row, tuple(told["order"]) if told else row.order


def _office(known: _Known, day: date, moment: Entry | None) -> str:  # positional: then
    if known.permit is not None:
        return known.permit.office
    then = utc_text(moment.at) if moment is not None else ""
    office = printing_place(known.asked, day=day, moment=then)
    return office.text if office is not None else ""


def _was_there(entry: Entry, moment: Entry | None) -> bool:  # positional: before
    """Was this entry known here at that moment? None stands for now."""
    return moment is None or arrival_of(entry) < arrival_of(moment)


def _key(known: _Known, moment: Entry | None) -> SortKey:  # positional: at that moment
    """By what a request stood in its queue when the other one was granted."""
    asked = known.asked
    there = [each for each in known.entries if _was_there(each, moment)]
    undone = {each.subject for each in there if each.kind == "queue.undone/1"}
    urged = [
        each.facts["rank"]
        for each in there
        if each.kind == "queue.urged/1" and each.subject not in undone
    ]
    jumps = [each for each in there if each.kind == "queue.jumped/1" and each.subject not in undone]
    taken = any(each.kind == "request.taken/1" for each in there)
    given = [utc_text(each.at) for each in there if _is_own_mandate(each, asked.request)]
    return SortKey(
        request=asked.request,
        # Before the counter's entry came, only the centre's mandate told of the request.
        waiting_since=asked.waiting_since if taken or not given else min(given),
        is_first=asked.is_first,
        is_jump=bool(jumps),
        urgency=min(urged, default=NOT_URGENT),
    )


def _is_own_mandate(entry: Entry, request: str) -> bool:  # positional: a pair
    return entry.kind == "mandate.given/1" and entry.facts["request"] == request


def _was_waiting(known: _Known, moment: Entry | None, day: date) -> bool:  # positional: then
    """Was it print ready, confirmed and of age, as far as was known here at that moment?"""
    asked = known.asked
    if known.grant is None and asked.state != RequestState.WAITING:
        return False
    if asked.printable_from and asked.printable_from > day.isoformat():
        return False
    there = [each for each in known.entries if _was_there(each, moment)]
    if any(_is_own_mandate(each, asked.request) for each in there):
        return True
    kinds = {each.kind for each in there}
    return {"mandate.given/1", "request.confirmed/1"} <= kinds


def _stands(  # positional: one of the two
    known: _Known, told: tuple[str, SortKey, bool], moves: dict[str, tuple[MoveSeen, ...]]
) -> RequestStands:
    asked, permit = known.asked, known.permit
    office, key, is_waiting = told
    return RequestStands(
        request=asked.request,
        resident=asked.resident,
        reason=Reason(asked.reason),
        office=office,
        state=RequestState(asked.state),
        key=key,
        is_waiting=is_waiting,
        granted_at=known.grant.at if known.grant is not None else None,
        place=permit.place if permit is not None else 0,
        queue_length=permit.queue_length if permit is not None else 0,
        moves=moves.get(asked.request, ()),
        entries=tuple(
            EntryPlace(each.kind, each.at, str(each.chain), each.seq, each.hash)
            for each in known.entries
        ),
    )
