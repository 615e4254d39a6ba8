"""In whose hand a finished card is: one holder at a time, by numbered moves. Pure.

A card that was found READY lies at the COUNTER of its office with move number 0. Each move names
the number before plus one; two moves with one number are the alarm *in two hands*.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ampera.words.refusal import Refusal

#: A carrier signs for what fits into one hand and one page-set.
BUNDLE_CARDS_MAX: Final = 60


class Place(StrEnum):
    """Who holds a finished card."""

    COUNTER = "COUNTER"
    BUNDLE = "BUNDLE"  #: sealed, still at the office
    LURAH = "LURAH"
    COURIER = "COURIER"
    HOLDER = "HOLDER"  #: handed over: to the holder or a proxy

    @property
    def is_out(self) -> bool:
        """Has the card left the office without being handed over?"""
        return self in (Place.LURAH, Place.COURIER)


class Why(StrEnum):
    """Why a card changed hands."""

    SEALED = "SEALED"
    SENT = "SENT"  #: the bundle went out with a carrier
    HANDED_ON = "HANDED_ON"  #: the courier gave it to the lurah
    TAKEN_OUT = "TAKEN_OUT"  #: of a bundle that is still here
    CAME_BACK = "CAME_BACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One telling of the n-th move of a card. `told`: when, and by which entry."""

    n: int
    place: str
    bundle: str
    at: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where all claims together put a card, and the numbers that were claimed twice."""

    n: int
    place: str
    bundle: str
    at: str
    clashes: tuple[int, ...]


def standing_of(claims: Sequence[Claim]) -> Standing:
    """The place of a card: that of its highest move; of two claims on one number the earliest.

    A pure function of the set: the order of arrival does not matter.
    """
    first: dict[int, Claim] = {}
    clashes = set()
    for claim in sorted(claims, key=lambda each: (each.n, each.at, each.hash)):
        stands = first.setdefault(claim.n, claim)
        if (stands.place, stands.bundle) != (claim.place, claim.bundle):
            clashes.add(claim.n)
    if not first:
        return Standing(n=0, place=Place.COUNTER.value, bundle="", at="", clashes=())
    top = first[max(first)]
    return Standing(
        n=top.n, place=top.place, bundle=top.bundle, at=top.at, clashes=tuple(sorted(clashes))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHeld:
    """A card by its entries:

    Checked, passed on, handed over, voided, replaced, in whatever order they came.
    """

    card: str
    permit: str
    serial: str
    office: str  #: where it was checked, so who answers for it until it is handed over
    result: str
    ready_at: datetime | None
    handed_at: datetime | None
    voided_at: datetime | None
    voided_why: str
    replaced_by: str
    place: str = Place.COUNTER.value
    bundle: str = ""
    moves: int = 0  #: number of the last move
    moved_at: datetime | None = None
    undelivered_why: str = ""  #: what the carrier said last, while the card is out

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


class Custody(StrEnum):
    """What a finished card is, whoever holds it."""

    READY = "READY"
    REJECTED = "REJECTED"
    HANDED_OVER = "HANDED_OVER"
    VOID = "VOID"
    NOT_HERE = "NOT_HERE"  #: only heard of, never checked here or at an office below


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWish:
    """What an officer wants to seal: cards, each with the kelurahan that the register names."""

    office: str
    kelurahan: str
    cards: tuple[CardHeld, ...]
    kelurahan_of: tuple[str, ...]
    voided: Collection[str] = frozenset()  #: cards whose permit had come back before the print


def decide_seal(wish: BundleWish) -> Refusal | None:
    """May these cards be sealed into one bundle? None means yes."""
    if not wish.cards:
        return Refusal("delivery.bundle_empty")
    if len(wish.cards) > BUNDLE_CARDS_MAX:
        return Refusal("delivery.bundle_too_large", most=BUNDLE_CARDS_MAX)
    for held, kelurahan in zip(wish.cards, wish.kelurahan_of, strict=True):
        no = why_not_out(held, office=wish.office, is_void=held.card in wish.voided)
        if no is not None:
            return no
        if held.place != Place.COUNTER:
            return Refusal("delivery.not_at_the_counter", serial=held.serial)
        if kelurahan != wish.kelurahan:
            return Refusal("delivery.other_kelurahan", serial=held.serial)
    return None


def why_not_out(held: CardHeld, *, office: str, is_void: bool) -> Refusal | None:
    """Why a card may not leave its office; None when it may."""
    if held.office != office:
        return Refusal("delivery.held_elsewhere", office=held.office or "-")
    if held.handed_at is not None:
        return Refusal("delivery.already_handed_over")
    if held.is_void or is_void:
        return Refusal("delivery.bundle_has_void", serial=held.serial)
    if held.custody is not Custody.READY:
        return Refusal("delivery.not_ready")
    return None


def decide_take_back(held: CardHeld | None, *, bundle: str, office: str) -> Refusal | None:
    """May the counter take this card back from a bundle? Also a void one: those must come back."""
    if held is None or held.office != office:
        return Refusal("delivery.no_such_card")
    if held.handed_at is not None:
        return Refusal("delivery.already_handed_over")
    if held.bundle != bundle or held.place == Place.COUNTER:
        return Refusal("delivery.not_in_this_bundle", serial=held.serial)
    return None
