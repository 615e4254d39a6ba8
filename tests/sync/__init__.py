"""The post between the tiers."""

from __future__ import annotations
