"""The rules of withdrawal: what may be taken in, given back and destroyed. Pure."""

from __future__ import annotations
