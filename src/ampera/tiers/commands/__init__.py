"""The commands of `ampera`, one module each: `HELP`, `add_arguments(parser)`, `main(args) -> int`.

A command is found by being here; a trailing underscore keeps a name from being a word of Python.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def names() -> dict[str, str]:
    """Command → module, without importing any of them."""
    found = sorted(each.name for each in pkgutil.iter_modules(__path__))
    return {name.rstrip("_").replace("_", "-"): name for name in found if name[0] != "_"}


def load(module: str) -> ModuleType:
    return import_module(f"{__name__}.{module}")
