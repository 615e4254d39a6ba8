"""A long run of print rooms in several sittings: a line of JSON a room, and what is told meanwhile.

A million cards take longer than anybody leaves a machine alone. Rooms that stand in the log are
not played again, so a run that was stopped goes on where it was, and its sums are those of all
sittings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from ampera.world.mill import CARDS_A_ROOM, Milled

#: The sums that are told of a run.
SUMMED: Final = (
    *("permits", "cards", "spoiled", "in_dispute", "unknown", "deaths"),
    *("heat_stops", "supplies_changed", "chips"),
)
_NAMES: Final = frozenset(each.name for each in fields(Milled))


class MillLog:
    """The rooms of all sittings; a new one stands in the file when `add` returns.

    A line that a power cut left half is cut off: that room is played again. A room that broke is
    played again by another commit only, so that its cure is seen; its last line counts.
    """

    def __init__(self, path: Path, *, commit: str, permits: int = CARDS_A_ROOM) -> None:
        self._path, self._commit, self._permits = path, commit, permits
        self._commits: dict[int, str] = {}
        self.rooms: dict[int, Milled] = {}
        path.touch()
        self._read()

    def _read(self) -> None:
        text = self._path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            self._path.write_bytes(whole)
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                told = json.loads(line)
                room = Milled(**{name: told[name] for name in _NAMES})
                commit = str(told["commit"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{self._path} line {number} is no room") from error
            if room.permits == self._permits:
                self.rooms[room.seed], self._commits[room.seed] = room, commit

    def is_played(self, seed: int) -> bool:
        """Need this room not be played (again)?"""
        room = self.rooms.get(seed)
        return room is not None and (not room.broken or self._commits[seed] == self._commit)

    def add(self, room: Milled) -> None:
        """Keep a room that was played now."""
        line = json.dumps({**asdict(room), "commit": self._commit}, sort_keys=True)
        with self._path.open("a") as file:
            file.write(line + "\n")
        self.rooms[room.seed], self._commits[room.seed] = room, self._commit

    def commits(self, seeds: range) -> Mapping[str, int]:
        """How many of these rooms each commit played."""
        return Counter(self._commits[seed] for seed in seeds if seed in self._commits)


@dataclass(slots=True)
class Progress:
    """How far a sitting is. `earlier` rooms were played before it; times in seconds."""

    rooms: int
    earlier: int
    permits: int = CARDS_A_ROOM
    played: int = 0

    def line(self, seconds: float) -> str:
        """Cards, rooms, cards a second of this sitting, and how long the rest takes at that."""
        rate = self.played * self.permits / max(seconds, 0.001)
        done = self.earlier + self.played
        left = (self.rooms - done) * self.permits / rate if rate else 0.0
        hours, minutes = divmod(round(left / 60), 60)
        return (
            f"{done * self.permits} kartu / cards, {done}/{self.rooms} kamar / rooms,"
            f" {rate:.1f} kartu/detik / cards a second, sisa / left {hours} h {minutes:02d} min"
        )


def sums_of(rooms: Iterable[Milled]) -> str:
    """The sums over all rooms, and what a card cost."""
    listed = list(rooms)
    told = {name: sum(getattr(each, name) for each in listed) for name in SUMMED}
    seconds = sum(each.seconds for each in listed)
    a_card = 1000 * seconds / max(1, told["permits"])
    sums = ", ".join(f"{name} {count}" for name, count in told.items())
    return f"{sums}\n{seconds:.0f} s CPU, {a_card:.1f} ms a card"


def replay(room: Milled) -> str:
    """The command that plays this room again."""
    return f"ampera sim --cards {room.permits} --seed {room.seed}"
