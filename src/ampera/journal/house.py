"""The server that acts: its code, key, clock and chains. One a process; many in a simulated
province."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ampera.journal.entry import ChainName
from ampera.words.clock import Clock
from ampera.words.ids import IdSource
from ampera.words.office import OfficeCode, Tier

if TYPE_CHECKING:
    from ampera.journal.keys import ServerKey
    from ampera.journal.registry import Registry
    from ampera.journal.second_log import SecondLog

#: A clock this far off is shown and stops printing, not recording (architecture §3, Time).
CLOCK_DOUBT_MAX: Final = timedelta(minutes=2)
#: The note that it is ahead (`marks.note_clock`).
CLOCK_AHEAD: Final = "clock.ahead"
_AHEAD: Final = "SELECT 1 FROM journal_mark WHERE key = %s"


@dataclass(slots=True)
class House:
    """Everything of a server that is not in its database."""

    code: OfficeCode
    incarnation: int
    key: ServerKey
    clock: Clock
    ids: IdSource
    registry: Registry
    second_log: SecondLog
    is_demo: bool = False
    #: The latest time seen in an own entry or heard from above: *now* never falls behind it.
    floor: datetime | None = None

    @property
    def tier(self) -> Tier:
        return self.code.tier

    @property
    def upper(self) -> OfficeCode | None:
        return self.code.upper

    def now(self) -> datetime:
        """The latest of the clock, the own last entry and the last time heard from above."""
        now = self.clock.now()
        return max(now, self.floor) if self.floor is not None else now

    def heard(self, at: datetime) -> None:
        """A time that cannot be in the future any more."""
        if self.floor is None or at > self.floor:
            self.floor = at

    @property
    def is_clock_doubtful(self) -> bool:
        """Has the clock gone back, is it behind what was heard, or was it ahead of the tier above
        when that last answered, by more than two minutes?"""
        is_behind = self.floor is not None and self.floor - self.clock.now() > CLOCK_DOUBT_MAX
        return is_behind or self.is_clock_ahead

    @property
    def is_clock_ahead(self) -> bool:
        """Did the tier above, at its last answer, say an earlier time than our question had?

        Noted in the database, for it is the worker who asks and the pages that need it.
        """
        from ampera.journal import sql  # whoever only drives a printer needs no database

        return sql.one(_AHEAD, CLOCK_AHEAD) is not None

    def chain(self, audience: str) -> ChainName:
        return ChainName(self.code, audience, self.incarnation)


class _Current:
    house: House | None = None


def house() -> House:
    """The server that acts now. Asking before one was opened is a defect."""
    assert _Current.house is not None, "no server acts: open a House first"
    return _Current.house


def open_house(new: House) -> None:
    """Make this process act as that server from now on."""
    _Current.house = new


@contextmanager
def acting_in(new: House | None) -> Iterator[None]:
    """Act as another server for a while: the simulated province and tests only."""
    before = _Current.house
    _Current.house = new
    try:
        yield
    finally:
        _Current.house = before
