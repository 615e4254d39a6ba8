"""NIK and KK numbers.

Sixteen digits: six for the place of *issue*, six for the birth date (day + 40 for women), four for
the serial (domain §4.1). There is no check digit, so nothing here can prove that a NIK is real. A
NIK never changes, not even when the birth date in it is wrong: a difference from the declared data
is a warning for an officer, never a reason to reject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from ampera.words.refusal import Refusal

_SIXTEEN_DIGITS: Final = re.compile(r"[0-9]{16}")
_SEPARATORS: Final = re.compile(r"[ .\-]")

#: Every province code that any decree since 1999 has known, 54 (Timor Timur) included: a NIK
#: keeps the
#: code of its first registration. Codes of the decree in force come from `register`, not from here.
PROVINCES_EVER: Final = frozenset(
    {
        11,
        12,
        13,
        14,
        15,
        16,
        17,
        18,
        19,
        21,
        31,
        32,
        33,
        34,
        35,
        36,
        51,
        52,
        53,
        54,
        61,
        62,
        63,
        64,
        65,
    }
    | {71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96}
)
#: Province 99 exists nowhere: synthetic people only, never on a production server.
PROVINCE_DATA_CONTOH: Final = 99


class Sex(StrEnum):
    """Jenis kelamin as the register writes it."""

    MALE = "LAKI-LAKI"
    FEMALE = "PEREMPUAN"


class NikWarning(StrEnum):
    """What an officer should look at. Real NIKs with a wrong date exist, so none of these
    rejects."""

    BIRTH_DATE_DIFFERS = "birth_date_differs"
    SEX_DIFFERS = "sex_differs"
    REGION_NOT_CURRENT = "region_not_current"


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """One per person, for life. The first six digits name where it was issued, not where they
    live."""

    digits: str

    def __post_init__(self) -> None:
        if (no := _what_is_wrong(self.digits)) is not None:
            raise ValueError(no)

    @classmethod
    def read(cls, text: str, *, may_be_sample: bool = False) -> Self | Refusal:
        """Read what a person typed: spaces, dots and hyphens are dropped, all else must be right.

        `may_be_sample` admits province 99 (DATA CONTOH); a production server never sets it.
        """
        digits = _SEPARATORS.sub("", text)
        if (no := _what_is_wrong(digits)) is not None:
            return Refusal(no)
        if int(digits[:2]) == PROVINCE_DATA_CONTOH and not may_be_sample:
            return Refusal("nik.province_unknown")
        return cls(digits)

    def __repr__(self) -> str:  # Logs and tracebacks must not carry a whole NIK.
        return f"Nik({self.masked})"

    @property
    def masked(self) -> str:
        """As lists and public pages show it: 167102******9001."""
        return f"{self.digits[:6]}******{self.digits[-4:]}"

    @property
    def sex(self) -> Sex:
        return Sex.FEMALE if int(self.digits[6:8]) > 40 else Sex.MALE

    @property
    def region_of_issue(self) -> str:
        """`16.71.02`: where the NIK was issued. Never a place of residence."""
        return f"{self.digits[:2]}.{self.digits[2:4]}.{self.digits[4:6]}"

    def compare(self, *, born: date, sex: Sex) -> frozenset[NikWarning]:
        """How the NIK differs from the declared birth date and sex; the century is the declared
        one."""
        found = set()
        day = int(self.digits[6:8]) % 40
        if (day, int(self.digits[8:10]), int(self.digits[10:12])) != (
            born.day,
            born.month,
            born.year % 100,
        ):
            found.add(NikWarning.BIRTH_DATE_DIFFERS)
        if self.sex is not sex:
            found.add(NikWarning.SEX_DIFFERS)
        return frozenset(found)


_ALONE: Final = re.compile(r"(?<![0-9A-Za-z_])[0-9]{16}(?![0-9A-Za-z_])")


def names_somebody(text: str) -> bool:
    """Does a NIK or a KK number stand in this text? Both have a region and a date in them; other
    numbers of sixteen digits hardly ever do."""
    return any(_what_is_wrong(digits) is None for digits in _ALONE.findall(text))


def _what_is_wrong(digits: str) -> str | None:
    """The refusal code of the first hard error (data-and-screens §2, rule 1), or None."""
    if _SIXTEEN_DIGITS.fullmatch(digits) is None:
        return "nik.not_sixteen_digits"
    if int(digits[:2]) not in PROVINCES_EVER | {PROVINCE_DATA_CONTOH}:
        return "nik.province_unknown"
    if digits[2:4] == "00" or digits[4:6] == "00":
        return "nik.region_zero"
    day = int(digits[6:8])
    if day > 40:
        day -= 40
    # Year 2000 was a leap year, so 29 February passes for yy=00 whichever century is meant; for any
    # other year both centuries share the leap rule.
    try:
        date(2000 + int(digits[10:12]), int(digits[8:10]), day)
    except ValueError:
        return "nik.no_such_date"
    if digits[12:] == "0000":
        return "nik.serial_zero"
    return None


@dataclass(frozen=True, slots=True, repr=False)
class NoKK:
    """The number of a family card (Kartu Keluarga). It changes through life, unlike a NIK."""

    digits: str

    def __post_init__(self) -> None:
        if _SIXTEEN_DIGITS.fullmatch(self.digits) is None or self.digits == "0" * 16:
            raise ValueError("kk.not_sixteen_digits")

    @classmethod
    def read(cls, text: str) -> Self | Refusal:
        """Read what a person typed; only the sixteen digits are certain (domain §4.2)."""
        try:
            return cls(_SEPARATORS.sub("", text))
        except ValueError as no:
            return Refusal(str(no))

    def __repr__(self) -> str:
        return f"NoKK({self.masked})"

    @property
    def masked(self) -> str:
        return f"{self.digits[:6]}******{self.digits[-4:]}"
