"""Finished cards: checked, given out, and their face as the printer gets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, pdf, witness_of
from ampera.api.v1.ports import ports
from ampera.api.v1.shapes import PROBLEMS, Given, SpoilCause
from ampera.delivery.actions import Proof, hand_over
from ampera.delivery.queries import handed_over, ready_cards, receipt_of
from ampera.delivery.rules import Verified
from ampera.journal.actions import Command, record_look
from ampera.journal.house import house
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Letterhead
from ampera.papers.receipts import handover_receipt
from ampera.printing.actions import check_card, personalise_card
from ampera.printing.ports import encoder_here
from ampera.printing.queries import attempts_of, cards_to_check, printed_card
from ampera.readiness.actions import void_card
from ampera.readiness.queries import card_seen, permit_seen
from ampera.register.queries import Action, OfficerSeen, Purpose, office_seen, wilayah_name
from ampera.words.refusal import Refusal

router: Final = Router()


class ToCheck(Schema):
    """A printed card that nobody has looked at."""

    card: str
    permit: str
    serial: str
    attempt: str
    printed_at: datetime


class Ready(Schema):
    """A card that waits for its holder."""

    card: str
    permit: str
    serial: str
    office: str
    ready_at: datetime | None


class CardStory(Schema):
    """One card: its state, the attempts that were made, and the handover."""

    card: str
    permit: str
    request: str
    state: str
    serials: list[str]
    handed_over_at: datetime | None
    handed_over_by: str  #: officer id
    to: str


class Checked(Schema):
    card: str
    result: str


class ChipWritten(Schema):
    """WRITTEN: read back, and every file is what was to be written. FAILED says why."""

    attempt: str
    card: str
    serial: str
    uid: str
    outcome: str
    cause: str


class HandedOver(Schema):
    """`voids`: the card that this one replaces."""

    card: str
    voids: str | None


class Voided(Schema):
    card: str


class Void(Given):
    """BLOCKED, ANNULLED and UNCOLLECTED take a second officer's credentials in the same act."""

    why: Literal["LOST", "DIED", "BLOCKED", "ANNULLED", "UNCOLLECTED"]
    #: The paper that says so: kind, number and day.
    document: str = Field(max_length=200)
    witness: Credentials | None = None


class Check(Given):
    """REJECTED spoils a card, so a second person says it too."""

    result: Literal["READY", "REJECTED"]
    witness: Credentials | None = None
    #: Why it is REJECTED; stands in the register for destruction.
    cause: SpoilCause = "failed_print"


class HandOver(Given):
    to: Literal["HOLDER", "PROXY"] = "HOLDER"
    proxy_name: str = Field(default="", max_length=100)
    proxy_basis: str = Field(default="", max_length=100)
    #: EXCEPTION needs a reason code and the second officer's credentials.
    verified: Verified = Verified.DOCUMENT
    exception: str = Field(default="", max_length=20)
    old_card: Literal["", "NONE", "TAKEN_IN", "NOT_SHOWN", "LOST"] = ""
    old_serial: str = Field(default="", max_length=40)
    witness: Credentials | None = None


@router.get("/cards/to-check", response={200: list[ToCheck], **PROBLEMS})
def to_check(request: HttpRequest) -> Answered:
    """Printed cards of this office that wait for a look, oldest first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        names = ("card", "permit", "serial", "attempt", "printed_at")
        return [{name: getattr(each, name) for name in names} for each in cards_to_check()]

    return look(request, Action.CARD_CHECK, ask=ask)


@router.get("/cards/ready", response={200: list[Ready], **PROBLEMS})
def ready(request: HttpRequest) -> Answered:
    """Cards of this office that wait for their holders, the longest waiting first."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        names = ("card", "permit", "serial", "office", "ready_at")
        return [{name: getattr(each, name) for name in names} for each in ready_cards()]

    return look(request, Action.CARD_HAND_OVER, Action.FIGURES_SEE, ask=ask)


@router.get("/cards/{card}", response={200: CardStory, **PROBLEMS})
def seen(request: HttpRequest, card: str) -> Answered:
    """One card. Names nobody."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found, given = card_seen(card), handed_over(card)
        if found is None:
            return Refusal("readiness.card_unknown")
        return {
            "card": found.card,
            "permit": found.permit,
            "request": found.request,
            "state": found.state.value,
            "serials": [each.serial for each in attempts_of(card)],
            "handed_over_at": given.at if given is not None else None,
            "handed_over_by": given.officer if given is not None else "",
            "to": given.to if given is not None else "",
        }

    return look(request, Action.CARD_CHECK, Action.CARD_HAND_OVER, Action.JOURNAL_SEE, ask=ask)


@router.get("/cards/{card}/face.pdf", response={**PROBLEMS})
def face(request: HttpRequest, card: str) -> Answered:
    """The face as the printer gets it, from the print packet. The look is recorded."""

    def ask(officer: OfficerSeen) -> Any:
        found, draw = card_seen(card), ports().card_pdf
        permit = permit_seen(found.permit) if found is not None and found.permit else None
        if permit is None or permit.office != house().code:
            return Refusal("readiness.card_unknown")
        if draw is None:
            return Refusal("api.no_card_face")
        record_look(officer=officer.id, subjects=[permit.resident], purpose=Purpose.PRINTING.value)
        drawn = draw(permit.permit)
        return drawn if isinstance(drawn, Refusal) else pdf(drawn, name=f"{card}.pdf")

    return look(request, Action.CARD_PRINT, Action.CARD_CHECK, ask=ask)


@router.get("/cards/{card}/receipt.pdf", response={**PROBLEMS})
def receipt(request: HttpRequest, card: str) -> Answered:
    """What the receiver of a card signs. The look at the holder's name is recorded."""

    def ask(officer: OfficerSeen) -> Any:
        town = wilayah_name(house().code.text[:5])
        seen = office_seen(house().code)
        head = Letterhead(
            government=f"PEMERINTAH {town}".upper(),
            office=(seen.name if seen is not None else house().code.text).upper(),
        )
        told = receipt_of(card, officer=officer.id, letterhead=head, place=town)
        if isinstance(told, Refusal):
            return told
        try:
            return pdf(handover_receipt(told), name=f"{card}-receipt.pdf")
        except UnprintableText as no:
            return Refusal("papers.field_does_not_fit", field=no.field)

    return look(request, Action.CARD_HAND_OVER, ask=ask)


@router.post("/cards/{card}/chip", response={200: ChipWritten, **PROBLEMS})
def chip(request: HttpRequest, card: str) -> Answered:
    """Write the chip of the card that lies on this office's encoder, and read it back."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        made, encoder = printed_card(card), encoder_here()
        compose, lay = ports().chip_contents, ports().lay_on_reader
        if made is None or made.office != house().code.text:
            return Refusal("printing.not_printed_here")
        if encoder is None or compose is None:
            return Refusal("printing.no_reader")
        if lay is not None:
            lay(made.serial)
        return personalise_card(command, attempt=made.attempt, encoder=encoder, compose=compose)

    return act(request, Action.CARD_CHECK, Action.CARD_PRINT, do=do)


@router.post("/cards/{card}/check", response={200: Checked, **PROBLEMS})
def check(request: HttpRequest, card: str, body: Check) -> Answered:
    """Say READY or REJECTED of a card printed here."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = _second(command, body.witness)
        if isinstance(second, Refusal):
            return second
        return check_card(command, card=card, result=body.result, witness=second, cause=body.cause)

    return act(request, Action.CARD_CHECK, do=do)


@router.post("/cards/{card}/void", response={200: Voided, **PROBLEMS})
def void(request: HttpRequest, card: str, body: Void) -> Answered:
    """Void one card at once, on a paper; only the dinas of its mandate may. It is never revived."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = _second(command, body.witness, may=Action.CARD_VOID)
        if isinstance(second, Refusal):
            return second
        if not body.document.strip():
            return Refusal("readiness.void_document")
        return void_card(command, card=card, why=body.why, document=body.document, witness=second)

    return act(request, Action.CARD_VOID, do=do)


@router.post("/cards/{card}/hand-over", response={200: HandedOver, **PROBLEMS})
def give(request: HttpRequest, card: str, body: HandOver) -> Answered:
    """Give a READY card to its holder or a recorded proxy: from now on it is valid."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        second = _second(command, body.witness)
        if isinstance(second, Refusal):
            return second
        return hand_over(
            command,
            card=card,
            to=body.to,
            proxy_name=body.proxy_name,
            proxy_basis=body.proxy_basis,
            proof=Proof(
                verified=body.verified.value,
                exception=body.exception,
                second=second,
                old_card=body.old_card,
                old_serial=body.old_serial,
            ),
        )

    return act(request, Action.CARD_HAND_OVER, do=do)


def _second(  # positional: a pair
    command: Command, given: Credentials | None, *, may: Action | None = None
) -> str | Refusal:
    """The id of the second officer, empty when none was named; `may`: what they too must be
    allowed."""
    if given is None:
        return ""
    second = witness_of(command, given)
    if isinstance(second, Refusal):
        return second
    return second.id if may is None or second.may(may) else Refusal("officer.may_not")
