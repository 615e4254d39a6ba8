"""What the courier remembers between two ticks. Losing it costs time, never an entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ampera.journal.entry import ChainName, Json
from ampera.journal.house import house
from ampera.journal.marks import put_mark, read_mark
from ampera.journal.queries import ChainSeen
from ampera.sync.protocol.messages import Place, Speaker
from ampera.sync.protocol.state import CourierState
from ampera.words.clock import utc_from_text, utc_text

_KEY: Final = "post.courier"


def load_state(seen: Sequence[ChainSeen]) -> CourierState:
    """The courier of this house as it was left; a new one after a join or when nothing is known.

    Nothing is in flight: a request whose answer was not applied is simply made again.
    """
    here = house()
    me = Speaker(here.code, here.incarnation)
    marks = {each.name: each.above_seq for each in seen if each.name.addressee != here.code}
    row = read_mark(_KEY)
    if row is None or row["me"] != str(me):
        return CourierState(me=me, marks=marks)
    marks |= {ChainName.read(name): seq for name, seq in row["down"].items()}
    return CourierState(
        me=me,
        life=row["life"],
        has_met=row["has_met"],
        marks=marks,
        waiting={ChainName.read(name): Place(*at) for name, at in row["waiting"].items()},
        forked=frozenset(map(ChainName.read, row["forked"])),
        behind=frozenset(map(ChainName.read, row["behind"])),
        held={ChainName.read(name): utc_from_text(at) for name, at in row["held"].items()},
        failures=row["failures"],
        quiet=row["quiet"],
        next_at=utc_from_text(row["next_at"]),
        vouch_at=None if row["vouch_at"] is None else utc_from_text(row["vouch_at"]),
        vouched_at=utc_from_text(row["vouched_at"]),
        turn=row["turn"],
        rows=row["rows"],
        number=row["number"],
    )


def save_state(state: CourierState) -> None:
    """Everything but the marks of our chains: those stand beside the chains."""
    row: dict[str, Json] = {
        "me": str(state.me),
        "life": state.life,
        "has_met": state.has_met,
        "down": {str(chain): seq for chain, seq in state.marks.items() if state.is_for_us(chain)},
        "waiting": {str(chain): [at.seq, at.hash] for chain, at in state.waiting.items()},
        "forked": sorted(map(str, state.forked)),
        "behind": sorted(map(str, state.behind)),
        "held": {str(chain): utc_text(at) for chain, at in state.held.items()},
        "failures": state.failures,
        "quiet": state.quiet,
        "next_at": utc_text(state.next_at),
        "vouch_at": _text(state.vouch_at),
        "vouched_at": utc_text(state.vouched_at),
        "turn": state.turn % 1_000_000,
        "rows": state.rows,
        "number": state.number,
    }
    put_mark(_KEY, value=row)


def _text(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)
