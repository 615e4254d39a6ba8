"""A city of one kecamatan whose servers say what a test wants, and remember what they heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ampera.words.clock import FixedClock
from ampera.words.office import PUSAT, OfficeCode
from ampera.world.driving.client import No
from ampera.world.driving.ground import Diary, Ground
from ampera.world.driving.visits import Habits

DINAS = OfficeCode("16.71")
KECAMATAN = OfficeCode("16.71.02")
#: Thursday 7 September 2017, 08:00 WIB.
MORNING = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
PEOPLE = [{"nik": f"167102010190{serial}"} for serial in range(9000, 9040)]

Answer = Callable[[str, dict[str, Any]], Any]


@dataclass
class ScriptedDesk:
    """Answers by the first part of the path that the script knows; raises what it is given."""

    code: OfficeCode
    login: str
    script: dict[str, Any]
    heard: list[tuple[str, str, dict[str, Any]]]

    def get(self, path: str, **query: Any) -> Any:
        return self._answer(f"GET {path}", "", query)

    def post(self, path: str, *, key: str, **body: Any) -> Any:
        return self._answer(f"POST {path}", key, body)

    @property
    def credentials(self) -> dict[str, str]:
        return {"login": self.login, "password": "x"}

    def _answer(self, asked: str, key: str, what: dict[str, Any]) -> Any:
        self.heard.append((asked, key, what))
        for start, answer in self.script.items():
            if asked.startswith(start):
                said = answer.pop(0) if isinstance(answer, list) and asked[:4] == "POST" else answer
                if isinstance(said, Exception):
                    raise said
                return said(asked, what) if callable(said) else said
        raise AssertionError(f"nobody expected {asked}")


@dataclass
class ScriptedCity:
    """Stands where `RunningCity` stands."""

    folder: Path
    script: dict[str, Any] = field(default_factory=dict)
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    pusat: OfficeCode = PUSAT

    @property
    def offices(self) -> list[OfficeCode]:
        return [DINAS, KECAMATAN]

    def desk(self, code: OfficeCode, *, login: str) -> ScriptedDesk:
        return ScriptedDesk(code, login, self.script, self.heard)

    def printer_folder(self, code: OfficeCode) -> Path:
        return self.folder / "printers" / code.text

    def commands(self, start: str) -> list[tuple[str, dict[str, Any]]]:
        """(key, body) of every command to that path."""
        return [(key, body) for asked, key, body in self.heard if asked.startswith(f"POST {start}")]


def ground_of(city: ScriptedCity, *, clock: FixedClock, **habits: Any) -> Ground:
    """What the desks share; nobody does anything odd unless `habits` say so."""
    calm = {"lacks_papers": 0, "clicks_twice": 0, "asks_at_two_offices": 0, "never_collects": 0}
    return Ground(
        city=city,  # type: ignore[arg-type]
        clock=clock,
        speed=60.0,
        habits=Habits(**{"per_hour": 40, **calm, **habits}),
        diary=Diary(city.folder / "activity.log", clock=clock),
    )


def taken(number: int) -> dict[str, Any]:
    return {"request": f"req_{number:032d}", "ticket": "", "goes_to": str(KECAMATAN), "missing": []}


NO_PAPER = No(422, "intake.paper_missing", "Berkas belum lengkap.")
