"""Real races on PostgreSQL, each with a negative control that the same race must break."""

from __future__ import annotations
