"""What the office knows of each model of printer: data of `printer_models.toml`. Pure.

It is where the print agent begins; what it measures at its own printer comes before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class RestRule:
    """After so many cards without a break it rests so many minutes (domain §6).

    Where it does not bind, the pace keeps the printer cool instead.
    """

    after_cards: int
    minutes: float
    is_binding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterModel:
    """One model as offices and leaflets describe it."""

    name: str
    names: tuple[str, ...]  #: parts of `printer-make-and-model` by which it is known
    card_seconds: float
    warm_up_minutes: float
    cooling_minutes: float  #: in which it loses two thirds of its heat
    idle_share: float  #: heat of standing by warm, as a share of what printing adds to it
    ribbon_cards: int
    film_cards: int
    cleaning_cards: int
    rest: RestRule

    @property
    def warm_up_seconds(self) -> float:
        return self.warm_up_minutes * 60

    @property
    def cooling_seconds(self) -> float:
        return self.cooling_minutes * 60


def read_models(text: str) -> Mapping[str, PrinterModel]:
    """Read the table of models. Raises KeyError, TypeError or ValueError on data that nobody
    understands."""
    found = {name: _model(name, row) for name, row in tomllib.loads(text).items()}
    if DEFAULT not in found:
        raise ValueError("a model named default is wanted")
    for model in found.values():
        figures = (model.card_seconds, model.warm_up_minutes, model.cooling_minutes)
        if min(*figures, model.ribbon_cards, model.film_cards, model.cleaning_cards) <= 0:
            raise ValueError(f"{model.name}: times and yields are above zero")
    return MappingProxyType(found)


def _model(name: str, row: Mapping[str, Any]) -> PrinterModel:
    figures = {key: value for key, value in row.items() if key not in ("names", "rest")}
    return PrinterModel(
        name=name, names=tuple(row["names"]), rest=RestRule(**row["rest"]), **figures
    )


@cache
def models() -> Mapping[str, PrinterModel]:
    """The models of this release."""
    return read_models(files("ampera.printing").joinpath("printer_models.toml").read_text("utf-8"))


def model_of(make_and_model: str) -> PrinterModel:
    """The model that a printer says it is (`printer-make-and-model`); `default` when unknown.

    The longest name that fits decides: "printer 60" is not "printer 600".
    """
    told = make_and_model.casefold().split()
    fitting = [
        (len(name), model)
        for model in models().values()
        for name in model.names
        if _stands_in(name.casefold().split(), told)
    ]
    if not fitting:
        return models()[DEFAULT]
    return max(fitting, key=lambda each: each[0])[1]


def _stands_in(words: list[str], told: list[str]) -> bool:  # positional: a part and its whole
    most = len(told) - len(words) + 1
    return any(told[start : start + len(words)] == words for start in range(most))
