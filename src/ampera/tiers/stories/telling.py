"""What a story says while it goes on, and what it leaves behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

#: Nothing in a quick demo city takes longer; at a slow one `--patience` says how much longer.
WAIT_SECONDS: Final = 60.0
_ASK_EVERY_SECONDS: Final = 0.2


class StoryError(Exception):
    """The story did not go as it must. The message says what was seen instead."""


@dataclass(slots=True)
class Teller:
    """Tells each step on stderr and keeps it for the report."""

    story: str
    out: Path
    patience: float = 1.0
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def step(self, what: str, **facts: Any) -> None:
        """Something happened as it should."""
        self._note(what, is_ok=True, facts=facts)

    def fail(self, what: str) -> None:
        """The story ends here."""
        self._note(what, is_ok=False, facts={})

    def check(self, is_so: bool, *, what: str, **facts: Any) -> None:
        """A step that has to hold. Raises StoryError with the facts when it does not."""
        if not is_so:
            raise StoryError(f"{what}: {facts}")
        self.step(what, **facts)

    def wait(self, what: str, *, until: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
        """Ask again and again until there is an answer. Raises StoryError when time is over."""
        end = time.monotonic() + seconds * self.patience
        while True:
            answer = until()
            if answer:
                return answer
            if time.monotonic() > end:
                raise StoryError(f"nothing came within {seconds * self.patience:.0f} s: {what}")
            time.sleep(_ASK_EVERY_SECONDS)

    def keep(self, name: str, *, data: bytes) -> Path:
        """Leave a file beside the city."""
        self.out.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.out / name
        path.write_bytes(data)
        self.files.append(str(path))
        return path

    def report(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "ok": bool(self.steps) and all(each["ok"] for each in self.steps),
            "story": self.story,
            "seconds": self._passed(),
            "steps": self.steps,
            "files": self.files,
        }

    def _note(self, what: str, *, is_ok: bool, facts: dict[str, Any]) -> None:
        seconds = self._passed()
        self.steps.append({"what": what, "ok": is_ok, "seconds": seconds, **facts})
        told = "  ".join(f"{name}={value}" for name, value in facts.items())
        sys.stderr.write(f"{seconds:6.1f} s  {'ok ' if is_ok else 'NO '} {what}  {told}\n")
        sys.stderr.flush()

    def _passed(self) -> float:
        return round(time.monotonic() - self._began, 2)
