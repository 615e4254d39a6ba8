"""When the simulated printer heats, stops itself for heat, cools, and sleeps.

`thermal` says how hot it gets; here stands what the printer does about it. Time comes in through
`pass_time`; between two changes the load is one, so `seconds_to_change` is exact and nothing is
stepped over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ampera.devices.simulated.model import PrinterModel, WhenTooHot
from ampera.devices.simulated.thermal import (
    TOUCHES_CELSIUS,
    Load,
    Temperatures,
    ThermalFigures,
    after,
    at_rest,
    is_warm,
    seconds_until_body,
    seconds_until_warm,
)


class HeatMode(StrEnum):
    """What the printer does about its heat."""

    OFF = "off"  #: without power
    ON = "on"  #: the heater is on; cold at first
    ASLEEP = "asleep"  #: power saver: the heater is off until somebody wants something
    TOO_HOT = "too-hot"  #: stopped by its own cut-off
    COOLING = "cooling"  #: on its way down to where it goes on by itself


class Heating:
    """The heat of one printer."""

    def __init__(  # positional: a model and its figures
        self, model: PrinterModel, figures: ThermalFigures, *, room: float
    ) -> None:
        self.figures = figures
        self.room = room
        self.mode = HeatMode.ON
        self.temperatures = at_rest(room=room, figures=None)
        self.idle_seconds = 0.0
        self._saver_after = model.power_saver_after_seconds
        self._finishes_card = model.when_too_hot is WhenTooHot.FINISH

    @property
    def is_ready(self) -> bool:
        """True when a card may be begun or gone on with."""
        return self.mode is HeatMode.ON and is_warm(self.temperatures, figures=self.figures)

    @property
    def is_warming(self) -> bool:
        """True while the heater is on and the roller not yet warm."""
        return self.mode is HeatMode.ON and not self.is_ready

    @property
    def has_cut_off(self) -> bool:
        """True while it stands still for heat."""
        return self.mode in (HeatMode.TOO_HOT, HeatMode.COOLING)

    @property
    def seconds_until_ready(self) -> float:
        """City seconds until a card may be begun if nothing changes; infinite while asleep or
        without power. What the printer itself does not tell, for those who judge."""
        match self.mode:
            case HeatMode.OFF | HeatMode.ASLEEP:
                return math.inf
            case HeatMode.ON:
                return seconds_until_warm(self.temperatures, room=self.room, figures=self.figures)
            case HeatMode.TOO_HOT | HeatMode.COOLING:
                cool = self._seconds_down_to(self.figures.resume_celsius)
                if not math.isfinite(cool):
                    return math.inf
                then = after(
                    self.temperatures,
                    seconds=cool,
                    load=Load.OFF,
                    room=self.room,
                    figures=self.figures,
                )
                return cool + seconds_until_warm(then, room=self.room, figures=self.figures)

    def stand_warm(self) -> None:
        """Be as if the heater had been on since yesterday."""
        self.mode, self.idle_seconds = HeatMode.ON, 0.0
        self.temperatures = at_rest(room=self.room, figures=self.figures, load=Load.STANDBY)

    def stand_cold(self) -> None:
        """Be as if it had been without power since yesterday and been switched on now."""
        self.mode, self.idle_seconds = HeatMode.ON, 0.0
        self.temperatures = at_rest(room=self.room, figures=None)

    def switch(self, *, is_on: bool) -> None:
        """The power comes or goes. A printer that is still too hot then finds that out at once."""
        self.mode = HeatMode.ON if is_on else HeatMode.OFF
        self.idle_seconds = 0.0

    def wake(self) -> None:
        """Somebody wants something: leave the power saver."""
        self.idle_seconds = 0.0
        if self.mode is HeatMode.ASLEEP:
            self.mode = HeatMode.ON

    def pass_time(self, seconds: float, *, is_printing: bool, is_wanted: bool) -> None:
        """Let so many seconds pass; no change of mode may lie within them."""
        self.temperatures = after(
            self.temperatures,
            seconds=seconds,
            load=self._load(is_printing=is_printing),
            room=self.room,
            figures=self.figures,
        )
        self.idle_seconds = 0.0 if is_wanted else self.idle_seconds + seconds

    def seconds_to_change(self, *, is_printing: bool) -> float:
        """How long until `follow` may have something to do; infinite for never."""
        match self.mode:
            case HeatMode.OFF | HeatMode.ASLEEP:
                return math.inf
            case HeatMode.TOO_HOT:
                return self._seconds_down_to(self.figures.cools_celsius)
            case HeatMode.COOLING:
                return self._seconds_down_to(self.figures.resume_celsius)
            case HeatMode.ON:
                return min(
                    self._seconds_to_warmth(),
                    self._seconds_to_cut_off(is_printing=is_printing),
                    self._seconds_to_sleep(is_printing=is_printing),
                )

    def follow(self, *, is_printing: bool) -> bool:
        """Do what the temperature of this moment asks for; True when the mode has changed."""
        before, body, figures = self.mode, self.temperatures.body, self.figures
        may_cut_off = not (is_printing and self._finishes_card)
        if self.mode is HeatMode.ON and may_cut_off:
            if body >= figures.cut_off_celsius - TOUCHES_CELSIUS:
                self.mode = HeatMode.TOO_HOT
            elif not is_printing and self._has_idled():
                self.mode = HeatMode.ASLEEP
        if self.mode is HeatMode.TOO_HOT and body <= figures.cools_celsius + TOUCHES_CELSIUS:
            self.mode = HeatMode.COOLING
        if self.mode is HeatMode.COOLING and body <= figures.resume_celsius + TOUCHES_CELSIUS:
            self.mode, self.idle_seconds = HeatMode.ON, 0.0
        return self.mode is not before

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        here = self.temperatures
        return {
            "body": here.body,
            "roller": here.roller,
            "room": self.room,
            "mode": self.mode.value,
        }

    def restore(self, record: Mapping[str, Any], *, seconds_ago: float) -> None:
        """Take up a record made so long ago; the heater was off since, for nobody ran it."""
        self.room = record["room"]
        self.temperatures = Temperatures(record["body"], record["roller"])
        self.mode = HeatMode.OFF
        self.pass_time(max(0.0, seconds_ago), is_printing=False, is_wanted=False)

    def _load(self, *, is_printing: bool) -> Load:
        if self.mode is not HeatMode.ON:
            return Load.OFF
        return Load.PRINTING if is_printing else Load.STANDBY

    def _has_idled(self) -> bool:
        return self._saver_after is not None and self.idle_seconds >= self._saver_after

    def _seconds_to_warmth(self) -> float:
        if is_warm(self.temperatures, figures=self.figures):
            return math.inf  # nothing is left to change
        return seconds_until_warm(self.temperatures, room=self.room, figures=self.figures)

    def _seconds_to_cut_off(self, *, is_printing: bool) -> float:
        if is_printing and self._finishes_card:
            return math.inf  # looked at when the card is out
        return seconds_until_body(
            self.temperatures,
            threshold=self.figures.cut_off_celsius,
            load=self._load(is_printing=is_printing),
            room=self.room,
            figures=self.figures,
        )

    def _seconds_to_sleep(self, *, is_printing: bool) -> float:
        if is_printing or self._saver_after is None:
            return math.inf
        return max(0.0, self._saver_after - self.idle_seconds)

    def _seconds_down_to(self, threshold: float) -> float:
        if self.temperatures.body <= threshold:
            return 0.0
        return seconds_until_body(
            self.temperatures,
            threshold=threshold,
            load=Load.OFF,
            room=self.room,
            figures=self.figures,
        )
