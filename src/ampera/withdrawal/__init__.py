"""The withdrawal station: cards that are taken back and ruined blanks, until they are destroyed."""

from __future__ import annotations
