"""Offices that cannot print, and who could print for them: what the dinas decides by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ampera.blanko.queries import shelf_count
from ampera.journal.house import house
from ampera.printing.queries.attempts import measured_capacity
from ampera.printing.queries.upkeep import open_stops, printer_names
from ampera.printing.rules.printers import lot_most
from ampera.printing.rules.stops import StopSeen, is_office_down
from ampera.readiness.queries import (
    is_anything_lent,
    lendings_around,
    office_cards,
    open_permit_count,
    ready_count,
    returned_count,
    waiting_of,
)
from ampera.readiness.rules.lending import Helper, Lending, best_helpers
from ampera.readiness.rules.policy import OfficeCard, policy, reasons_printed
from ampera.register.queries import local_day
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class DownOffice:
    """An office with printers that stand still."""

    office: OfficeCode
    stops: tuple[StopSeen, ...]  #: those that are not over, the first one first
    is_down: bool  #: all of its printers
    returned: int  #: permits that came back unused since the first of these stops
    waiting: int  #: print-ready requests of its residents
    open_permits: int  #: still at the office itself
    lending: Lending | None  #: where its cards are printed meanwhile

    @property
    def since(self) -> datetime:
        return min(each.since for each in self.stops)


@dataclass(frozen=True, slots=True)
class LendingDesk:
    """What the dinas sees before it decides: who is down, who could help, the most free first."""

    down: tuple[DownOffice, ...]
    helpers: tuple[Helper, ...]
    homes: tuple[OfficeCode, ...]  #: kecamatan that print, and may be lent out


def lending_desk() -> LendingDesk:
    """All of this city, as the dinas has been told. Figures only: it names nobody."""
    here, day = house().code, local_day()
    stops: dict[str, list[StopSeen]] = {}
    for each in open_stops():
        stops.setdefault(each.office, []).append(each)
    ours = [each for each in office_cards() if here in (each.office, each.office.upper)]
    known = lendings_around((each.office for each in ours), day=day)
    out = {each.home: each for each in known if each.is_in_force(day)}
    printing = [each for each in ours if not _prints_nothing(each)]
    down = [
        _down(each.office, stops[each.office.text], out.get(each.office))
        for each in ours
        if each.office.text in stops
    ]
    still = {each.office for each in down if each.is_down}
    helpers = [
        _helper(each) for each in printing if each.office not in still and each.office not in out
    ]
    return LendingDesk(
        down=tuple(down),
        helpers=tuple(best_helpers(helpers)),
        homes=tuple(each.office for each in printing if each.office.tier is Tier.KECAMATAN),
    )


def is_lending_asked() -> bool:
    """Is an office down, or are cards of one printed elsewhere? A cheap look for the menu."""
    stops: dict[str, list[StopSeen]] = {}
    for each in open_stops():
        stops.setdefault(each.office, []).append(each)
    if any(
        is_office_down(own, printers=printer_names(OfficeCode(code))) for code, own in stops.items()
    ):
        return True
    return is_anything_lent()


def _prints_nothing(card: OfficeCard) -> bool:
    return isinstance(reasons_printed(card, day=local_day(), by=policy()), Refusal)


def _down(  # positional: one office
    office: OfficeCode, stops: list[StopSeen], lending: Lending | None
) -> DownOffice:
    since = min(each.since for each in stops)
    return DownOffice(
        office=office,
        stops=tuple(sorted(stops, key=lambda each: each.since)),
        is_down=is_office_down(stops, printers=printer_names(office)),
        returned=returned_count(office, since=since),
        waiting=waiting_of(office),
        open_permits=open_permit_count(office),
        lending=lending,
    )


def _helper(card: OfficeCard) -> Helper:
    code = card.office
    on_shelf, opened = shelf_count(code), open_permit_count(code)
    capacity = measured_capacity(code)
    return Helper(
        office=code,
        on_shelf=on_shelf,
        open_permits=opened,
        waiting=ready_count(code, card=card),
        lot=lot_most(on_shelf=on_shelf, open_permits=opened, capacity=capacity),
        capacity=capacity,
    )
