"""Who names a blanko now, and what was read of its chip: what an exchange of two is decided by."""

from __future__ import annotations

from typing import Final

from ampera.blanko.queries import held
from ampera.blanko.rules import Account, place
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.rows import rows_of
from ampera.printing.models import Attempt, CardCheck, JobTrack
from ampera.printing.queries.attempts import attempt_seen
from ampera.printing.queries.chips import (
    chips_of_blank,
    chips_read_within,
    encoding_of,
    sure_chips_of,
)
from ampera.printing.rules.attempts import AttemptSeen, AttemptState, Phase
from ampera.printing.rules.chips import Encoded
from ampera.printing.rules.exchange import ExchangeFacts, Side

_NAMING: Final = "serial = %s AND office = %s ORDER BY opened_at DESC, id DESC"
#: An attempt that gave its blank back names it no more.
_GAVE_BACK: Final = frozenset({AttemptState.WITHDRAWN, AttemptState.SHELF})


def holder_of(serial: str) -> AttemptSeen | None:
    """The attempt of this office that has this blanko, in whatever became of it; None when it is
    nobody's."""
    for row in rows_of(Attempt).where(_NAMING, serial, str(house().code)):
        seen = attempt_seen(row.id)
        if seen is not None and seen.state not in _GAVE_BACK:
            return seen
    return None


def exchange_facts(attempt: str, *, serial: str) -> ExchangeFacts:
    """What an exchange of the blanko of this attempt for `serial` depends on."""
    here = house().code
    own = attempt_seen(attempt)
    if own is not None and own.office != str(here):
        own = None
    lies = held([serial]).get(serial)
    at = lies.place if lies is not None else ""
    by_attempts = {place(here, each) for each in (Account.RESERVED, Account.ISSUED)}
    # Whole on the shelf it is nobody's, whatever attempt had it once.
    is_somebodys = at in by_attempts or at == place(here, Account.SPOILED)
    partner = holder_of(serial) if own is not None and is_somebodys else None
    sides = [_side(each) if each is not None else None for each in (own, partner)]
    named, found = sides
    return ExchangeFacts(
        is_quarantined=is_quarantined(),
        own=named,
        partner=found,
        found_n=lies.n if lies is not None else -1,
        is_partner_due=at in by_attempts,
        chips_of_named=_others(own.serial, named) if own is not None else (),
        chips_of_found=_others(serial, found),
    )


def _side(seen: AttemptSeen) -> Side:
    check = rows_of(CardCheck).get(seen.card)
    is_printed = seen.state is AttemptState.PRINTED
    return Side(
        attempt=seen,
        result=check.result if check is not None and is_printed else "",
        read=frozenset(chips_read_within(seen.id)),
        is_proved=_is_proved(seen),
    )


def _is_proved(seen: AttemptSeen) -> bool:
    """Was the chip that surely sits in the blank it names read in its card?"""
    sure = sure_chips_of(seen.serial)
    if not sure:
        return False
    encoding, track = encoding_of(seen.id), rows_of(JobTrack).get(seen.id)
    if encoding is not None and encoding.outcome is Encoded.WRITTEN:
        return encoding.uid in sure
    # The reader inside the printer let nothing else be printed on.
    is_sent = track is not None and track.phase in (Phase.SENDING, Phase.SENT)
    return is_sent and track is not None and track.is_staged and not seen.corrected


def _others(serial: str, side: Side | None) -> list[str]:  # positional: a blank and who has it
    """Chips that sit in this blank by anything else than what was read within that attempt."""
    read = side.read if side is not None else frozenset()
    return [uid for uid in chips_of_blank(serial) if uid not in read]
