"""A card came out on another blanko than the books say: may the two exchange their places? Pure.

Printers without a reader are fed by hand, and a hand takes the blank beside the right one. Whoever
checks the card reads its serial: the attempt names that one from then on, and the attempt that
named it, if there is one, names the first. Nothing is lost and nothing is made: two blanks change
places, and the same act again undoes it (architecture §5, Blanks).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from ampera.printing.rules.attempts import (
    AttemptSeen,
    AttemptState,
    Result,
    decide_two_persons,
)
from ampera.words.refusal import Refusal

#: What can be in a hand whose serial is looked at: a card, or the piece of an unknown outcome.
_IN_HAND: Final = frozenset({AttemptState.PRINTED, AttemptState.UNKNOWN})
#: Refusals that say that a chip is not where the books have it.
CONTRADICTIONS: Final = frozenset({"printing.card_is_of_its_blank", "printing.blanko_has_its_chip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two: an attempt, what its check said, and what was read of its chip."""

    attempt: AttemptSeen
    result: str  #: of its card's check; empty until then
    #: UIDs that were read within this attempt, and are known by nothing else.
    read: frozenset[str] = frozenset()
    #: Its card was read before: it has the chip that surely sits in the blank it names.
    is_proved: bool = False

    @property
    def turn(self) -> str:
        """What may be decided once: about this attempt, in this state, under this name."""
        state = self.result or self.attempt.state
        return turn(self.attempt.id, state=state, corrected=self.attempt.corrected)


def turn(attempt: str, *, state: str, corrected: int) -> str:
    """A check, a settlement and an exchange of one attempt at one moment: one of them comes first,
    and the others decide anew. `corrected` counts the exchanges before."""
    return f"{state} {corrected} of {attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFacts:
    """What the exchange depends on."""

    is_quarantined: bool
    own: Side | None  #: of this office
    partner: Side | None  #: the attempt of this office that names the other serial now
    found_n: int = -1  #: the number of the other blank's last move; -1 where it is not known
    is_partner_due: bool = False  #: the other blank is where only an attempt can have put it
    #: Chips that sit in either blank by anything else than these two attempts.
    chips_of_named: Collection[str] = field(default_factory=tuple)
    chips_of_found: Collection[str] = field(default_factory=tuple)


def decide_exchange(
    facts: ExchangeFacts, *, serial: str, officer: str, witness: str
) -> Refusal | None:
    """May the card of this attempt be said to be on blanko `serial`? None means yes.

    Where that blanko lies is asked of the books (`blanko.rules.check_exchange`).
    """
    if facts.is_quarantined:
        return Refusal("server.quarantined")
    own = facts.own
    if own is None:
        return Refusal("printing.no_such_attempt")
    if own.result:
        return Refusal("printing.already_checked")
    if own.attempt.state not in _IN_HAND:
        return Refusal("printing.exchange_not_now", state=own.attempt.state.value)
    if serial == own.attempt.serial:
        return Refusal("printing.exchange_same", serial=serial)
    if (no := decide_two_persons(officer=officer, witness=witness)) is not None:
        return no
    if witness == own.attempt.officer:
        return Refusal("printing.second_printed_it")
    no = _decide_partner(facts, serial=serial)
    return no if no is not None else _decide_chips(facts, own, serial=serial)


def _decide_partner(facts: ExchangeFacts, *, serial: str) -> Refusal | None:
    if facts.partner is None:
        unknown = Refusal("printing.exchange_made_unknown", serial=serial)
        return unknown if facts.is_partner_due else None
    partner = facts.partner
    if partner.attempt.state is AttemptState.OPEN:
        return Refusal("printing.exchange_in_printer", serial=serial, attempt=partner.attempt.id)
    if partner.result == Result.READY:
        return Refusal("printing.exchange_checked", serial=serial)
    return None


def _decide_chips(facts: ExchangeFacts, own: Side, *, serial: str) -> Refusal | None:
    """A chip that was read goes with the card. Where the books know better, nothing is changed."""
    if own.is_proved:
        return Refusal("printing.card_is_of_its_blank", serial=own.attempt.serial)
    if own.read and not own.read.issuperset(facts.chips_of_found):
        return Refusal("printing.blanko_has_its_chip", serial=serial)
    if (partner := facts.partner) is None:
        return None
    is_other_read = partner.read and not partner.read.issuperset(facts.chips_of_named)
    if partner.is_proved or is_other_read:
        return Refusal("printing.other_card_first", serial=serial, card=partner.attempt.card)
    return None
