"""Two officers of the dinas have an office's server, printers and every blank in custody.

`readiness` knows the permits, `blanko` the serials and neither the other; only here, above both,
can be said that nothing is left out there that could print. The books of the blanks are not
touched: each place is emptied by its own office only, so they stay on its accounts, sealed, until
a server of that office sends them up or goes on with them.
"""

from __future__ import annotations

from typing import Any

from ampera.blanko.rules import is_box_label, is_serial
from ampera.journal.actions import Command, Pen, perform
from ampera.printing.queries.custody import custody_facts, is_read_here
from ampera.printing.rules.custody import compare_custody, why_not_whole
from ampera.readiness.actions import InCustody, check_seizure_in, seize_office_in
from ampera.words.refusal import Refusal


def seize_office(command: Command, *, seen: InCustody, witness: str) -> dict[str, Any] | Refusal:
    """Declare it: the office's open permits are forfeited in the same act, at once.

    Refused while a printer or a blank that the books have at the office is not listed; nothing is
    written then, and its permits end two days after their day as ever. Returns {"seizure",
    "forfeited": [permit, …], "surplus": [serial, …]}.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = check_seizure_in(pen, seen=seen, witness=witness) or _check_forms(seen)
        if no is not None:
            return no
        if not is_read_here(seen.office):
            return Refusal("readiness.unread_entries", office=str(seen.office))
        facts = custody_facts(seen.office)
        compared = compare_custody(
            facts, serials=seen.serials, boxes=seen.boxes, printers=seen.printers
        )
        if (no := why_not_whole(compared)) is not None:
            return no
        surplus = list(compared.surplus)
        done = seize_office_in(pen, seen, witness=witness, blanko=facts.blanko, surplus=surplus)
        return {**done, "surplus": surplus}

    return perform(command, work, content={**seen.facts(), "witness": witness})


def _check_forms(seen: InCustody) -> Refusal | None:
    for serial in seen.serials:
        if not is_serial(serial):
            return Refusal("blanko.serial_form", serial=serial)
    for box in seen.boxes:
        if not is_box_label(box):
            return Refusal("blanko.box_form", box=box)
    return None
