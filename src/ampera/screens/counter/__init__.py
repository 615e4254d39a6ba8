"""Pages of any counter: take a request, record, print, hand over, keep the blanks."""

from __future__ import annotations
