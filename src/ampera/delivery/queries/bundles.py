"""Bundles as others see them: what each holds, who carries it, what became of each card.

Nobody is named here; names come through the doors of their own stations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db.models import Count

from ampera.delivery.models import (
    Bundle,
    CardMove,
    DoorConflict,
    DoorSignature,
    FinishedCard,
    OutMessage,
    Undelivered,
)
from ampera.delivery.queries.finished import held_of
from ampera.delivery.rules import CardHeld, Place
from ampera.journal.house import house
from ampera.readiness.queries import permit_seen
from ampera.register.queries.addresses import kelurahan_of
from ampera.words.clock import utc_from_text

BUNDLES_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSeen:
    """One bundle; `held` are the cards that are in it now, `cards` all that were sealed into it."""

    bundle: str
    office: str
    kelurahan: str
    number: str
    sealed_at: datetime
    sealed_officer: str
    out_n: int  #: how often it changed carriers
    out_to: str
    out_at: datetime | None
    carrier: str
    carrier_name: str = field(repr=False)
    carrier_paper: str = field(repr=False)
    out_officer: str
    out_second: str
    cards: tuple[CardHeld, ...]

    @property
    def held(self) -> tuple[CardHeld, ...]:
        """Cards that are in this bundle now: sealed or in the carrier's hand."""
        hands = (Place.BUNDLE, Place.LURAH, Place.COURIER)
        return tuple(c for c in self.cards if c.bundle == self.bundle and c.place in hands)

    @property
    def given(self) -> tuple[CardHeld, ...]:
        return tuple(c for c in self.cards if c.bundle == self.bundle and c.place == Place.HOLDER)

    @property
    def place(self) -> str:
        """Who has what is left of it; empty when nothing is left."""
        return self.held[0].place if self.held else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSeen:
    """What a carrier's phone told and the books could not take."""

    command: str
    card: str
    bundle: str
    officer: str
    act: str
    told_at: str
    at: datetime
    code: str


def bundle_seen(bundle: str) -> BundleSeen | None:
    """One bundle; None when it is not known here."""
    row = Bundle.objects.filter(pk=bundle).exclude(sealed_by="").first()
    return _seen([row])[0] if row is not None else None


def bundles_out() -> list[BundleSeen]:
    """Bundles of this office with cards left in them, the oldest first."""
    hands = [Place.BUNDLE.value, Place.LURAH.value, Place.COURIER.value]
    left = FinishedCard.objects.filter(office=str(house().code), place__in=hands)
    rows = Bundle.objects.filter(pk__in=left.values("bundle")).exclude(sealed_by="")
    return _seen(rows.order_by("sealed_at", "bundle")[:BUNDLES_MAX])


def bundles_of_carrier(officer: str) -> list[BundleSeen]:
    """Bundles of which this officer carries cards as a lurah, the oldest first."""
    left = FinishedCard.objects.filter(office=str(house().code), place=Place.LURAH.value)
    rows = Bundle.objects.filter(pk__in=left.values("bundle"), carrier=officer)
    return _seen(rows.exclude(sealed_by="").order_by("sealed_at", "bundle")[:BUNDLES_MAX])


def _seen(rows: Iterable[Bundle]) -> list[BundleSeen]:
    bundles = list(rows)
    names = sorted({card for row in bundles for card in row.cards})
    cards = FinishedCard.objects.in_bulk(names)
    said = _undelivered(names)

    def held(row: Bundle) -> tuple[CardHeld, ...]:
        known = (cards[name] for name in row.cards if name in cards)
        return tuple(
            replace(held_of(card), undelivered_why=said.get((card.card, row.bundle), ""))
            for card in known
        )

    columns = (
        "bundle", "office", "kelurahan", "number", "sealed_officer", "out_n", "out_to", "out_at",
        "carrier", "carrier_name", "carrier_paper", "out_officer", "out_second",
    )  # fmt: skip
    found = []
    for row in bundles:
        assert row.sealed_at is not None, "a bundle that nobody sealed is not listed"
        told = {name: getattr(row, name) for name in columns}
        found.append(BundleSeen(**told, sealed_at=row.sealed_at, cards=held(row)))
    return found


def _undelivered(cards: Sequence[str]) -> Mapping[tuple[str, str], str]:
    """What was said last of each card in each bundle."""
    rows = Undelivered.objects.filter(card__in=cards).order_by("at", "key")
    return {(row.card, row.bundle): row.why for row in rows}


def residents_of(cards: Iterable[CardHeld]) -> Mapping[str, str]:
    """The resident of each card, by its permit."""
    permits = {each.card: permit_seen(each.permit) for each in cards}
    return {card: permit.resident for card, permit in permits.items() if permit is not None}


def kelurahan_of_cards(cards: Iterable[CardHeld]) -> Mapping[str, str]:
    """The kelurahan of each card's holder, of those whom this server's register knows."""
    residents = residents_of(cards)
    known = kelurahan_of(set(residents.values()))
    return {card: known[res] for card, res in residents.items() if res in known}


def conflicts() -> list[ConflictSeen]:
    """What carriers told and nobody has looked at, the oldest first."""
    rows = DoorConflict.objects.filter(settled_by="").order_by("at", "command")[:BUNDLES_MAX]
    return [
        ConflictSeen(
            command=row.command,
            card=row.card,
            bundle=row.bundle,
            officer=row.officer,
            act=row.act,
            told_at=row.told_at,
            at=utc_from_text(row.at),
            code=row.code,
        )
        for row in rows
    ]


def message_states(cards: Iterable[str]) -> Mapping[str, str]:
    """What became of the newest message about each card, by the outbox's own words."""
    names = list(cards)
    keys = [f"{kind}:{card}" for card in names for kind in ("ready", "reminder")]
    rows = OutMessage.objects.filter(key__in=keys).order_by("made_at", "key")
    return {row.key.partition(":")[2]: row.state for row in rows}


def signature_of(card: str) -> str:
    """The strokes that the receiver drew at the door; empty where none was drawn."""
    row = DoorSignature.objects.filter(pk=card).values_list("strokes", flat=True).first()
    return row or ""


def cards_in_two_hands() -> list[str]:
    """Complaints for `verify`: a move was made twice; a card is away and in no bundle's list."""
    twice = CardMove.objects.values("card", "n").annotate(told=Count("key")).filter(told__gt=1)
    found = [f"card {row['card']} is in two hands at move {row['n']}" for row in twice]
    hands = [Place.BUNDLE.value, Place.LURAH.value, Place.COURIER.value]
    lists = {row.bundle: set(row.cards) for row in Bundle.objects.all()}
    for row in FinishedCard.objects.filter(place__in=hands).order_by("card"):
        if row.card not in lists.get(row.bundle, set()):
            found.append(f"card {row.card} is in bundle {row.bundle}, whose list lacks it")
    return sorted(found)
