"""For a while one real function is another: how a bug is planted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

Planted = AbstractContextManager[None]


@contextmanager
def swapped(  # positional: as setattr takes them
    owner: Any, name: str, new: Any
) -> Iterator[None]:
    """For a while one real function is another."""
    before = getattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        setattr(owner, name, before)


class Unguarded:
    """A table that keeps nothing and so refuses nothing."""

    def create(self, **_: Any) -> None:
        """Nothing is kept."""

    def filter(self, **_: Any) -> Unguarded:
        return self

    def delete(self) -> None:
        """Nothing was kept."""
