"""Ribbons, films and cleanings with their measured yields, and the log of stops and repairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.printing.models import Attempt, PrinterNote, PrinterNow, PrinterPace, PrinterStop
from ampera.printing.rules.attempts import AttemptState
from ampera.printing.rules.hours import print_policy
from ampera.printing.rules.models import model_of
from ampera.printing.rules.stops import (
    SUPPLIES,
    SUPPLY_KINDS,
    StopCause,
    StopSeen,
    Upkeep,
    is_office_down,
)
from ampera.printing.rules.supplies import (
    MEASURED_PIECES,
    Change,
    Lasting,
    Yield,
    lasting_of,
    nominal_of,
    usual_day,
    yield_of,
)
from ampera.register.queries import local_day
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode

#: A printer that has done nothing for so long is not one of the office's any more.
KNOWN_DAYS = 90
#: So many days back it is counted how many cards a usual day has.
USUAL_DAYS = 21
LISTED_MAX = 50
_OPEN_STOP: Final = "office = %s AND printer = %s AND until IS NULL ORDER BY since LIMIT 1"


@dataclass(frozen=True, slots=True)
class SupplySeen:
    """One thing that a printer uses up: what is left of it by its measured yield."""

    what: Upkeep
    used: int
    piece: Yield
    lasting: Lasting
    changed_at: datetime | None
    #: What the printer itself claims, in percent of the nominal yield.
    told_percent: int | None

    @property
    def percent(self) -> int:
        return min(100, 100 * self.lasting.left // max(1, self.piece.cards))


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """One entry of a printer's log made by hand."""

    what: Upkeep
    printer: str
    at: datetime
    officer: str
    cards: int


def supplies_of(printer: str) -> list[SupplySeen]:
    """Ribbon, film and cleaning of a printer of this office."""
    pace = PrinterPace.objects.filter(pk=printer).first()
    model = model_of(pace.model if pace is not None else "")
    told = PrinterNow.objects.filter(pk=printer).values_list("supplies", flat=True).first() or {}
    a_day = _usual_day(printer)
    found = []
    for what in SUPPLIES:
        changes = list(
            _notes(printer).filter(what=what).order_by("-at", "id")[: MEASURED_PIECES + 1]
        )
        used = _used(printer, since=changes[0].at if changes else None)
        counted = [Change(each.cards, each.was_empty) for each in changes if each.cards >= 0]
        nominal = nominal_of(what, model=model)
        piece = (
            yield_of(counted, nominal=nominal) if what in SUPPLY_KINDS else Yield(nominal, False)
        )
        level = next((told[kind] for kind in SUPPLY_KINDS.get(what, ()) if kind in told), None)
        found.append(
            SupplySeen(
                what=what,
                used=used,
                piece=piece,
                lasting=lasting_of(
                    piece, used=used, cards_a_day=a_day, today=local_day(), by=print_policy()
                ),
                changed_at=changes[0].at if changes else None,
                told_percent=level,
            )
        )
    return found


def cards_since(printer: str, *, what: Upkeep) -> int:
    """Cards that went through a printer since that was last changed; -1 when it never was."""
    newest = _notes(printer).filter(what=what).order_by("-at").values_list("at", flat=True).first()
    return -1 if newest is None else _used(printer, since=newest)


def _used(printer: str, *, since: datetime | None) -> int:
    """Every card that was fed takes its piece of ribbon, whatever became of it."""
    rows = _fed(printer)
    return rows.count() if since is None else rows.filter(opened_at__gt=since).count()


def _fed(printer: str) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(office=str(house().code), printer=printer)
    whole = [AttemptState.WITHDRAWN.value]
    return rows.exclude(ended__in=["", *whole]).exclude(settled=AttemptState.SHELF)


def _usual_day(printer: str) -> float:
    since = house().now() - timedelta(days=USUAL_DAYS)
    here = house().code
    ended = _fed(printer).filter(ended_at__gte=since).values_list("ended_at", flat=True)
    days: Counter[date] = Counter(day_at(here, at=at) for at in ended if at is not None)
    # Today is not over yet; it counts only where there is no other day.
    today = days.pop(local_day(), 0)
    return usual_day(list(days.values()) or [today])


def _notes(printer: str) -> QuerySet[PrinterNote]:
    return PrinterNote.objects.filter(office=str(house().code), printer=printer)


def notes_of(office: OfficeCode | None = None, *, most: int = LISTED_MAX) -> list[NoteSeen]:
    """What was noted by hand at an office's printers, newest first."""
    code = office if office is not None else house().code
    rows = PrinterNote.objects.filter(office=str(code)).order_by("-at", "id")[:most]
    return [NoteSeen(Upkeep(r.what), r.printer, r.at, r.officer, r.cards) for r in rows]


def open_stop(printer: str) -> StopSeen | None:
    """The stop of a printer of this office that is not over."""
    rows = rows_of(PrinterStop).where(_OPEN_STOP, str(house().code), printer)
    return _stop(rows[0]) if rows else None


def open_stops(office: OfficeCode | None = None) -> list[StopSeen]:
    """The printers that are down: at one office, or at all that this server knows of."""
    rows = PrinterStop.objects.filter(until__isnull=True)
    if office is not None:
        rows = rows.filter(office=str(office))
    return [_stop(row) for row in rows.order_by("office", "since")[:LISTED_MAX]]


def stops_between(office: OfficeCode, *, since: datetime, until: datetime) -> list[StopSeen]:
    """Every stop of an office's printers that touches this time, oldest first: the evidence for
    the clock of the requests, measured by the agent itself."""
    rows = PrinterStop.objects.filter(office=str(office), since__lt=until)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=since))
    return [_stop(row) for row in rows.order_by("since", "id")]


def is_office_down_now(office: OfficeCode, *, minding_heat: bool = False) -> bool:
    """Is every printer of that office reported down?"""
    stops = open_stops(office)
    return bool(stops) and is_office_down(
        stops, printers=printer_names(office), minding_heat=minding_heat
    )


def printer_names(office: OfficeCode) -> frozenset[str]:
    """The printers by which an office has printed lately, without those that were retired."""
    since = house().now() - timedelta(days=KNOWN_DAYS)
    code = str(office)
    used = Attempt.objects.filter(office=code, opened_at__gte=since).exclude(printer="")
    names = set(used.values_list("printer", flat=True).distinct())
    names |= set(
        PrinterStop.objects.filter(office=code)
        .filter(Q(until__isnull=True) | Q(until__gte=since))
        .values_list("printer", flat=True)
    )
    retired = PrinterNote.objects.filter(office=code, what=Upkeep.RETIRED)
    last = dict(retired.order_by("at").values_list("printer", "at"))
    return frozenset(name for name in names if name not in last or _prints_since(code, name, last))


def is_printer_known(printer: str) -> bool:
    """Has this office looked at such a printer, or printed with it lately?"""
    return PrinterNow.objects.filter(pk=printer).exists() or printer in printer_names(house().code)


def _prints_since(  # positional: an office, its printer, and when each was retired
    office: str, printer: str, retired: dict[str, datetime]
) -> bool:
    rows = Attempt.objects.filter(office=office, printer=printer)
    return rows.filter(opened_at__gt=retired[printer]).exists()


def _stop(row: PrinterStop) -> StopSeen:
    return StopSeen(row.id, row.office, row.printer, StopCause(row.cause), row.since, row.until)


def is_away(printer: str) -> bool:
    """Was it sent away to be repaired, and is it not back?"""
    moves = _notes(printer).filter(what__in=[Upkeep.SENT_AWAY, Upkeep.RETURNED])
    newest = moves.order_by("-at", "-id").values_list("what", flat=True).first()
    return newest == Upkeep.SENT_AWAY


def stops_of(printers: Sequence[str]) -> list[StopSeen]:
    """The newest stops of these printers of this office, newest first."""
    rows = PrinterStop.objects.filter(office=str(house().code), printer__in=list(printers))
    return [_stop(row) for row in rows.order_by("-since", "id")[:LISTED_MAX]]
