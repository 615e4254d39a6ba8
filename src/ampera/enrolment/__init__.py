"""Perekaman: the gate before a capture, the sealed packet, and its way to the centre."""

from __future__ import annotations
