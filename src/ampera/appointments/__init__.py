"""Appointments: a day for a request at an office, so that nobody queues for a card that cannot be
printed that day."""

from __future__ import annotations
