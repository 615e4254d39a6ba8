"""What the figures of all stations come to, for screens."""

from __future__ import annotations

from ampera.planning.queries.service_time import (
    OfficeReport,
    clock_of,
    report,
    reports,
)

__all__ = ["OfficeReport", "clock_of", "report", "reports"]
