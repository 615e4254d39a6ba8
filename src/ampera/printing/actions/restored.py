"""The count that ends the quarantine of a restored server.

The tail that was lost may have printed cards. So if a blank is missing, or one is there that the
books never knew, every permit that was open is suspect: nobody can tell which of them a lost blank
became (architecture §4).
"""

from __future__ import annotations

from collections.abc import Sequence

from ampera.blanko.actions import recount_in
from ampera.blanko.rules import Box
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.quarantine import is_quarantined, lift_quarantine
from ampera.readiness.actions import mark_open_suspect_in
from ampera.words.refusal import Refusal


def count_restored_server(
    command: Command, *, seen_serials: Sequence[str], seen_boxes: Sequence[Box], witness: str
) -> Answer | Refusal:
    """Two officers listed every blank on shelf, in tray and among the spoils: work may go on.

    Answers {count, missing, unmatched, suspects}. Missing blanks go to dispute; suspect permits
    print nothing until two officers at the dinas have decided. Refuses printing.not_quarantined,
    and the same person as witness.
    """

    def count(pen: Pen) -> Answer | Refusal:
        if not is_quarantined():
            return Refusal("printing.not_quarantined")
        counted = recount_in(pen, seen_serials=seen_serials, seen_boxes=seen_boxes, witness=witness)
        if isinstance(counted, Refusal):
            return counted
        # A blanko that these books never knew came in the lost tail; another of its box may have
        # been printed and handed over.
        is_doubtful = bool(counted["missing"] or counted["unmatched"])
        suspects = mark_open_suspect_in(pen, why=counted["count"]) if is_doubtful else []
        lift_quarantine()
        return {**counted, "suspects": suspects}

    content = {
        "serials": list(seen_serials),
        "boxes": [box.facts() for box in seen_boxes],
        "witness": witness,
    }
    return perform(command, count, content=content)
