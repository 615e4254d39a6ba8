"""What may be certified, for how long, and what the code on the letter says. Pure."""

from __future__ import annotations
