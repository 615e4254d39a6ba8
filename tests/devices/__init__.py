"""Tests of the devices: our printer client, our printer simulators, and their outside opposites."""

from __future__ import annotations
