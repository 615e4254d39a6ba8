"""The lives of servers: their keys, and where their chains ended when a life was closed.

Fork, restore, key change and theft have one cure: close the incarnation, open the next. Entries
that
come after the end of a closed one are evidence, settled by two officers, never projected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction

from ampera.journal import sql
from ampera.journal.entry import ChainName
from ampera.journal.house import house
from ampera.journal.models import Chain, Incarnation
from ampera.journal.receiving import Place
from ampera.journal.store import begin_chain
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: Every server has these two chains; they are closed even if nothing of them has come yet.
_ALWAYS: Final = ("up", "audit")
_KEYS: Final = "SELECT office, number, public_key, is_closed FROM journal_incarnation"


@dataclass(frozen=True, slots=True, order=True)
class KnownKey:
    """One life of a server as it is known here."""

    office: OfficeCode
    number: int
    public_key: str
    is_closed: bool


def register_incarnation(
    office: OfficeCode, *, number: int, public_key: str, is_closed: bool = False
) -> Refusal | None:
    """Know a key from now on. The same key again changes nothing; another one under the same
    number is refused: a life has one key. A closed life is never opened again.
    """
    name = f"{office}@{number}"
    known = Incarnation.objects.filter(pk=name).first()
    if known is None:
        try:
            with transaction.atomic():
                Incarnation.objects.create(
                    name=name,
                    office=str(office),
                    number=number,
                    public_key=public_key,
                    is_closed=is_closed,
                )
        except IntegrityError:
            # Somebody else was quicker: what they wrote decides.
            return register_incarnation(
                office, number=number, public_key=public_key, is_closed=is_closed
            )
        return None
    if known.public_key != public_key:
        return Refusal("post.key_conflict", server=name)
    if is_closed and not known.is_closed:
        Incarnation.objects.filter(pk=name).update(is_closed=True)
    return None


def close_incarnation(
    office: OfficeCode, *, number: int, ends: Mapping[ChainName, int] | None = None
) -> dict[ChainName, Place]:
    """Close a life here and say where each of its chains stood: what comes after is evidence.

    `ends` are places further on that are proved by others (the tier between, or the server itself
    when it joins anew): entries up to there may still come and are projected. Closing again only
    ever lets more in.
    """
    name = f"{office}@{number}"
    stood: dict[ChainName, Place] = {}
    proved = {
        chain: seq
        for chain, seq in (ends or {}).items()
        if chain.origin == office and chain.incarnation == number
    }
    with transaction.atomic():
        Incarnation.objects.filter(pk=name).update(is_closed=True)
        always = [ChainName(office, audience, number) for audience in _ALWAYS]
        known = {row.name for row in Chain.objects.filter(name__startswith=f"{office}/")}
        for chain in {*always, *proved}:
            if str(chain) not in known:
                begin_chain(chain, is_own=office == house().code)
        for row in Chain.objects.filter(
            name__startswith=f"{office}/", name__endswith=f"@{number}"
        ).order_by("name"):
            chain = ChainName.read(row.name)
            stood[chain] = Place(row.seq, row.hash)
            end = max(row.seq if row.closed_seq is None else row.closed_seq, proved.get(chain, 0))
            Chain.objects.filter(pk=row.pk).update(closed_seq=end)
    return stood


def ends_of(office: OfficeCode, *, number: int) -> dict[ChainName, int]:
    """Where the chains of a closed life end, as far as they are known here."""
    rows = Chain.objects.filter(
        name__startswith=f"{office}/", name__endswith=f"@{number}", closed_seq__isnull=False
    )
    return {
        ChainName.read(name): seq for name, seq in rows.values_list("name", "closed_seq") if seq
    }


def known_keys(offices: Iterable[OfficeCode]) -> list[KnownKey]:
    """Every life of these offices that is known here, closed ones too, in order."""
    wanted = set(offices)
    return sorted(key for key in _keys() if key.office in wanted)


def keys_below(office: OfficeCode) -> list[KnownKey]:
    """Every life known here of the servers that report to this office."""
    return sorted(key for key in _keys() if key.office.is_child_of(office))


def known_key(office: OfficeCode, *, number: int) -> KnownKey | None:
    """One life of one server."""
    row = sql.one(f"{_KEYS} WHERE name = %s", f"{office}@{number}")
    return None if row is None else _key_of(row)


def _keys() -> list[KnownKey]:
    return [_key_of(row) for row in sql.every(_KEYS)]


def _key_of(row: tuple[Any, ...]) -> KnownKey:
    return KnownKey(OfficeCode(row[0]), row[1], row[2], bool(row[3]))
