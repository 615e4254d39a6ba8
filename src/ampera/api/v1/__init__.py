"""The machine interface, version 1: what the pages can do, for programs. Adapters only."""

from __future__ import annotations
