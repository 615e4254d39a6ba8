"""Region codes as the ministry writes them, dots kept: provinsi.kabkota.kecamatan.kelurahan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_SHAPE: Final = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


class Level(IntEnum):
    """The four levels. A kelurahan field also holds a desa."""

    PROVINSI = 1
    KABKOTA = 2
    KECAMATAN = 3
    KELURAHAN = 4


@dataclass(frozen=True, slots=True, order=True)
class WilayahCode:
    """`16`, `16.71`, `16.71.02` or `16.71.02.1002`. Never key by name: six names of Palembang
    occur twice."""

    text: str

    def __post_init__(self) -> None:
        if _SHAPE.fullmatch(self.text) is None or not self.text.isascii():
            raise ValueError("a region code looks like 16, 16.71, 16.71.02 or 16.71.02.1002")

    def __str__(self) -> str:
        return self.text

    @property
    def level(self) -> Level:
        return Level(self.text.count(".") + 1)

    @property
    def parent(self) -> WilayahCode | None:
        head, dot, _ = self.text.rpartition(".")
        return WilayahCode(head) if dot else None

    def at(self, level: Level) -> WilayahCode:
        """The area of that level which holds this one. Asking for a finer level is a defect."""
        assert level <= self.level, f"{self.text} is no finer than {self.level.name}"
        return WilayahCode(".".join(self.text.split(".")[: int(level)]))

    def is_in(self, other: WilayahCode) -> bool:
        return self.text == other.text or self.text.startswith(f"{other.text}.")
