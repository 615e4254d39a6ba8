"""What others may see of the uniqueness check.

Nothing disappears: both sides of a duplicate are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, Q, QuerySet

from ampera.dedup.models import OnePrintReady, RecordVerdict
from ampera.dedup.rules import Verdict
from ampera.enrolment.queries import EnrolmentSeen, enrolment_of, enrolment_seen, state_of
from ampera.words.clock import utc_from_text
from ampera.words.refusal import Refusal

PAGE_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class VerdictSeen:
    """The verdict on one recording, as known here."""

    enrolment: str
    request: str
    resident: str
    verdict: Verdict
    of: str | None  #: the other recording of a duplicate or an adjudication
    order: int
    arrival: int  #: 0 where it was not told
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class BothSides:
    """A verdict that names two recordings, with both of them as far as they are known here."""

    verdict: VerdictSeen
    later: EnrolmentSeen | None
    earlier: EnrolmentSeen | None


def verdict_of(enrolment: str) -> VerdictSeen | None:
    """The verdict on a recording; None while there is none here.

    The final word outranks the call.
    """
    row = RecordVerdict.objects.filter(pk=enrolment).first()
    return _seen(row) if row is not None else None


def verdict_of_request(request: str) -> VerdictSeen | None:
    """The verdict on the recording that was made for a request."""
    row = RecordVerdict.objects.filter(request=request).order_by("enrolment").first()
    return _seen(row) if row is not None else None


def siak_word_of(request: str) -> str:
    """The word of recording or uniqueness for a request, empty while nothing was captured."""
    if (verdict := verdict_of_request(request)) is not None:
        return verdict.verdict.value
    seen = enrolment_of(request)
    if seen is None:
        return ""
    word = state_of(seen.id)
    return "" if isinstance(word, Refusal) else word.value


def both_sides(enrolment: str) -> BothSides | Refusal:
    """Both recordings of a duplicate or an adjudication, by the id of the later one."""
    seen = verdict_of(enrolment)
    if seen is None or seen.verdict is Verdict.PRINT_READY_RECORD:
        return Refusal("dedup.no_such_double")
    return _both(seen)


def doubles(
    verdict: Verdict = Verdict.DUPLICATE_RECORD, *, skip: int = 0, most: int = PAGE_MOST
) -> list[BothSides]:
    """Duplicates, or what waits for an adjudicator, oldest first."""
    rows = _rows_of(verdict)[skip : skip + most]
    return [_both(_seen(row)) for row in rows]


def ready_after(order: int, *, most: int = PAGE_MOST) -> list[VerdictSeen]:
    """Print ready recordings in the order of their verdicts, after number `order`."""
    rows = _rows_of(Verdict.PRINT_READY_RECORD).filter(decided_order__gt=order)
    return [_seen(row) for row in rows[:most]]


def ready_as(resident: str, *, nik: str = "") -> str:
    """At the centre: the print ready recording of this resident or NIK, or empty."""
    guard = OnePrintReady.objects.filter(pk__in=persons(resident, nik=nik)).order_by("enrolment")
    found = guard.values_list("enrolment", flat=True).first()
    if found is None:
        rows = RecordVerdict.objects.filter(
            resident=resident, verdict=Verdict.PRINT_READY_RECORD.value
        )
        found = rows.order_by("decided_order").values_list("enrolment", flat=True).first()
    return found or ""


def persons(resident: str, *, nik: str = "") -> list[str]:
    """The keys under which a person is guarded; the NIK is missing once its retention has ended."""
    return [f"res/{resident}"] + ([f"nik/{nik}"] if nik else [])


def last_arrival_decided() -> int:
    """How far the centre has come in the order of arrival."""
    return RecordVerdict.objects.aggregate(last=Max("arrival"))["last"] or 0


def _rows_of(verdict: Verdict) -> QuerySet[RecordVerdict]:
    if verdict is Verdict.ADJUDICATE_RECORD:
        waits = Q(verdict="") & ~Q(asked_at="")
        return RecordVerdict.objects.filter(waits).order_by("asked_order", "enrolment")
    rows = RecordVerdict.objects.filter(verdict=verdict.value)
    return rows.order_by("decided_order", "enrolment")


def _both(seen: VerdictSeen) -> BothSides:
    later, earlier = enrolment_seen(seen.enrolment), enrolment_seen(seen.of or "")
    return BothSides(
        verdict=seen,
        later=None if isinstance(later, Refusal) else later,
        earlier=None if isinstance(earlier, Refusal) else earlier,
    )


def _seen(row: RecordVerdict) -> VerdictSeen:
    is_final = bool(row.verdict)
    return VerdictSeen(
        enrolment=row.enrolment,
        request=row.request,
        resident=row.resident,
        verdict=Verdict(row.verdict) if is_final else Verdict.ADJUDICATE_RECORD,
        of=row.decided_of if is_final else row.asked_of,
        order=row.decided_order if is_final else row.asked_order,
        arrival=row.arrival,
        decided_at=utc_from_text(row.decided_at if is_final else row.asked_at),
    )


__all__ = [
    "BothSides",
    "Verdict",
    "VerdictSeen",
    "both_sides",
    "doubles",
    "last_arrival_decided",
    "persons",
    "ready_after",
    "ready_as",
    "siak_word_of",
    "verdict_of",
    "verdict_of_request",
]
