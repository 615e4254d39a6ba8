"""Why a card is asked for. The reason decides which office prints (S4), by dated policy."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The five reasons (domain §2.2)."""

    NEW = "NEW"  #: baru: a first card
    LOST = "LOST"  #: hilang: needs the police's letter
    DAMAGED = "DAMAGED"  #: rusak: the old card is handed in
    DATA_CHANGED = "DATA_CHANGED"  #: perubahan elemen data: the KK is changed first
    MOVED = "MOVED"  #: pindah

    @property
    def is_replacement(self) -> bool:
        """Is there an older card that the new one takes the place of?"""
        return self is not Reason.NEW
