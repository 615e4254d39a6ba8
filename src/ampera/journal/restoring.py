"""After a restore: what the second log still holds, and whether the tail is proved whole.

A restore is a new join (architecture §4). Before it, the server takes back from the second log what
its database has lost; after it, from above what others hold. Only if the second log reaches at
least as far as everything that anybody saw is the tail proved: every entry with an effect was
written there first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ampera.journal.entry import ChainName, Entry, SignedHead
from ampera.journal.house import house
from ampera.journal.keys import ServerKey
from ampera.journal.models import Chain, EntryRow
from ampera.journal.receiving import ChainPart, Place, receive_part
from ampera.journal.second_log import from_json
from ampera.journal.store import is_head_signed, public_key_of
from ampera.journal.verify import Finding, verify_chains
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found after a restore."""

    entries: int  #: how many own entries came back from the second log
    is_whole: bool  #: is it proved that nothing is missing behind them?
    previous: Mapping[ChainName, Place]  #: where the chains of earlier lives stand now


def is_behind(known_elsewhere: Mapping[ChainName, Place], *, office: OfficeCode) -> bool:
    """Is the database behind the second log, or behind what another server holds of this one?"""
    here = _own_places(office)
    seen = {ChainName.read(name): seq for name, seq in house_last_seqs().items()}
    for chain, place in known_elsewhere.items():
        seen[chain] = max(seen.get(chain, 0), place.seq)
    return any(seq > here.get(chain, Place(0, "")).seq for chain, seq in seen.items())


def house_last_seqs() -> dict[str, int]:
    return house().second_log.last_seqs()


def recover_from_second_log() -> Recovered:
    """Take own entries from the second log that the database lost; nothing is done twice.

    The tail is whole when the second log reaches every place that the database knows: a fresh or
    lost stick proves nothing. Entries of its last batch that were torn were never promised to
    anybody.
    """
    office = house().code
    before = _own_places(office)
    reaches = {ChainName.read(name): seq for name, seq in house_last_seqs().items()}
    is_whole = bool(reaches) and all(
        reaches.get(chain, 0) >= place.seq for chain, place in before.items()
    )
    count = 0
    refused: set[ChainName] = set()
    for part in _parts(office):
        if part.chain in refused:
            continue
        known = before.get(part.chain, Place(0, "")).seq
        answer = receive_part(part)
        if isinstance(answer, Refusal):
            # What follows in this chain cannot be taken either; other lives still can.
            is_whole = False
            refused.add(part.chain)
            continue
        count += sum(1 for entry in part.entries if entry.seq > known)
    if count:
        refresh_guards()
    return Recovered(entries=count, is_whole=is_whole, previous=_own_places(office))


def refresh_guards() -> None:
    """Guards are written by actions only: after own entries came back they are made anew."""
    for refresh in house().registry.refreshers:
        refresh()


def _parts(office: OfficeCode) -> Iterator[ChainPart]:
    """The second log as parts that each end at a signature."""
    open_parts: dict[ChainName, list[Entry]] = {}
    for line in house().second_log.read():
        row = json.loads(line)
        entry = from_json(row)
        if entry.chain.origin != office:
            continue
        entries = open_parts.setdefault(entry.chain, [])
        entries.append(entry)
        if row.get("signature"):
            head = SignedHead(entry.chain, entry.seq, entry.hash, row["signature"])
            yield ChainPart(entry.chain, tuple(entries), (head,))
            open_parts[entry.chain] = []


def _own_places(office: OfficeCode) -> dict[ChainName, Place]:
    rows = Chain.objects.filter(name__startswith=f"{office}/").values_list("name", "seq", "hash")
    return {ChainName.read(name): Place(seq, hash_) for name, seq, hash_ in rows}


def sign_ends(key: ServerKey) -> None:
    """Sign where the own chains of the life that ends stand now, if its key is still there.

    Entries that never left the house carry no signature; without one nobody else would take them.
    """
    here = house()
    for name, place in _own_places(here.code).items():
        if place.seq == 0 or public_key_of(name) != key.public_hex:
            continue
        signed = key.sign_head(name, place.seq, place.hash)
        EntryRow.objects.filter(chain=str(name), seq=place.seq, signature__isnull=True).update(
            signature=signed.signature
        )


def ends_signed_by(key: ServerKey) -> list[SignedHead]:
    """Where the own chains of this key's life stand, each signed; nothing is written here.

    A backup carries them in its manifest: entries that were written between the signing and the
    copy vouch for themselves too.
    """
    return [
        key.sign_head(name, place.seq, place.hash)
        for name, place in sorted(_own_places(house().code).items())
        if place.seq and public_key_of(name) == key.public_hex
    ]


def note_ends(heads: Iterable[SignedHead]) -> int:
    """Keep the signatures of a backup's manifest in the tables that came from it; returns how many
    hold. Needs no open house. One that does not hold, or speaks of another entry, is passed over.
    """
    kept = 0
    for head in heads:
        if not is_head_signed(head):
            continue
        row = EntryRow.objects.filter(chain=str(head.chain), seq=head.seq, hash=head.hash)
        if row.exists():
            row.filter(signature__isnull=True).update(signature=head.signature)
            kept += 1
    return kept


def damage_in_chains() -> list[Finding]:
    """What `verify_chains` finds, without what is only still on its way: a head that its origin has
    signed ahead of its entries is no damage of the tables that hold the chain."""
    ahead = {
        (row.name, row.claimed_seq) for row in Chain.objects.all() if row.claimed_seq > row.seq
    }
    return [each for each in verify_chains() if (each.chain, each.seq) not in ahead]
