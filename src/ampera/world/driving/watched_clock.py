"""Runs the city's clock as fast as the machine can follow: fast while a card is in the printer and
nobody has anything to do, slow in the moment between two cards.

What a server does between two cards takes a tenth of a second, whatever the clock shows. At two
hundred times the wall clock that would be half a minute of every card, which no office loses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from ampera.printing.ports import CardPrinter, DeviceError, PrinterSeen, PrinterState
from ampera.words.clock import Clock

#: The clock between two cards.
SLOW: Final = 5.0
#: Towards the end of a card the clock glides: what is left of it would take so many wall seconds.
_GLIDE_SECONDS: Final = 0.1
#: A speed that differs by less is not worth a word.
_SPEED_STEP: Final = 0.2
_OVERDUE_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.03
_LOOK_SECONDS_MAX: Final = 0.25
#: So long after a card it is asked whether the office waits for anything but its own server.
_BETWEEN: Final = timedelta(seconds=5)


class Metronome(threading.Thread):
    """Looks at the printer, and says how fast the clock is to run. `set_speed` tells the city."""

    def __init__(
        self,
        printer: CardPrinter,
        *,
        clock: Clock,
        card: timedelta,
        fast: float,
        set_speed: Callable[[float], None],
        is_waiting: Callable[[], bool],
    ) -> None:
        """`is_waiting`: has the agent said since the last card that it feeds none for now?"""
        super().__init__(name="metronome", daemon=True)
        self._printer, self._clock, self._card = printer, clock, card
        #: May be set anew at any time.
        self.fast = fast
        self._set_speed, self._is_waiting = set_speed, is_waiting
        self._said = 0.0
        self._began: datetime | None = None
        self._ended: datetime | None = None
        self._is_held = False
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    @contextmanager
    def hands_at_work(self) -> Iterator[None]:
        """The clock is slow while officers do something, and until the next card is in."""
        with self._lock:
            self._is_held = True
            self._say(min(SLOW, self.fast))
        try:
            yield
        finally:
            with self._lock:
                self._began, self._ended = None, self._clock.now()
                self._is_held = False

    def stop(self) -> None:
        """Leave the clock alone from now on. Returns when it does."""
        self._is_over.set()
        self.join()

    def run(self) -> None:
        wait = 0.0
        while not self._is_over.wait(wait):
            with self._lock:
                wait = self.beat()

    def beat(self) -> float:
        """Look once; returns the wall seconds until the next look."""
        if self._is_held:
            return self._say(min(SLOW, self.fast))
        try:
            seen = self._printer.look()
        except DeviceError:
            self._began = self._ended = None
            return self._say(self.fast)
        now = self._clock.now()
        if seen.state is PrinterState.PROCESSING:
            self._began = self._began or now
            left = (self._card - (now - self._began)).total_seconds()
            # Long overdue: it warms up first, or it is another one that takes longer.
            is_overdue = left < -_OVERDUE_SECONDS
            glide = self.fast if is_overdue else max(SLOW, left / _GLIDE_SECONDS)
            self._say(min(self.fast, glide))
            glides_at = left / self.fast - _GLIDE_SECONDS
            return max(_LOOK_SECONDS, min(glides_at, _LOOK_SECONDS_MAX))
        if self._began is not None:
            self._began, self._ended = None, now
        if self._ended is not None and self._is_passed_over(seen, now):
            self._ended = None
        return self._say(self.fast if self._ended is None else min(SLOW, self.fast))

    def _is_passed_over(self, seen: PrinterSeen, now: datetime) -> bool:
        """Is there nothing to come for which the clock would have to be slow?"""
        assert self._ended is not None
        is_free = seen.may_print and seen.state is PrinterState.IDLE
        return not is_free or (now - self._ended >= _BETWEEN and self._is_waiting())

    def _say(self, speed: float) -> float:
        if abs(speed - self._said) > _SPEED_STEP * self._said:
            self._said = speed
            self._set_speed(speed)
        return _LOOK_SECONDS
