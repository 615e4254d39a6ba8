"""Bugs that are planted on purpose: a simulator is itself tested only by what it must find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import Any, Final


@contextmanager
def swapped(owner: Any, name: str, new: Any) -> Iterator[None]:
    """For a while one real function is another."""
    before = getattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, before)


BUGS: Final[Mapping[str, Callable[[], AbstractContextManager[None]]]] = MappingProxyType({})


def planted(name: str) -> AbstractContextManager[None]:
    """The bug of that name, as long as the context lasts. Raises KeyError for an unknown one."""
    return BUGS[name]()
