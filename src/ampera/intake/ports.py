"""What the intake asks of the register when a NIK is to be confirmed by itself."""

from __future__ import annotations

from typing import Protocol


class RegisterSays(Protocol):
    """`ampera.register.queries.agrees_with_register`, or what a test puts in its place."""

    def __call__(self, nik: str, *, nama: str, tanggal_lahir: str) -> bool | None:
        """Do name and birth date (ISO text) agree? None when the register does not hold the NIK."""
        ...
