"""From PRINT_READY_RECORD to the permit: who may be printed, where, in which order, and only
once."""

from __future__ import annotations
