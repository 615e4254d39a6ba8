"""What a printer has done today against what it could have done, and how long it stood still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q

from ampera.journal.house import house
from ampera.printing.models import Attempt, PrinterPace
from ampera.printing.queries.upkeep import stops_between
from ampera.printing.rules.attempts import AttemptState
from ampera.printing.rules.hours import print_policy
from ampera.printing.rules.models import model_of
from ampera.printing.rules.stops import Standstill, StopSeen, standstills
from ampera.register.queries import local_day
from ampera.register.rules.days import zone_of


@dataclass(frozen=True, slots=True)
class PrinterToday:
    """One printer on this day. `possible` counts from opening time until now, at the time that
    its model needs for a card; `possible_all_day` until closing time."""

    cards: int
    opens: time
    possible: int
    possible_all_day: int
    #: Within opening hours only.
    standstills: Sequence[Standstill]


def printer_today(printer: str) -> PrinterToday | None:
    """Today at one printer of this office; None on a day on which the office is shut."""
    here, now = house().code, house().now()
    zone = zone_of(here)
    row = print_policy().hours_on(local_day())
    if row is None:
        return None
    midnight = datetime.combine(local_day(), time(), tzinfo=zone)
    opens = datetime.combine(local_day(), row.opens, tzinfo=zone)
    closes = datetime.combine(local_day(), row.closes, tzinfo=zone)
    card = timedelta(seconds=_card_seconds(printer))
    ended = Attempt.objects.filter(office=str(here), printer=printer, ended_at__gte=midnight)
    made = ended.filter(ended=AttemptState.PRINTED).count()
    made += ended.filter(settled=AttemptState.PRINTED).count()
    # A printer that cools down or is switched off over night keeps nobody waiting.
    until = min(now, closes)
    stops = stops_between(here, since=opens, until=until)
    return PrinterToday(
        cards=made,
        opens=row.opens,
        possible=max(0, (min(now, closes) - opens) // card),
        possible_all_day=(closes - opens) // card,
        standstills=standstills(_of(stops, printer), since=opens, until=until),
    )


def _of(stops: Sequence[StopSeen], printer: str) -> list[StopSeen]:  # positional: some of all
    return [each for each in stops if each.printer == printer]


def _card_seconds(printer: str) -> float:
    row = PrinterPace.objects.filter(pk=printer).first()
    return model_of(row.model if row is not None else "").card_seconds


def cards_made(
    spans: Sequence[tuple[datetime, datetime]], *, outcome: AttemptState = AttemptState.PRINTED
) -> dict[str, list[int]]:
    """Cards printed (or of another outcome) by each office within each span [since, until), of all
    that are known here; in one statement. A settled attempt counts when it was settled."""
    if not spans:
        return {}
    ended, settled = Q(ended=outcome), Q(settled=outcome)
    counts = {
        f"n{number}": Count(
            "id",
            filter=(ended & Q(ended_at__gte=since, ended_at__lt=until))
            | (settled & Q(settled_at__gte=since, settled_at__lt=until)),
        )
        for number, (since, until) in enumerate(spans)
    }
    first = min(since for since, _ in spans)
    rows = Attempt.objects.filter(Q(ended_at__gte=first) | Q(settled_at__gte=first))
    names = sorted(counts, key=lambda name: int(name[1:]))
    told = rows.values("office").annotate(**counts).order_by("office")
    return {office: list(made) for office, *made in told.values_list("office", *names)}
