"""Planning: what the figures of all stations come to. It reads everything and only proposes."""

from __future__ import annotations
