"""Hands at the printer of one office, and the goods that lie in them while they work.

What hands hold is written beside the printer: the physical truth outlives whoever plays it, and a
driver that was killed between taking blanko out and laying them back finds them there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ampera.devices.simulated.cards import Fate, Physical
from ampera.devices.simulated.hands import Hands


class Hopper:
    """The blanko in one printer."""

    def __init__(self, folder: Path) -> None:
        self.hands = Hands(folder)
        self._note = folder / "in-hand.json"

    @property
    def is_still(self) -> bool:
        """Is the printer there, with every command of hands done? Only then is looking of use."""
        return self.hands.is_idle and self.hands.physical() is not None

    def look(self) -> Physical:
        """What lies where."""
        seen = self.hands.physical()
        assert seen is not None, "looked at only when still"
        return seen

    def in_hand(self) -> dict[str, Any] | None:
        """The work that somebody has begun and not finished; None when hands are empty."""
        try:
            told = json.loads(self._note.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        assert isinstance(told, dict)
        return told

    def take_in_hand(self, work: dict[str, Any]) -> None:
        """Begin: from here on it is finished by whoever comes."""
        self._note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._note.with_suffix(".part")
        part.write_text(json.dumps(work), encoding="utf-8")
        os.replace(part, self._note)

    def put_down(self) -> None:
        """The work is finished."""
        self._note.unlink(missing_ok=True)

    def lay(self, serials: Iterable[str]) -> None:
        """Lay exactly these blanko into the hopper, lowest first, as the books feed them."""
        wanted = tuple(sorted(serials))
        if self.look().hopper != wanted:
            self.hands.unload()
            self.hands.load(wanted)


def fate_of(serial: str, *, attempt: str, seen: Physical) -> str:
    """What two pairs of eyes say of the blanko of an attempt: PRINTED, SPOILED, SHELF or DISPUTE;
    empty while it is stuck inside and has to be taken out first."""
    if seen.inside == serial:
        return ""
    rejected = {each.serial: each.fate for each in seen.ruined}
    if rejected.get(serial, Fate.UNTOUCHED) is not Fate.UNTOUCHED:
        return "SPOILED"
    if any(each.serial == serial for each in seen.finished(attempt)):
        return "PRINTED"
    is_whole = any(each.serial == serial and each.fate is Fate.UNTOUCHED for each in seen.tray)
    is_whole = is_whole or serial in rejected
    return "SHELF" if is_whole or serial in seen.in_order else "DISPUTE"
