"""Who issues a paper and who signs it.

Apart from the drawing: whoever only tells the facts of a paper need not load what draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues the paper: `PEMERINTAH KOTA PALEMBANG` / `KECAMATAN SEBERANG ULU I` / address."""

    government: str
    office: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who signs: in which role, with the NIP or officer number if there is one."""

    role: str
    name: str = field(repr=False)
    number: str = ""
