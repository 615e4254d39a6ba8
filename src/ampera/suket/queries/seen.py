"""One suket as pages see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Q

from ampera.register.queries import local_day
from ampera.suket.models import Suket
from ampera.suket.rules.letters import Letter, Worth
from ampera.words.clock import utc_from_text

#: Neither taken back nor exchanged, and issued as far as is known here.
IN_FORCE: Final = Q(withdrawn_at="", converted_at="") & ~Q(number="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuketSeen:
    """One suket as a page shows it. The personal part is empty once its retention has ended."""

    letter: Letter
    worth: Worth
    request: str
    resident: str
    status: str
    by_letter: str
    issued_at: datetime
    valid_from: date
    extensions: int
    copies: int
    withdrawn_why: str
    ended_at: datetime | None
    card: str
    nik: str = field(repr=False)
    nama: str = field(repr=False)
    tempat_lahir: str = field(repr=False)
    tanggal_lahir: str = field(repr=False)
    jenis_kelamin: str = field(repr=False)
    alamat: str = field(repr=False)

    @property
    def suket(self) -> str:
        return self.letter.suket

    @property
    def number(self) -> str:
        return self.letter.number

    @property
    def valid_until(self) -> date:
        return self.letter.valid_until


def letter_of(row: Suket) -> Letter:
    """For the rules."""
    return Letter(
        suket=row.suket,
        number=row.number,
        valid_until=date.fromisoformat(row.valid_until),
        is_withdrawn=bool(row.withdrawn_at),
        is_converted=bool(row.converted_at),
    )


def seen_of(row: Suket) -> SuketSeen:
    """As it stands today."""
    letter = letter_of(row)
    ended = row.withdrawn_at or row.converted_at
    return SuketSeen(
        letter=letter,
        worth=letter.worth(local_day()),
        request=row.request,
        resident=row.resident,
        status=row.status,
        by_letter=row.letter,
        issued_at=utc_from_text(row.issued_at),
        valid_from=date.fromisoformat(row.valid_from),
        extensions=row.extensions,
        copies=row.copies,
        withdrawn_why=row.withdrawn_why,
        ended_at=utc_from_text(ended) if ended else None,
        card=row.card,
        nik=row.nik,
        nama=row.nama,
        tempat_lahir=row.tempat_lahir,
        tanggal_lahir=row.tanggal_lahir,
        jenis_kelamin=row.jenis_kelamin,
        alamat=row.alamat,
    )
