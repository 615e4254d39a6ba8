"""What goes wrong in a simulated province, and how often: a seed draws the weather.

Some worlds are calm, so that ordinary work is seen to finish; some are terrible, so that rare paths
are common. Each fault has an intensity of its own, none among them, because a fault that is always
there hides others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Final

from ampera.devices.simulated.memory import FaultChances


class Died(BaseException):
    """The process of a server ended between two steps. No `except Exception` may catch it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances between 0 and 1. `a tick` says that it is drawn once a tick for each that it befalls,
    all others once a chance to happen."""

    # The post
    lost_question: float = 0.0
    lost_answer: float = 0.0
    torn_answer: float = 0.0
    twice: float = 0.0  #: a question arrives once more, much later and out of order
    cut: float = 0.0  #: a tick: a link is cut for long
    # Machines
    crash: float = 0.0  #: a tick: a server stops between two of its works
    death: float = 0.0  #: at each step inside a command, an exchange or a print
    half_reacted: float = 0.0  #: a server stops between a reaction and the note that it was made
    disk_full: float = 0.0  #: at each commit
    stick_gone: float = 0.0  #: at each write to the second log
    clock: float = 0.0  #: a tick: a server's clock jumps
    restore: float = 0.0  #: a tick: a kecamatan is put back from an old backup
    backup_missed: float = 0.0  #: nobody changed the disk: the backup before it stays the newest
    matcher_dark: float = 0.0  #: the centre's engine cannot be asked
    matcher_busy: float = 0.0  #: it has not finished its search yet
    stick_lost: float = 0.0  #: with the disk the second log is lost, too
    # Printers
    slow_printer: float = 0.0  #: one printer takes half an hour for a card
    hot: float = 0.0  #: a printer that stops for heat, misfeeds and runs out of ribbon
    chipped: float = 0.0  #: an office writes chips
    chip_torn: float = 0.0  #: a card is pulled off the reader in mid-write
    dead_chip: float = 0.0  #: nothing in the blank answers
    print_answer_lost: float = 0.0
    print_request_lost: float = 0.0
    ruined: float = 0.0
    power_cut: float = 0.0
    late: float = 0.0  #: a job believed dead is printed
    resumes: float = 0.0
    mistaken: float = 0.0  #: a hand takes another blank than the one that the screen names
    # People
    scarce: float = 0.0  #: how short of blanko the province is: 0 plenty, 1 hardly any
    twice_asked: float = 0.0  #: somebody asks at two offices at once
    double_click: float = 0.0
    theft: float = 0.0  #: a blanko disappears on its way
    recall: float = 0.0  #: a tick: the dinas recalls an open permit
    host_change: float = 0.0  #: a tick
    forged: float = 0.0  #: a tick: a kecamatan writes with its own key what it may not
    newer: float = 0.0  #: a tick: a kind of a later release appears
    rewritten: float = 0.0  #: a tick: a kecamatan offers another history of its own chain
    lost_card: float = 0.0  #: a tick: somebody loses a card; some find it again later
    bad_card: float = 0.0  #: a finished card does not pass the check
    brought: float = 0.0  #: an office has its cards brought to the doors
    bag_lost: float = 0.0  #: a tick: a carrier loses a bag
    two_hands: float = 0.0  #: two officers give one bundle away, or one trusts an old page
    queue_moved: float = 0.0  #: a tick: somebody is to come before others

    def printer_chances(self) -> FaultChances:
        """The part that befalls printers."""
        return FaultChances(
            lost_answer=self.print_answer_lost,
            lost_request=self.print_request_lost,
            jam=self.ruined,
            power_cut=self.power_cut,
            late=self.late,
            resumes=self.resumes,
            off_ticks_max=6,
            late_seconds_max=5400,
        )

    def named(self) -> str:
        """The faults of this weather, for a trace."""
        told = [f"{each.name} {getattr(self, each.name):g}" for each in fields(self)]
        return ", ".join(each for each in told if not each.endswith(" 0")) or "calm"


CALM: Final = Faults()

#: (mild, hard) of each fault.
_INTENSITIES: Final[dict[str, tuple[float, float]]] = {
    "lost_question": (0.05, 0.4),
    "lost_answer": (0.05, 0.4),
    "torn_answer": (0.02, 0.2),
    "twice": (0.1, 0.4),
    "cut": (0.005, 0.03),
    "crash": (0.004, 0.03),
    "death": (0.002, 0.02),
    "half_reacted": (0.05, 0.3),
    "disk_full": (0.002, 0.02),
    "stick_gone": (0.01, 0.1),
    "clock": (0.002, 0.01),
    "restore": (0.004, 0.02),
    "stick_lost": (0.3, 0.8),
    "backup_missed": (0.3, 0.8),
    "slow_printer": (0.3, 0.8),
    "hot": (0.3, 0.8),
    "chipped": (0.5, 1.0),
    "chip_torn": (0.1, 0.4),
    "dead_chip": (0.02, 0.2),
    "matcher_dark": (0.05, 0.4),
    "matcher_busy": (0.2, 0.7),
    "print_answer_lost": (0.1, 0.5),
    "print_request_lost": (0.05, 0.3),
    "ruined": (0.1, 0.4),
    "power_cut": (0.1, 0.4),
    "late": (0.1, 0.4),
    "resumes": (0.5, 1.0),
    "mistaken": (0.1, 0.5),
    "scarce": (0.5, 1.0),
    "twice_asked": (0.3, 0.8),
    "double_click": (0.1, 0.5),
    "theft": (0.1, 0.5),
    "recall": (0.03, 0.2),
    "host_change": (0.003, 0.02),
    "forged": (0.003, 0.03),
    "newer": (0.003, 0.02),
    "rewritten": (0.01, 0.05),
    "lost_card": (0.05, 0.3),
    "bad_card": (0.1, 0.3),
    "brought": (0.4, 0.9),
    "bag_lost": (0.01, 0.1),
    "two_hands": (0.1, 0.5),
    "queue_moved": (0.03, 0.15),
}
assert set(_INTENSITIES) == {each.name for each in fields(Faults)}

#: How many of the faults a weather leaves out.
_LEFT_OUT: Final = (0.9, 0.6, 0.3, 0.1)


def dice(seed: int, name: str) -> random.Random:  # positional: a pair
    """A source of chance for one thing of one world: what is drawn elsewhere moves it not, so a new
    fault leaves the other faults of a seed as they were."""
    return random.Random(f"{seed}/{name}")


def draw_faults(seed: int) -> Faults:
    """The faults of one world, each drawn with dice of its own."""
    left_out = dice(seed, "left out").choice(_LEFT_OUT)
    drawn: dict[str, float] = {}
    for name, intensities in _INTENSITIES.items():
        rng = dice(seed, name)
        is_out, chance = rng.random() < left_out, rng.choice(intensities)
        drawn[name] = 0.0 if is_out else chance
    return replace(CALM, **drawn)


@dataclass(slots=True)
class Chance:
    """The one source of chance of a world, and whether faults are on."""

    rng: random.Random
    faults: Faults
    is_on: bool = False

    def hits(self, name: str) -> bool:
        """Does this fault happen now? Never before the faults begin nor after the healing."""
        intensity: float = getattr(self.faults, name)
        if not self.is_on or not intensity:
            return False
        return self.rng.random() < intensity

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Without faults for a while."""
        before, self.is_on = self.is_on, False
        try:
            yield
        finally:
            self.is_on = before
