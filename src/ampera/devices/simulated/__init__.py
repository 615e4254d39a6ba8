"""Simulated devices: one card printer machine, reached over IPP or without a network."""

from __future__ import annotations
