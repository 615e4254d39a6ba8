"""Printing's rules: attempts, printers, runs. Pure: no framework, no clock, no chance."""

from __future__ import annotations
