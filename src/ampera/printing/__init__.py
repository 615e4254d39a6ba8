"""The printing station: spends one blanko on one permit, and never twice."""

from __future__ import annotations
