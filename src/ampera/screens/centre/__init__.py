"""Pages of the pusat: uniqueness, both sides of a double."""

from __future__ import annotations
