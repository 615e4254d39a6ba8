"""What a card will say, as text, and the version that a permit names: no other is printed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, Self

from ampera.journal.entry import canonical

#: Not printed: the day of issue belongs to the print, the first printable day to the queue.
_NOT_PRINTED: Final = frozenset({"printable_from"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PrintedFields:
    """Every field of the card face as it will stand there (domain §3.2), and when it may be
    printed.

    All text; `tanggal_lahir` is an ISO date. Portrait and signature are files beside it.
    """

    provinsi: str
    kabkota: str
    nik: str
    nama: str
    tempat_lahir: str
    tanggal_lahir: str
    jenis_kelamin: str
    golongan_darah: str
    alamat: str
    rt: str
    rw: str
    kelurahan: str
    kecamatan: str
    agama: str
    status_perkawinan: str
    pekerjaan: str
    kewarganegaraan: str
    berlaku_hingga: str = "SEUMUR HIDUP"
    printable_from: date

    def __repr__(self) -> str:  # Tracebacks and logs must not carry a person's data.
        return f"PrintedFields({self.nik[:6]}******{self.nik[-4:]})"

    def as_body(self) -> dict[str, str]:
        """For the body of an entry: all fields, `printable_from` as an ISO date."""
        return {each.name: _text(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read what `as_body` wrote; other keys are passed over. Raises KeyError or ValueError."""
        names = [each.name for each in fields(cls) if each.name != "printable_from"]
        texts = {name: str(body[name]) for name in names}
        return cls(**texts, printable_from=date.fromisoformat(body["printable_from"]))

    def version(self, *, portrait_sha256: str) -> str:
        """SHA-256 over the printed fields and the portrait's hash, both as RFC 8785 JSON.

        A card of another version is never printed under a permit that names this one.
        """
        printed = {name: text for name, text in self.as_body().items() if name not in _NOT_PRINTED}
        value = {"fields": printed, "portrait": portrait_sha256}
        return hashlib.sha256(canonical(value)).hexdigest()


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
