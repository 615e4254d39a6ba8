"""The offices of Palembang in September 2017 (S1, S2, S5): who prints from when, who hosts whom.

Data of the demo city, not code: a real dinas describes its own offices. Names come from the wilayah
table, so that one spelling is used everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.words.office import OfficeCode

DINAS: Final = OfficeCode("16.71")
DINAS_NAME: Final = "Disdukcapil Kota Palembang"

#: The dinas has printed since December 2014 (domain §8.2).
DINAS_PRINTS_FROM: Final = date(2014, 12, 1)
#: Kertapati, Seberang Ulu I, Alang-Alang Lebar and Sukarami begin (S2) …
FIRST_FOUR: Final = ("16.71.13", "16.71.02", "16.71.15", "16.71.07")
FIRST_FOUR_PRINT_FROM: Final = date(2017, 9, 7)
#: … then the others. The source gives no day: the Monday after is the demo's choice.
OTHERS_PRINT_FROM: Final = date(2017, 9, 11)

#: Kecamatan without a server and a printer, and the one that serves them (S5).
HOSTED: Final = {"16.71.17": "16.71.02", "16.71.18": "16.71.06"}

COUNTER: Final = "loket"
RECORDING: Final = "perekaman"
PRINTING: Final = "cetak"


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """One office as it is described: `hosted_by` is None for an office that works itself."""

    code: OfficeCode
    hosted_by: OfficeCode | None
    capabilities: tuple[str, ...]
    prints_from: date | None


def _kecamatan(code: str) -> OfficePlan:
    if (host := HOSTED.get(code)) is not None:
        return OfficePlan(OfficeCode(code), OfficeCode(host), (), None)
    begins = FIRST_FOUR_PRINT_FROM if code in FIRST_FOUR else OTHERS_PRINT_FROM
    return OfficePlan(OfficeCode(code), None, (COUNTER, RECORDING, PRINTING), begins)


#: The dinas and its 18 kecamatan, 16 of which print.
OFFICES: Final = (
    OfficePlan(DINAS, None, (COUNTER, RECORDING, PRINTING), DINAS_PRINTS_FROM),
    *(_kecamatan(f"16.71.{number:02d}") for number in range(1, 19)),
)
PRINTING_KECAMATAN: Final = tuple(
    plan.code
    for plan in OFFICES
    if plan.code.tier.value == "kecamatan" and PRINTING in plan.capabilities
)
assert len(PRINTING_KECAMATAN) == 16
