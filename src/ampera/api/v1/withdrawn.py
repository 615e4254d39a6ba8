"""Packages of withdrawn cards for machines: sent and counted by two officers at each end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, offices, second_person
from ampera.withdrawal.actions import count_before_news, receive_package, send_package
from ampera.withdrawal.queries import (
    PackageSeen,
    PieceLine,
    package_seen,
    packages_from,
    packages_to,
)
from ampera.withdrawal.rules.packages import PACKAGE_MAX, Opened, Sealed, is_near
from ampera.words.refusal import Refusal

router: Final = Router()
_SEE: Final = (Action.BLANKO_SHIP, Action.BLANKO_MOVE, Action.JOURNAL_SEE)


class Piece(Schema):
    """A piece of a list. `place`: where it is now, as the register of withdrawn cards says it."""

    piece: str
    code: str
    serial: str
    cause: str
    place: str
    was_missing: bool


class Arrived(Schema):
    """What two officers of the receiver found (officer ids; numbers of pieces)."""

    is_seal_whole: bool
    officers: list[str]
    received: int
    missing: int
    surplus: list[str]
    at: datetime


class Package(Schema):
    """A package. `arrival` is null while it is under way."""

    package: str
    code: str
    source: str
    target: str
    seal: str
    count: int
    officers: list[str]
    at: datetime
    is_late: bool
    pieces: list[Piece]  #: empty in a list of packages
    arrival: Arrived | None


class Sent(Schema):
    package: str
    code: str
    count: int


class PackageReceived(Schema):
    received: int
    missing: int
    surplus: int


class Counted(Schema):
    count: str


class SendPackage(Given):
    """Counted and sealed by the officer of the token and a witness, given to a named courier."""

    to: str = Field(max_length=8)
    pieces: list[str] = Field(max_length=PACKAGE_MAX)
    seal: str = Field(max_length=40)
    courier: str = Field(max_length=120)
    witness: Credentials


class Open(Given):
    """What two officers counted: `marks` are pieces of the list and what stands on no list."""

    marks: list[str] = Field(max_length=2 * PACKAGE_MAX)
    is_seal_whole: bool
    witness: Credentials


class Count(Open):
    """`list_code` stands on the list inside the package, whose news has not come yet."""

    list_code: str = Field(max_length=40)


@router.get("/withdrawn/packages", response={200: list[Package], **PROBLEMS})
def listed(request: HttpRequest) -> Answered:
    """Packages to this office and from it, without their lists."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        here = house().code
        return [_shown(each) for each in (*packages_to(here), *packages_from(here))]

    return look(request, *_SEE, ask=ask)


@router.get("/withdrawn/packages/{package}", response={200: Package, **PROBLEMS})
def seen(request: HttpRequest, package: str) -> Answered:
    """One package that this office sent or gets, with its list."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found = package_seen(package)
        if isinstance(found, Refusal):
            return found
        if house().code not in (found.source, found.target):
            return Refusal("withdrawal.package_unknown")
        return _shown(found)

    return look(request, *_SEE, ask=ask)


@router.post("/withdrawn/packages", response={200: Sent, **PROBLEMS})
def send(request: HttpRequest, body: SendPackage) -> Answered:
    """Send withdrawn cards. Only after an answer of 200 the package leaves the hand."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        near = (each.code for each in offices() if is_near(house().code, target=each.code))
        to = next((code for code in near if code.text == body.to), None)
        if to is None:
            return Refusal("withdrawal.not_near", office=body.to)
        second = witness_for(command, body.witness)
        if isinstance(second, Refusal):
            return second
        sealed = Sealed(seal=body.seal, courier=body.courier, second=second.id)
        return send_package(command, to=to, pieces=body.pieces, sealed=sealed)

    return act(request, Action.BLANKO_SHIP, do=do)


@router.post("/withdrawn/counts", response={200: Counted, **PROBLEMS})
def count(request: HttpRequest, body: Count) -> Answered:
    """A package came before its news: counted by two and put aside."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        opened = _opened(command, body)
        if isinstance(opened, Refusal):
            return opened
        return count_before_news(command, code=body.list_code, opened=opened)

    return act(request, Action.BLANKO_MOVE, do=do)


@router.post("/withdrawn/packages/{package}/receive", response={200: PackageReceived, **PROBLEMS})
def receive(request: HttpRequest, package: str, body: Open) -> Answered:
    """Confirm what two officers counted out of a package whose news is here."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        opened = _opened(command, body)
        if isinstance(opened, Refusal):
            return opened
        return receive_package(command, package=package, opened=opened)

    return act(request, Action.BLANKO_MOVE, do=do)


def _opened(command: Command, body: Open) -> Opened | Refusal:  # positional: one count
    second = witness_for(command, body.witness)
    if isinstance(second, Refusal):
        return second
    return Opened(marks=tuple(body.marks), is_seal_whole=body.is_seal_whole, second=second.id)


def witness_for(
    command: Command, given: Credentials
) -> OfficerSeen | Refusal:  # positional: a pair
    """Who stands beside the officer of the token, with the own password."""
    login = given.login.strip().lower()
    second = second_person(command.officer, login, given.password, office=house().code)
    if isinstance(second, OfficerSeen) and not second.may(Action.BLANKO_WITNESS):
        return Refusal("officer.may_not")
    return second


def _shown(seen: PackageSeen) -> dict[str, Any]:
    names = ("package", "code", "seal", "count", "at", "is_late")
    came = seen.arrival
    found = ("is_seal_whole", "received", "missing", "at")
    return {name: getattr(seen, name) for name in names} | {
        "source": seen.source.text,
        "target": seen.target.text,
        "officers": list(seen.officers),
        "pieces": [_piece(each) for each in seen.pieces],
        "arrival": None
        if came is None
        else {name: getattr(came, name) for name in found}
        | {"officers": list(came.officers), "surplus": list(came.surplus)},
    }


def _piece(line: PieceLine) -> dict[str, Any]:
    names = ("piece", "code", "serial", "place", "was_missing")
    return {name: getattr(line, name) for name in names} | {"cause": line.cause.value}
