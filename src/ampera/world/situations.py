"""Situations: rare paths made common. A weather alone hardly ever meets a recall in the very minute
of a print; a situation says what a world is about, and from which moment on things go wrong there.

Half of the worlds draw one. Its faults are added to the weather's, which may be calm or terrible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ampera.world.faults import Faults, dice, draw_faults

#: The moments that faults may wait for, so that they meet cards and not only requests.
AT_ONCE: Final = ""
CAPTURED: Final = "enrolment.captured/1"
GRANTED: Final = "permit.granted/1"
PRINTING: Final = "attempt.opened/1"
DELIVERED: Final = "card.handed_over/1"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a world is about."""

    name: str
    #: Until an entry of this kind exists all is well.
    begins: str = AT_ONCE
    #: Fault → how strong it is here at least.
    stronger: Mapping[str, float] = field(default_factory=dict)


_BEGINNINGS: Final = (AT_ONCE, GRANTED, PRINTING, DELIVERED)
SITUATIONS: Final = (
    Situation("recall races print", GRANTED, {"recall": 0.8, "slow_printer": 1.0}),
    Situation("answers of printers are lost", GRANTED, {"print_answer_lost": 0.7, "late": 0.4}),
    Situation("printers lose power", GRANTED, {"power_cut": 0.6, "late": 0.5, "crash": 0.03}),
    Situation("restored from old backups", GRANTED, {"restore": 0.05, "stick_lost": 0.9}),
    Situation("restored after a print", PRINTING, {"restore": 0.1, "backup_missed": 0.8}),
    Situation("dies between two steps", CAPTURED, {"death": 0.01, "half_reacted": 0.5}),
    Situation("everybody asks twice", DELIVERED, {"lost_card": 1.0, "twice_asked": 0.8}),
    Situation("one body, many counters", AT_ONCE, {"twice_asked": 1.0}),
    Situation("the post repeats itself", AT_ONCE, {"twice": 0.8, "lost_answer": 0.5}),
    Situation("somebody forges", AT_ONCE, {"forged": 0.05, "rewritten": 0.05}),
    Situation("hosts change", AT_ONCE, {"host_change": 0.15}),
    Situation("nothing left", AT_ONCE, {"scarce": 1.0, "theft": 0.5, "ruined": 0.4}),
)


@dataclass(frozen=True, slots=True)
class Weather:
    """What one world drew."""

    faults: Faults
    begins: str = AT_ONCE
    situation: str = ""

    def named(self) -> str:
        """For a trace and for whoever plays a broken seed again."""
        about = f"{self.situation}: " if self.situation else ""
        when = f", from {self.begins} on" if self.begins else ""
        return f"{about}{self.faults.named()}{when}"


def draw_weather(seed: int) -> Weather:
    """The weather of one world, and in half of them a situation on top of it."""
    faults, rng = draw_faults(seed), dice(seed, "situation")
    begins, drawn = rng.choice(_BEGINNINGS), rng.choice(SITUATIONS)
    if rng.random() < 0.5:
        return Weather(faults, begins)
    stronger = {name: max(least, getattr(faults, name)) for name, least in drawn.stronger.items()}
    return Weather(replace(faults, **stronger), drawn.begins, drawn.name)
