"""Measurements, as ratios within one run. Never a test: a slow machine is no defect."""

from __future__ import annotations
