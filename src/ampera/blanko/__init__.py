"""The stock ledger of blanko: who holds which unprinted card, counted from places. Knows no
person."""

from __future__ import annotations
