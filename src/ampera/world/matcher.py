"""The biometric engine of the simulated centre: a machine of its own that really compares bodies.

The embedded engine finds the same NIK only; this one opens the sealed packet and finds one body
recorded under two names. It is sometimes busy, sometimes dark, and never forgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ampera.dedup.ports import EngineError, Sample
from ampera.dedup.rules import SCORE_MAX, Candidate, DecisionZone
from ampera.enrolment.ports import room
from ampera.enrolment.ports.packets import open_capture
from ampera.words.refusal import Refusal
from ampera.world.counter import body_seen
from ampera.world.faults import Chance


@dataclass(slots=True)
class BodyMatcher:
    """Keeps `ampera.dedup.ports.BiometricEngine`."""

    chance: Chance
    gallery: dict[str, str] = field(default_factory=dict)

    def enrol(self, sample: Sample) -> None:
        if self.chance.hits("matcher_dark"):
            raise EngineError("the engine does not answer")
        sealed = room().store.get(sample.packet)
        assert sealed is not None, "what was acknowledged lies at the centre"
        opened = open_capture(sealed, sealer=room().sealer, identities=room().identities)
        assert not isinstance(opened, Refusal), "what was acknowledged was opened before"
        self.gallery[sample.enrolment] = body_seen(opened.images["finger_1"])

    def search(self, sample: Sample) -> Sequence[Candidate] | None:
        if self.chance.hits("matcher_busy"):
            return None
        body = self.gallery[sample.enrolment]
        return [
            Candidate(enrolment, SCORE_MAX, DecisionZone.SAME)
            for enrolment, known in sorted(self.gallery.items())
            if known == body and enrolment != sample.enrolment
        ]
