"""Pages without a log-in: the status of a card, today's stock."""

from __future__ import annotations
