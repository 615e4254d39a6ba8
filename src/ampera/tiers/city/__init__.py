"""The demo city: a whole province on one machine, from one command (architecture §7)."""

from __future__ import annotations
