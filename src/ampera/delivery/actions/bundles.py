"""Bundles: cards of one kelurahan are sealed, go out with a carrier, and what is left comes back.

Each card has one holder at a time. A move is claimed by its number before its entry is written:
of two officers who move one card at one moment the second gets a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ampera.delivery.actions.handing import is_on_hold
from ampera.delivery.models import Bundle, PassedOnce
from ampera.delivery.queries import bundle_seen, card_held, kelurahan_of_cards
from ampera.delivery.rules import (
    BundleWish,
    CardHeld,
    Place,
    Why,
    decide_seal,
    decide_take_back,
    policy,
    why_not_out,
)
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.quarantine import is_quarantined
from ampera.journal.second_log import secure
from ampera.readiness.queries import CardState, card_state, permit_seen
from ampera.register.queries import local_day
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Who takes a bundle out of the office.

    to: LURAH or COURIER · officer: the id of a carrier who proved to be there with an account of
    their own; else name and identity paper, and `second` is an officer who saw both.
    """

    to: str
    officer: str = ""
    name: str = ""
    paper: str = ""
    second: str = ""


def seal_bundle(command: Command, *, kelurahan: str, cards: Sequence[str]) -> Answer | Refusal:
    """Seal cards that lie at the counter into a bundle for their kelurahan."""
    chosen = sorted(set(cards))

    def work(pen: Pen) -> Answer | Refusal:
        return _seal_in(pen, kelurahan=kelurahan, cards=chosen)

    return perform(command, work, content={"kelurahan": kelurahan, "cards": chosen})


def _seal_in(pen: Pen, *, kelurahan: str, cards: Sequence[str]) -> Answer | Refusal:
    if is_quarantined():
        return Refusal("server.quarantined")
    held = _held(cards)
    if isinstance(held, Refusal):
        return held
    known = kelurahan_of_cards(held)
    wish = BundleWish(
        office=str(pen.house.code),
        kelurahan=kelurahan,
        cards=tuple(held),
        kelurahan_of=tuple(known.get(each.card, "") for each in held),
        voided=_void(held),
    )
    if (no := decide_seal(wish)) is not None:
        return no
    if (no := _why_on_hold(held)) is not None:
        return no
    bundle, here = pen.new_id("bnd"), str(pen.house.code)
    number = f"{local_day().year}/{Bundle.objects.filter(office=here).count() + 1:04d}"
    # Of two who seal at one moment the second counts anew.
    PassedOnce.objects.create(move=f"bundle {here} {number}")
    pen.write(
        "bundle.sealed/1",
        subject=bundle,
        facts={"bundle": bundle, "kelurahan": kelurahan, "number": number, "cards": list(cards)},
    )
    for each in held:
        _pass(pen, each, to=Place.BUNDLE, bundle=bundle, why=Why.SEALED)
    return {"bundle": bundle, "number": number, "count": len(held)}


def send_bundle(command: Command, *, bundle: str, carrier: Carrier) -> Answer | Refusal:
    """Give a sealed bundle to a lurah or a courier, or from a courier to the lurah.

    Every entry lies on a second medium before this returns without a refusal: only then the cards
    leave the hand. Asked again after `delivery.second_log_missing`, nothing is written twice.
    """

    def work(pen: Pen) -> Answer | Refusal:
        return _send_in(pen, bundle=bundle, carrier=carrier)

    content = {"bundle": bundle, **asdict(carrier)}
    return _secured(perform(command, work, content=content))


def _secured(answer: Answer | Refusal) -> Answer | Refusal:
    if isinstance(answer, Refusal):
        return answer
    return secure_again() or answer


def secure_again() -> Refusal | None:
    """Bring the second medium up to the books; None when it is."""
    try:
        secure()
    except OSError:
        return Refusal("delivery.second_log_missing")
    return None


def _send_in(pen: Pen, *, bundle: str, carrier: Carrier) -> Answer | Refusal:
    if is_quarantined():
        return Refusal("server.quarantined")
    here = str(pen.house.code)
    seen = bundle_seen(bundle)
    if seen is None or seen.office != here:
        return Refusal("delivery.no_such_bundle")
    no = _why_not_carrier(carrier, giver=pen.command.officer)
    if no is not None:
        return no
    held = [each for each in seen.held if each.place in (Place.BUNDLE, Place.COURIER)]
    if not held or (carrier.to == Place.COURIER and held[0].place == Place.COURIER):
        return Refusal("delivery.bundle_is_out")
    voided = _void(held)
    for each in held:
        no = why_not_out(each, office=here, is_void=each.card in voided)
        if no is not None:
            return no
    if (no := _why_on_hold(held)) is not None:
        return no
    is_first = held[0].place == Place.BUNDLE
    told = {"name": carrier.name.strip()[:120], "paper": carrier.paper.strip()[:120]}
    pen.write(
        "bundle.handed_out/1",
        subject=bundle,
        facts={
            "bundle": bundle,
            "n": seen.out_n + 1,
            "to": Place(carrier.to).value,
            "carrier": carrier.officer,
            "second": carrier.second or carrier.officer,
            "count": len(held),
        },
        body=None if carrier.officer else told,
    )
    for each in held:
        _pass(
            pen, each, to=Place(carrier.to), bundle=bundle,
            why=Why.SENT if is_first else Why.HANDED_ON,
        )  # fmt: skip
    return {"bundle": bundle, "count": len(held)}


def _why_not_carrier(carrier: Carrier, *, giver: str) -> Refusal | None:
    """Two persons, both proved or one vouched for by a second officer (architecture §5)."""
    if not giver:
        return Refusal("delivery.by_nobody")
    if carrier.to not in (Place.LURAH, Place.COURIER):
        return Refusal("delivery.carrier_unknown")
    if carrier.officer:
        return Refusal("delivery.carrier_is_giver") if carrier.officer == giver else None
    if not (carrier.name.strip() and carrier.paper.strip()):
        return Refusal("delivery.carrier_unknown")
    is_vouched = bool(carrier.second) and carrier.second != giver
    return None if is_vouched else Refusal("delivery.second_needed")


def take_back(command: Command, *, bundle: str, cards: Mapping[str, str]) -> Answer | Refusal:
    """The counter takes cards back: card → a code of `policy.toml` why it was not given.

    Of a bundle that is still here cards are taken out without a reason. A void card comes back too.
    """

    def work(pen: Pen) -> Answer | Refusal:
        return _take_back_in(pen, bundle=bundle, cards=cards)

    return perform(command, work, content={"bundle": bundle, "cards": dict(cards)})


def _take_back_in(pen: Pen, *, bundle: str, cards: Mapping[str, str]) -> Answer | Refusal:
    if not pen.command.officer:
        return Refusal("delivery.by_nobody")
    if not cards:
        return Refusal("delivery.bundle_empty")
    for card, reason in sorted(cards.items()):
        held = card_held(card)
        no = decide_take_back(held, bundle=bundle, office=str(pen.house.code))
        if no is not None:
            return no
        assert held is not None
        is_out = Place(held.place).is_out
        if is_out and reason not in policy().undelivered:
            return Refusal("delivery.reason_needed", serial=held.serial)
        _pass(
            pen, held, to=Place.COUNTER, bundle=bundle,
            why=Why.CAME_BACK if is_out else Why.TAKEN_OUT, reason=reason if is_out else "",
        )  # fmt: skip
    return {"bundle": bundle, "count": len(cards)}


def report_undelivered(
    command: Command, *, card: str, bundle: str, why: str, told_at: str = "", note: str = ""
) -> Answer | Refusal:
    """The carrier says why a card could not be given. It stays in that hand until the counter
    takes it back. `told_at`: by the carrier's own clock."""

    def work(pen: Pen) -> Answer | Refusal:
        held = card_held(card)
        if held is None or held.office != str(pen.house.code):
            return Refusal("delivery.no_such_card")
        if held.handed_at is not None:
            return Refusal("delivery.already_handed_over")
        if held.bundle != bundle or not Place(held.place).is_out:
            return Refusal("delivery.not_in_your_hand")
        if why not in policy().undelivered:
            return Refusal("delivery.reason_needed", serial=held.serial)
        facts = {"card": card, "bundle": bundle, "why": why, "told_at": told_at}
        body = {"note": note[:200]} if note.strip() else None
        pen.write("card.undelivered/1", subject=card, facts=facts, body=body)
        return {"card": card, "why": why}

    content = {"card": card, "bundle": bundle, "why": why, "told_at": told_at, "note": note}
    return perform(command, work, content=content)


def _pass(  # positional: one card of one command
    pen: Pen, held: CardHeld, *, to: Place, bundle: str, why: Why, reason: str = ""
) -> None:
    number = held.moves + 1
    # Raises IntegrityError when somebody was quicker; the command is then decided anew.
    PassedOnce.objects.create(move=f"{held.card}/{number}")
    facts: dict[str, Any] = {
        "card": held.card,
        "n": number,
        "source": held.place,
        "target": to.value,
        "bundle": bundle,
        "why": why.value,
    }
    if reason:
        facts["reason"] = reason
    pen.write("card.passed/1", subject=held.card, facts=facts)


def _held(cards: Sequence[str]) -> list[CardHeld] | Refusal:
    found = [card_held(card) for card in cards]
    if any(each is None for each in found):
        return Refusal("delivery.no_such_card")
    return [each for each in found if each is not None]


def _void(held: Sequence[CardHeld]) -> frozenset[str]:
    """Cards whose permit had come back before they were printed: void at birth."""
    return frozenset(each.card for each in held if card_state(each.card) is CardState.VOID)


def _why_on_hold(held: Sequence[CardHeld]) -> Refusal | None:
    for each in held:
        permit = permit_seen(each.permit)
        if permit is not None and is_on_hold(permit.resident):
            return Refusal("delivery.bundle_has_hold", serial=each.serial)
    return None
