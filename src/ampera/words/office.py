"""Offices and the three kinds of server. Code `00` is the pusat, `16.71` a dinas, `16.71.02` a
kecamatan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_SHAPE: Final = re.compile(r"00|[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?")


class Tier(StrEnum):
    """The three kinds of server; the same package runs all of them."""

    KECAMATAN = "kecamatan"
    DINAS = "dinas"
    PUSAT = "pusat"


@dataclass(frozen=True, slots=True, order=True)
class OfficeCode:
    """The code of a place that works. Its parts give the tier above: 16.71.02 → 16.71 → 00."""

    text: str

    def __post_init__(self) -> None:
        if _SHAPE.fullmatch(self.text) is None or not self.text.isascii():
            raise ValueError("an office code looks like 00, 16.71 or 16.71.02")

    def __str__(self) -> str:
        return self.text

    @property
    def tier(self) -> Tier:
        if self.text == "00":
            return Tier.PUSAT
        return Tier.DINAS if self.text.count(".") == 1 else Tier.KECAMATAN

    @property
    def upper(self) -> OfficeCode | None:
        """The office that this one reports to; None for the pusat."""
        match self.tier:
            case Tier.PUSAT:
                return None
            case Tier.DINAS:
                return PUSAT
            case Tier.KECAMATAN:
                return OfficeCode(self.text[:5])

    @property
    def number(self) -> int:
        """The last two digits: 2 for 16.71.02. Ports are counted from it (architecture §9)."""
        return int(self.text[-2:])

    def is_child_of(self, other: OfficeCode) -> bool:
        return self.upper == other


PUSAT: Final = OfficeCode("00")
