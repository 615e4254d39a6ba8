"""What must lie in custody before an office's permits end at once: its printers, its blanks."""

from __future__ import annotations

from dataclasses import dataclass

from ampera.blanko.queries import held_at
from ampera.blanko.rules import Box, place, transit_to
from ampera.journal.marks import is_child_heard
from ampera.journal.queries import is_all_read
from ampera.printing.queries.upkeep import printer_names
from ampera.printing.rules.custody import ACCOUNTS, CustodyFacts
from ampera.readiness.queries import Seizure, finished_count, seizure_of, unsettled_count
from ampera.readiness.queries.suspects import suspect_count
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class CustodyDesk:
    """What the dinas sees of one office before two officers go and fetch its things."""

    office: OfficeCode
    facts: CustodyFacts
    open_permits: int  #: these the custody ends, in an attempt or not
    undecided: int  #: in dispute or suspect: two officers decide each
    finished: int  #: made, not handed over: they are cards, and are kept beside the blanks
    seizure: Seizure | None  #: it lies in custody already
    is_all_read: bool

    @property
    def accounts(self) -> tuple[tuple[str, int], ...]:
        """(account, blanks) of all that has to be shown; what is under way under `transit`."""
        return tuple(
            (name, count) for name, items in lying_by_account(self.office) if (count := _sum(items))
        )


def custody_desk(office: OfficeCode) -> CustodyDesk:
    """All that has to be shown of one office, by the books of this dinas."""
    return CustodyDesk(
        office=office,
        facts=custody_facts(office),
        open_permits=unsettled_count(office),
        undecided=suspect_count(office),
        finished=finished_count(office),
        seizure=seizure_of(office),
        is_all_read=is_read_here(office),
    )


def is_read_here(office: OfficeCode) -> bool:
    """Is all that the office signed also in the tables here, and did it show what it holds of ours,
    where this server was restored?"""
    return is_all_read(office) and is_child_heard(office)


def custody_facts(office: OfficeCode) -> CustodyFacts:
    """Every item on the office's accounts and on the way to it, and its printers."""
    items: dict[str, Box | None] = {}
    for _, found in lying_by_account(office):
        items |= found
    return CustodyFacts(items, printer_names(office))


def lying_by_account(office: OfficeCode) -> list[tuple[str, dict[str, Box | None]]]:
    """The same by account; `transit` may have arrived without its news."""
    places = [(account.value, place(office, account)) for account in ACCOUNTS]
    places.append(("transit", transit_to(office)))
    found = []
    for name, at in places:
        found.append((name, {item: each.box for item, each in held_at(at).items()}))
    return found


def _sum(items: dict[str, Box | None]) -> int:
    return sum(1 if box is None else box.size for box in items.values())
