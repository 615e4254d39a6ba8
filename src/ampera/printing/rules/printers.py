"""What a printer's word about itself means for the office, and how much an office can print.

Keywords are those of `printer-state-reasons` (RFC 8011 §5.4.12 and the IANA registry of IPP).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ampera.printing.rules.heat import Load
from ampera.words.refusal import Refusal

#: A printer does 160 cards in a working day of 8 hours at 3 minutes a card (S11).
CAPACITY_PER_DAY: Final = 160
WORKDAY_SECONDS: Final = 8 * 3600
#: So many cards have to be printed before the measured time of a card counts.
MEASURED_CARDS_MIN: Final = 10
CAPACITY_PER_DAY_MAX: Final = 1000
#: An office holds permits for so many days of its printing, so that it works through a cut line.
DAYS_AHEAD: Final = 5
#: A printer's clock and ours differ; only a greater gap is a restart.
UP_TIME_SLACK_SECONDS: Final = 60
#: More cards than anybody prints in one sitting.
RUN_CARDS_MAX: Final = 500

TOO_HOT: Final = frozenset({"fuser-over-temp", "subunit-over-temperature", "subunit-cooling-down"})
TOO_COLD: Final = frozenset({"fuser-under-temp", "subunit-under-temperature", "subunit-warming-up"})
_EMPTY: Final = frozenset({"media-empty", "media-needed", "subunit-empty"})
COVER_OPEN: Final = frozenset({"cover-open", "door-open", "interlock-open"})
NO_SUPPLY: Final = frozenset({"marker-supply-empty", "subunit-life-over"})


#: It sleeps until somebody wants something.
ASLEEP: Final = frozenset({"subunit-power-saver", "subunit-turned-off"})


def load_of(keywords: Iterable[str], *, is_processing: bool) -> Load:
    """What heats a printer that answers, by its own words at any severity."""
    found = frozenset(keywords)
    if found & TOO_HOT:
        return Load.HOT
    if found & ASLEEP:
        return Load.OFF
    if found & TOO_COLD:
        return Load.WARMING
    return Load.PRINTING if is_processing else Load.READY


def hindrance(keywords: Sequence[str], *, printer: str, serial: str, message: str = "") -> Refusal:
    """Why a printer that has stopped has stopped, as something an officer can act on.

    What a person has to do comes before what passes by itself.
    """
    found = frozenset(keywords)
    if "media-jam" in found:
        return Refusal("printing.printer_jammed", printer=printer)
    if found & COVER_OPEN:
        return Refusal("printing.cover_open", printer=printer)
    if found & NO_SUPPLY:
        return Refusal("printing.ribbon_empty", printer=printer)
    if found & TOO_HOT:
        return Refusal("printing.printer_hot", printer=printer)
    if found & TOO_COLD:
        return Refusal("printing.printer_cold", printer=printer)
    if found & _EMPTY and serial:
        return Refusal("printing.feed_blanko", printer=printer, serial=serial)
    told = ", ".join(sorted(found)) or message or "paused"
    return Refusal("printing.printer_stopped", printer=printer, reasons=told)


@dataclass(frozen=True, slots=True)
class Running:
    """Which machine was seen and how long it had been running: `printer-uuid`, `-up-time`."""

    uuid: str
    up_seconds: int


def has_restarted(then: Running, *, now: Running, elapsed_seconds: float) -> bool:
    """Is it another printer, or the same one started anew? Then it may have forgotten its jobs.

    A minute is forgiven: a printer's clock and ours are not one.
    """
    if then.uuid != now.uuid or now.up_seconds < then.up_seconds:
        return True
    return now.up_seconds < then.up_seconds + elapsed_seconds - UP_TIME_SLACK_SECONDS


def capacity_per_day(card_seconds: Iterable[float]) -> int:
    """Cards a day that an office prints: a working day over the measured median of one card.

    With fewer than ten measured cards it is the 160 of the source (S11). Waiting between cards does
    not count, so an office short of blanks is not taken for a slow one.
    """
    measured = sorted(card_seconds)
    if len(measured) < MEASURED_CARDS_MIN:
        return CAPACITY_PER_DAY
    median = max(1.0, measured[len(measured) // 2])
    return max(1, min(CAPACITY_PER_DAY_MAX, int(WORKDAY_SECONDS / median)))


def lot_most(*, on_shelf: int, open_permits: int, capacity: int) -> int:
    """How many more permits an office may get now:

    Never more than blanks seen on its shelf (§5, Permit).
    """
    return max(0, min(on_shelf, DAYS_AHEAD * capacity) - open_permits)


def decide_run(
    *, printer: str, cards: int, serials: Sequence[str], on_shelf: frozenset[str], is_on: bool
) -> Refusal | None:
    """May a print run begin?

    `serials` are the blanks in the hopper in order, or nothing when fed by hand.
    """
    if is_on:
        return Refusal("printing.run_is_on", printer=printer)
    most = min(RUN_CARDS_MAX, len(serials)) if serials else RUN_CARDS_MAX
    if not 1 <= cards <= most or len(set(serials)) != len(serials):
        return Refusal("printing.run_too_long", most=most)
    for serial in serials:
        if serial not in on_shelf:
            return Refusal("printing.hopper_not_shelf", serial=serial)
    return None


def next_in_hopper(serials: Sequence[str], *, used: frozenset[str]) -> str | None:
    """The blank that will be fed next:

    Hopper loads are ordered serials, and none is passed over.
    """
    return next((serial for serial in serials if serial not in used), None)
