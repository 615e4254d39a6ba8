"""What the uniqueness check needs of a biometric engine.

OSIA's and MOSIP's interfaces fit behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ampera.dedup.rules import Candidate


class EngineError(Exception):
    """The engine cannot be asked now. May be retried; nothing is decided meanwhile."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the engine finds what it compares: the sealed packet by hash, never the images
    themselves."""

    enrolment: str
    packet: str
    modalities: tuple[str, ...]
    resident: str
    nik: str = field(repr=False)


class BiometricEngine(Protocol):
    """A gallery of recordings that can be searched. Both verbs may take days: they never wait."""

    def enrol(self, sample: Sample) -> None:
        """Put a recording into the gallery; again changes nothing. Raises EngineError."""
        ...

    def search(self, sample: Sample) -> Sequence[Candidate] | None:
        """All others in the gallery that may be the same person, or None: not done yet, ask again.

        The recording itself is in the gallery by then and is no candidate of its own. Candidates in
        zone DIFFERENT may be left out. Raises EngineError.
        """
        ...


class _InUse:
    engine: BiometricEngine | None = None


def use_engine(engine: BiometricEngine | None) -> None:
    """The engine that this process asks from now on; None is the embedded one."""
    _InUse.engine = engine


def engine_in_use() -> BiometricEngine | None:
    return _InUse.engine
