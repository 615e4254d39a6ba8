"""At the dinas: permits go out in lots, never more than an office has blanks for (architecture §5).

`readiness` knows people and permits and `blanko` knows neither; only here, above both, the two
numbers meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from ampera.blanko.queries import shelf_count
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.journal.incarnations import keys_below
from ampera.journal.marks import is_ahead_of_children, is_child_heard
from ampera.journal.quarantine import is_quarantined
from ampera.journal.queries import chains, is_all_read
from ampera.printing.queries import is_office_down_now, measured_capacity
from ampera.printing.rules.printers import lot_most
from ampera.readiness.actions import forfeit_permit, grant_lot
from ampera.readiness.queries import (
    is_anyone_waiting,
    is_seized,
    late_permits,
    office_cards,
    open_permit_count,
    ready_count,
)
from ampera.register.queries import local_day
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: A tick grants in steps of this many, so that no transaction is long; the next tick goes on.
STEP_MAX: Final = 50


def grant_lots(*, promised: Callable[[], int] | None = None) -> int:
    """Give every office of this dinas the permits that it can use; returns how many were granted.

    `promised` tells how many blanks of the dinas's own shelf are to go to other offices: the dinas
    gives itself no permits for those. It is asked only when the dinas itself has something ready.
    An office with nothing ready costs one count, a morning with nobody in the queue one look. A
    lot's command is named after all that it was decided from, so a repeated tick grants nothing
    twice.
    """
    here = house()
    if is_quarantined() or here.is_clock_doubtful or not _is_every_child_heard():
        return 0
    if not is_anyone_waiting():
        return 0
    # The register is read once for all of them: a dinas asks this each second.
    cards = [card for card in office_cards() if here.code in (card.office, card.office.upper)]
    done = 0
    for card in cards:
        if ready_count(card.office, card=card):
            kept = promised() if promised is not None and card.office == here.code else 0
            done += _grant(card.office, kept=kept)
    return done


def forfeit_late() -> int:
    """Tick of the dinas: a permit that never came back frees its card two days after its day
    (architecture §5), so that a lost office bars nobody for ever. Returns how many were forfeited.

    Only where everything that its office signed was read: what it told late would make the card
    void at birth.
    """
    here = house()
    if is_quarantined() or here.is_clock_doubtful or not _is_every_child_heard():
        return 0
    late = late_permits(most=STEP_MAX)
    if late and is_ahead_of_children():
        # By a clock that runs ahead a permit would end while its office may still print under it.
        return 0
    done = 0
    for permit, office in late:
        if not is_all_read(office):
            continue
        answer = forfeit_permit(Command(id=f"forfeit:{permit}"), permit=permit)
        done += not isinstance(answer, Refusal)
    return done


def _is_every_child_heard() -> bool:
    """A restored dinas grants nothing until each child has shown how far it holds the chain written
    for it, and all of that is here again (architecture §4). True for one that never was restored.
    """
    here = house()
    if here.incarnation == 1:
        return True
    return all(is_child_heard(each.office) for each in keys_below(here.code) if not each.is_closed)


def _grant(office: OfficeCode, *, kept: int) -> int:
    if is_office_down_now(office):
        # Its only printer stands still: what waits there is granted when it prints again.
        return 0
    if is_seized(office):
        # Its printers lie in custody: what waits there is lent to another, or waits.
        return 0
    most = lot_most(
        on_shelf=max(0, shelf_count(office) - kept),
        open_permits=open_permit_count(office),
        capacity=measured_capacity(office),
    )
    if most == 0 or not is_all_read(office):
        return 0
    most = min(most, STEP_MAX)
    command = Command(id=f"lot:{office}:{_known_so_far(office, most)}")
    answer = grant_lot(command, office=office, most=most, is_all_seen=True)
    return 0 if isinstance(answer, Refusal) else len(answer["granted"])


def _known_so_far(office: OfficeCode, most: int) -> str:
    """A name for the state of things: it changes with every entry known here and with the day."""
    heads = "\n".join(f"{chain.name} {chain.seq} {chain.hash}" for chain in chains())
    told = f"{office}\n{most}\n{local_day()}\n{heads}"
    return hashlib.sha256(told.encode()).hexdigest()[:40]
