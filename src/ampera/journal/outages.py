"""When the way up was cut: noted by the post while it happens, until an entry tells it.

It stands below the post and the stations, so that the one may note and the others may read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ampera.journal.marks import drop_mark, put_mark, read_mark
from ampera.words.clock import utc_from_text, utc_text

_SILENT: Final = "post.silent_since"
_OUTAGES: Final = "post.outages"
#: A shorter silence is a hiccup: no card waits for it.
OUTAGE_SECONDS_MIN: Final = 300


def note_cut(since: datetime) -> None:
    """Nobody above answers any more; the last answer came at `since`, city time."""
    put_mark(_SILENT, value=utc_text(since))


def note_healed(until: datetime) -> None:
    """Somebody above answers again. A cut that was long enough is kept until it is told."""
    known = read_mark(_SILENT)
    if known is None:
        return
    drop_mark(_SILENT)
    if (until - utc_from_text(known)).total_seconds() >= OUTAGE_SECONDS_MIN:
        put_mark(_OUTAGES, value=[*(read_mark(_OUTAGES) or []), [known, utc_text(until)]])


def cut_since() -> datetime | None:
    """Since when nobody above answers; None while the line is up."""
    known = read_mark(_SILENT)
    return None if known is None else utc_from_text(known)


def outages_to_tell() -> list[tuple[datetime, datetime]]:
    """Cuts that have healed and that no entry tells yet, oldest first; city time."""
    known = read_mark(_OUTAGES) or []
    return [(utc_from_text(since), utc_from_text(until)) for since, until in known]


def drop_outage(since: datetime) -> None:
    """The cut that began then stands in an entry now."""
    known = read_mark(_OUTAGES) or []
    put_mark(_OUTAGES, value=[each for each in known if each[0] != utc_text(since)])
