"""A restore is a new join (architecture §4): take back, close the old life, count.

The order matters. First the second log gives back what the database lost, then the tier above
admits the new key and closes the old life where it is proved to end, then the own chains come back
from above. What cannot be proved whole ends in quarantine: the journal then writes nothing that
cannot be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ampera.journal.entry import ChainName
from ampera.journal.house import house
from ampera.journal.incarnations import register_incarnation
from ampera.journal.keys import ServerKey
from ampera.journal.quarantine import quarantine
from ampera.journal.queries import chains
from ampera.journal.receiving import Place, place_of
from ampera.journal.restoring import recover_from_second_log, refresh_guards, sign_ends
from ampera.sync.answering import take_part
from ampera.sync.joining import Joined, join, write_joined
from ampera.sync.link import Garbled, Link
from ampera.sync.memory import load_state, save_state
from ampera.sync.models import JoinCode
from ampera.sync.protocol.messages import Place as PlaceSaid
from ampera.sync.protocol.messages import Pull, PullAnswer, Speaker
from ampera.words.refusal import Refusal

_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Rejoined:
    """What a restore came to."""

    joined: Joined
    from_second_log: int  #: own entries that the second log gave back
    from_above: int  #: own entries that the tier above gave back
    is_whole: bool  #: proved that nothing is missing; if not, the server is quarantined


#: A link for the new life, once the tier above has named it: requests are signed from then on.
Reconnect = Callable[[Speaker, ServerKey], Link]


def rejoin(
    link: Link,
    *,
    code: str,
    key: ServerKey,
    reconnect: Reconnect,
    old_key: ServerKey | None = None,
) -> Rejoined | Refusal:
    """Begin the next life of the open house with a new key. The house is changed in place.

    `link` carries the join, `reconnect` makes the link after it. `old_key` signs the ends of the
    old chains where the machine still has it. Called again after a lost answer it goes on where
    it stopped. Raises a LinkError; refuses what `join` refuses.
    """
    here = house()
    if old_key is not None:
        # A backup older than the last join knows nothing of the life that ends now, whose entries
        # lie in the second log: its key vouches for them.
        register_incarnation(here.code, number=here.incarnation, public_key=old_key.public_hex)
        sign_ends(old_key)
    recovered = recover_from_second_log()
    previous = {chain: PlaceSaid(p.seq, p.hash) for chain, p in recovered.previous.items()}
    joined = join(link, office=here.code, code=code, key=key, previous=previous)
    if isinstance(joined, Refusal):
        return joined
    here.incarnation, here.key = joined.speaker.incarnation, key
    from_log = recovered.entries
    if not recovered.is_whole:
        # Lives that neither this backup nor this machine's key knew: the tier above has just told
        # their keys, so what the second log holds of them vouches for itself now.
        recovered = recover_from_second_log()
        from_log += recovered.entries
    before = {chain: place_of(chain).seq for chain in joined.places}
    again = reconnect(joined.speaker, key)
    from_above = sum(_take_back(again, chain, joined) for chain in sorted(joined.places))
    # The tier above knew more than database and second log together: then more may be missing.
    is_whole = recovered.is_whole and all(
        place.seq <= before[chain]
        for chain, place in joined.places.items()
        if chain.origin == here.code
    )
    # Always: an earlier try may have ended between the entries and their guards.
    refresh_guards()
    if not is_whole:
        quarantine("restored without a second log that proves the tail")
    write_joined(joined)
    return Rejoined(joined, from_log, from_above, is_whole)


def _take_back(link: Link, chain: ChainName, joined: Joined) -> int:
    """Pull an own chain of an earlier life as far as the tier above holds it."""
    if chain.origin != house().code:
        return 0
    began = place_of(chain).seq
    known = Place(began, place_of(chain).hash)
    while known.seq < joined.places[chain].seq:
        pull = Pull(chain=chain, after=PlaceSaid(known.seq, known.hash), rows_max=_ROWS)
        answer = link.ask(pull)
        if not isinstance(answer, PullAnswer) or answer.part is None:
            raise Garbled("an own chain was not given back")
        taken = take_part(answer.part)
        if isinstance(taken, Refusal) or taken.seq <= known.seq:
            raise Garbled("an own chain came back otherwise")
        known = taken
    return known.seq - began


def forget_join_codes() -> int:
    """Forget the unused codes of a database that was put back: one may have been used since.

    Returns how many.
    """
    return JoinCode.objects.filter(used_by="").delete()[0]


def compare_anew() -> None:
    """At the next contact show every chain and ask for every place above, as a server that was just
    admitted does. At each start: a database that was put back remembers a meeting that it has had,
    and knows nothing of chains that began after it."""
    state = load_state(chains())
    save_state(replace(state, has_met=False, failures=0))
