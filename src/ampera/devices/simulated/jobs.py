"""A job as the simulated printer keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from ampera.printing.ports import JobState

_TIMES: Final = ("created_at", "processing_at", "completed_at", "wakes_at")


@dataclass(slots=True)
class Job:
    """One print job. Times are city time.

    `wakes_at` is when a job that everybody takes for dead moves on its own; until then a job with
    `is_listed` false is in no list that the printer gives out. `resumes_after_seconds` becomes a
    `wakes_at` when the power comes back.
    """

    job_id: int
    name: str
    user: str
    created_at: datetime
    state: JobState = JobState.PENDING
    reasons: tuple[str, ...] = ("none",)
    message: str = ""
    document_sha256: str = ""
    document_octets: int = 0
    processing_at: datetime | None = None
    completed_at: datetime | None = None
    wakes_at: datetime | None = None
    resumes_after_seconds: float | None = None
    is_listed: bool = True

    def end(self, state: JobState, *, at: datetime, reason: str, message: str = "") -> None:
        """Settle the job; it will not move again unless it wakes."""
        assert state.is_ended
        self.state, self.reasons, self.message = state, (reason,), message
        self.completed_at = at

    @property
    def is_settled(self) -> bool:
        """True when nothing, not even a fault, will change this job any more."""
        return self.state.is_ended and self.wakes_at is None and self.resumes_after_seconds is None

    def wake(self) -> None:
        """Stand in the queue again, whatever was said of it before."""
        self.state, self.reasons, self.message = JobState.PENDING, ("none",), ""
        self.wakes_at, self.completed_at, self.is_listed = None, None, True

    def record(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        record = asdict(self)
        for name in _TIMES:
            at = record[name]
            record[name] = at.isoformat() if at is not None else None
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Job:
        fields = dict(record)
        for name in _TIMES:
            text = fields[name]
            fields[name] = datetime.fromisoformat(text) if text is not None else None
        fields["state"] = JobState(fields["state"])
        fields["reasons"] = tuple(fields["reasons"])
        return cls(**fields)
