"""Passwords as Django's scrypt hasher keeps them.

N = 2^14, r = 8, p = 5 takes about a quarter of a second of one core: a counter does not notice, a
thief of the table does. The demo city draws long random passwords for 72 accounts and stirs once (p
= 1).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from django.contrib.auth.hashers import ScryptPasswordHasher

from ampera.journal.house import house

_LENGTH_MAX: Final = 256
_PARALLELISM: Final = 5
_PARALLELISM_DEMO: Final = 1


def _parallelism() -> int:
    return _PARALLELISM_DEMO if house().is_demo else _PARALLELISM


def hash_password(password: str) -> str:
    """What the table keeps."""
    hasher = ScryptPasswordHasher()
    return hasher.encode(password, hasher.salt(), p=_parallelism())


def is_password(password: str, *, encoded: str) -> bool:
    """Does the password fit? With nothing to compare with the same work is done, and it does not.

    So the time tells nobody whether a login exists.
    """
    hasher = ScryptPasswordHasher()
    fits = hasher.verify(password[:_LENGTH_MAX], encoded or _nobodys(_parallelism()))
    return fits and bool(encoded)


@cache
def _nobodys(parallelism: int) -> str:
    """The hash of a password that nobody has, as costly as everybody's."""
    hasher = ScryptPasswordHasher()
    return hasher.encode(hasher.salt(), hasher.salt(), p=parallelism)
