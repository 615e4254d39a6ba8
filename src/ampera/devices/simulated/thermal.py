"""The heat of a retransfer card printer: two lumps, in closed form, so that time may leap hours.

The *body* is everything near the heads. It cools to the room by Newton's law with one time
constant, is warmed a little by the heater and much by every card, and is what the printer's own
cut-off looks at. The *roller* transfers the film onto the card; a thermostat holds it at its
working temperature, and no card is printed before it is warm. While what the machine does and the
room stay the same, both are one exponential, so a leap of a day gives the same as a million steps.

Temperatures are °C, times city seconds. Pure: no clock, no chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

#: Temperatures closer than this are the same: far below what moves a card, above rounding.
TOUCHES_CELSIUS: Final = 1e-6


class Load(StrEnum):
    """What heats the machine."""

    OFF = "off"  #: no power, or asleep, or shut off by its own cut-off
    STANDBY = "standby"  #: the heater is on, nothing is printed
    PRINTING = "printing"


@dataclass(frozen=True, slots=True)
class ThermalFigures:
    """How one model of printer takes up and gives off heat. All of it is data of the model.

    A rise is how far above the room the temperature would settle if the load never ended.
    `cools_celsius` parts the two things told after a cut-off: above it the printer is too hot,
    below it is cooling down; at `resume_celsius` it heats its roller and goes on.
    """

    body_seconds: float  #: the body's time constant
    standby_rise: float  #: of the body with the heater on
    printing_rise: float  #: of the body with card after card
    roller_seconds: float  #: the roller's time constant
    heater_rise: float  #: of the roller, had it no thermostat
    working_celsius: float  #: where the thermostat holds the roller
    print_min_celsius: float  #: below this no card is begun
    cut_off_celsius: float
    cools_celsius: float
    resume_celsius: float

    def __post_init__(self) -> None:
        assert all(getattr(self, field.name) > 0 for field in fields(self)), "figures are positive"
        assert self.standby_rise < self.printing_rise, "a card heats more than standing by"
        assert self.print_min_celsius < self.working_celsius, "the roller warms through its minimum"
        assert self.resume_celsius < self.cools_celsius < self.cut_off_celsius

    def settles(self, load: Load, *, room: float) -> float:
        """Where the body's temperature goes under this load."""
        match load:
            case Load.OFF:
                return room
            case Load.STANDBY:
                return room + self.standby_rise
            case Load.PRINTING:
                return room + self.printing_rise


@dataclass(frozen=True, slots=True)
class Temperatures:
    """How hot the two lumps are."""

    body: float
    roller: float


def decayed(value: float, *, towards: float, seconds: float, constant: float) -> float:
    """Newton's law of cooling: where `value` is after so many seconds."""
    assert seconds >= 0 < constant
    return towards + (value - towards) * math.exp(-seconds / constant)


def seconds_until(value: float, *, threshold: float, towards: float, constant: float) -> float:
    """When `value` on its way `towards` its end crosses the threshold: 0 when it stands on it,
    infinite when it never will, also when it has it behind itself."""
    if abs(value - threshold) <= TOUCHES_CELSIUS:
        return 0.0
    if (threshold - value) * (towards - threshold) <= 0:
        return math.inf
    return constant * math.log((value - towards) / (threshold - towards))


def after(
    start: Temperatures, *, seconds: float, load: Load, room: float, figures: ThermalFigures
) -> Temperatures:
    """The temperatures after so many seconds under one load in one room."""
    body = decayed(
        start.body,
        towards=figures.settles(load, room=room),
        seconds=seconds,
        constant=figures.body_seconds,
    )
    return Temperatures(
        body, _roller_after(start.roller, seconds=seconds, load=load, room=room, figures=figures)
    )


def _roller_after(
    roller: float, *, seconds: float, load: Load, room: float, figures: ThermalFigures
) -> float:
    constant, working = figures.roller_seconds, figures.working_celsius
    if load is Load.OFF:
        return decayed(roller, towards=room, seconds=seconds, constant=constant)
    if roller > working:  # a room hotter than the roller should be: only a careless test has it
        return max(working, decayed(roller, towards=room, seconds=seconds, constant=constant))
    hottest = room + figures.heater_rise
    return min(working, decayed(roller, towards=hottest, seconds=seconds, constant=constant))


def seconds_until_warm(now: Temperatures, *, room: float, figures: ThermalFigures) -> float:
    """How long the heater needs until a card may be begun: 0 when it is warm; infinite when it is
    so cold in the room that the heater does not get there."""
    if is_warm(now, figures=figures):
        return 0.0
    return seconds_until(
        now.roller,
        threshold=figures.print_min_celsius,
        towards=room + figures.heater_rise,
        constant=figures.roller_seconds,
    )


def is_warm(now: Temperatures, *, figures: ThermalFigures) -> bool:
    """True when a card may be begun."""
    return now.roller >= figures.print_min_celsius - TOUCHES_CELSIUS


def seconds_until_body(
    now: Temperatures, *, threshold: float, load: Load, room: float, figures: ThermalFigures
) -> float:
    """When the body's temperature crosses the threshold under this load; infinite for never."""
    return seconds_until(
        now.body,
        threshold=threshold,
        towards=figures.settles(load, room=room),
        constant=figures.body_seconds,
    )


def at_rest(*, room: float, figures: ThermalFigures | None, load: Load = Load.OFF) -> Temperatures:
    """Where a machine stands that has been under this load since yesterday."""
    if figures is None or load is Load.OFF:
        return Temperatures(room, room)
    roller = min(figures.working_celsius, room + figures.heater_rise)
    return Temperatures(figures.settles(load, room=room), roller)


def card_heat(*, print_seconds: float, body: float, room: float, figures: ThermalFigures) -> float:
    """By how much one card warms a body of this temperature."""
    settles = figures.settles(Load.PRINTING, room=room)
    end = decayed(body, towards=settles, seconds=print_seconds, constant=figures.body_seconds)
    return end - body


def seconds_per_card_kept(*, print_seconds: float, room: float, figures: ThermalFigures) -> float:
    """The shortest even pace, print and pause together, that never reaches the cut-off.

    Print time alone when printing without a pause stays below the cut-off for ever; infinite when
    even standing by is too hot in this room. The answer of the peak of a periodic print and pause:
    with a = e^(-print/τ) and b = e^(-pause/τ), peak = (P(1-a) + S·a(1-b)) / (1-ab), where P and S
    are what printing and standing by settle at; solved for b at peak = cut-off.
    """
    limit = figures.cut_off_celsius
    printing = figures.settles(Load.PRINTING, room=room)
    standby = figures.settles(Load.STANDBY, room=room)
    if printing < limit:
        return print_seconds
    if standby >= limit:
        return math.inf
    kept = math.exp(-print_seconds / figures.body_seconds)
    pause_kept = (limit - printing * (1 - kept) - standby * kept) / (kept * (limit - standby))
    if pause_kept <= 0:
        return math.inf  # one card from standby is too much
    return print_seconds - figures.body_seconds * math.log(min(1.0, pause_kept))
