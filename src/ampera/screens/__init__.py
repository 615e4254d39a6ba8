"""What people look through, one folder an audience. Views and templates; no decisions."""

from __future__ import annotations
