"""The types of the law and of this system: what every other folder speaks in.

Standard library only. A NIK is not a string, a refusal is not an exception, and time comes in by
the
door: the types here make the wrong thing hard to write.
"""

from __future__ import annotations

from ampera.words.clock import Clock, FixedClock, WallClock
from ampera.words.ids import IdSource, SeededIds, SystemIds
from ampera.words.nik import Nik, NikWarning, NoKK, Sex
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal
from ampera.words.wilayah import Level, WilayahCode

__all__ = [
    "Clock",
    "FixedClock",
    "IdSource",
    "Level",
    "Nik",
    "NikWarning",
    "NoKK",
    "OfficeCode",
    "Reason",
    "Refusal",
    "SeededIds",
    "Sex",
    "SystemIds",
    "Tier",
    "WallClock",
    "WilayahCode",
]
