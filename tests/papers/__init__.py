"""Tests of the papers: what stands on them, whole, and the same in every process."""

from __future__ import annotations
