"""Was anything changed or left out? Needs read access and public keys only, and no body to check
a chain.

Each finding names a chain and a place, so that an officer can say to another *which* entry is
meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ampera.journal.entry import FIRST_PREV, ChainName, SignedHead, canonical, what_is_wrong
from ampera.journal.house import house
from ampera.journal.keys import is_signed_by
from ampera.journal.models import Chain, EntryRow
from ampera.journal.rebuild import compare_with_rebuild
from ampera.journal.second_log import from_json
from ampera.journal.store import entry_of, public_key_of

__all__ = ["Finding", "verify_chains", "verify_second_log", "verify_server"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be. `seq` is 0 when it concerns the whole chain or no chain."""

    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        place = f"{self.chain} seq {self.seq}: " if self.seq else f"{self.chain}: "
        return place + self.what if self.chain else self.what


def verify_chains() -> Iterator[Finding]:
    """Check every chain known here: hashes, order, bodies that are still there, signatures,
    heads."""
    for chain in Chain.objects.order_by("name"):
        yield from _verify_chain(chain)


def _verify_chain(chain: Chain) -> Iterator[Finding]:
    name = ChainName.read(chain.name)
    key = public_key_of(name)
    if key is None and chain.seq:
        yield Finding(chain.name, 0, "the key of its origin is not known here")
    prev, seq = FIRST_PREV, 0
    for row in EntryRow.objects.filter(chain=chain.name).order_by("seq").iterator(chunk_size=500):
        if row.seq != seq + 1:
            yield Finding(chain.name, seq + 1, "is missing")
        if (wrong := _what_is_wrong_with(row, prev=prev)) is not None:
            yield Finding(chain.name, row.seq, wrong)
        if row.signature is not None and key is not None:
            head = SignedHead(name, row.seq, row.hash, row.signature)
            if not is_signed_by(key, head):
                yield Finding(chain.name, row.seq, "its signature does not hold")
        prev, seq = row.hash, row.seq
    if (chain.seq, chain.hash) != (seq, prev):
        last = max(chain.seq, seq)
        yield Finding(chain.name, last, "the head of the chain is not its last entry")
    if chain.claimed_seq > seq:
        yield Finding(
            chain.name, chain.claimed_seq, f"was signed by its origin, but only {seq} are here"
        )


def _what_is_wrong_with(row: EntryRow, *, prev: str) -> str | None:
    try:
        wrong = what_is_wrong(entry_of(row), prev=prev)
        if wrong is None and not _is_written_plainly(row):
            wrong = "its text is not written in the one way it was hashed in"
    except (ValueError, KeyError, TypeError):
        wrong = "cannot be read any more"
    return wrong


def _is_written_plainly(row: EntryRow) -> bool:
    """Two texts can mean the same JSON; only the canonical one was written by us."""
    entry = entry_of(row)
    same_body = row.body is None or (
        entry.body is not None and row.body == canonical(entry.body).decode()
    )
    return same_body and row.facts == canonical(entry.facts).decode()


def verify_second_log() -> Iterator[Finding]:
    """The second log must hold the same entries as the database, as far as it goes."""
    hashes = {
        (chain, seq): hash_
        for chain, seq, hash_ in EntryRow.objects.filter(
            chain__in=Chain.objects.filter(is_own=True).values_list("name", flat=True)
        ).values_list("chain", "seq", "hash")
    }
    for number, line in enumerate(house().second_log.read(), start=1):
        try:
            entry = from_json(json.loads(line))
        except (ValueError, KeyError, TypeError):
            yield Finding("", 0, f"line {number} of the second log cannot be read")
            continue
        known = hashes.get((str(entry.chain), entry.seq))
        if known is None and entry.chain.incarnation == house().incarnation:
            yield Finding(
                str(entry.chain), entry.seq, "lies in the second log but not in the database"
            )
        elif known is not None and known != entry.hash:
            yield Finding(str(entry.chain), entry.seq, "is another entry in the second log")


def verify_server(
    tell: Callable[[str], None] | None = None, *, has_rebuild: bool = True
) -> Sequence[Finding]:
    """Everything that one server can check about itself; empty when all is whole.

    Without the rebuild its tables are taken as they stand: for who looks at many servers at once.
    """
    say = tell or (lambda _: None)
    say("chains")
    found = list(verify_chains())
    say("second log")
    found += verify_second_log()
    if not found:
        # A rebuild from a damaged chain would only repeat the damage in other words.
        if has_rebuild:
            say("projections")
            found += [Finding("", 0, text) for text in compare_with_rebuild()]
        say("sums")
        found += [Finding("", 0, text) for check in house().registry.checks for text in check()]
    return found
