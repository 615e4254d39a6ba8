"""What carriers tell of doors, what the books could not take of it, and cards nobody fetches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from ampera.api.v1.door import Answered, act, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.delivery.actions import DoorAct, settle_conflict, tell_door
from ampera.delivery.queries import ConflictSeen, conflicts, message_states, uncollected
from ampera.delivery.rules import policy
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, local_day
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal

router: Final = Router()
_COUNTER: Final = (Action.CARD_HAND_OVER, Action.BUNDLE_SEND)


class WaitingAtDoor(Schema):
    """A card at the counter that nobody fetched. Names nobody."""

    card: str
    permit: str
    serial: str
    ready_at: datetime
    days: int
    #: REMIND, then BRING (by the lurah), then REPORT (to the head of the office).
    next: str
    message: str  #: what became of the last message about it; empty when there was none


class Conflict(Schema):
    """What a phone told and the books could not take: somebody has to look for the card."""

    conflict: str
    card: str
    bundle: str
    officer: str  #: of the carrier
    act: str
    told_at: str
    at: datetime
    code: str


class Told(Schema):
    card: str


class Settled(Schema):
    conflict: str


class AtDoor(Given):
    """`told_at`: by the clock of the carrier's phone, whenever the line is back."""

    told_at: AwareDatetime
    note: str = Field(default="", max_length=200)


class GivenAtDoor(AtDoor):
    """Who took the card; a proxy with name and relation. `signature`: the strokes as drawn."""

    to: Literal["HOLDER", "PROXY"] = "HOLDER"
    proxy_name: str = Field(default="", max_length=100)
    relation: str = Field(default="", max_length=100)
    old_card: Literal["", "NONE", "TAKEN_IN", "NOT_SHOWN", "LOST"] = ""
    signature: str = Field(default="", max_length=20_000)


class NotGiven(AtDoor):
    """`why`: a code of the delivery policy."""

    why: str = Field(max_length=20)


@router.get("/cards/uncollected", response={200: list[WaitingAtDoor], **PROBLEMS})
def nobody_fetched(request: HttpRequest) -> Answered:
    """Cards at the counter that nobody fetches, the longest waiting first, and what to do next."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        rows, now = policy().uncollected_on(local_day()), house().now()
        found = uncollected(days=rows.remind_days)
        said = message_states(each.card for each in found)
        told = []
        for each in found:
            assert each.ready_at is not None, "what waits was found ready once"
            days = (now - each.ready_at).days
            later = "BRING" if days >= rows.lurah_days else "REMIND"
            row = {name: getattr(each, name) for name in ("card", "permit", "serial", "ready_at")}
            row["next"] = "REPORT" if days >= rows.report_days else later
            told.append({**row, "days": days, "message": said.get(each.card, "")})
        return told

    return look(request, Action.CARD_HAND_OVER, Action.FIGURES_SEE, ask=ask)


@router.post("/bundles/{bundle}/cards/{card}/given", response={200: Told, **PROBLEMS})
def given(request: HttpRequest, bundle: str, card: str, body: GivenAtDoor) -> Answered:
    """The carrier gave a card at a door. Its key is made on the phone: sent ten times it counts
    once. A refusal is kept as a conflict, because the card may be in a hand already."""
    told = DoorAct(
        act="GIVEN",
        card=card,
        bundle=bundle,
        told_at=_told_at(body),
        to=body.to,
        name=body.proxy_name,
        relation=body.relation,
        old_card=body.old_card,
        note=body.note,
        signature=body.signature,
    )
    return _tell(request, told)


@router.post("/bundles/{bundle}/cards/{card}/not-given", response={200: Told, **PROBLEMS})
def not_given(request: HttpRequest, bundle: str, card: str, body: NotGiven) -> Answered:
    """The carrier could not give a card, and says why; it stays in that hand until it is taken
    back."""
    told = DoorAct(
        act="BACK", card=card, bundle=bundle, told_at=_told_at(body), why=body.why, note=body.note
    )
    return _tell(request, told)


@router.get("/bundles/conflicts", response={200: list[Conflict], **PROBLEMS})
def open_conflicts(request: HttpRequest) -> Answered:
    """What phones told and the books could not take, the oldest first, until somebody looked."""
    return look(request, *_COUNTER, ask=lambda _: [_shown(each) for each in conflicts()])


@router.post("/bundles/conflicts/{conflict}/settle", response={200: Settled, **PROBLEMS})
def settle(request: HttpRequest, conflict: str) -> Answered:
    """Somebody looked for the card and did what was to do."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        is_done = settle_conflict(pen.command.officer, command=conflict)
        return {"conflict": conflict} if is_done else Refusal("delivery.no_such_conflict")

    def do(command: Command) -> dict[str, Any] | Refusal:
        return perform(command, work, content={"conflict": conflict})

    return act(request, *_COUNTER, do=do)


def _tell(request: HttpRequest, told: DoorAct) -> Answered:  # positional: a pair
    return act(request, Action.BUNDLE_DELIVER, do=lambda command: tell_door(command, told=told))


def _told_at(body: AtDoor) -> str:
    return utc_text(body.told_at.astimezone(UTC))


def _shown(seen: ConflictSeen) -> dict[str, Any]:
    names = ("card", "bundle", "officer", "act", "told_at", "at", "code")
    return {name: getattr(seen, name) for name in names} | {"conflict": seen.command}
