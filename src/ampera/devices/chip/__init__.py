"""Chip encoders: over PC/SC to a real reader, and simulated ones with chips in a folder."""

from __future__ import annotations
