"""All of an office in custody: is every printer there, and every blank by serial? Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ampera.blanko.rules import Account, Box
from ampera.words.refusal import Refusal

#: Where a blank of the office may lie, or may be thought to lie. One in dispute may have become a
#: card: it is shown, or the dispute is decided first. Issued ones are cards, destroyed and written
#: off ones are settled.
ACCOUNTS: Final = (
    Account.SHELF,
    Account.RESERVED,
    Account.SPOILED,
    Account.DISPUTE,
    Account.UNMATCHED,
)
#: A refusal names so many; the page shows all.
NAMED_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class CustodyFacts:
    """What the dinas's books say there is of one office: every item with its box, every printer."""

    items: Mapping[str, Box | None]
    printers: frozenset[str]

    @property
    def blanko(self) -> int:
        """How many blanks that is."""
        return sum(1 if box is None else box.size for box in self.items.values())


@dataclass(frozen=True, slots=True)
class Compared:
    """What two officers listed beside the books."""

    missing: tuple[str, ...]  #: blanks that nobody listed, a box by its label
    missing_printers: tuple[str, ...]
    surplus: tuple[str, ...]  #: listed, and not in these books at that office


def compare_custody(
    facts: CustodyFacts,
    *,
    serials: Collection[str],
    boxes: Collection[str],
    printers: Collection[str],
) -> Compared:
    """A sealed box is there when its label is listed, or each of its serials: it may have been
    opened since the office told of it."""
    listed, labels, missing = set(serials), set(boxes), []
    known: set[str] = set()
    for item, box in facts.items.items():
        if box is None:
            known.add(item)
            if item not in listed:
                missing.append(item)
            continue
        inside = set(box.serials())
        known |= {item, *inside}
        if item not in labels and not inside <= listed:
            missing += sorted(inside - listed) if inside & listed else [item]
    return Compared(
        missing=tuple(sorted(missing)),
        missing_printers=tuple(sorted(facts.printers - set(printers))),
        surplus=tuple(sorted((listed | labels) - known)),
    )


def why_not_whole(compared: Compared) -> Refusal | None:
    """A printer or a blank that is still out there could print: nothing is freed then."""
    if compared.missing_printers:
        return Refusal("printing.custody_printer", printers=_some(compared.missing_printers))
    if compared.missing:
        serials = _some(compared.missing)
        return Refusal("printing.custody_blanko", count=len(compared.missing), serials=serials)
    return None


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:NAMED_MAX]) + (" …" if len(every) > NAMED_MAX else "")
