"""Pages of the dinas: its desks and heads."""

from __future__ import annotations
