"""How commands speak: results on stdout, progress and errors on stderr, Indonesian first."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from ampera.words.refusal import Refusal


class CannotError(Exception):
    """A command cannot do what it was asked, and a person can cure it. Both texts say how."""

    def __init__(self, id_: str, en: str) -> None:
        super().__init__(en)
        self.id = id_
        self.en = en


class UsageError(CannotError):
    """What was typed cannot be meant so: nothing was begun, and the exit code is 2."""


def cannot(no: Refusal) -> CannotError:
    """The same as a refusal of the house says it."""
    return CannotError(
        f"{no.text('id')} {no.next_step('id')}", f"{no.text('en')} {no.next_step('en')}"
    )


def say(text: str) -> None:
    """Progress, for a person: one line on stderr."""
    print(text, file=sys.stderr, flush=True)


def show_error(error: CannotError, *, is_json: bool = False) -> None:
    """What is the matter and what to do, in both languages."""
    if is_json:
        print(json.dumps({"error": {"id": error.id, "en": error.en}}, ensure_ascii=False))
    say(f"ampera: {error.id}")
    say(f"        {error.en}")


def show_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:  # positional: a pair
    """Columns as wide as their widest cell."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    text.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(text)
