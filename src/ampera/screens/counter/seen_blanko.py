"""What two officers list after a restore, and how it differs from the books.

Shown before anything is said: a slip of the finger would send a blanko to dispute and put every
open permit under suspicion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ampera.blanko.queries import Held, held, held_at
from ampera.blanko.rules import (
    Account,
    Box,
    account_of,
    check_goods,
    is_serial,
    place,
    serial_after,
)
from ampera.journal.house import house
from ampera.screens.counter.blanko import boxes_in_stock, read_boxes, where_is
from ampera.screens.wording import word_for
from ampera.words.refusal import Refusal

#: A longer range is a slip of the finger: no printer of an office feeds so many.
RANGE_MAX: Final = 2000
_PART: Final = re.compile(r"[\s;,]+")
_RANGE: Final = re.compile(
    r"(?P<first>\S+?)\s*(?:-|–|\.\.|\bsampai\b|\bs/d\b)\s*(?P<last>\S+)", re.IGNORECASE
)
#: What an office has in its hands, by the books.
_IN_HAND: Final = (Account.STORE, Account.SHELF, Account.RESERVED, Account.SPOILED)


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies in front of two officers."""

    whole: tuple[str, ...]  #: unprinted, on the shelf or in the printer
    spoiled: tuple[str, ...]  #: ruined, in the box for spoils
    cards: tuple[str, ...]  #: finished cards that were not handed over
    boxes: tuple[Box, ...]  #: sealed

    @property
    def is_empty(self) -> bool:
        return not (self.whole or self.spoiled or self.cards or self.boxes)


@dataclass(frozen=True, slots=True)
class Difference:
    """The list beside the books; every group in order of serial."""

    agree: int  #: blanko that lie where the books have them
    missing: tuple[str, ...]  #: nobody sees them
    missing_from: tuple[tuple[str, tuple[str, ...]], ...]  #: the same by account, in runs
    unknown: tuple[str, ...]  #: not in the books of this server
    printed_since: tuple[str, ...]  #: a finished card whose blanko the books have unprinted
    in_printer: tuple[str, ...]  #: the books have an attempt that is not settled
    spoiled_since: tuple[str, ...]  #: ruined, and the books have it whole
    elsewhere: tuple[tuple[str, str], ...]  #: seen here, and the books have it in another place

    @property
    def is_whole(self) -> bool:
        """Nothing that would put permits under suspicion."""
        return not (self.missing or self.unknown)


def read_listed(fields: Mapping[str, str], *, sealed: Iterable[str]) -> Listed | Refusal:
    """The list as it was typed, scanned and ticked. `sealed` are labels of ticked boxes."""
    read: dict[str, tuple[str, ...]] = {}
    for name in ("whole", "spoiled", "cards"):
        serials = read_serials(fields.get(name, ""))
        if isinstance(serials, Refusal):
            return serials
        read[name] = tuple(serials)
    typed = read_boxes(fields.get("boxes", ""))
    if isinstance(typed, Refusal):
        return typed
    ticked = set(sealed)
    boxes = (*(box for box in boxes_in_stock() if box.box in ticked), *typed)
    listed = Listed(read["whole"], read["spoiled"], read["cards"], boxes)
    every = [*listed.whole, *listed.spoiled, *listed.cards]
    no = check_goods(listed.boxes, serials=every) if not listed.is_empty else None
    return listed if no is None else no


def read_serials(typed: str) -> list[str] | Refusal:
    """One serial a line, several parted by blanks, or a range: `SPC00000001 - SPC00000020`."""
    found: list[str] = []
    for line in typed.splitlines():
        match = _RANGE.fullmatch(line.strip())
        if match is None:
            found += [each.upper() for each in _PART.split(line.strip()) if each]
            continue
        inside = _range(match["first"].upper(), match["last"].upper())
        if inside is None:
            return Refusal("screens.range_line", line=line.strip()[:60], most=RANGE_MAX)
        found += inside
    return found


def _range(first: str, last: str) -> list[str] | None:
    if not is_serial(first) or not is_serial(last) or len(first) != len(last):
        return None
    digits = len(first) - len(first.rstrip("0123456789"))
    if first[:-digits] != last[:-digits]:
        return None
    steps = int(last[-digits:]) - int(first[-digits:])
    if not 0 <= steps < RANGE_MAX:
        return None
    return [serial_after(first, steps=step) for step in range(steps + 1)]


def seen_serials(listed: Listed) -> list[str]:
    """The serials that the count says it saw.

    A finished card proves that its blanko is gone: where the books still have that blanko on the
    shelf it is left out, so that it counts as missing and the open permits as suspect. One in an
    open attempt is settled with its attempt; one that the books do not know is said, for it shows
    that more was lost.
    """
    known = held(listed.cards)
    shelf = {place(house().code, account) for account in (Account.STORE, Account.SHELF)}
    gone = {serial for serial, each in known.items() if each.place in shelf}
    issued = place(house().code, Account.ISSUED)
    done = {serial for serial, each in known.items() if each.place == issued}
    cards = [each for each in listed.cards if each not in gone | done]
    return [*listed.whole, *listed.spoiled, *cards]


def compare(listed: Listed) -> Difference:
    """What the count would say, before it is said."""
    here = house().code
    in_hand: dict[str, Held] = {}
    for account in _IN_HAND:
        in_hand |= held_at(place(here, account))
    seen = {*seen_serials(listed), *(box.box for box in listed.boxes)}
    known = held([*seen, *listed.cards])
    places = {item: each.place for item, each in known.items()}
    shelf = {place(here, Account.STORE), place(here, Account.SHELF)}
    issued = place(here, Account.ISSUED)
    return Difference(
        agree=sum(_size(each) for item, each in in_hand.items() if item in seen),
        missing=tuple(sorted(set(in_hand) - seen)),
        missing_from=_by_account([each for item, each in in_hand.items() if item not in seen]),
        unknown=tuple(sorted(seen - set(known))),
        printed_since=_those(listed.cards, where=shelf, places=places),
        in_printer=_those(seen, where={place(here, Account.RESERVED)}, places=places),
        spoiled_since=_those(listed.spoiled, where=shelf, places=places),
        elsewhere=_placed(
            {
                item
                for item, at in places.items()
                if item not in in_hand and not (item in listed.cards and at == issued)
            },
            places=places,
        ),
    )


def runs(items: Iterable[str]) -> tuple[str, ...]:
    """Serials that follow each other as one range: `DC00002241 – DC00002250 (10)`."""
    found: list[tuple[str, str, int]] = []
    for item in sorted(items):
        if found and is_serial(item) and item == _after(found[-1][1]):
            found[-1] = (found[-1][0], item, found[-1][2] + 1)
        else:
            found.append((item, item, 1))
    return tuple(f"{first} – {last} ({n})" if n > 1 else first for first, last, n in found)


def _after(item: str) -> str:
    try:
        return serial_after(item, steps=1)
    except ValueError:
        return ""


def _by_account(items: Iterable[Held]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    groups: dict[str, list[str]] = {}
    for each in items:
        groups.setdefault(word_for(account_of(each.place) or "", table="akun"), []).append(
            each.item
        )
    return tuple((words, runs(each)) for words, each in sorted(groups.items()))


def _size(each: Held) -> int:
    return each.box.size if each.box is not None else 1


def _those(items: Iterable[str], *, where: set[str], places: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(item for item in items if places.get(item) in where))


def _placed(items: set[str], *, places: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((item, where_is(places[item])) for item in sorted(items))
