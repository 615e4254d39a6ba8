"""The suket station: the interim letter of somebody who is recorded and has no card yet."""

from __future__ import annotations
