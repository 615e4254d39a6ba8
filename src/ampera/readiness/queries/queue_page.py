"""The whole order of an office's queue, and why each stands where it stands. Through a door: an
office sees whom it serves, and the look is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.readiness.models import Asked
from ampera.readiness.queries.lending import office_card
from ampera.readiness.queries.queue import (
    classes_of,
    is_served_by,
    key_of,
    printing_place,
    used_today,
    waiting_rows,
)
from ampera.readiness.queries.why_before import MoveSeen, moves_of
from ampera.readiness.rules.policy import QueueRow, QuotaClass, QuotaRow, policy
from ampera.readiness.rules.queue import day_of_turn, decider
from ampera.readiness.rules.states import RequestState
from ampera.register.queries import local_day, served_kecamatan
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

SHOWN_MAX: Final = 100
_COLUMNS: Final = ("jump", "urgency", "-is_first", "waiting_since", "request")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One place of the queue."""

    place: int
    request: str
    reason: Reason
    since: datetime | None
    is_jump: bool
    is_urgent: bool
    #: The part of the order in which it differs from the one before it; `head` for the first.
    behind: str
    quota_day: date | None  #: where a quota holds it back today
    moves: tuple[MoveSeen, ...]
    nik: str = field(repr=False)
    nama: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The order of one office as this server knows it."""

    office: OfficeCode
    lines: tuple[QueueLine, ...]
    length: int
    row: QueueRow
    quotas: QuotaRow
    limits: tuple[tuple[QuotaClass, int, int], ...]  #: class, cards a day, used today
    #: Only the dinas knows who is print ready; elsewhere the list is of all who are not granted.
    is_binding: bool


@dataclass(frozen=True, slots=True)
class RequestInQueue:
    """One request that may be put forward, with all that was decided about its place."""

    request: str
    office: OfficeCode | None  #: whose queue
    state: RequestState
    reason: Reason
    since: datetime | None
    moves: tuple[MoveSeen, ...]
    nik: str = field(repr=False)
    nama: str = field(repr=False)


def queue_page(
    officer: str, *, office: OfficeCode, purpose: str, most: int = SHOWN_MAX
) -> QueuePage | Refusal:
    """The first of a queue in their order. A kecamatan sees its own, a dinas each of its offices.

    Refuses readiness.office_unknown for every other one; an office that does not print has nobody.
    """
    here = house().code
    if office != here and not office.is_child_of(here):
        return Refusal("readiness.office_unknown", office=office.text)
    day, by = local_day(), policy()
    is_binding = here.tier is Tier.DINAS
    rows = _ordered(office, day) if is_binding else _not_granted(office)
    limits = by.limits_on(day, office=office) if is_binding else {}
    used = used_today(office, day=day, limits=limits)
    shown = list(rows[:most])
    if shown:
        record_look(officer=officer, subjects=[each.request for each in shown], purpose=purpose)
    return QueuePage(
        office=office,
        lines=tuple(_lines(shown, office=office, day=day, limits=limits, used=used)),
        length=rows.count(),
        row=by.queue_on(day),
        quotas=by.quotas_on(day),
        limits=tuple((of, most, used[of]) for of, most in sorted(limits.items())),
        is_binding=is_binding,
    )


def request_in_queue(officer: str, *, request: str, purpose: str) -> RequestInQueue | Refusal:
    """One request for who puts it forward; the look is recorded. *Not there* and *not yours* get
    one answer."""
    asked = Asked.objects.filter(pk=request).exclude(resident="").first()
    if asked is None or not is_served_by(asked, office=house().code):
        return Refusal("readiness.not_here")
    record_look(officer=officer, subjects=[request, asked.resident], purpose=purpose)
    return RequestInQueue(
        request=request,
        office=printing_place(asked, day=local_day()),
        state=RequestState(asked.state),
        reason=Reason(asked.reason),
        since=_time(asked.waiting_since),
        moves=moves_of([request]).get(request, ()),
        nik=asked.nik,
        nama=asked.nama,
    )


def _ordered(office: OfficeCode, day: date) -> QuerySet[Asked]:  # positional: that day there
    card = office_card(office)
    rows = waiting_rows(card, day=day) if card is not None else None
    return Asked.objects.none() if rows is None or isinstance(rows, Refusal) else rows


def _not_granted(office: OfficeCode) -> QuerySet[Asked]:
    served = [each.text for each in served_kecamatan(office)]
    states = [RequestState.NOT_READY, RequestState.NOT_CONFIRMED, RequestState.WAITING]
    rows = Asked.objects.filter(served_at__in=served, state__in=states).exclude(resident="")
    return rows.order_by(*_COLUMNS)


def _lines(
    rows: list[Asked],
    *,
    office: OfficeCode,
    day: date,
    limits: dict[QuotaClass, int],
    used: dict[QuotaClass, int],
) -> Iterator[QueueLine]:
    order = policy().order_on(day)
    moves = moves_of([each.request for each in rows])
    before: dict[QuotaClass, int] = dict.fromkeys(limits, 0)
    for place, row in enumerate(rows, start=1):
        bound = classes_of(row, office) & limits.keys()
        days = [
            day_of_turn(day, used=used[of], before=before[of], per_day=limits[of]) for of in bound
        ]
        turn = max(days, default=day)
        ahead = rows[place - 2] if place > 1 else None
        yield QueueLine(
            place=place,
            request=row.request,
            reason=Reason(row.reason),
            since=_time(row.waiting_since),
            is_jump=row.jump == 0,
            is_urgent=any(
                each.what == "URGENT" and each.undone_at is None
                for each in moves.get(row.request, ())
            ),
            behind=decider(key_of(ahead), key_of(row), order=order) if ahead else "head",
            quota_day=turn if turn > day else None,
            moves=moves.get(row.request, ()),
            nik=row.nik,
            nama=row.nama,
        )
        for of in bound:
            before[of] += 1


def _time(text: str) -> datetime | None:
    return utc_from_text(text) if text else None
