"""Residents who do not exist, for whoever tries the demo city. Refused everywhere else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, look
from ampera.api.v1.shapes import PROBLEMS
from ampera.enrolment.queries import enrolments_of
from ampera.intake.queries import open_requests_of
from ampera.register.queries import Action, OfficerSeen
from ampera.register.queries.public import sample_residents
from ampera.words.refusal import Refusal

router: Final = Router()


class Sample(Schema):
    """A synthetic resident of card age: DATA CONTOH."""

    nik: str = Field(repr=False)
    no_kk: str = Field(repr=False)
    name: str
    kelurahan: str
    has_legacy_card: bool


@router.get("/demo/residents", response={200: list[Sample], **PROBLEMS})
def residents(
    request: HttpRequest, kelurahan: str, has_card: bool = False, most: int = 20
) -> Answered:
    """Synthetic residents of one kelurahan (or kecamatan) who may ask for a card.

    Nobody of whom a recording or an open request is known here.
    """

    def ask(_: OfficerSeen) -> list[dict[str, Any]] | Refusal:
        found = sample_residents(kelurahan, has_legacy_card=has_card)
        if isinstance(found, Refusal):
            return found
        free = []
        for each in found:
            is_free = not open_requests_of(each.resident) and not enrolments_of(each.resident)
            if is_free:
                row = asdict(each)
                del row["resident"]
                free.append(row)
            if len(free) >= most:
                break
        return free

    return look(request, Action.RESIDENT_SEE, ask=ask)
