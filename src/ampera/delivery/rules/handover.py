"""Who may be given which card: facts in, decision out (architecture §5, Card)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ampera.delivery.rules.custody import CardHeld, Custody, Place
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal


class Receiver(StrEnum):
    """Into whose hand the card goes."""

    HOLDER = "HOLDER"
    PROXY = "PROXY"


class Verified(StrEnum):
    """How the receiver was known.

    The service standard asks for a 1:1 finger match (domain §2.3).
    """

    FINGER = "FINGER"  #: the holder's finger matched the chip
    DOCUMENT = "DOCUMENT"  #: face and papers were compared; ends by dated policy
    EXCEPTION = "EXCEPTION"  #: no match, for a reason code, and a second officer vouches for it


class OldCard(StrEnum):
    """What became of the card that the new one replaces, at the moment of the handover."""

    NONE = "NONE"  #: there is none: a first card
    TAKEN_IN = "TAKEN_IN"  #: it lies on the counter, and is cut
    NOT_SHOWN = "NOT_SHOWN"
    LOST = "LOST"


#: The damaged card is taken in at handover (domain §2.3); so is one whose text is no longer true.
OLD_CARD_NEEDED: Final = frozenset({Reason.DAMAGED, Reason.DATA_CHANGED, Reason.MOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What an officer says of a handover, and what the stations know of the card's holder."""

    office: str
    officer: str
    to: str
    proxy_name: str
    proxy_basis: str
    is_void: bool = False  #: the card's permit had come back before it was printed: void at birth
    is_on_hold: bool = False
    reason: Reason | None = None  #: why the card was made; None where the request is not known
    old_card: str = ""
    old_serial: str = ""  #: as `tidy_serial` gives it
    is_old_serial: bool = True  #: it has the form of a blanko's number, or of an older card's
    verified: str = Verified.DOCUMENT.value
    exception: str = ""
    is_exception_known: bool = False
    may_alone: bool = True  #: may one officer record this way of knowing, without a second?
    is_matched: bool = False  #: the finger matcher said so
    second: str = ""
    #: The bundle out of which a carrier gives the card; empty at the counter.
    bundle: str = ""
    is_bundle_vouched: bool = False  #: a second officer vouched when the bundle went out


def tidy_serial(typed: str) -> str:
    """A number as it stands on a card, however it was typed: capitals, no blanks, no dashes."""
    return "".join(typed.upper().replace("-", " ").split())


def must_take_old_card(reason: Reason | None) -> bool:
    """Has the old card to lie on the counter before the new one is given?"""
    return reason in OLD_CARD_NEEDED


def decide_hand_over(held: CardHeld | None, *, handover: Handover) -> Refusal | None:
    """May this card be given to this person by this office? None means yes."""
    if not handover.officer:
        return Refusal("delivery.by_nobody")
    if held is None or (held.custody is Custody.NOT_HERE and not held.handed_at):
        return Refusal("delivery.no_such_card")
    if held.handed_at is not None:
        return Refusal("delivery.already_handed_over")
    if held.is_void or handover.is_void:
        return Refusal("delivery.voided")
    if held.office != handover.office:
        return Refusal("delivery.held_elsewhere", office=held.office)
    if held.custody is not Custody.READY:
        return Refusal("delivery.not_ready")
    for decide in (_decide_hand, _decide_hold, _decide_receiver, _decide_old_card, _decide_known):
        if (no := decide(held, handover)) is not None:
            return no
    return None


def _decide_hand(  # positional: one handover
    held: CardHeld, handover: Handover
) -> Refusal | None:
    """One holder at a time: only whoever has the card gives it away."""
    if not handover.bundle and held.place == Place.COUNTER:
        return None
    if not handover.bundle:
        return Refusal("delivery.in_a_bundle")
    is_with_carrier = Place(held.place).is_out and held.bundle == handover.bundle
    return None if is_with_carrier else Refusal("delivery.not_in_your_hand")


def _decide_hold(_: CardHeld, handover: Handover) -> Refusal | None:  # positional: one handover
    return Refusal("delivery.on_hold") if handover.is_on_hold else None


def _decide_receiver(  # positional: one handover
    _: CardHeld, handover: Handover
) -> Refusal | None:
    has_proxy = bool(handover.proxy_name.strip() and handover.proxy_basis.strip())
    is_named = bool(handover.proxy_name or handover.proxy_basis)
    if handover.to == Receiver.HOLDER and not is_named:
        return None
    if handover.to == Receiver.PROXY and has_proxy:
        return None
    return Refusal("delivery.receiver_unknown")


def _decide_old_card(  # positional: one handover
    held: CardHeld, handover: Handover
) -> Refusal | None:
    if handover.old_card and handover.old_card not in {each.value for each in OldCard}:
        return Refusal("delivery.old_card_unsaid")
    if handover.old_serial and handover.old_serial == held.serial:
        return Refusal("delivery.old_serial_is_new", serial=held.serial)
    if not handover.is_old_serial:
        return Refusal("delivery.old_serial_form")
    if not must_take_old_card(handover.reason) or handover.old_card == OldCard.TAKEN_IN:
        return None
    if handover.old_card in ("", OldCard.NONE):
        return Refusal("delivery.old_card_unsaid")
    # It cannot be shown: a second officer says so too, at the counter and not at the door.
    return None if handover.second else Refusal("delivery.old_card_not_taken")


def _decide_known(_: CardHeld, handover: Handover) -> Refusal | None:  # positional: one handover
    match Verified(handover.verified):
        case Verified.FINGER:
            return None if handover.is_matched else Refusal("delivery.not_matched")
        case Verified.DOCUMENT:
            return None if handover.may_alone else Refusal("delivery.exception_needed")
        case Verified.EXCEPTION:
            if not handover.is_exception_known:
                return Refusal("delivery.exception_unknown")
            vouched = handover.second or (handover.bundle and handover.is_bundle_vouched)
            return None if vouched else Refusal("delivery.second_needed")
