"""What the simulated printer says is the matter with it, by the registered names.

Keywords are those of RFC 8011 §5.4.12 and, for heat, power saver, reject bin and misfeed, the
`subunit-` and `cleaner-` words that PWG 5100.9 takes from the printer MIB's alerts. What passes by
itself and still lets a job be taken is a report; what stops the printer is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from ampera.devices.simulated.heating import Heating, HeatMode
from ampera.devices.simulated.inside import Inside
from ampera.printing.ports import Reason, Severity

MEDIA_LOW_MAX: Final = 5
ALMOST_FULL_SHARE: Final = 0.9
CLEANING_SOON_SHARE: Final = 0.95


def reasons_of(inside: Inside) -> tuple[Reason, ...]:
    """All that is to be told now."""
    return (
        *_hindrances(inside),
        *_of_blanko(inside),
        *_of_bins(inside),
        *_of_supplies(inside),
        *(_of_heat(inside.heating, is_wanted=inside.is_wanted) if inside.heating else ()),
    )


def _hindrances(inside: Inside) -> Iterator[Reason]:
    if inside.is_cover_open:
        yield Reason("cover-open", Severity.ERROR)
    if inside.is_jammed:
        yield Reason("media-jam", Severity.ERROR)
    if inside.is_paused:
        word = "moving-to-paused" if inside.is_printing else "paused"
        yield Reason(word, Severity.REPORT)


def _of_blanko(inside: Inside) -> Iterator[Reason]:
    if inside.is_misfed:
        yield Reason("subunit-recoverable-failure", Severity.ERROR)
        yield Reason("media-needed", Severity.ERROR)
    if inside.is_starved:
        yield Reason("media-empty", Severity.ERROR)
        if not inside.is_misfed:
            yield Reason("media-needed", Severity.ERROR)
    elif inside.hopper_count == 0:
        yield Reason("media-empty", Severity.WARNING)
    elif inside.hopper_count <= MEDIA_LOW_MAX:
        yield Reason("media-low", Severity.REPORT)


def _of_bins(inside: Inside) -> Iterator[Reason]:
    tray = inside.model.capacity.tray
    if inside.is_tray_full:
        yield Reason("output-area-full", Severity.ERROR)
    elif tray is not None and inside.tray_count >= ALMOST_FULL_SHARE * tray:
        yield Reason("output-area-almost-full", Severity.WARNING)
    if inside.is_reject_full:
        yield Reason("subunit-full", Severity.ERROR)


def _of_supplies(inside: Inside) -> Iterator[Reason]:
    pieces = inside.supplies.values()
    if any(piece.is_empty for piece in pieces):
        yield Reason("marker-supply-empty", Severity.ERROR)
    elif any(piece.is_low for piece in pieces):
        yield Reason("marker-supply-low", Severity.WARNING)
    cleaning = inside.model.cleaning
    if cleaning is None:
        return
    if inside.is_cleaning_overdue:
        yield Reason("cleaner-life-over", Severity.WARNING)
    elif inside.cards_since_cleaning >= CLEANING_SOON_SHARE * cleaning.every_cards:
        yield Reason("cleaner-life-almost-over", Severity.REPORT)


def _of_heat(heating: Heating, *, is_wanted: bool) -> Iterator[Reason]:
    match heating.mode:
        case HeatMode.TOO_HOT:
            yield Reason("subunit-over-temperature", Severity.ERROR)
        case HeatMode.COOLING:
            yield Reason("subunit-cooling-down", Severity.WARNING)
        case HeatMode.ASLEEP:
            yield Reason("subunit-power-saver", Severity.REPORT)
        case HeatMode.ON:
            if heating.is_warming:
                # Cold holds something up only when somebody waits for a card.
                cold = Severity.WARNING if is_wanted else Severity.REPORT
                yield Reason("subunit-under-temperature", cold)
                yield Reason("subunit-warming-up", Severity.REPORT)
        case HeatMode.OFF:
            return  # a machine without power tells nothing
        case _:
            assert_never(heating.mode)
