"""Does an entry of this office lie on a second medium? Asked before something is burned or carried
away."""

from __future__ import annotations

from ampera.journal.house import house
from ampera.journal.queries import chain_seen, entries_about


def is_on_second_medium(subject: str) -> bool:
    """Is every own entry about this subject acknowledged above or in the second log
    (architecture §4)?"""
    copied = house().second_log.last_seqs()
    for entry in entries_about([subject]):
        chain = chain_seen(entry.chain)
        if chain is None or not chain.is_own:
            continue
        if max(copied.get(str(entry.chain), 0), chain.above_seq) < entry.seq:
            return False
    return True
