"""Hands at a printer that runs in another process: commands as small files in its data folder.

The demo's officers load blanks and clear jams through these, and its control makes things go wrong.
Files need no port of their own and reach a printer whose power is off. A command takes effect
within a tick of the printer process; what came of it is seen with `physical`.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ampera.devices.simulated.cards import Fate, Physical, PowerCut
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.printer import SimulatedPrinter
from ampera.devices.simulated.spool import physical_in
from ampera.devices.simulated.station import ReaderSwitch

FOLDER_NAME: Final = "hands"
_counter = itertools.count()
_FAULTS: Final = frozenset(
    {"jam", "misfeed", "lose_answer", "lose_request", "late_seconds"}
    | {"lose_sight", "reader_silent"}
)


def _cut_power_at_next_card(machine: Machine, fact: Mapping[str, Any]) -> None:
    machine.faults.cut = PowerCut(Fate(fact["fate"]), fact.get("resumes_after_seconds"))


def _set_fault(machine: Machine, fact: Mapping[str, Any]) -> None:
    name = fact["name"]
    if name not in _FAULTS:
        raise KeyError(name)
    setattr(machine.faults, name, fact["value"])


def _change_supply(machine: Machine, fact: Mapping[str, Any]) -> None:
    machine.change_supply(fact["name"])
    if fact.get("real_cards") is not None:
        machine.supplies[fact["name"]].real_cards = int(fact["real_cards"])


def _feed_two_at_next_card(machine: Machine, fact: Mapping[str, Any]) -> None:
    machine.faults.second = Fate(fact["second"])


def _set_switch(machine: Machine, fact: Mapping[str, Any]) -> None:
    name = fact["name"]
    if name not in ("is_busy", "is_accepting"):
        raise KeyError(name)
    setattr(machine, name, bool(fact["value"]))


_VERBS: Final[Mapping[str, Callable[[Machine, Mapping[str, Any]], object]]] = {
    "load": lambda machine, fact: machine.load(fact["serials"]),
    "unload": lambda machine, _: machine.unload(),
    "take": lambda machine, fact: machine.take(fact["serials"]),
    "empty": lambda machine, _: machine.empty(),
    "reject": lambda machine, _: machine.reject(),
    "cover": lambda machine, fact: machine.set_cover(is_open=fact["is_open"]),
    "clear_jam": lambda machine, _: machine.clear_jam(),
    "power_off": lambda machine, _: machine.power_off(),
    "power_on": lambda machine, _: machine.power_on(machine.at),
    "cut_power_at_next_card": _cut_power_at_next_card,
    "feed_two_at_next_card": _feed_two_at_next_card,
    "set_stack_right": lambda machine, _: machine.set_stack_right(),
    "empty_tray": lambda machine, _: machine.empty_tray(),
    "empty_reject": lambda machine, _: machine.empty_reject(),
    "change_supply": _change_supply,
    "change_empty_supplies": lambda machine, _: machine.change_empty_supplies(),
    "clean": lambda machine, _: machine.clean(),
    "reader": lambda machine, fact: machine.set_reader(ReaderSwitch(fact["how"])),
    "room": lambda machine, fact: machine.set_room(float(fact["celsius"])),
    "fault": _set_fault,
    "switch": _set_switch,
}


class UnknownCommand(ValueError):
    """A command file that says nothing that hands can do."""


class Hands:
    """Does things to the printer whose data folder this is. One method a thing."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._folder = data_dir / FOLDER_NAME

    def load(self, serials: Iterable[str]) -> None:
        """Lay blanks under those in the hopper."""
        self._do("load", serials=list(serials))

    def unload(self) -> None:
        """Take all blanks out of the hopper; look with `physical` before."""
        self._do("unload")

    def take(self, serials: Iterable[str]) -> None:
        """Take these pieces out of tray and reject bin; look with `physical` before."""
        self._do("take", serials=list(serials))

    def empty(self) -> None:
        """Take everything out, the card inside too, which that ruins."""
        self._do("empty")

    def reject(self) -> None:
        """Press the button that puts the blank at the reading station into the reject bin."""
        self._do("reject")

    def set_cover(self, *, is_open: bool) -> None:
        self._do("cover", is_open=is_open)

    def clear_jam(self) -> None:
        self._do("clear_jam")

    def set_stack_right(self) -> None:
        """Square the blanks in the hopper after one was not fed."""
        self._do("set_stack_right")

    def empty_tray(self) -> None:
        """Take all out of the tray; look with `physical` before."""
        self._do("empty_tray")

    def empty_reject(self) -> None:
        """Take all out of the reject bin; look with `physical` before."""
        self._do("empty_reject")

    def change_supply(self, name: str, *, real_cards: int | None = None) -> None:
        """Put a new piece in: `ribbon` or `film`, as `marker-names` tells. `real_cards`: what it
        will really give, whatever stands on its box; else drawn."""
        self._do("change_supply", name=name, real_cards=real_cards)

    def change_empty_supplies(self) -> None:
        """Put a new piece in for each that has come to its end."""
        self._do("change_empty_supplies")

    def clean(self) -> None:
        """Run the cleaning card."""
        self._do("clean")

    def set_reader(self, how: ReaderSwitch) -> None:
        """Switch the reader inside on or off in the printer's settings, or break it."""
        self._do("reader", how=how)

    def set_room(self, celsius: float) -> None:
        """The room becomes as warm as this."""
        self._do("room", celsius=celsius)

    def power_off(self) -> None:
        """Cut the power now; a card inside is ruined."""
        self._do("power_off")

    def power_on(self) -> None:
        self._do("power_on")

    def jam_next_card(self) -> None:
        self._do("fault", name="jam", value=True)

    def misfeed_next_card(self) -> None:
        self._do("fault", name="misfeed", value=True)

    def feed_two_at_next_card(self, second: Fate) -> None:
        """The next two blanks go in as one; the second comes out like this."""
        self._do("feed_two_at_next_card", second=second)

    def lose_next_answer(self) -> None:
        """The next job is taken and the connection dropped before the answer."""
        self._do("fault", name="lose_answer", value=True)

    def lose_next_request(self) -> None:
        """The next request to print is dropped and no job made of it."""
        self._do("fault", name="lose_request", value=True)

    def print_next_job_late(self, seconds: float) -> None:
        """The next answer is lost, its job unseen, and printed so many city seconds later."""
        self._do("fault", name="late_seconds", value=seconds)

    def cut_power_at_next_card(
        self, fate: Fate, *, resumes_after_seconds: float | None = None
    ) -> None:
        """The power goes when the next card is half printed."""
        self._do("cut_power_at_next_card", fate=fate, resumes_after_seconds=resumes_after_seconds)

    def set_busy(self, *, is_busy: bool) -> None:
        self._do("switch", name="is_busy", value=is_busy)

    def set_accepting(self, *, is_accepting: bool) -> None:
        self._do("switch", name="is_accepting", value=is_accepting)

    def physical(self) -> Physical | None:
        """What lies where, as last written; None before the printer's first start."""
        return physical_in(self._data_dir)

    @property
    def is_idle(self) -> bool:
        """True when the printer process has taken up every command."""
        return not any(self._folder.glob("*.json"))

    def _do(self, verb: str, **fact: Any) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Names sort in the order of giving; a file appears under its name only when it is whole.
        name = f"{time.time_ns():020d}-{os.getpid():08d}-{next(_counter):08d}"
        part = self._folder / f"{name}.part"
        part.write_text(json.dumps({"do": verb, **fact}), encoding="utf-8")
        os.replace(part, self._folder / f"{name}.json")


def obey(printer: SimulatedPrinter) -> None:
    """Carry out the commands that lie in the printer's folder, oldest first.

    Raises UnknownCommand on a file that is none; the file is gone by then and does no more harm.
    """
    folder = printer.config.data_dir / FOLDER_NAME
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        path.unlink()
        try:
            fact = json.loads(text)
            verb = _VERBS[fact["do"]]
            with printer.using() as machine:
                verb(machine, fact)
                machine.touch()
        except (ValueError, KeyError, TypeError) as wrong:
            raise UnknownCommand(f"{path.name}: {wrong!r}") from wrong
