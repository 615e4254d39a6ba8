"""When a printer is down, and why: what the repair log and the clock of the requests rest on. Pure.

A stop is measured by the agent itself, from when to when. It is told when it lasts, while somebody
would have printed; a printer that is switched off at night is not down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ampera.printing.rules.hours import PrintPolicy, working_days
from ampera.printing.rules.printers import COVER_OPEN, NO_SUPPLY, TOO_HOT
from ampera.words.refusal import Refusal


class StopCause(StrEnum):
    """Why a printer stands still."""

    JAM = "JAM"
    COVER = "COVER"
    RIBBON = "RIBBON"  #: ribbon or film has run out
    HEAT = "HEAT"
    POWER = "POWER"  #: it does not answer: no power, or its line is cut
    REPAIR = "REPAIR"  #: it was taken away to be repaired
    OTHER = "OTHER"


class Upkeep(StrEnum):
    """What hands do at a printer; one entry each."""

    RIBBON = "RIBBON"
    FILM = "FILM"
    CLEANING = "CLEANING"
    TECHNICIAN = "TECHNICIAN"  #: a technician worked on it where it stands
    PART = "PART"  #: a part was changed
    SENT_AWAY = "SENT_AWAY"  #: it left the house to be repaired
    RETURNED = "RETURNED"  #: it is back
    RETIRED = "RETIRED"  #: it will not print here any more


SUPPLIES: Final = (Upkeep.RIBBON, Upkeep.FILM, Upkeep.CLEANING)
#: How a printer names what it uses up: `marker-types` keywords (PWG 5100.9) and makers' own words.
SUPPLY_KINDS: Final = MappingProxyType(
    {
        Upkeep.RIBBON: ("ink-ribbon", "ribbonWax", "ribbon-wax", "ribbon"),
        Upkeep.FILM: ("transfer-unit", "transferUnit", "film"),
    }
)
REPAIRS: Final = (
    *(Upkeep.TECHNICIAN, Upkeep.PART, Upkeep.SENT_AWAY),
    *(Upkeep.RETURNED, Upkeep.RETIRED),
)
#: Waits for a hand at work, not for help: a blank to be put in, a pause that somebody wanted.
_AT_WORK: Final = frozenset({"media-empty", "media-needed", "paused", "moving-to-paused"})


def cause_of(keywords: Iterable[str], *, is_reachable: bool, may_print: bool) -> StopCause | None:
    """Why this printer prints nothing, None when it could; what needs a person comes first."""
    found = frozenset(keywords)
    if not is_reachable:
        return StopCause.POWER
    if may_print:
        return None
    if "media-jam" in found:
        return StopCause.JAM
    if found & COVER_OPEN:
        return StopCause.COVER
    if found & NO_SUPPLY:
        return StopCause.RIBBON
    if found & TOO_HOT:
        return StopCause.HEAT
    hard = found - _AT_WORK - {"marker-supply-low", "media-low"}
    return StopCause.OTHER if hard else None


@dataclass(frozen=True, slots=True)
class StopSeen:
    """One time that a printer was down; `until` is None while it still is."""

    id: str
    office: str
    printer: str
    cause: StopCause
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Standstill:
    """All stops of one cause within some time."""

    cause: StopCause
    times: int
    long: timedelta


def standstills(
    stops: Iterable[StopSeen], *, since: datetime, until: datetime
) -> tuple[Standstill, ...]:
    """Stops added up by cause, the longest first; only what lies between the two moments counts."""
    found: dict[StopCause, Standstill] = {}
    for stop in stops:
        begins, ends = max(stop.since, since), min(stop.until or until, until)
        if ends <= begins:
            continue
        before = found.get(stop.cause, Standstill(stop.cause, 0, timedelta()))
        found[stop.cause] = Standstill(stop.cause, before.times + 1, before.long + (ends - begins))
    return tuple(sorted(found.values(), key=lambda each: (-each.long, each.cause)))


def is_to_tell(*, since: datetime, now: datetime, would_print: bool, by: PrintPolicy) -> bool:
    """Does a hindrance that began then count as a stop now? `would_print`: the office is open, or
    a card or a sitting is under way."""
    return would_print and now - since >= timedelta(seconds=by.told_after_seconds)


def is_over(stop: StopSeen, *, cause: StopCause | None, is_back: bool) -> bool:
    """Is this stop over, now that the printer is seen with that cause or none?

    One that was taken away for repair is down until somebody says that it `is_back`, even where it
    still answers.
    """
    if cause is not None:
        return False
    return stop.cause is not StopCause.REPAIR or is_back


def is_office_down(
    stops: Iterable[StopSeen], *, printers: frozenset[str], minding_heat: bool = False
) -> bool:
    """Are all printers of an office down? Heat passes by itself and counts only when asked for."""
    down = {
        stop.printer
        for stop in stops
        if stop.until is None and (minding_heat or stop.cause is not StopCause.HEAT)
    }
    return bool(down) and printers <= down


def is_to_return(
    stops: Sequence[StopSeen],
    *,
    printers: frozenset[str],
    now: datetime,
    zone: tzinfo,
    by: PrintPolicy,
) -> bool:
    """Has the office been without any printer so long that its open permits go back?"""
    if not is_office_down(stops, printers=printers):
        return False
    # Without any printer since the last of them went down.
    since = max(stop.since for stop in stops if stop.until is None)
    lasted = working_days(since, until=now, zone=zone, by=by)
    return lasted >= by.returned_after_working_days


def decide_upkeep(what: Upkeep, *, is_known: bool, is_away: bool, printer: str) -> Refusal | None:
    """May this be noted of that printer? None means yes."""
    if not is_known:
        return Refusal("printing.printer_unknown", printer=printer)
    if what is Upkeep.RETURNED and not is_away:
        return Refusal("printing.printer_not_away", printer=printer)
    if what is Upkeep.SENT_AWAY and is_away:
        return Refusal("printing.printer_away", printer=printer)
    return None
