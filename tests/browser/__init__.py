"""Journeys in a real browser against a real running city."""

from __future__ import annotations
