"""An answer of no that a person can act on. Nothing is broken.

Codes and texts stand in one registry, `words/refusals/<station>.toml`, so that each has an
Indonesian and
an English text with what to do next, and `docs/reference/refusals.md` can be made from it.
Building a
`Refusal` of an unknown code is a defect and raises at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class RefusalText:
    """What is said about one code. `{name}` marks stand for facts of the refusal."""

    code: str
    id: str  #: what is the matter, Indonesian
    en: str  #: the same in English
    next_id: str  #: what to do now, Indonesian
    next_en: str
    status: int  #: the HTTP status of RFC 9457 problems that carry it


@cache
def registry() -> Mapping[str, RefusalText]:
    """All codes, sorted. Raises ValueError when a file repeats a code or lacks a text."""
    found: dict[str, RefusalText] = {}
    folder = files("ampera.words").joinpath("refusals")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        for station, codes in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, row in codes.items():
                code = f"{station}.{name}"
                if code in found:
                    raise ValueError(f"{code} stands twice in the registry of refusals")
                found[code] = RefusalText(
                    code=code,
                    id=row["id"],
                    en=row["en"],
                    next_id=row["next_id"],
                    next_en=row["next_en"],
                    status=row.get("status", 409),
                )
    return MappingProxyType(dict(sorted(found.items())))


class Refusal:
    """A no with a stable code and the facts that its text needs. Compares by code and facts."""

    __slots__ = ("code", "facts")

    def __init__(self, code: str, /, **facts: str | int) -> None:
        assert code in registry(), f"refusal {code} is not in the registry"
        self.code = code
        self.facts: Mapping[str, str | int] = MappingProxyType(facts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refusal):
            return NotImplemented
        return self.code == other.code and dict(self.facts) == dict(other.facts)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.facts.items()))))

    def __repr__(self) -> str:
        facts = "".join(f", {name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"Refusal({self.code!r}{facts})"

    @property
    def status(self) -> int:
        return registry()[self.code].status

    def text(self, language: str = "id") -> str:
        """What is the matter, for a person."""
        row = registry()[self.code]
        return _filled(row.en if language == "en" else row.id, self.facts)

    def next_step(self, language: str = "id") -> str:
        """What to do now, for a person."""
        row = registry()[self.code]
        return _filled(row.next_en if language == "en" else row.next_id, self.facts)


def _filled(text: str, facts: Mapping[str, str | int]) -> str:
    class _Known(dict[str, str | int]):
        def __missing__(self, name: str) -> str:
            return "…"

    return text.format_map(_Known(facts))


def reference_page() -> str:
    """`docs/reference/refusals.md`: every code, its texts and what to do."""
    lines = [
        "# Refusals",
        "",
        "An answer of no that a person can act on. This page is made from the registry"
        " (`make docs`); a test holds it to the code.",
        "",
        "| code | HTTP | Indonesian | English | what to do |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.code}` | {row.status} | {row.id} | {row.en} | {row.next_id} / {row.next_en} |"
        for row in registry().values()
    ]
    return "\n".join(lines) + "\n"
