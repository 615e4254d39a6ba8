"""Custody: bundles of finished cards that leave the counter, and what comes back of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.delivery.actions import Carrier, seal_bundle, send_bundle, take_back
from ampera.delivery.queries import (
    BundleSeen,
    DoorLine,
    bundle_seen,
    bundles_of_carrier,
    bundles_out,
    door_lines,
    kelurahan_of_cards,
    ready_cards,
)
from ampera.delivery.rules import BUNDLE_CARDS_MAX, CardHeld, Place
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, local_day, second_person
from ampera.words.refusal import Refusal

router: Final = Router()
_SEE: Final = (Action.CARD_HAND_OVER, Action.BUNDLE_SEND, Action.JOURNAL_SEE)
_SEND: Final = (Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
_CODE: Final = r"^[0-9]{2}(\.[0-9]{2}){2}\.[0-9]{4}$"


class InBundle(Schema):
    """A card that was sealed into a bundle, and whose hand has it now: COUNTER, BUNDLE (sealed,
    still here), LURAH, COURIER or HOLDER."""

    card: str
    permit: str
    serial: str
    place: str
    is_in_bundle: bool  #: still: not handed over, not taken back
    is_void: bool  #: voided on the way: it must come back
    undelivered_why: str  #: what the carrier said last; empty when nothing was said


class Bundle(Schema):
    """A bundle. `place` is who has what is left of it: BUNDLE, LURAH, COURIER, or nobody."""

    bundle: str
    number: str
    kelurahan: str
    sealed_at: datetime
    sealed_by: str  #: officer id
    place: str
    out_at: datetime | None
    carrier: str  #: officer id of a carrier with an account; empty for others
    cards: list[InBundle]


class Group(Schema):
    """Ready cards at the counter whose holders live in one kelurahan; empty: not known here."""

    kelurahan: str
    cards: list[str]


class Door(Schema):
    """One line of a run sheet. The look at names and addresses is recorded."""

    card: str
    permit: str
    serial: str
    name: str
    address: str
    rt: str
    rw: str
    takes_old_card: bool
    is_on_hold: bool  #: nothing is given at this door
    is_void: bool
    undelivered_why: str


class RunSheet(Schema):
    """The doors of a bundle in the order of the way."""

    bundle: str
    number: str
    kelurahan: str
    on: date
    doors: list[Door]


class Sealed(Schema):
    bundle: str
    number: str
    count: int


class BundleMoved(Schema):
    bundle: str
    count: int


class Seal(Given):
    """Cards at this counter whose holders live in that kelurahan."""

    kelurahan: str = Field(pattern=_CODE)
    cards: list[str] = Field(max_length=BUNDLE_CARDS_MAX)


class SendBundle(Given):
    """Either the carrier's own credentials, or name and identity paper of a carrier without an
    account, and the credentials of a second officer who saw both."""

    to: Literal["LURAH", "COURIER"] = "LURAH"
    carrier: Credentials | None = None
    name: str = Field(default="", max_length=120)
    paper: str = Field(default="", max_length=120)
    witness: Credentials | None = None


class Returned(Schema):
    """`why`: a code of the delivery policy, needed once a card was out of the office."""

    card: str = Field(max_length=40)
    why: str = Field(default="", max_length=20)


class TakeBack(Given):
    cards: list[Returned] = Field(max_length=BUNDLE_CARDS_MAX)


@router.get("/bundles", response={200: list[Bundle], **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """Bundles of this office with cards left in them, the oldest first. Names nobody."""
    return look(request, *_SEE, ask=lambda _: [_shown(each) for each in bundles_out()])


@router.get("/bundles/ready", response={200: list[Group], **PROBLEMS})
def ready(request: HttpRequest) -> Answered:
    """Ready cards at the counter by the kelurahan of their holders: what may be sealed together."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        cards = ready_cards()
        areas = kelurahan_of_cards(cards)
        groups: dict[str, list[str]] = {}
        for each in cards:
            groups.setdefault(areas.get(each.card, ""), []).append(each.card)
        return [{"kelurahan": code, "cards": found} for code, found in sorted(groups.items())]

    return look(request, *_SEND, ask=ask)


@router.get("/bundles/carried", response={200: list[Bundle], **PROBLEMS})
def carried(request: HttpRequest) -> Answered:
    """The bundles of which this carrier has cards in hand."""

    def ask(officer: OfficerSeen) -> list[dict[str, Any]]:
        return [_shown(each) for each in bundles_of_carrier(officer.id)]

    return look(request, Action.BUNDLE_DELIVER, ask=ask)


@router.get("/bundles/{bundle}", response={200: Bundle, **PROBLEMS})
def seen(request: HttpRequest, bundle: str) -> Answered:
    """One bundle: all that was sealed into it, and whose hand has each card. Names nobody."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found = _here(bundle)
        return found if isinstance(found, Refusal) else _shown(found)

    return look(request, *_SEE, ask=ask)


@router.get("/bundles/{bundle}/run-sheet", response={200: RunSheet, **PROBLEMS})
def run_sheet(request: HttpRequest, bundle: str) -> Answered:
    """The doors of the cards that are in a bundle now. A carrier sees those in the own hand."""

    def ask(officer: OfficerSeen) -> dict[str, Any] | Refusal:
        found = _here(bundle)
        if isinstance(found, Refusal):
            return found
        may_all = any(officer.may(action) for action in _SEND)
        is_carrier = found.carrier == officer.id and found.place == Place.LURAH
        if not may_all and not is_carrier:
            return Refusal("delivery.no_such_bundle")
        return {
            "bundle": found.bundle,
            "number": found.number,
            "kelurahan": found.kelurahan,
            "on": local_day(),
            "doors": [_door(each) for each in door_lines(officer.id, bundle=found)],
        }

    return look(request, *_SEND, Action.BUNDLE_DELIVER, ask=ask)


@router.post("/bundles", response={200: Sealed, **PROBLEMS})
def seal(request: HttpRequest, body: Seal) -> Answered:
    """Seal cards of one kelurahan into a bundle; they are given at the counter no more."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        return seal_bundle(command, kelurahan=body.kelurahan, cards=body.cards)

    return act(request, *_SEND, do=do)


@router.post("/bundles/{bundle}/send", response={200: BundleMoved, **PROBLEMS})
def send(request: HttpRequest, bundle: str, body: SendBundle) -> Answered:
    """Give a sealed bundle to its carrier, or from a courier to the lurah.

    Only after an answer of 200 the cards leave the hand: then it lies on a second medium.
    """

    def do(command: Command) -> dict[str, Any] | Refusal:
        carrier = _carrier(command, body)
        if isinstance(carrier, Refusal):
            return carrier
        return send_bundle(command, bundle=bundle, carrier=carrier)

    return act(request, *_SEND, do=do)


@router.post("/bundles/{bundle}/take-back", response={200: BundleMoved, **PROBLEMS})
def back(request: HttpRequest, bundle: str, body: TakeBack) -> Answered:
    """The counter takes cards back: returns of a carrier, or out of a bundle that is still here."""
    cards = {each.card: each.why for each in body.cards}
    return act(request, *_SEND, do=lambda command: take_back(command, bundle=bundle, cards=cards))


def _carrier(command: Command, body: SendBundle) -> Carrier | Refusal:  # positional: one giving
    if body.carrier is not None:
        proved = _proved(command, body.carrier, may=Action.BUNDLE_DELIVER)
        if isinstance(proved, Refusal):
            return proved
        # Only a lurah has an account here: what they say at the doors is said with it.
        return Carrier(to=Place.LURAH.value, officer=proved.id, second=proved.id)
    second = ""
    if body.witness is not None:
        proved = _proved(command, body.witness, may=Action.BUNDLE_SEND)
        if isinstance(proved, Refusal):
            return proved
        second = proved.id
    return Carrier(to=body.to, name=body.name, paper=body.paper, second=second)


def _proved(command: Command, given: Credentials, *, may: Action) -> OfficerSeen | Refusal:
    """Whoever takes part in the same act, by own credentials and with the right to it."""
    login = given.login.strip().lower()
    second = second_person(command.officer, login, given.password, office=house().code)
    if isinstance(second, OfficerSeen) and not second.may(may):
        return Refusal("officer.may_not")
    return second


def _here(bundle: str) -> BundleSeen | Refusal:
    found = bundle_seen(bundle)
    if found is None or found.office != house().code.text:
        return Refusal("delivery.no_such_bundle")
    return found


def _shown(seen: BundleSeen) -> dict[str, Any]:
    held = {each.card for each in seen.held}
    return {
        "bundle": seen.bundle,
        "number": seen.number,
        "kelurahan": seen.kelurahan,
        "sealed_at": seen.sealed_at,
        "sealed_by": seen.sealed_officer,
        "place": seen.place,
        "out_at": seen.out_at,
        "carrier": seen.carrier,
        "cards": [_card(each, is_held=each.card in held) for each in seen.cards],
    }


def _card(held: CardHeld, *, is_held: bool) -> dict[str, Any]:
    names = ("card", "permit", "serial", "place", "is_void", "undelivered_why")
    return {name: getattr(held, name) for name in names} | {"is_in_bundle": is_held}


def _door(line: DoorLine) -> dict[str, Any]:
    held, door = line.held, line.address
    return {
        "card": held.card,
        "permit": held.permit,
        "serial": held.serial,
        "name": line.named.nama if line.named is not None else "",
        "address": door.address if door is not None else "",
        "rt": door.rt if door is not None else "",
        "rw": door.rw if door is not None else "",
        "takes_old_card": line.takes_old_card,
        "is_on_hold": line.is_on_hold,
        "is_void": held.is_void,
        "undelivered_why": held.undelivered_why,
    }
