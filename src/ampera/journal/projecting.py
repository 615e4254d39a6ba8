"""From entry to tables: authority, savepoints, parking and the cure of what was parked.

A foreign entry is never refused for what it says: only a bad hash, signature or gap is (see
`receiving`). What its origin may not write, or what is unknown here, is kept and shown; what fails
is parked and holds back only later entries of the same subject.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, transaction

from ampera.journal import sql
from ampera.journal.alarms import clear_alarm, raise_alarm
from ampera.journal.entry import ChainName, Entry
from ampera.journal.house import house
from ampera.journal.models import EntryRow, EntryState
from ampera.journal.registry import Row
from ampera.journal.store import entry_of

logger = logging.getLogger("ampera.journal")
_WAITING: Final = (EntryState.PARKED, EntryState.HELD)
_IS_ANY_HELD: Final = "SELECT 1 FROM journal_entryrow WHERE state IN ('parked', 'held') LIMIT 1"
_IS_ANY_WAITING: Final = (
    "SELECT 1 FROM journal_entryrow WHERE state IN ('parked', 'held', 'not_mine') LIMIT 1"
)


def project_own(entry: Entry, row: Row) -> None:  # positional: a pair
    """Project what this server just wrote. An error is a defect and rolls the command back."""
    if row.is_projected_at(house().tier):
        for projection in house().registry.projections.get(entry.kind, []):
            projection(entry)


def must_react_to(entry: Entry) -> bool:
    """Does this tier answer to that kind? Never to its own re-telling: that would go round for
    ever."""
    here = house()
    if (entry.kind, here.tier) not in here.registry.reactions:
        return False
    return entry.retells is None or entry.origin != here.code


@dataclass(frozen=True, slots=True)
class _Way:
    """What becomes of one kind in one chain here."""

    is_allowed: bool
    is_projected: bool
    is_passed_by: bool  #: kept and relayed; no table here is made of it
    must_react: bool


def _way_of(entry: Entry) -> _Way:
    row = house().registry.row_for(entry.kind, entry.chain)
    is_allowed = row is not None and row.retelling == (entry.retells is not None)
    is_projected = row is not None and row.is_projected_at(house().tier)
    return _Way(is_allowed, is_projected, is_allowed and not is_projected, must_react_to(entry))


class Reading:
    """What is asked once for a run of entries: who waits behind a parked one, who may write."""

    def __init__(self) -> None:
        self._are_any: bool | None = None
        self._here: set[str] = set()
        self._chain: ChainName | None = None
        #: Of what is told first, and of what is re-told.
        self._ways: tuple[dict[str, _Way], dict[str, _Way]] = ({}, {})

    def way_of(self, entry: Entry) -> _Way:
        if entry.chain is not self._chain:
            if entry.chain != self._chain:
                self._ways = ({}, {})
            self._chain = entry.chain
        ways = self._ways[entry.facts.get("retells") is not None]
        way = ways.get(entry.kind)
        if way is None:
            way = ways[entry.kind] = _way_of(entry)
        return way

    def holds_back(self, subject: str) -> bool:
        if subject in self._here:
            return True
        if self._are_any is None:
            self._are_any = sql.one(_IS_ANY_HELD) is not None
        return (
            self._are_any and EntryRow.objects.filter(subject=subject, state__in=_WAITING).exists()
        )

    def add(self, subject: str) -> None:
        self._here.add(subject)


def project_foreign(entry: Entry, reading: Reading) -> EntryState:  # positional: a pair
    """Project an entry of another server in its own savepoint and say what became of it."""
    way = reading.way_of(entry)
    if not way.is_allowed:
        raise_alarm(
            f"not_mine:{entry.chain}:{entry.seq}",
            f"{entry.chain} seq {entry.seq}: {entry.origin} may not write {entry.kind} here,"
            " or it is unknown; kept, not projected",
        )
        return EntryState.NOT_MINE
    if not way.is_projected:
        return EntryState.PROJECTED
    is_held = reading.holds_back(entry.subject)
    state = EntryState.HELD if is_held else _try_to_project(entry)
    if state is not EntryState.PROJECTED:
        reading.add(entry.subject)
    return state


def _try_to_project(entry: Entry) -> EntryState:
    try:
        with transaction.atomic():
            for projection in house().registry.projections.get(entry.kind, []):
                projection(entry)
    # Whatever a foreign entry makes a projection do, the post must go on: the entry is parked,
    # shown
    # and tried again. Only the database itself failing is not the entry's fault.
    except DatabaseError as error:
        if _is_machine_failing(error):
            raise
        return _parked(entry, error)
    except Exception as error:
        return _parked(entry, error)
    return EntryState.PROJECTED


def _is_machine_failing(error: DatabaseError) -> bool:
    from django.db import IntegrityError
    from django.db.utils import DataError

    return not isinstance(error, IntegrityError | DataError)


def _parked(entry: Entry, error: Exception) -> EntryState:
    # The message may quote a value of the entry, so only the kind of error is told.
    logger.warning(
        "parked %s seq %s kind %s: %s", entry.chain, entry.seq, entry.kind, type(error).__name__
    )
    raise_alarm(
        f"parked:{entry.chain}:{entry.seq}",
        f"{entry.chain} seq {entry.seq}: projection of {entry.kind} failed"
        f" ({type(error).__name__}); parked, later entries of {entry.subject} wait",
    )
    return EntryState.PARKED


def cure_parked(*, most: int = 50) -> int:
    """Try again what is parked, unknown or held, in order of arrival; returns how many were cured.

    One transaction. A subject stays blocked behind its first entry that fails again.
    """
    if sql.one(_IS_ANY_WAITING) is None:
        return 0
    blocked: set[str] = set()
    cured = 0
    with transaction.atomic():
        waiting = EntryRow.objects.filter(
            state__in=[EntryState.PARKED, EntryState.HELD, EntryState.NOT_MINE]
        ).order_by("id")
        for row in waiting[:most]:
            entry = entry_of(row)
            if row.subject in blocked or not _can_be_tried(entry, row.state):
                blocked.add(row.subject)
                continue
            state = _try_to_project(entry)
            if state is EntryState.PARKED:
                blocked.add(row.subject)
                continue
            EntryRow.objects.filter(pk=row.pk).update(state=state, must_react=must_react_to(entry))
            clear_alarm(f"parked:{entry.chain}:{entry.seq}")
            clear_alarm(f"not_mine:{entry.chain}:{entry.seq}")
            cured += 1
    return cured


def _can_be_tried(entry: Entry, state: str) -> bool:
    if state != EntryState.NOT_MINE:
        return True
    return house().registry.may_write(entry)
