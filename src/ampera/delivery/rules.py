"""Who may be given which card: facts in, decision out (architecture §5, Card)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ampera.words.refusal import Refusal

#: After so many days a ready card is on the list of those to be brought to the lurah (S14).
UNCOLLECTED_DAYS: Final = 14


class Receiver(StrEnum):
    """Into whose hand the card goes."""

    HOLDER = "HOLDER"
    PROXY = "PROXY"


class Verified(StrEnum):
    """How the receiver was known.

    The service standard asks for a 1:1 finger match (domain §2.3).
    """

    FINGER = "FINGER"  #: the holder's finger matched the record
    DOCUMENT = "DOCUMENT"  #: face and papers were compared; an exception that stands on the receipt


class Custody(StrEnum):
    """Where a finished card stands."""

    READY = "READY"
    REJECTED = "REJECTED"
    HANDED_OVER = "HANDED_OVER"
    VOID = "VOID"
    NOT_HERE = "NOT_HERE"  #: only heard of, never checked here or at an office below


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHeld:
    """A card by its entries:

    Checked, handed over, voided, replaced, in whatever order they came.
    """

    card: str
    permit: str
    serial: str
    office: str  #: where it was checked, so where it lies until it is handed over
    result: str
    ready_at: datetime | None
    handed_at: datetime | None
    voided_at: datetime | None
    voided_why: str
    replaced_by: str

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None or bool(self.replaced_by)

    @property
    def custody(self) -> Custody:
        """A card is valid from its handover until it is voided; void beats all else."""
        if self.is_void:
            return Custody.VOID
        if self.handed_at is not None:
            return Custody.HANDED_OVER
        return Custody(self.result) if self.result else Custody.NOT_HERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What an officer says of a handover."""

    office: str
    officer: str
    to: str
    proxy_name: str
    proxy_basis: str
    is_void: bool = False  #: the card's permit had come back before it was printed: void at birth


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
    return _decide_receiver(handover)


def _decide_receiver(handover: Handover) -> Refusal | None:
    has_proxy = bool(handover.proxy_name.strip() and handover.proxy_basis.strip())
    is_named = bool(handover.proxy_name or handover.proxy_basis)
    if handover.to == Receiver.HOLDER and not is_named:
        return None
    if handover.to == Receiver.PROXY and has_proxy:
        return None
    return Refusal("delivery.receiver_unknown")
