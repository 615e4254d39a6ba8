"""What tells one simulated printer from another, as data: one TOML file a model under `models/`.

`COOL` is the machine without heat, supplies or chance: what a simulated world uses that does not
ask for heat. Figures that no source gives are marked as assumptions in the files themselves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from ampera.devices.simulated.thermal import ThermalFigures

PRINT_SECONDS_TYPICAL: Final = 180.0
DEFAULT_MODEL: Final = "retransfer-180"
ROOM_CELSIUS_TYPICAL: Final = 28.0
_FOLDER: Final = "models"


class WhenTooHot(StrEnum):
    """What becomes of the card inside when the cut-off is reached."""

    FINISH = "finish"  #: it is printed to its end, then the printer stops
    HALT = "halt"  #: it stays inside half printed and goes on when the printer is cool


@dataclass(frozen=True, slots=True)
class SupplyFigures:
    """One thing that is used up. What it *yields* is drawn anew for each piece put in.

    The share of the nominal yield is normally distributed and cut at `real_share_min` below and at
    as much above the mean, so that it is never more than twice what was promised.
    """

    name: str
    kind: str  #: a `marker-types` keyword
    nominal_cards: int
    real_share_mean: float
    real_share_spread: float
    real_share_min: float
    low_percent: int  #: at or below this told level the printer warns

    def __post_init__(self) -> None:
        assert self.nominal_cards > 0 <= self.real_share_spread
        assert 0 < self.real_share_min <= self.real_share_mean
        assert 0 <= self.low_percent < 100


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many cards fit; None is without an end."""

    hopper: int | None = None
    tray: int | None = None
    reject: int | None = None


@dataclass(frozen=True, slots=True)
class CardChances:
    """How often a card fed goes wrong, 0 to 1, drawn for every card."""

    jam: float = 0.0
    misfeed: float = 0.0  #: nothing is fed; a hand has to set the stack right
    double_feed: float = 0.0  #: two blanks go in as one
    double_feed_ruins: float = 0.0  #: of those, the second comes out spoiled, else untouched

    def __post_init__(self) -> None:
        every = (self.jam, self.misfeed, self.double_feed, self.double_feed_ruins)
        assert all(0 <= chance <= 1 for chance in every), "a chance is between 0 and 1"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """After so many cards it wants to be cleaned; overdue it jams and misfeeds oftener."""

    every_cards: int
    overdue_factor: float


@dataclass(frozen=True, slots=True)
class PrinterModel:
    """All that is known of one model. `thermal` None has no heat, and then no power saver."""

    name: str
    make_and_model: str
    print_seconds: float
    thermal: ThermalFigures | None = None
    when_too_hot: WhenTooHot = WhenTooHot.FINISH
    power_saver_after_seconds: float | None = None
    capacity: Capacity = Capacity()
    cleaning: Cleaning | None = None
    chances: CardChances = CardChances()
    supplies: tuple[SupplyFigures, ...] = ()
    has_reader: bool = False  #: a chip reader inside, before the print heads: an option of makers

    def __post_init__(self) -> None:
        assert self.print_seconds > 0

    @property
    def has_chance(self) -> bool:
        """True when a seed makes a difference to it."""
        return self.chances != CardChances() or bool(self.supplies)


COOL: Final = PrinterModel(
    name="cool",
    make_and_model="Ampera simulated card printer",
    print_seconds=PRINT_SECONDS_TYPICAL,
)


class UnknownModel(ValueError):
    """There is no model of this name."""


@cache
def models() -> Mapping[str, PrinterModel]:
    """All models by name, `COOL` among them. Raises KeyError or TypeError on a broken file."""
    found = {COOL.name: COOL}
    for file in resources.files("ampera.devices.simulated").joinpath(_FOLDER).iterdir():
        if file.name.endswith(".toml"):
            model = model_from(tomllib.loads(file.read_text(encoding="utf-8")))
            found[model.name] = model
    return found


def model_named(name: str) -> PrinterModel:
    """The model of this name. Raises UnknownModel."""
    model = models().get(name)
    if model is None:
        raise UnknownModel(f"no printer model {name}; there are {', '.join(sorted(models()))}")
    return model


def demo_model() -> PrinterModel:
    """The default model as the demo's officers have it: all their open blanko lie ready at it, so
    its hopper has no end, and it never takes in two at once, which nobody there would see. It
    has the reader inside."""
    model = model_named(DEFAULT_MODEL)
    return replace(
        model,
        capacity=replace(model.capacity, hopper=None),
        chances=replace(model.chances, double_feed=0.0),
        has_reader=True,
    )


def model_from(data: Mapping[str, Any]) -> PrinterModel:
    """A model read from its file."""
    saver = data["standby"]["power_saver_after_seconds"]
    return PrinterModel(
        name=data["name"],
        make_and_model=data["make_and_model"],
        print_seconds=data["print_seconds"],
        thermal=ThermalFigures(**data["thermal"]),
        when_too_hot=WhenTooHot(data["when_too_hot"]),
        power_saver_after_seconds=saver or None,
        capacity=Capacity(**data["capacity"]),
        cleaning=Cleaning(**data["cleaning"]),
        chances=CardChances(**data["chances"]),
        supplies=tuple(SupplyFigures(**supply) for supply in data["supplies"]),
        has_reader=data["has_reader"],
    )
