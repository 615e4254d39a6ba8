"""The auditor's own count of blanko: a simple replay of what was counted and moved, and no code.

Every item is in one place, the place of its highest move; each move begins where the one before
ended. Added up by accounts nothing is below zero and nothing appears or vanishes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ampera.world.chainbooks import BrokenPromise, Line

#: Where blanko come from; these alone may be below zero.
_SOURCES = ("maker", "counted", "unseen")


@dataclass(frozen=True, slots=True)
class _Step:
    source: str
    target: str
    count: int
    where: str


@dataclass(slots=True)
class StockBooks:
    """Places and accounts, from the facts of entries alone."""

    steps: dict[str, dict[int, _Step]] = field(default_factory=dict)
    boxes: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, lines: Iterable[Line]) -> None:
        """Take in entries in any order. Raises BrokenPromise when one move was made twice."""
        for line in lines:
            if line.kind == "blanko.counted/1":
                self._counted(line)
            elif line.kind == "blanko.moved/1":
                moves = line.facts["moves"]
                if line.facts["why"] == "EXCHANGED":
                    _check_crossed(line, moves)
                for move in moves:
                    self._moved(line, move)

    def places(self) -> dict[str, str]:
        """Where every blanko is, sealed boxes counted out."""
        found: dict[str, str] = {}
        for item, steps in self.steps.items():
            place = steps[max(steps)].target
            if item in self.boxes:
                if place != "opened":
                    found |= dict.fromkeys(serials(*self.boxes[item]), place)
            else:
                found[item] = place
        return found

    def check(self) -> None:
        """Raises BrokenPromise when a move is missing, joins wrong, or an account is below zero."""
        accounts: dict[str, int] = {}
        for item, steps in sorted(self.steps.items()):
            first = min(steps)
            for n in range(first, max(steps) + 1):
                if n not in steps:
                    raise BrokenPromise(f"{item}: move {n} was never made")
                step = steps[n]
                if n > max(first, 1) and step.source != steps[n - 1].target:
                    raise BrokenPromise(
                        f"{item} left {step.source} ({step.where}), but it was at"
                        f" {steps[n - 1].target}"
                    )
                accounts[step.source] = accounts.get(step.source, 0) - step.count
                accounts[step.target] = accounts.get(step.target, 0) + step.count
        if sum(accounts.values()) != 0:
            raise BrokenPromise(f"the accounts add up to {sum(accounts.values())}")
        for account, count in sorted(accounts.items()):
            if count < 0 and not account.startswith(_SOURCES) and account != "opened":
                raise BrokenPromise(f"{account} is {count}")

    def _counted(self, line: Line) -> None:
        facts = line.facts
        for box in facts["boxes"]:
            self.boxes[box["box"]] = (box["first"], box["size"])
            self._note(box["box"], 1, _Step("counted", facts["place"], box["size"], _at(line)))
        for serial in facts["serials"]:
            self._note(serial, 1, _Step("counted", facts["place"], 1, _at(line)))

    def _moved(self, line: Line, move: Mapping[str, Any]) -> None:
        size = move.get("size", 1)
        if "first" in move:
            self.boxes[move["item"]] = (move["first"], size)
        if move["to"] != "opened":
            step = _Step(move["from"], move["to"], size, _at(line))
            self._note(move["item"], move["n"], step)
            return
        # An opened box is a place that its blanko leave, one by one.
        self._note(move["item"], move["n"], _Step(move["from"], "opened", size, _at(line)))
        for serial in serials(move["first"], size):
            self._note(serial, 1, _Step("opened", move["from"], 1, _at(line)))

    def _note(self, item: str, n: int, step: _Step) -> None:
        known = self.steps.setdefault(item, {}).get(n)
        if known is not None and (known.source, known.target) != (step.source, step.target):
            raise BrokenPromise(
                f"{item} is in two places: move {n} went to {known.target} ({known.where}) and to"
                f" {step.target} ({step.where})"
            )
        self.steps[item].setdefault(n, step)


def _check_crossed(line: Line, moves: Sequence[Mapping[str, Any]]) -> None:
    ways = sorted((each["from"], each["to"]) for each in moves)
    is_crossed = ways == sorted((to, source) for source, to in ways)
    # Read among the spoils without having been an attempt's: the other one never left the shelf.
    (out, back), (ruined, takes) = ((each["from"], each["to"]) for each in moves[:2])
    is_read = takes == out and ruined.endswith("/spoiled") and back.endswith("/shelf")
    if len(moves) != 2 or not (is_crossed or is_read):
        raise BrokenPromise(f"{_at(line)}: one of two that exchange their places has stayed")


def serials(first: str, size: int) -> list[str]:  # positional: a pair
    """The serials of a box, counted by hand."""
    prefix = first.rstrip("0123456789")
    digits = first[len(prefix) :]
    return [f"{prefix}{int(digits) + step:0{len(digits)}d}" for step in range(size)]


def _at(line: Line) -> str:
    return f"{line.chain} {line.seq}"
