"""The print room of the week that is watched: officers with hands and eyes, everything over HTTP.

They load the whole hopper, come ten minutes after something has stuck, look at every card, settle
by two what nobody knows, and put everything away in the evening.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ampera.devices.simulated.cards import Physical
from ampera.world.driving.client import Desk
from ampera.world.driving.hopper import Hopper, fate_of
from ampera.world.driving.plastic import Plastic
from ampera.world.driving.watched_stock import surely
from ampera.world.week_days import HANDS_COME

#: What is pulled out, put in or set right, by what the printer asks for.
_HELP: Final = {
    "media-jam": "kartu macet",
    "marker-supply-empty": "pita atau film habis",
    "subunit-recoverable-failure": "blanko tidak terambil",
}
_HOT: Final = "subunit-over-temperature"
_STILL_SECONDS_MAX: Final = 60.0
_TAKEN_AT_ONCE: Final = 20


@dataclass(slots=True)
class WatchedRoom:
    """One office's printer and the two officers beside it."""

    cetak: Desk
    kepala: Desk
    hopper: Hopper
    hopper_most: int
    tell: Callable[[str], None]
    plastic: Plastic = field(default_factory=Plastic)
    heat_stops: int = 0
    #: What was told or helped, for whoever asks afterwards what the week showed.
    seen: set[str] = field(default_factory=set)
    #: Around what officers do that takes them a moment, whatever it takes the machine.
    at_work: Callable[[], AbstractContextManager[None]] = nullcontext
    _since: datetime | None = None
    _dark_since: datetime | None = None
    _was_hot: bool = False
    _checked: int = 0

    @property
    def cards(self) -> int:
        """Finished cards that really exist outside of the printer."""
        return len(self.plastic.finished)

    def load(self) -> tuple[str, ...]:
        """Lay a full hopper in, lowest serial first; returns what lies there."""
        lies = self._look().hopper
        self.plastic.back_on_shelf(lies)
        wanted = tuple(self.plastic.shelf()[: self.hopper_most])
        self.plastic.into_printer(wanted)
        self.hopper.lay(wanted)
        assert self._look().hopper == wanted, "the blanko do not lie as they were laid"
        return wanted

    def step(self, now: datetime, *, is_open: bool) -> None:
        """One round: help, look at cards, settle, and start the next sitting."""
        printer = self._printer()
        if printer is None:
            return
        self._note_heat(printer)
        self._help(printer, now)
        self._check_cards()
        is_free = printer["run"] is None and printer["is_reachable"]
        # Whoever comes to a stuck card sees at once what became of it, and not before.
        is_stuck = self._since is not None
        if not is_free or is_stuck:
            return
        unknown = surely(lambda: self.cetak.get("attempts", state="unknown"))
        if unknown:
            with self.at_work():
                self._settle_unknown(unknown)
        elif is_open and surely(lambda: self.cetak.get("permits")):
            with self.at_work():
                self._start(printer)

    def stop(self) -> None:
        """Begin no further card."""
        printer = self._printer()
        if printer is not None and printer["run"] is not None:
            key = f"stop:{printer['run']}"
            surely(lambda: self.cetak.post("runs/stop", key=key, printer=printer["printer"]))
            self.tell("cetak dihentikan")

    def is_quiet(self) -> bool:
        """No card in work and none that waits for eyes."""
        printer = self._printer()
        is_off = printer is not None and printer["run"] is None
        return is_off and not (
            surely(lambda: self.cetak.get("attempts", state="open"))
            or surely(lambda: self.cetak.get("attempts", state="unknown"))
            or surely(lambda: self.cetak.get("cards/to-check"))
        )

    def is_waiting(self) -> bool:
        """Is no card fed for now, whoever wants it so: no sitting, or the agent said why."""
        printer = self._printer()
        return printer is None or printer["run"] is None or bool(printer["waits_code"])

    def put_away(self) -> None:
        """At night no blanko and no card lies in the printer."""
        seen = self._look()
        if seen.inside is not None:
            self.hopper.hands.clear_jam()
            seen = self._look()
        self.plastic.back_on_shelf(seen.hopper)
        self.hopper.hands.unload()
        self._take_out(seen)
        assert self._look() == Physical((), None, (), ()), "something is left in the printer"

    # ---- the printer ----

    def _printer(self) -> dict[str, Any] | None:
        listed = surely(lambda: self.cetak.get("printers"))
        return listed[0] if listed else None

    def _note_heat(self, printer: dict[str, Any]) -> None:
        is_hot = _HOT in printer["reasons"]
        if is_hot and not self._was_hot:
            self.heat_stops += 1
            self._say("pencetak berhenti sendiri karena panas", code="hot")
        self._was_hot = is_hot

    def _help(self, printer: dict[str, Any], now: datetime) -> None:
        """Somebody comes ten minutes after it was seen."""
        self._light_up(printer, now)
        asked = [word for word in _HELP if word in printer["reasons"]]
        if not asked or not printer["is_reachable"]:
            self._since = None
            return
        if self._since is None:
            self._since = now
            self._say(_HELP[asked[0]], code=asked[0])
        if now - self._since < HANDS_COME:
            return
        hands = self.hopper.hands
        hands.clear_jam()
        hands.set_stack_right()
        hands.change_empty_supplies()
        self._since = None
        self._say(f"{_HELP[asked[0]]}: sudah dibantu", code="helped")
        self._look()

    def _light_up(self, printer: dict[str, Any], now: datetime) -> None:
        """The power is back after ten minutes."""
        if printer["is_reachable"] or printer["looked_at"] is None:
            self._dark_since = None
            return
        if self._dark_since is None:
            self._dark_since = now
            self._say("listrik padam di tengah kartu", code="dark")
        if now - self._dark_since >= HANDS_COME:
            self.hopper.hands.power_on()
            self._dark_since = None
            self._say("listrik menyala lagi", code="light")
            self._look()

    def _start(self, printer: dict[str, Any]) -> None:
        serials = list(self._look().hopper) or list(self.load())
        if not serials:
            return
        body = {"printer": printer["printer"], "cards": len(serials), "serials": serials}
        key = f"run:{serials[0]}:{self._checked}"
        told = surely(lambda: self.cetak.post("runs", key=key, **body))
        if told["run"]:
            self._say(f"sesi cetak dimulai, {len(serials)} blanko di pencetak", code="run")

    # ---- what came out ----

    def _check_cards(self) -> None:
        listed = surely(lambda: self.cetak.get("cards/to-check"))
        for row in listed:
            card = row["card"]
            chip = surely(lambda card=card: self.cetak.post(f"cards/{card}/chip", key=f"c:{card}"))  # type: ignore[misc]
            assert chip["outcome"] == "WRITTEN", f"the chip of {card} was not written"
            surely(
                lambda card=card: self.cetak.post(  # type: ignore[misc]
                    f"cards/{card}/check", key=f"k:{card}", result="READY"
                )
            )
            self._checked += 1
        if listed and self._checked - self.cards >= _TAKEN_AT_ONCE:
            self._empty_tray()

    def _empty_tray(self) -> None:
        """Checked cards go into the drawer; what is of unknown fate stays where it is seen."""
        if not surely(lambda: self.cetak.get("attempts", state="unknown")):
            self._take_out(self._look())

    def _take_out(self, seen: Physical) -> None:
        pieces = [*seen.tray, *seen.ruined]
        if pieces:
            self.hopper.hands.take([each.serial for each in pieces])
            self._still()
            self.plastic.taken(pieces)

    # ---- what nobody knows ----

    def _settle_unknown(self, unknown: list[dict[str, Any]]) -> None:
        """Two officers look and say what they saw."""
        for attempt in unknown:
            seen = self._look()
            fate = fate_of(attempt["serial"], attempt=attempt["attempt"], seen=seen)
            if not fate:
                continue  # it is stuck inside: somebody comes
            if fate in ("SPOILED", "SHELF") and not attempt["is_job_over"]:
                self._say_emptied(attempt)
            else:
                self._settle(attempt, fate=fate)

    def _say_emptied(self, attempt: dict[str, Any]) -> None:
        seen = self._look()
        self.plastic.back_on_shelf(seen.hopper)
        self.hopper.hands.unload()
        self._still()
        path, key = f"printers/{attempt['printer']}/emptied", f"e:{attempt['attempt']}"
        surely(lambda: self.cetak.post(path, key=key, witness=self.kepala.credentials))
        self._say("pencetak dikosongkan berdua", code="emptied")

    def _settle(self, attempt: dict[str, Any], *, fate: str) -> None:
        path, key = f"attempts/{attempt['attempt']}/settle", f"s:{attempt['attempt']}"
        body = {"outcome": fate, "witness": self.kepala.credentials}
        surely(lambda: self.cetak.post(path, key=key, **body))
        self._say(f"blanko {attempt['serial']}: {fate}, dilihat berdua", code="settled")

    # ---- eyes and hands ----

    def _look(self) -> Physical:
        """What lies where, once every hand is still."""
        self._still()
        return self.hopper.look()

    def _still(self) -> None:
        end = time.monotonic() + _STILL_SECONDS_MAX
        while not self.hopper.is_still:
            assert time.monotonic() < end, "the printer's process does not answer to hands"
            time.sleep(0.02)

    def _say(self, what: str, *, code: str) -> None:
        self.seen.add(code)
        self.tell(what)
