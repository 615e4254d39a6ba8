"""Penunggalan: one person, one NIK, one recording. Decided once, at the centre."""

from __future__ import annotations
