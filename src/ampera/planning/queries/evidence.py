"""What stopped an office, from what the system itself wrote down: never from what somebody typed.

Outages of the line are told by the post, an empty shelf by the blanko books, a printer that stood
still by the print agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from ampera.blanko.rules import stock_of
from ampera.journal import sql
from ampera.journal.house import house
from ampera.journal.outages import cut_since
from ampera.planning.models import LineOutage
from ampera.planning.rules.service_time import Evidence, Pause
from ampera.planning.rules.spans import Span, clip
from ampera.printing.queries import StopSeen, printer_names, stops_between
from ampera.printing.rules.stops import StopCause
from ampera.register.queries.directory import office_named
from ampera.words.clock import utc_from_text

_LINE: Final = "line.was_down/1"
_BOOKS: Final = "blanko.moved/1"
_STOPS: Final = "printer.down/1"
_CAUSES: Final[Mapping[StopCause, Pause]] = {
    StopCause.POWER: Pause.POWER,
    StopCause.RIBBON: Pause.RIBBON,
    StopCause.JAM: Pause.PRINTER,
    StopCause.COVER: Pause.PRINTER,
    StopCause.HEAT: Pause.PRINTER,
    StopCause.REPAIR: Pause.PRINTER,
    StopCause.OTHER: Pause.PRINTER,
}
assert set(_CAUSES) == set(StopCause)
_CHANGES: Final = """
SELECT at, SUM(CASE WHEN target = %s THEN count ELSE -count END)
  FROM blanko_move WHERE stands AND (target = %s OR source = %s) GROUP BY at ORDER BY at
"""


def evidence_for(office: str, *, since: datetime, until: datetime) -> list[Evidence]:
    """Everything that stopped this office in the span. What still lasts ends with the span."""
    window = Span(since, until)
    return [
        Evidence(cause, part, source, office)
        for cause, span, source in _all(office, window)
        if (part := span.within(window)) is not None
    ]


def _all(office: str, window: Span) -> Iterable[tuple[Pause, Span, str]]:  # positional: whose, when
    for outage in _outages(office, window.until):
        yield Pause.LINE, outage, _LINE
    for empty in _empty_shelves(office, window.until):
        yield Pause.BLANKO, empty, _BOOKS
    for cause, stop in _stops(office, window):
        yield cause, stop, _STOPS


def _stops(office: str, window: Span) -> Iterable[tuple[Pause, Span]]:  # positional: as above
    """When none of the office's printers could print, under the cause of the one that was down
    longest. A printer beside one that works stops nobody."""
    code = office_named(office)
    by_printer: dict[str, list[StopSeen]] = {name: [] for name in printer_names(code)}
    for stop in stops_between(code, since=window.since, until=window.until):
        by_printer.setdefault(stop.printer, []).append(stop)
    if not by_printer:
        return
    all_down = [window]
    for stops in by_printer.values():
        spans = [_span_of(stop, window.until) for stop in stops]
        all_down = [part for each in all_down for part in clip(spans, each)]
    for stop in (stop for stops in by_printer.values() for stop in stops):
        for part in clip(all_down, _span_of(stop, window.until)):
            yield _CAUSES[stop.cause], part


def _span_of(stop: StopSeen, until: datetime) -> Span:  # positional: one stop
    return Span(stop.since, max(stop.since, stop.until or until))


def _outages(office: str, until: datetime) -> Iterable[Span]:  # positional: whose, up to when
    """Cuts of the way up from the office, and of the hop above it: both keep its requests."""
    hops = [office]
    upper = office_named(office).upper
    hops += [str(upper)] if upper is not None else []
    rows = LineOutage.objects.filter(office__in=hops).order_by("since", "place")
    for row in rows:
        yield Span(utc_from_text(row.since), utc_from_text(row.until))
    since = cut_since() if str(house().code) in hops else None
    if since is not None and since < until:
        # The cut that still lasts is in no entry yet.
        yield Span(since, until)


def _empty_shelves(office: str, until: datetime) -> Iterable[Span]:  # positional: as above
    """When not one blank stood on the office's shelf, sealed boxes included.

    Before its books were opened nothing is known, so nothing is evidence.
    """
    place = stock_of(office_named(office))
    on_shelf = 0
    empty_since: datetime | None = None
    for at, change in sql.every(_CHANGES, place, place, place):
        moment = utc_from_text(at)
        on_shelf += int(change)
        if on_shelf > 0 and empty_since is not None:
            yield Span(empty_since, moment)
            empty_since = None
        elif on_shelf <= 0 and empty_since is None:
            empty_since = moment
    if empty_since is not None and empty_since < until:
        yield Span(empty_since, until)
