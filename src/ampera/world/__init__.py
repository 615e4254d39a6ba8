"""The simulated province: clock, network, shelf and people, driving the real code."""

from __future__ import annotations
