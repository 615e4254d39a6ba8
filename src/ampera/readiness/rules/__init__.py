"""Readiness decided without a database: the printing policy, the states, the reasons to wait."""

from __future__ import annotations
