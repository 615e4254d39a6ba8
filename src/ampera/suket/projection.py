"""From the dinas's entries to the table of sukets. Each entry writes its own columns, in any order.

A later life of the same server writes another chain, so no order is taken for granted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ampera.journal.entry import Entry
from ampera.suket.models import LetterKey, Suket
from ampera.words.clock import utc_text

_PERSONAL: Final = (
    "nik",
    "nama",
    "tempat_lahir",
    "tanggal_lahir",
    "jenis_kelamin",
    "alamat",
)


def suket_issued(entry: Entry) -> None:
    """The letter as it was given."""
    facts, body = entry.facts, entry.body or {}  # erased when its retention ended
    row = _row(entry)
    row.number, row.year, row.n = facts["number"], facts["year"], facts["n"]
    row.request, row.resident = facts["request"], facts["resident"]
    row.status, row.letter = facts["status"], facts["letter"]
    row.issued_at, row.issued_by = utc_text(entry.at), entry.officer
    row.valid_from = facts["valid_from"]
    row.valid_until = max(row.valid_until, facts["valid_until"])
    for name in _PERSONAL:
        setattr(row, name, str(body.get(name, "")))
    row.save()


def suket_extended(entry: Entry) -> None:
    """A later last day."""
    row = _row(entry)
    row.valid_until = max(row.valid_until, entry.facts["valid_until"])
    row.extensions += 1
    row.save()


def suket_printed(entry: Entry) -> None:
    """One more paper of it is about."""
    row = _row(entry)
    row.copies = max(row.copies, entry.facts["copy"])
    row.save()


def suket_withdrawn(entry: Entry) -> None:
    """Taken back; the first word stands."""
    row, at = _row(entry), utc_text(entry.at)
    if not row.withdrawn_at or at < row.withdrawn_at:
        row.withdrawn_at, row.withdrawn_why = at, entry.facts["why"]
        row.save()


def suket_converted(entry: Entry) -> None:
    """Its holder has the card."""
    row, at = _row(entry), utc_text(entry.at)
    if not row.converted_at or at < row.converted_at:
        row.converted_at, row.card = at, entry.facts["card"]
        row.save()


def key_begun(entry: Entry) -> None:
    """From here on sukets may be signed with this key."""
    facts = entry.facts
    told = {"public": facts["public"], "begun_at": utc_text(entry.at)}
    LetterKey.objects.get_or_create(key=facts["key"], defaults=told)


def _row(entry: Entry) -> Suket:
    known = Suket.objects.filter(pk=entry.facts["suket"]).first()
    return known if known is not None else Suket(suket=entry.facts["suket"])


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "suket.issued/1": suket_issued,
        "suket.extended/1": suket_extended,
        "suket.printed/1": suket_printed,
        "suket.withdrawn/1": suket_withdrawn,
        "suket.converted/1": suket_converted,
        "suket.key_begun/1": key_begun,
    }
)
