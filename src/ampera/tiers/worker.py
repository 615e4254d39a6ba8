"""The tick loop of one server: post, reactions, cures, decisions, printers. Each wall second.

A server where nothing changes is nearly asleep: one cheap question to the database a second, a full
round every five, and the post when it is due. What is remembered here between two ticks only saves
work; losing it costs time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection

from ampera.journal.actions import react
from ampera.journal.house import house
from ampera.journal.projecting import cure_parked
from ampera.journal.second_log import secure
from ampera.journal.turns import turn
from ampera.sync.courier import LIMITS, run_courier
from ampera.sync.protocol.state import Limits
from ampera.tiers.middleware import new_fault_number
from ampera.tiers.upward import UpwardLink
from ampera.words.clock import WallClock

logger = logging.getLogger("ampera.worker")

#: An idle server does everything this often, for some decisions wait for the clock only.
FULL_SECONDS: Final = 5.0
CURE_SECONDS: Final = 30.0
SWEEP_SECONDS: Final = 3600.0
#: So long a tick reacts, and so long it carries post, when there is more to do than a tick is long:
#: neither a printer nor the other of the two waits for a backlog of weeks.
REACT_SECONDS: Final = 0.5
POST_SECONDS: Final = 0.5
#: So many reactions before the database is left to whoever waits: about 50 ms (architecture §9).
REACT_ROWS: Final = 5

Step = Callable[[], object]


@dataclass(slots=True)
class Worker:
    """All that one server does without being asked."""

    link: UpwardLink | None
    #: One step at the printer; None where there is none.
    print_step: Step | None = None
    #: Whether a card is in work here: then the printer is asked each tick.
    is_printing: Callable[[], bool] = lambda: False
    #: Bulk bytes: packets up, print packets and snapshots down.
    bulk_step: Step | None = None
    #: Small things that the wiring adds to a full round.
    more_steps: list[Step] = field(default_factory=list)
    #: Everything is done this often at least.
    full_seconds: float = FULL_SECONDS
    #: How much post goes at once, and how soon an answer is asked for.
    limits: Limits = LIMITS
    monotonic: Callable[[], float] = time.monotonic
    _wall: Callable[[], datetime] = WallClock().now
    _seen: tuple[object, ...] = ()
    _due: dict[str, float] = field(default_factory=dict)
    _post_at: datetime | None = None
    #: Reactions were left over from the last tick.
    _has_more: bool = False
    #: Faults that were logged already, by place and kind.
    _told: set[str] = field(default_factory=set)

    def tick(self) -> None:
        """One round. Never raises: what fails is logged once and tried again next time."""
        before = self._stamp()
        is_news = before != self._seen
        is_full = is_news or self._has_more or self._is_due("full", self.full_seconds)
        if is_full:
            self._due["full"] = self.monotonic() + self.full_seconds
            self._do("react", self._react)
            for number, decide in enumerate(house().registry.ticks.get(house().tier, [])):
                self._do(f"tick {number} {getattr(decide, '__name__', '')}", decide)
        if self._is_due("cure", CURE_SECONDS):
            self._due["cure"] = self.monotonic() + CURE_SECONDS
            self._do("cure", cure_parked)
        if self.print_step is not None and (is_full or self.is_printing()):
            self._do("print", self.print_step)
        # What the server's own ticks wrote is news for the next tick; what the post noted is not.
        after = self._stamp() if is_full else before
        self._post(is_news=after != self._seen)
        if self.bulk_step is not None and is_full:
            self._do("bulk", self.bulk_step)
        if is_full:
            for step in self.more_steps:
                self._do(getattr(step, "__name__", "more"), step)
            self._do("second log", secure)
        if self._is_due("sweep", SWEEP_SECONDS):
            self._due["sweep"] = self.monotonic() + SWEEP_SECONDS
            self._do("sweep", _forget_old_sessions)
        self._seen = after if after != before else self._stamp()

    def ask_above(self) -> None:
        """Before the first tick: what others hold of this server shows whether it was restored."""
        self._post(is_news=True)

    def _is_due(self, name: str, every: float) -> bool:
        return self.monotonic() >= self._due.setdefault(name, self.monotonic() + every)

    def _react(self) -> None:
        end = self.monotonic() + REACT_SECONDS
        self._has_more = False
        while self.monotonic() < end:
            with turn():
                done = react(most=REACT_ROWS)
            if not done:
                return
        self._has_more = True

    def _post(self, *, is_news: bool) -> None:
        """Ask the tier above when something is to be sent, or when the courier wanted to."""
        now = self._wall()
        if self.link is None or not (is_news or self._post_at is None or now >= self._post_at):
            return
        link = self.link

        def post() -> None:
            end = self.monotonic() + POST_SECONDS
            progress = run_courier(link, now=now, limits=self.limits, steps_max=1)
            while progress.has_more and self.monotonic() < end:
                progress = run_courier(link, now=self._wall(), limits=self.limits, steps_max=1)
            self._post_at = now if progress.has_more else progress.next_at

        self._do("post", post)

    def _stamp(self) -> tuple[object, ...]:
        """Changes whenever anybody wrote to the database. Costs some microseconds on SQLite."""
        try:
            if connection.vendor != "sqlite":
                return (self.monotonic(),)  # no such question there: every tick is a full one
            with connection.cursor() as cursor:
                (version,) = cursor.execute("PRAGMA data_version").fetchone()
            return (version, connection.connection.total_changes)
        except Exception as error:
            self._log("stamp", error)
            connection.close()
            return (self.monotonic(),)

    def _do(self, name: str, step: Step) -> None:
        try:
            step()
        except Exception as error:  # a server goes on with all else that it can do
            self._log(name, error)
            # Whatever state the connection is in, the next step begins with a good one.
            if connection.in_atomic_block or not connection.is_usable():
                connection.close()

    def _log(self, name: str, error: Exception) -> None:
        key = f"{name} {type(error).__name__} {_line_of(error)}"
        if key in self._told:
            return
        self._told.add(key)
        logger.error("fault %s in %s: it is tried again", new_fault_number(), name, exc_info=error)


def _line_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


def _forget_old_sessions() -> None:
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()
