"""Differences of packages of withdrawn cards for machines: what was missed, what was on no list."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.api.v1.withdrawn import witness_for
from ampera.journal.actions import Command
from ampera.register.queries import Action, OfficerSeen
from ampera.withdrawal.actions import settle_missing, settle_surplus
from ampera.withdrawal.queries import Missing, SurplusSeen, missing_pieces, surplus_here
from ampera.words.refusal import Refusal

router: Final = Router()
_SEE: Final = (Action.BLANKO_DESTROY, Action.BLANKO_MOVE, Action.JOURNAL_SEE)


class MissingPiece(Schema):
    """A piece that was missed at `office`. `is_ours`: this office decides about it."""

    piece: str
    code: str
    serial: str
    office: str
    sender: str
    package: str
    officers: list[str]
    since: datetime
    is_ours: bool


class SurplusPiece(Schema):
    """Something that stood on no list; `mark` is what could be read on it."""

    surplus: str
    mark: str
    package: str
    officers: list[str]
    at: datetime


class Differences(Schema):
    missing: list[MissingPiece]
    surplus: list[SurplusPiece]


class SettleDifference(Given):
    """`document`: the berita acara. The witness is another officer, with the own password."""

    outcome: str = Field(max_length=16, pattern=r"^[A-Z_]+$")
    document: str = Field(max_length=120)
    witness: Credentials


class SettleMissing(SettleDifference):
    """`outcome`: HERE (in it after all), SENDER (never left), LOST (nobody can show it)."""

    piece: str = Field(max_length=40)


class SettleSurplus(SettleDifference):
    """`outcome`: ENTERED (into this office's register) or RETURNED (to its sender)."""

    surplus: str = Field(max_length=90)


class SettledMissing(Schema):
    piece: str
    place: str


class SettledSurplus(Schema):
    piece: str  #: its number in this office's register; empty when it was returned


@router.get("/withdrawn/differences", response={200: Differences, **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """All that is known here and was not settled, the longest first."""

    def ask(_: OfficerSeen) -> dict[str, Any]:
        return {
            "missing": [_missing(each) for each in missing_pieces()],
            "surplus": [_surplus(each) for each in surplus_here()],
        }

    return look(request, *_SEE, ask=ask)


@router.post("/withdrawn/differences/missing", response={200: SettledMissing, **PROBLEMS})
def missing(request: HttpRequest, body: SettleMissing) -> Answered:
    """Two officers of the dinas decide about a piece that was missed."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = witness_for(command, body.witness)
        if isinstance(second, Refusal):
            return second
        return settle_missing(
            command,
            piece=body.piece,
            outcome=body.outcome,
            document=body.document,
            second=second.id,
        )

    return act(request, Action.BLANKO_DESTROY, do=do)


@router.post("/withdrawn/differences/surplus", response={200: SettledSurplus, **PROBLEMS})
def surplus(request: HttpRequest, body: SettleSurplus) -> Answered:
    """Two officers decide about a piece that stood on no list."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = witness_for(command, body.witness)
        if isinstance(second, Refusal):
            return second
        return settle_surplus(
            command,
            surplus=body.surplus,
            outcome=body.outcome,
            document=body.document,
            second=second.id,
        )

    return act(request, Action.BLANKO_DESTROY, do=do)


def _missing(seen: Missing) -> dict[str, Any]:
    names = ("piece", "code", "serial", "package", "since", "is_ours")
    return {name: getattr(seen, name) for name in names} | {
        "office": str(seen.office),
        "sender": str(seen.sender),
        "officers": list(seen.officers),
    }


def _surplus(seen: SurplusSeen) -> dict[str, Any]:
    names = ("surplus", "mark", "package", "at")
    return {name: getattr(seen, name) for name in names} | {"officers": list(seen.officers)}
