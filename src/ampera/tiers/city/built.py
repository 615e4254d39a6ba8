"""Which servers of a city are finished: `built.json`. Needs no Django, so a no is quick."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from ampera.tiers.city.plan import CityPlan
from ampera.tiers.folder import write_json
from ampera.tiers.telling import CannotError
from ampera.words.office import OfficeCode

BUILT: Final = "built.json"


def built(plan: CityPlan) -> set[OfficeCode]:
    """The servers that were built to the end, by any earlier start of this city."""
    try:
        codes = json.loads((plan.data / BUILT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return set()
    return {OfficeCode(code) for code in codes}


def note_built(plan: CityPlan, codes: Iterable[OfficeCode]) -> None:  # positional: a plan, codes
    """All of these at once: a start that is interrupted before has built nothing."""
    everybody = built(plan) | set(codes)
    write_json(plan.data / BUILT, value=sorted(code.text for code in everybody))


def missing(plan: CityPlan) -> list[OfficeCode]:
    """Which servers are still to be built.

    Nothing has run in a city whose first start was interrupted, so that one begins anew. A
    kecamatan that was being added is known to the dinas already, perhaps with a key and a shipment
    that lie nowhere any more: that is for a person to decide. Raises CannotError.
    """
    ready = built(plan)
    if not ready:
        return list(plan.codes)
    todo = [code for code in plan.codes if code not in ready]
    for code in todo:
        if plan.folder(code).path.exists():
            raise CannotError(
                f"Penambahan {code} terputus di tengah jalan. Pakai --offices tanpa {code}, atau"
                f" mulai kota baru dengan --data lain.",
                f"Adding {code} was interrupted half way. Use --offices without {code}, or begin a"
                " new city with another --data.",
            )
    return todo
