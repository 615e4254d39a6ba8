"""What differs between a kecamatan, a dinas and the pusat: settings, wiring, authority,
commands."""

from __future__ import annotations
