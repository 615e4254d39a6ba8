"""May this resident have a suket, may it be longer, what is it worth? Facts in, decision out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ampera.suket.rules.policy import SwitchRow, months_after
from ampera.words.refusal import Refusal


class Worth(StrEnum):
    """What a suket is worth today."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    CONVERTED = "CONVERTED"  #: its holder has the card


class Withdrawal(StrEnum):
    """Why a suket is taken back."""

    WRONG_DATA = "WRONG_DATA"
    LOST = "LOST"
    MISUSED = "MISUSED"
    HOLDER_DIED = "HOLDER_DIED"
    CARD_NOT_NEEDED = "CARD_NOT_NEEDED"
    RECORD_ENDED = "RECORD_ENDED"  #: card blocked or NIK annulled


class CardStand(StrEnum):
    """How far the card of the request has come."""

    NOT_PRINTED = "NOT_PRINTED"
    PRINTED = "PRINTED"  #: out of the printer, checked or not
    HANDED_OVER = "HANDED_OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the entries say of one suket."""

    suket: str
    number: str
    valid_until: date
    is_withdrawn: bool = False
    is_converted: bool = False

    @property
    def is_ended(self) -> bool:
        return self.is_withdrawn or self.is_converted

    def worth(self, on: date) -> Worth:
        """A withdrawal outweighs a conversion, and both the calendar."""
        if self.is_withdrawn:
            return Worth.WITHDRAWN
        if self.is_converted:
            return Worth.CONVERTED
        return Worth.VALID if on <= self.valid_until else Worth.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of who asks for a suket, and of the request behind it."""

    is_dinas: bool
    is_open: bool  #: neither turned down nor closed
    is_alive: bool
    is_recorded: bool  #: captured and received at the centre, or print ready, or from before
    verdict: str  #: SIAK's word where uniqueness bars a card, else empty
    is_voided: bool  #: blocked, or NIK annulled: the request ended without a card
    held_until: date | None  #: a hold bars the handover of the card, and what stands in for it
    card: CardStand
    printable_from: date | None  #: of age from this day on; None where it is not known to be later
    other: Letter | None  #: the suket that this resident had last
    is_signed: bool  #: somebody holds the right to sign

    def refusal(self, *, day: date) -> Refusal | None:
        """Why no suket can be given; None when one can be. The nearest reason first."""
        no = self.standing(day=day)
        if no is not None:
            return no
        if self.other is not None and self.other.worth(day) is Worth.VALID:
            until = self.other.valid_until.isoformat()
            return Refusal("suket.one_is_valid", number=self.other.number, day=until)
        return None if self.is_signed else Refusal("suket.nobody_signs")

    def standing(self, *, day: date) -> Refusal | None:
        """Why nothing can be certified of this resident and request, whoever signs."""
        if not self.is_dinas:
            return Refusal("suket.not_the_dinas")
        if not self.is_alive:
            return Refusal("suket.holder_died")
        if self.card is CardStand.HANDED_OVER:
            return Refusal("suket.card_handed_over")
        if self.is_voided:
            return Refusal("suket.record_ended")
        if not self.is_open:
            return Refusal("suket.request_closed")
        return self._record(day=day)

    def _record(self, *, day: date) -> Refusal | None:
        if self.verdict:
            return Refusal("suket.record_blocked", verdict=self.verdict)
        if self.card is CardStand.PRINTED:
            return Refusal("suket.card_is_ready")
        if not self.is_recorded:
            return Refusal("suket.not_recorded")
        if self.held_until is not None:
            return Refusal("suket.held", day=self.held_until.isoformat())
        if self.printable_from is not None and day < self.printable_from:
            return Refusal("suket.under_age", day=self.printable_from.isoformat())
        return None


#: A card voided for one of these takes the letter in its place along.
WITH_THE_CARD: Final[Mapping[str, Withdrawal]] = MappingProxyType(
    {
        "DIED": Withdrawal.HOLDER_DIED,
        "ANNULLED": Withdrawal.RECORD_ENDED,
        "BLOCKED": Withdrawal.RECORD_ENDED,
    }
)
WITHDRAWALS: Final = frozenset(each.value for each in Withdrawal)


def decide_issue(asked: Asked, *, row: SwitchRow | Refusal, day: date) -> date | Refusal:
    """The last day on which the new suket is valid, or why there is none.

    `row` is what the policy says of the day (`Policy.allowed_on`).
    """
    if isinstance(row, Refusal):
        return row
    no = asked.refusal(day=day)
    return no if no is not None else valid_until(day, row=row)


def decide_extend(
    letter: Letter, *, asked: Asked, row: SwitchRow | Refusal, day: date
) -> date | Refusal:
    """The new last day of a suket whose holder still waits, or why it is not made longer."""
    if letter.is_ended:
        return Refusal("suket.ended", number=letter.number)
    if isinstance(row, Refusal):
        return row
    if not row.may_extend:
        return Refusal("suket.no_extension", letter=row.letter)
    no = asked.standing(day=day)
    if no is not None:
        return no
    opens = letter.valid_until - timedelta(days=row.extend_within_days)
    if day < opens:
        return Refusal("suket.too_early", day=opens.isoformat())
    return valid_until(day, row=row)


def decide_withdraw(letter: Letter, *, why: str) -> Refusal | None:
    """May it be taken back? An expired one may: its paper is still about."""
    if why not in WITHDRAWALS:
        return Refusal("suket.no_reason")
    return Refusal("suket.ended", number=letter.number) if letter.is_ended else None


def decide_print(letter: Letter, *, day: date) -> Refusal | None:
    """Only what is worth something is put on paper."""
    match letter.worth(day):
        case Worth.VALID:
            return None
        case Worth.EXPIRED:
            return Refusal("suket.expired", day=letter.valid_until.isoformat())
        case Worth.WITHDRAWN | Worth.CONVERTED:
            return Refusal("suket.ended", number=letter.number)


def valid_until(day: date, *, row: SwitchRow) -> date:
    """Six months from 7 September are over on 6 March."""
    return months_after(day, months=row.months) - timedelta(days=1)
