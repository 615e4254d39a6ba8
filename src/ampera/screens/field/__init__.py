"""Pages that go with people out of the office, where there may be no line."""

from __future__ import annotations
