"""Loans of blanko between cities by machine: at the city that lends and the one that borrows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.shapes import PROBLEMS, Given
from ampera.blanko.actions import (
    borrow,
    give_back,
    lend,
    settle_loan,
    take_back,
    waive_debt,
)
from ampera.blanko.queries import DebtSeen, LoanSeen, debts, loan_seen, loans
from ampera.blanko.rules import TURN_MAX, Box, Carried, Goods, LoanTerms, named
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen
from ampera.words.refusal import Refusal

router: Final = Router()
_Item = Annotated[str, Field(min_length=1, max_length=40)]
_Number = Annotated[str, Field(min_length=1, max_length=40)]
_Text = Annotated[str, Field(min_length=1, max_length=80)]
_Items = Annotated[list[_Item], Field(min_length=1, max_length=5000)]
_City = Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}$")]
_Turn = Annotated[int, Field(ge=1, le=TURN_MAX)]
_SEE: Final = (Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE)


class Loan(Schema):
    """lent = returned + replaced + spent + owed. Serials and boxes are the lent ones still out."""

    number: str
    city: str
    at: datetime
    until: date
    turn: int
    officers: list[str]
    lent: int
    returned: int
    replaced: int
    spent: int
    owed: int
    out: int
    boxes: list[str]
    serials: list[str]


class Debt(Schema):
    """borrowed = given + waived + owed; `places`: where the borrowed ones are now, by account."""

    number: str
    city: str
    at: datetime
    until: date
    turn: int
    officers: list[str]
    borrowed: int
    given: int
    waived: int
    owed: int
    places: dict[str, int]


class LoanBox(Schema):
    """A sealed box by its label, its first serial and how many it holds."""

    box: _Item
    first: _Item
    size: int = Field(ge=1, le=100_000)


class LoanTold(Given):
    """`until`: without it the days of the policy. The courier is named."""

    number: _Number
    city: _City
    until: date | None = None
    courier_name: _Text
    courier_paper: _Text
    letter: _Text
    witness: Credentials


class Lend(LoanTold):
    """`items`: labels of sealed boxes and serials; `city` borrows."""

    items: _Items


class DebtTake(LoanTold):
    """`number` and `turn` stand on the minutes of the city that lends, which is `city`."""

    turn: _Turn = 1
    boxes: list[LoanBox] = Field(default=[], max_length=5000)
    serials: list[_Item] = Field(default=[], max_length=5000)


class LoanBack(Given):
    """`number` is that of the berita acara of this return, not of the loan; `turn` stands on it.

    `items` are lent ones, and serials given in place of lent ones; `boxes` are sealed boxes given
    in place of lent ones.
    """

    number: _Number
    items: list[_Item] = Field(default=[], max_length=5000)
    boxes: list[LoanBox] = Field(default=[], max_length=5000)
    how: Literal["back", "spent"]
    turn: _Turn | None = None
    witness: Credentials


class DebtGive(Given):
    number: _Number
    items: _Items
    witness: Credentials


class DebtWaive(Given):
    """The berita acara `number` of the city that lent wrote `count` of them off."""

    number: _Number
    count: int = Field(ge=1, le=1_000_000)
    witness: Credentials


class LoanBegun(Schema):
    items: list[str]
    turn: int


class LoanSettled(Schema):
    items: list[str]
    replaced: list[str] = Field(default=[])
    owed: int


class DebtTaken(Schema):
    borrowed: int


class DebtGiven(Schema):
    items: list[str]
    turn: int
    owed: int


class DebtLeft(Schema):
    owed: int


@router.get("/blanko/loans", response={200: list[Loan], **PROBLEMS})
def lent(request: HttpRequest) -> Answered:
    """The loans of this office, newest first, settled ones as well."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_loan(each) for each in loans(house().code)]

    return look(request, *_SEE, ask=ask)


@router.post("/blanko/loans", response={200: LoanBegun, **PROBLEMS})
def begin(request: HttpRequest, body: Lend) -> Answered:
    """Lend blanko to another city before two officers."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return lend(
            command,
            items=body.items,
            document=body.number,
            witness=witness.id,
            terms=_terms(body),
        )

    return act(request, Action.BLANKO_SHIP, do=do)


@router.post("/blanko/loans/{path:number}/settle", response={200: LoanSettled, **PROBLEMS})
def settle(request: HttpRequest, number: str, body: LoanBack) -> Answered:
    """Some of a loan came back, others in their place, or cards were made of them there."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        told: dict[str, Any] = {
            "loan": number,
            "document": body.number,
            "witness": witness.id,
        }
        if body.how == "spent":
            return settle_loan(command, items=body.items, **told)
        return take_back(command, goods=_goods(number, body), turn=body.turn, **told)

    return act(request, Action.BLANKO_SHIP, do=do)


@router.get("/blanko/debts", response={200: list[Debt], **PROBLEMS})
def owing(request: HttpRequest) -> Answered:
    """What this office borrowed of other cities, newest first, settled debts as well."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_debt(each) for each in debts(house().code)]

    return look(request, *_SEE, ask=ask)


@router.post("/blanko/debts", response={200: DebtTaken, **PROBLEMS})
def take(request: HttpRequest, body: DebtTake) -> Answered:
    """Take onto the shelf what another city lends, before two officers."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        goods = Goods(boxes=_boxes(body.boxes), serials=tuple(body.serials))
        return borrow(
            command,
            loan=body.number,
            goods=goods,
            terms=_terms(body),
            witness=witness.id,
            turn=body.turn,
        )

    return act(request, Action.BLANKO_SHIP, do=do)


@router.post("/blanko/debts/{path:number}/give", response={200: DebtGiven, **PROBLEMS})
def give(request: HttpRequest, number: str, body: DebtGive) -> Answered:
    """Give blanko of the shelf to the city that lent: borrowed ones or others."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return give_back(
            command, loan=number, items=body.items, document=body.number, witness=witness.id
        )

    return act(request, Action.BLANKO_SHIP, do=do)


@router.post("/blanko/debts/{path:number}/waive", response={200: DebtLeft, **PROBLEMS})
def waive(request: HttpRequest, number: str, body: DebtWaive) -> Answered:
    """The city that lent wrote some of it off: they need not be given back."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return waive_debt(
            command, loan=number, count=body.count, document=body.number, witness=witness.id
        )

    return act(request, Action.BLANKO_SHIP, do=do)


def _terms(body: LoanTold) -> LoanTerms:
    carried = Carried(name=body.courier_name, paper=body.courier_paper, letter=body.letter)
    return LoanTerms(city=body.city, until=body.until, carried=carried)


def _boxes(told: list[LoanBox]) -> tuple[Box, ...]:
    return tuple(Box(each.box, each.first, each.size) for each in told)


def _goods(number: str, body: LoanBack) -> Goods:  # positional: a loan and what came
    """Labels of lent boxes are enough; the range of another box must be told."""
    seen = loan_seen(house().code, number)
    lent_boxes = {box.box: box for box in seen.boxes} if seen is not None else {}
    goods = named(body.items, boxes=lent_boxes)
    return Goods(boxes=(*goods.boxes, *_boxes(body.boxes)), serials=goods.serials)


def _loan(seen: LoanSeen) -> dict[str, Any]:
    names = ("city", "at", "until", "turn", "lent", "returned", "replaced", "spent", "owed", "out")
    return {
        **{name: getattr(seen, name) for name in names},
        "number": seen.document,
        "officers": list(seen.officers),
        "boxes": [box.box for box in seen.boxes],
        "serials": list(seen.serials),
    }


def _debt(seen: DebtSeen) -> dict[str, Any]:
    names = ("city", "at", "until", "turn", "borrowed", "given", "waived", "owed")
    return {
        **{name: getattr(seen, name) for name in names},
        "number": seen.document,
        "officers": list(seen.officers),
        "places": dict(seen.places),
    }
