"""The facts of a handover as its receipt tells them; `receipts` draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ampera.papers.heads import Letterhead, Signatory
from ampera.words import Nik


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedProxy:
    """Who takes a card for its holder, and by which right (power of attorney, family card ...)."""

    nama: str = field(repr=False)
    relation: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverReceipt:
    """Tanda terima KTP-el: the card is in a person's hand, and whose hand that is."""

    letterhead: Letterhead
    number: str
    on: date
    place: str  #: the town: stands before the date above the signatures
    nik: Nik
    nama: str = field(repr=False)
    reason: str  #: why this card was made, in Indonesian
    card_serial: str
    handed_over_at: str  #: counter, kelurahan or home
    verified_by: str  #: `Sidik jari cocok 1:1`, or the documented exception
    old_card: str = ""  #: what became of the old card; empty for a first card
    proxy: RecordedProxy | None = None
    officer: Signatory
    is_demo: bool = False
