"""Rows in and out of the journal's tables. The only module that knows both `Entry` and `EntryRow`.

The two statements of every append are written as SQL: they run for each thing that happens in a
city, and
through the ORM they cost twice as much. Both databases take the same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db import OperationalError, connection, models

from ampera.journal import sql
from ampera.journal.entry import FIRST_PREV, ChainName, Entry, SignedHead, Texts
from ampera.journal.house import house
from ampera.journal.keys import is_signed_by
from ampera.journal.models import Chain, CommandRow, EntryRow, EntryState
from ampera.words.clock import utc_from_text, utc_text

_COLUMNS: Final = (
    "chain, seq, kind, subject, at, officer, command_id, facts, body_hash, prev, hash, salt, body,"
    " signature, state, must_react"
)
_INSERT: Final = (
    # Column names are constants of this module; every value goes in as a parameter.
    # `must_react` goes in as a number: the SQLite driver looks long for a way to store a truth.
    f"INSERT INTO journal_entryrow ({_COLUMNS}) VALUES ({'%s, ' * 15}%s = 1)"  # noqa: S608
)
_MOVE_HEAD: Final = (
    "UPDATE journal_chain SET seq = %s, hash = %s, at = %s WHERE name = %s AND seq = %s"
)


_PROJECTED: Final = EntryState.PROJECTED.value
_REMEMBER: Final = "INSERT INTO journal_commandrow (id, fingerprint, answer) VALUES (%s, %s, %s)"
_HASH_AT: Final = "SELECT hash FROM journal_entryrow WHERE chain = %s AND seq = %s"
_HOLD_HEAD: Final = "UPDATE journal_chain SET seq = seq WHERE name = %s RETURNING seq, hash, at"


Values = tuple[str | int | None, ...]


class PlaceTakenError(Exception):
    """Somebody else appended to this chain since its head was read: load again and decide anew."""


def entry_of(row: EntryRow) -> Entry:
    return Entry(
        chain=ChainName.read(row.chain),
        seq=row.seq,
        kind=row.kind,
        subject=row.subject,
        at=utc_from_text(row.at),
        officer=row.officer,
        command_id=row.command_id,
        facts=json.loads(row.facts),
        body_hash=row.body_hash,
        prev=row.prev,
        hash=row.hash,
        salt=row.salt,
        body=None if row.body is None else json.loads(row.body),
    )


class NewRow(NamedTuple):
    """An entry on its way into the table."""

    entry: Entry
    texts: Texts
    state: EntryState
    must_react: bool
    signature: str | None = None


def insert(rows: Sequence[NewRow]) -> None:
    """Add rows. Raises IntegrityError when a place is taken."""
    insert_values([values_of(*row) for row in rows])


def insert_values(rows: Sequence[Values]) -> None:
    """As `insert`, of rows that `values_of` has laid out already."""
    if len(rows) == 1:
        sql.write(_INSERT, *rows[0])
        return
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def values_of(  # positional: a row
    entry: Entry, texts: Texts, state: EntryState, must_react: bool, signature: str | None = None
) -> Values:
    """An entry as the columns of its row: what was hashed is what is stored."""
    return (
        texts.chain,
        entry.seq,
        entry.kind,
        entry.subject,
        texts.at,
        entry.officer,
        entry.command_id,
        texts.facts,
        entry.body_hash,
        entry.prev,
        entry.hash,
        entry.salt,
        texts.body,
        signature,
        _PROJECTED if state is EntryState.PROJECTED else state.value,
        1 if must_react else 0,
    )


def head_of(chain: ChainName) -> tuple[int, str, str]:
    """(seq, hash, at) of a chain as known here; (0, FIRST_PREV, "") when it has not begun."""
    row = sql.one("SELECT seq, hash, at FROM journal_chain WHERE name = %s", str(chain))
    return (row[0], row[1], row[2]) if row is not None else (0, FIRST_PREV, "")


def hold_head(chain: ChainName) -> tuple[int, str, str]:
    """As `head_of`, and whoever writes this chain next waits until this transaction ends.

    Without the wait eight windows on PostgreSQL read the same head and seven lose, again and again.
    """
    row = sql.write_and_tell(_HOLD_HEAD, str(chain))
    return (row[0], row[1], row[2]) if row is not None else (0, FIRST_PREV, "")


def is_lost_race(error: OperationalError) -> bool:
    """Did PostgreSQL end this transaction because two of them waited for each other?"""
    return getattr(error.__cause__, "sqlstate", "") in ("40P01", "40001")


def command_known(command_id: str) -> tuple[str, str] | None:
    """(fingerprint, answer) of a command that had an effect here."""
    rows = sql.read("SELECT fingerprint, answer FROM journal_commandrow WHERE id = %s", command_id)
    return (rows[0][0], rows[0][1]) if rows else None


def remember_command(command_id: str, *, fingerprint: str, answer: str) -> None:
    """Raises IntegrityError when somebody else gave the same command at the same moment."""
    sql.write(_REMEMBER, command_id, fingerprint, answer)


def remember_done(command_ids: Iterable[str]) -> None:
    """Commands whose own entries came back after a restore: done, but their answers are lost."""
    CommandRow.objects.bulk_create(
        [CommandRow(id=each, fingerprint="", answer="{}") for each in sorted(set(command_ids))],
        ignore_conflicts=True,
    )


def begin_chain(chain: ChainName, *, is_own: bool) -> None:
    Chain.objects.create(name=str(chain), is_own=is_own, seq=0, hash=FIRST_PREV, at="")


def move_head(chain: ChainName, *, known_seq: int, last: Entry) -> None:
    """Compare and set: raises PlaceTakenError when the head is no longer where it was read."""
    place = (last.seq, last.hash, utc_text(last.at))
    if sql.write(_MOVE_HEAD, *place, str(chain), known_seq) != 1:
        raise PlaceTakenError(str(chain))


def entries_after(chain: ChainName, seq: int, *, most: int) -> list[EntryRow]:  # positional: a pair
    return list(EntryRow.objects.filter(chain=str(chain), seq__gt=seq).order_by("seq")[:most])


def hash_at(chain: ChainName, seq: int) -> str | None:  # positional: a pair
    """The hash of one place, FIRST_PREV for place 0, None when the place is not known here."""
    if seq == 0:
        return FIRST_PREV
    row = sql.one(
        "SELECT hash FROM journal_entryrow WHERE chain = %s AND seq = %s", str(chain), seq
    )
    return None if row is None else row[0]


def hashes_up_to(  # positional: a pair
    chain: ChainName, seq: int, *, of: Sequence[int]
) -> dict[int, str]:
    """The known hashes of those places, as far as `seq`, in one query."""
    if not of or min(of) > seq:
        return {}
    return dict(
        EntryRow.objects.filter(
            chain=str(chain), seq__gte=min(of), seq__lte=min(seq, max(of))
        ).values_list("seq", "hash")
    )


def public_key_of(chain: ChainName) -> str | None:
    """The key that signs this chain, when its origin and incarnation are known here."""
    name = f"{chain.origin}@{chain.incarnation}"
    row = sql.one("SELECT public_key FROM journal_incarnation WHERE name = %s", name)
    return None if row is None else row[0]


def is_head_signed(head: SignedHead) -> bool:
    key = public_key_of(head.chain)
    return key is not None and is_signed_by(key, head)


def sign_own(row: EntryRow) -> str:
    """The own signature over the head at this row, made when it first leaves the house."""
    if row.signature is None:
        row.signature = sign_place(row.pk, ChainName.read(row.chain), row.seq, row.hash)
    return row.signature


def sign_place(number: int, chain: ChainName, seq: int, hash_: str) -> str:  # positional: a row
    """Sign the own head at this place and keep the signature in its row `number`."""
    signature = house().key.sign_head(chain, seq, hash_).signature
    sql.write("UPDATE journal_entryrow SET signature = %s WHERE id = %s", signature, number)
    return signature


# positional: a pair


def note_signatures(  # positional: a pair
    chain: ChainName, heads: Iterable[SignedHead]
) -> None:
    """Keep signatures over places that are known here but were not signed yet."""
    for head in heads:
        EntryRow.objects.filter(chain=str(chain), seq=head.seq, signature__isnull=True).update(
            signature=head.signature
        )


def all_entries(*, chains: Sequence[str] | None = None) -> Iterator[Entry]:
    """Every entry in the order of arrival here."""
    rows: models.QuerySet[EntryRow] = EntryRow.objects.order_by("id")
    if chains is not None:
        rows = rows.filter(chain__in=chains)
    return (entry_of(row) for row in rows.iterator(chunk_size=500))


def chain_names(rows: Iterable[Chain]) -> list[ChainName]:
    return [ChainName.read(row.name) for row in rows]
