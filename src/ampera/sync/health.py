"""How the link is doing: last contact, clock difference, what is still unsent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ampera.journal.house import house
from ampera.journal.incarnations import keys_below, known_keys
from ampera.journal.marks import put_mark, read_mark
from ampera.journal.outages import note_cut, note_healed
from ampera.journal.queries import count_unsent, oldest_unsent
from ampera.sync.link import Link, LinkError
from ampera.sync.protocol.messages import Push, PushAnswer
from ampera.sync.vouching import digest_of
from ampera.words.clock import utc_from_text, utc_text

_KEY: Final = "post.link"
_NEVER: Final[dict[str, Any]] = {
    "at": None,
    "tried": None,
    "error": "",
    "clock_seconds": 0,
    "city": None,
    "tried_city": None,
    "above": None,
}


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The link to the tier above as of the last try."""

    is_up: bool
    last_contact: datetime | None  #: wall time of the last answer
    last_try: datetime | None
    error: str  #: code of the last failure, empty when the last try was answered
    clock_seconds: int  #: how far the clock above was ahead of ours
    contact_city: datetime | None  #: city time of the last answer
    try_city: datetime | None  #: city time of the last try
    heard_above: datetime | None  #: city time when the tier above last heard from its own: hop two
    unsent: int  #: entries that the tier above has not acknowledged
    oldest_unsent: datetime | None  #: city time of the oldest of them


@dataclass(frozen=True, slots=True)
class LinkTry:
    """One question and its answer, for the link test that a person can run."""

    is_answered: bool
    milliseconds: int
    error: str = ""
    heard_above: datetime | None = None


def note_answer(now: datetime, *, said_at: datetime, heard_above: datetime | None) -> None:
    """The tier above answered at wall time `now`; its clock said `said_at`."""
    here = house().clock.now()
    known = read_mark(_KEY) or _NEVER
    if known["error"]:
        note_healed(here)
    value = {
        "at": utc_text(now),
        "tried": utc_text(now),
        "error": "",
        "clock_seconds": round((said_at - here).total_seconds()),
        "city": utc_text(here),
        "tried_city": utc_text(here),
        # Not every answer tells.
        "above": known["above"] if heard_above is None else utc_text(heard_above),
    }
    put_mark(_KEY, value=value)


def note_silence(now: datetime, *, code: str) -> None:
    """No usable answer came at wall time `now`."""
    known = read_mark(_KEY) or _NEVER
    if not known["error"] and known["city"] is not None:
        note_cut(utc_from_text(known["city"]))
    tried = {"tried": utc_text(now), "tried_city": utc_text(house().clock.now())}
    put_mark(_KEY, value={**known, **tried, "error": code})


def last_heard() -> datetime | None:
    """City time of the last answer from the tier above; None at the pusat, or before the first."""
    return _time((read_mark(_KEY) or _NEVER)["city"])


def link_status() -> LinkStatus:
    """How the link stands, from what the courier noted; asks nobody."""
    known = read_mark(_KEY) or _NEVER
    return LinkStatus(
        is_up=known["at"] is not None and not known["error"],
        last_contact=_time(known["at"]),
        last_try=_time(known["tried"]),
        error=known["error"],
        clock_seconds=known["clock_seconds"],
        contact_city=_time(known["city"]),
        # What was noted by an earlier release does not tell it.
        try_city=_time(known.get("tried_city")),
        heard_above=_time(known["above"]),
        unsent=count_unsent(),
        oldest_unsent=oldest_unsent(),
    )


def try_link(link: Link) -> LinkTry:
    """Ask the tier above for nothing and say how long that took: the link test of a screen."""
    here = house()
    assert here.upper is not None, "the pusat has nobody to ask"
    push = Push(
        at=here.clock.now(),
        keys_digest=digest_of(keys_below(here.code)),
        path_digest=digest_of(known_keys([here.upper])),
    )
    began = time.monotonic()
    try:
        answer = link.ask(push)
    except LinkError as error:
        return LinkTry(False, _since(began), error=error.code)
    heard = answer.heard_above if isinstance(answer, PushAnswer) else None
    return LinkTry(True, _since(began), heard_above=heard)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _time(text: str | None) -> datetime | None:
    return None if text is None else utc_from_text(text)
