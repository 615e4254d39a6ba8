"""Residents, families, the wilayah tree, offices and who hosts whom, officers and their rights."""

from __future__ import annotations
