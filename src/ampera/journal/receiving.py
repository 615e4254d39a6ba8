"""Taking in chains of other servers. Refuses only a bad hash, a bad signature, a fork or a gap.

All of one part happens in one transaction: compare what is known by hash, refuse a gap, insert,
move the
mark, project. Any holder may give any chain: the signatures vouch, not the sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from ampera.journal import sql
from ampera.journal.alarms import raise_alarm
from ampera.journal.entry import ChainName, Entry, SignedHead, texts_of, what_is_wrong
from ampera.journal.house import house
from ampera.journal.keys import is_signed_by
from ampera.journal.models import Chain, EntryState
from ampera.journal.projecting import Reading, project_foreign
from ampera.journal.store import (
    begin_chain,
    hash_at,
    hashes_up_to,
    head_of,
    insert_values,
    is_head_signed,
    move_head,
    note_signatures,
    public_key_of,
    remember_done,
    values_of,
)
from ampera.words.refusal import Refusal

_IS_CLAIMED: Final = (
    "SELECT 1 FROM journal_chain WHERE name = %s AND claimed_seq = %s AND claimed_hash = %s"
)


@dataclass(frozen=True, slots=True)
class ChainPart:
    """Consecutive entries of one chain; `signatures` vouch for places in it, the last one among
    them."""

    chain: ChainName
    entries: tuple[Entry, ...]
    signatures: tuple[SignedHead, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a chain is known: (seq, hash at seq)."""

    seq: int
    hash: str


def place_of(chain: ChainName) -> Place:
    seq, hash_, _ = head_of(chain)
    return Place(seq, hash_)


def receive_part(part: ChainPart) -> Place | Refusal:
    """Take in one part. Returns the place that is known afterwards, or why it was refused."""
    key = public_key_of(part.chain)
    if key is None:
        return Refusal("post.unknown_server", office=str(part.chain.origin))
    if (no := _check_signatures(part, key)) is not None:
        return no
    with transaction.atomic():
        known_seq, known_hash, _ = head_of(part.chain)
        new = _beyond_known(part, known_seq)
        if isinstance(new, Refusal):
            return new
        note_signatures(part.chain, [each for each in part.signatures if each.seq <= known_seq])
        if not new:
            return Place(known_seq, known_hash)
        if (no := _check_hashes(new, known_hash)) is not None:
            return no
        _take(part, new, known_seq)
        return Place(new[-1].seq, new[-1].hash)


def _check_signatures(part: ChainPart, key: str) -> Refusal | None:  # positional: a pair
    """Every signature must hold and stand over an entry of this part; the last entry needs one."""
    wanted = {head.seq for head in part.signatures}
    hashes = {entry.seq: entry.hash for entry in part.entries if entry.seq in wanted}
    for head in part.signatures:
        if (
            head.chain != part.chain
            or hashes.get(head.seq) != head.hash
            or not is_signed_by(key, head)
        ):
            return Refusal("post.bad_signature", chain=str(part.chain))
    if part.entries and part.entries[-1].seq not in wanted:
        return Refusal("post.bad_signature", chain=str(part.chain))
    return None


def _beyond_known(part: ChainPart, known_seq: int) -> Sequence[Entry] | Refusal:
    """What of this part is new here. A known place with another hash is a fork; a hole is a gap."""
    chain, entries = part.chain, part.entries
    if not entries:
        return ()
    first = entries[0].seq
    for expected, entry in enumerate(entries, start=first):
        if entry.seq != expected or (entry.chain is not chain and entry.chain != chain):
            return Refusal("post.gap", seq=known_seq)
    if first > known_seq:
        return entries if first == known_seq + 1 else Refusal("post.gap", seq=known_seq)
    known = hashes_up_to(chain, known_seq, of=(first, entries[-1].seq))
    for entry in entries[: known_seq - first + 1]:
        if known.get(entry.seq) != entry.hash:
            _raise_fork(chain, entry.seq)
            return Refusal("post.fork", chain=str(chain), seq=entry.seq)
    return entries[known_seq - first + 1 :]


def _check_hashes(new: Sequence[Entry], known_hash: str) -> Refusal | None:  # positional: a pair
    """Does each new entry continue the one before it, unchanged since it was written?"""
    prev = known_hash
    for entry in new:
        try:
            wrong = what_is_wrong(entry, prev=prev)
        except ValueError:
            return Refusal("post.bad_hash", chain=str(entry.chain), seq=entry.seq)
        if wrong is not None:
            if entry is new[0] and entry.prev != known_hash:
                _raise_fork(entry.chain, entry.seq - 1)
                return Refusal("post.fork", chain=str(entry.chain), seq=entry.seq - 1)
            return Refusal("post.bad_hash", chain=str(entry.chain), seq=entry.seq)
        prev = entry.hash
    return None


def _take(part: ChainPart, new: Sequence[Entry], known_seq: int) -> None:  # positional: as checked
    chain, last = str(part.chain), new[-1]
    signed = {head.seq: head.signature for head in part.signatures}
    row = sql.one("SELECT closed_seq FROM journal_chain WHERE name = %s", chain)
    if row is None:
        begin_chain(part.chain, is_own=part.chain.origin == house().code)
    # Late entries of a closed life are evidence, settled by two officers, never projected.
    open_to = last.seq if row is None or row[0] is None else row[0]
    if open_to < last.seq:
        raise_alarm(f"closed:{chain}", f"{chain}: entries after the incarnation was closed")
    reading = Reading()
    rows = []
    for entry in new:
        way = reading.way_of(entry)
        state, must_react = EntryState.PROJECTED, way.must_react
        if entry.seq > open_to:
            state, must_react = EntryState.CLOSED, False
        elif not way.is_passed_by:
            state = project_foreign(entry, reading)
        rows.append(values_of(entry, texts_of(entry), state, must_react, signed.get(entry.seq)))
    insert_values(rows)
    if part.chain.origin == house().code:
        remember_done(entry.command_id for entry in new)
    move_head(part.chain, known_seq=known_seq, last=last)
    if last.origin == house().upper:
        house().heard(last.at)


def receive_claim(head: SignedHead) -> Refusal | None:
    """Note how long a chain is said to be, ahead of its entries, so that it cannot be shortened.

    A claim that contradicts what is known is a fork. A shorter one says nothing: requests may
    arrive late
    or twice. A claim whose entries never come is found by `verify`.
    """
    if not is_head_signed(head):
        return Refusal("post.bad_signature", chain=str(head.chain))
    # Most claims say what is known: they must not wait for the one place where things are written.
    if sql.one(_IS_CLAIMED, str(head.chain), head.seq, head.hash) is not None:
        return None
    with transaction.atomic():
        known_seq, _, _ = head_of(head.chain)
        if head.seq <= known_seq and hash_at(head.chain, head.seq) != head.hash:
            _raise_fork(head.chain, head.seq)
            return Refusal("post.fork", chain=str(head.chain), seq=head.seq)
        row = Chain.objects.filter(name=str(head.chain)).first()
        if row is None:
            begin_chain(head.chain, is_own=False)
            row = Chain.objects.get(name=str(head.chain))
        if head.seq > row.claimed_seq:
            row.claimed_seq, row.claimed_hash = head.seq, head.hash
            row.save(update_fields=["claimed_seq", "claimed_hash"])
    return None


def _raise_fork(chain: ChainName, seq: int) -> None:
    raise_alarm(f"fork:{chain}", f"{chain} forks at {seq}: the same place holds two things")
