"""One thing is decided by one command at a time, however many windows are open.

What a command read before another one committed is old; where no unique row would tell, it waits in
a lane first and reads afterwards.
"""

from __future__ import annotations

from ampera.journal.models import Lane
from ampera.journal.rows import rows_of


def hold(name: str) -> None:
    """From here on whoever else holds this lane waits until this transaction ends. Held before
    anything is read that the decision depends on."""
    # One statement that inserts or updates: either way the row is ours until the end.
    rows_of(Lane).put(name=name, turns=1)
