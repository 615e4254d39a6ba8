"""What of the own shelf an accepted allocation has promised to other offices."""

from __future__ import annotations

from ampera.planning.queries.allocation import to_pack


def promised_blanko() -> int:
    """Blanks that lie here and are still to be packed for others: no card is printed on them."""
    return sum(each.left for each in to_pack())
