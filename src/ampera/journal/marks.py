"""How far others are known to hold our chains, and other small local facts of the post.

None of it is truth: the marks are a cache that any answer corrects, whichever way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from ampera.journal import sql
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import ChainName, Json
from ampera.journal.house import CLOCK_AHEAD, CLOCK_DOUBT_MAX, house
from ampera.journal.models import Mark
from ampera.journal.receiving import Place, place_of
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode

_BEHIND: Final = "post.behind"
_SHOWN: Final = "post.shown."
_CHILD: Final = "post.child."
_MET: Final = "post.met."
_MOVE_MARKS: Final = "UPDATE journal_chain SET above_seq = %s, top_seq = %s WHERE name = %s"
#: A contact is noted again after this long: an idle child costs no write a contact.
CONTACT_SECONDS: Final = 30
#: What a child said of its time longer ago is no measure of ours.
CONTACT_MAX: Final = timedelta(days=1)


def read_mark(key: str) -> Json | None:
    """A small local fact, None when it was never noted."""
    row = sql.one("SELECT value FROM journal_mark WHERE key = %s", key)
    return None if row is None else json.loads(row[0])


def put_mark(key: str, *, value: Json) -> None:
    """Note a small local fact in place of the one before."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    if sql.write("UPDATE journal_mark SET value = %s WHERE key = %s", text, key) == 0:
        Mark.objects.update_or_create(key=key, defaults={"value": text})


def drop_mark(key: str) -> None:
    """Forget a small local fact."""
    Mark.objects.filter(pk=key).delete()


def note_reach(above: Mapping[ChainName, int], *, top: Mapping[ChainName, int]) -> None:
    """How far the tier above, and the pusat, hold these chains now: either may have gone down.

    Chains that are not known here are passed over. One transaction, and none when nothing moved.
    """
    changed = []
    for name, *before in sql.every("SELECT name, above_seq, top_seq FROM journal_chain"):
        chain = ChainName.read(name)
        after = [above.get(chain, before[0]), top.get(chain, before[1])]
        if before != after:
            changed.append((*after, name))
    if not changed:
        return
    with transaction.atomic():
        for place in changed:
            # Only these two columns: the head may have moved since it was read.
            sql.write(_MOVE_MARKS, *place)


def note_behind(chain: ChainName, *, place: Place) -> None:
    """Others hold an own chain further than we do: this database is a restored one (architecture
    §4).

    Raises an alarm and stays noted until the server has joined anew under another incarnation.
    """
    known = read_mark(_BEHIND) or {}
    if known.get(str(chain), [0])[0] < place.seq:
        put_mark(_BEHIND, value={**known, str(chain): [place.seq, place.hash]})
    raise_alarm(
        f"behind:{chain}",
        f"{chain} is known elsewhere up to {place.seq}: this database was restored; join anew",
    )


def chains_behind() -> dict[ChainName, Place]:
    """Own chains of this incarnation of which others hold more: not empty means *restored*."""
    here = house()
    found = {ChainName.read(name): Place(*at) for name, at in (read_mark(_BEHIND) or {}).items()}
    return {chain: place for chain, place in found.items() if chain.incarnation == here.incarnation}


def note_shown(child: OfficeCode, *, places: Mapping[ChainName, Place]) -> None:
    """A child has shown how far it holds the chains written for it. A lower place is an old
    message."""
    key = f"{_SHOWN}{child}"
    known = read_mark(key) or {}
    more = {
        str(chain): [place.seq, place.hash]
        for chain, place in places.items()
        if place.seq > known.get(str(chain), [-1])[0]
    }
    if more:
        put_mark(key, value={**known, **more})


def shown_by(child: OfficeCode) -> dict[ChainName, Place]:
    """How far a child said that it holds the chains written for it, by any of our incarnations.

    A restored dinas grants nothing to a child that has not shown the chains of its earlier lives.
    """
    known = read_mark(f"{_SHOWN}{child}") or {}
    return {ChainName.read(name): Place(*at) for name, at in known.items()}


def note_met(child: OfficeCode) -> None:
    """A child has shown all chains that it holds of ours, to this life of this server."""
    if read_mark(f"{_MET}{child}") != house().incarnation:
        put_mark(f"{_MET}{child}", value=house().incarnation)


def is_child_heard(child: OfficeCode) -> bool:
    """Has a child shown all that it holds of our chains, and do we hold as much of each again?

    A restored dinas grants nothing to a child, and a restored pusat decides nothing, before that
    (architecture §4). True for a server that was never restored.
    """
    if house().incarnation == 1:
        return True
    if read_mark(f"{_MET}{child}") != house().incarnation:
        return False
    return all(place_of(chain).seq >= place.seq for chain, place in shown_by(child).items())


def note_child_contact(child: OfficeCode, *, said_at: datetime) -> None:
    """A child spoke to us, and its clock said `said_at`. Written at most twice a minute."""
    here = house().clock.now()
    seconds = round((said_at - here).total_seconds())
    known = read_mark(f"{_CHILD}{child}")
    if known is not None:
        age = (here - utc_from_text(known["at"])).total_seconds()
        if 0 <= age < CONTACT_SECONDS and abs(known["clock_seconds"] - seconds) < CONTACT_SECONDS:
            return
    put_mark(f"{_CHILD}{child}", value={"at": utc_text(here), "clock_seconds": seconds})


def note_clock(*, asked_at: datetime, said_at: datetime) -> None:
    """The tier above answered with its time; our clock said `asked_at` before the question left.

    However slow the line is, an answer cannot be earlier than its question: if it is, this clock is
    ahead. What was noted goes with the first answer that finds it right; an idle contact writes
    nothing.
    """
    known = read_mark(CLOCK_AHEAD)
    if asked_at - said_at > CLOCK_DOUBT_MAX:
        put_mark(CLOCK_AHEAD, value={"ours": utc_text(asked_at), "theirs": utc_text(said_at)})
    elif known is not None:
        drop_mark(CLOCK_AHEAD)


def mind_clock_set_back() -> None:
    """The clock was set back since it was found ahead: what was measured says nothing of it any
    more. Where the line is cut nobody else would take the note away."""
    known = read_mark(CLOCK_AHEAD)
    if known is not None and house().clock.now() < utc_from_text(known["ours"]):
        drop_mark(CLOCK_AHEAD)


def is_ahead_of_children() -> bool:
    """Do most of the children that spoke within a day say an earlier time than this clock?

    A dinas may be cut off from the pusat and still end permits too early by its own clock.
    """
    here = house().clock.now()
    told = [seconds for at, seconds in child_contacts().values() if here - at <= CONTACT_MAX]
    ahead = sum(-seconds > CLOCK_DOUBT_MAX.total_seconds() for seconds in told)
    return 2 * ahead > len(told)


def child_contacts() -> dict[OfficeCode, tuple[datetime, int]]:
    """For each child: when it last spoke (to half a minute), and how many seconds its clock is
    ahead."""
    rows = Mark.objects.filter(key__startswith=_CHILD).order_by("key").values_list("key", "value")
    found = {}
    for key, value in rows:
        known = json.loads(value)
        found[OfficeCode(key.removeprefix(_CHILD))] = (
            utc_from_text(known["at"]),
            known["clock_seconds"],
        )
    return found
