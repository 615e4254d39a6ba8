"""Write again what is made from code, so that no page has to be kept in step by hand (`make docs`).

Each page is the return value of one function without arguments; a test calls the same functions and
compares. A function that is not there yet makes no page.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import import_contracts

ROOT = import_contracts.ROOT

# file: module and function that returns its text
PAGES = {
    "docs/reference/refusals.md": ("ampera.words.refusal", "reference_page"),
    "docs/reference/entries.md": ("ampera.tiers.authority", "reference_page"),
    "docs/reference/commands.md": ("tools.reference", "commands_page"),
    "docs/reference/settings.md": ("tools.reference", "settings_page"),
    "docs/reference/api.md": ("tools.reference", "api_page"),
    "docs/reference/states.md": ("tools.reference", "states_page"),
}


def made() -> Iterator[tuple[Path, str]]:
    """Every file that is made from code, with the text that it should have now."""
    yield ROOT / ".importlinter", import_contracts.contracts()
    for name, (module, function) in PAGES.items():
        make = _function(module, name=function)
        if make is not None:
            yield ROOT / name, make()


def _function(module: str, *, name: str) -> Callable[[], str] | None:
    if importlib.util.find_spec(module.rpartition(".")[0]) is None:
        return None
    if importlib.util.find_spec(module) is None:
        return None
    return getattr(importlib.import_module(module), name, None)


def main() -> None:
    """Write what differs, and say so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ampera.tiers.settings")
    import django

    django.setup()
    for path, text in made():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"written: {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
