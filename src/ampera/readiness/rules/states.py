"""States of cards, permits and requests: pure functions of the *set* of what was said about them.

A set has no order, so the chains of different servers may arrive in any (architecture §3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, assert_never

from ampera.words.reason import Reason
from ampera.words.refusal import Refusal


class Said(StrEnum):
    """One thing that an entry said about a card or its permit."""

    OPENED = "OPENED"  #: an attempt began
    PRINTED = "PRINTED"
    SPOILED = "SPOILED"
    UNKNOWN = "UNKNOWN"
    WITHDRAWN = "WITHDRAWN"  #: the printer provably never took the job
    SHELF = "SHELF"  #: settled: the blanko is whole
    DISPUTE = "DISPUTE"  #: settled: nobody can show the blanko
    READY = "READY"
    REJECTED = "REJECTED"
    HANDED_OVER = "HANDED_OVER"
    REPLACED = "REPLACED"  #: the handover of the next card voided it
    DESTROYED = "DESTROYED"  #: it stands in a berita acara of destruction
    LOST = "LOST"
    BLOCKED = "BLOCKED"
    DIED = "DIED"
    ANNULLED = "ANNULLED"
    UNCOLLECTED = "UNCOLLECTED"  #: nobody fetched it: two officers of the dinas take it back
    NOT_MADE = "NOT_MADE"  #: two officers decided that no card came of a disputed attempt
    IMPORTED = "IMPORTED"  #: a card from before Ampera
    RECALLED = "RECALLED"
    RETURNED = "RETURNED"
    FORFEITED = "FORFEITED"
    #: It was open when its holder lost the tail of its books: a card may have come of it.
    SUSPECTED = "SUSPECTED"


#: What voids a card.
VOIDS: Final = frozenset(
    {Said.REPLACED, Said.LOST, Said.BLOCKED, Said.DIED, Said.ANNULLED, Said.NOT_MADE}
    | {Said.UNCOLLECTED, Said.DESTROYED}
)
#: What an officer of the dinas may give as a reason to void.
VOID_REASONS: Final = VOIDS - {Said.REPLACED, Said.DESTROYED}
#: These take a second officer's credentials: they end more than a piece of plastic (domain §9.3).
BY_TWO: Final = frozenset({Said.BLOCKED, Said.ANNULLED, Said.UNCOLLECTED, Said.NOT_MADE})
#: After these no card follows from the same request; the last two end every request of the
#: resident.
ENDS_REQUEST: Final = frozenset({Said.BLOCKED, Said.DIED, Said.ANNULLED, Said.UNCOLLECTED})
#: … but the resident may ask anew, and is not recorded a second time.
_MAY_ASK_ANEW: Final = frozenset({Said.BLOCKED, Said.UNCOLLECTED})
_ENDS_ALL: Final = frozenset({Said.DIED, Said.ANNULLED})
#: What only the holder of the permit may say.
OF_THE_HOLDER: Final = frozenset(
    {
        *(Said.OPENED, Said.PRINTED, Said.SPOILED, Said.UNKNOWN, Said.WITHDRAWN),
        *(Said.SHELF, Said.DISPUTE, Said.READY, Said.REJECTED, Said.RETURNED),
        Said.SUSPECTED,
    }
)
#: What an attempt's end, its settlement and a check of the card may say.
ENDS: Final = frozenset({Said.PRINTED, Said.SPOILED, Said.UNKNOWN, Said.WITHDRAWN})
SETTLEMENTS: Final = frozenset({Said.PRINTED, Said.SPOILED, Said.SHELF, Said.DISPUTE})
CHECKS: Final = frozenset({Said.READY, Said.REJECTED})
OF_AN_ATTEMPT: Final = ENDS | SETTLEMENTS | {Said.OPENED}
_GIVES_BACK: Final = frozenset({Said.SPOILED, Said.WITHDRAWN, Said.SHELF})


class AttemptState(StrEnum):
    """How far one attempt has come."""

    OPEN = "OPEN"  #: printing, or of unknown outcome
    PRINTED = "PRINTED"
    DISPUTED = "DISPUTED"
    OVER = "OVER"  #: it gave its permit back


class PermitState(StrEnum):
    """Is the permit still to be used?"""

    OPEN = "OPEN"
    IN_ATTEMPT = "IN_ATTEMPT"
    PRINTED = "PRINTED"
    DISPUTED = "DISPUTED"  #: counts as spent until two officers of the dinas decide
    SUSPECT = "SUSPECT"  #: the same, after a restore
    RETURNED = "RETURNED"
    FORFEITED = "FORFEITED"


class CardState(StrEnum):
    """A card is valid from its handover until it is voided."""

    PERMITTED = "PERMITTED"  #: a permit is out, nothing is printed
    PRINTED = "PRINTED"
    READY = "READY"
    REJECTED = "REJECTED"  #: the check found a fault; a new permit may be granted
    VALID = "VALID"
    VOID = "VOID"
    ENDED = "ENDED"  #: its permit came back unused

    @property
    def is_live(self) -> bool:
        """Under way to its holder: of one person at most one is."""
        return self in (CardState.PERMITTED, CardState.PRINTED, CardState.READY)


class RequestState(StrEnum):
    """Where a request stands in the queue for a permit."""

    NOT_READY = "NOT_READY"  #: no PRINT_READY_RECORD here
    NOT_CONFIRMED = "NOT_CONFIRMED"  #: the dinas has not confirmed the data of a replacement
    WAITING = "WAITING"
    ON_ITS_WAY = "ON_ITS_WAY"
    OTHER_CARD = "OTHER_CARD"  #: another card of the same person is on its way
    HAS_CARD = "HAS_CARD"  #: a first card is asked for by somebody who has one
    DELIVERED = "DELIVERED"
    REJECTED = "REJECTED"
    CLOSED = "CLOSED"


def attempt_state(said: Iterable[Said]) -> AttemptState:
    """PRINTED outweighs all else: that a card exists must never be forgotten."""
    words = frozenset(said)
    if Said.PRINTED in words:
        return AttemptState.PRINTED
    if Said.DISPUTE in words:
        return AttemptState.DISPUTED
    return AttemptState.OVER if words & _GIVES_BACK else AttemptState.OPEN


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that was said about one card and its permit; `attempts` holds one set for each
    attempt."""

    said: frozenset[Said]
    attempts: tuple[frozenset[Said], ...] = ()

    @property
    def attempt_states(self) -> frozenset[AttemptState]:
        return frozenset(attempt_state(each) for each in self.attempts)

    @property
    def is_printed(self) -> bool:
        return AttemptState.PRINTED in self.attempt_states


def card_state(facts: CardFacts) -> CardState:
    """A card printed under a permit that had come back or was forfeited is void at birth."""
    said = facts.said
    if said & VOIDS:
        return CardState.VOID
    if said & {Said.RETURNED, Said.FORFEITED}:
        return CardState.VOID if facts.is_printed else CardState.ENDED
    if said & {Said.HANDED_OVER, Said.IMPORTED}:
        return CardState.VALID
    if Said.REJECTED in said:
        return CardState.REJECTED
    if Said.READY in said:
        return CardState.READY
    return CardState.PRINTED if facts.is_printed else CardState.PERMITTED


def permit_state(facts: CardFacts) -> PermitState:
    attempts = facts.attempt_states
    if AttemptState.PRINTED in attempts:
        return PermitState.PRINTED
    if Said.RETURNED in facts.said:
        return PermitState.RETURNED
    if Said.FORFEITED in facts.said:
        return PermitState.FORFEITED
    if AttemptState.DISPUTED in attempts:
        return PermitState.DISPUTED
    if Said.SUSPECTED in facts.said:
        return PermitState.SUSPECT
    return PermitState.IN_ATTEMPT if AttemptState.OPEN in attempts else PermitState.OPEN


def bars_another(facts: CardFacts) -> bool:
    """May the dinas grant no other card to this person because of this one?

    A card that was voided before it was printed bars too, until its holder has answered: voiding
    tells the office nothing yet, and only *returned* frees a permit.
    """
    state = card_state(facts)
    if state is not CardState.VOID:
        return state.is_live
    over = {Said.RETURNED, Said.FORFEITED, Said.NOT_MADE, Said.IMPORTED, Said.HANDED_OVER}
    return not (facts.said & over or facts.is_printed)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What decides where a request stands. `cards` are its own, `others` the resident's other
    cards."""

    reason: Reason
    is_confirmed: bool
    is_rejected: bool
    has_record: bool  #: the resident has a PRINT_READY_RECORD mandated to this dinas
    is_own_record: bool  #: … of an enrolment made for this very request
    cards: tuple[CardFacts, ...] = ()
    others: tuple[CardFacts, ...] = ()


def request_state(facts: RequestFacts) -> RequestState:
    """Where a request stands, first reason first."""
    if any(Said.HANDED_OVER in card.said for card in facts.cards):
        return RequestState.DELIVERED
    everything = (*facts.cards, *facts.others)
    if any(card.said & ENDS_REQUEST for card in facts.cards) or any(
        card.said & _ENDS_ALL for card in everything
    ):
        return RequestState.CLOSED
    if any(card_state(card).is_live for card in facts.cards):
        return RequestState.ON_ITS_WAY
    if facts.is_rejected:
        return RequestState.REJECTED
    if any(bars_another(card) for card in everything):
        return RequestState.OTHER_CARD
    if facts.reason is Reason.NEW and any(
        card_state(card) is CardState.VALID for card in facts.others
    ):
        return RequestState.HAS_CARD
    if not facts.has_record:
        return RequestState.NOT_READY
    if facts.is_own_record and not facts.reason.is_replacement:
        return RequestState.WAITING
    asks_anew = any(card.said & _MAY_ASK_ANEW for card in facts.others)
    if not facts.reason.is_replacement and not asks_anew:
        return RequestState.NOT_READY
    return RequestState.WAITING if facts.is_confirmed else RequestState.NOT_CONFIRMED


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """What decides whether an attempt may begin under a permit."""

    is_here: bool  #: this office holds it
    state: PermitState
    until: date
    is_held: bool  #: an attempt has it, or its return is being written
    is_card_void: bool


def check_take(facts: PermitFacts, *, day: date, is_clock_doubtful: bool) -> Refusal | None:
    """May an attempt begin? A recall alone bars nothing: *printed* and *returned* race, and one
    wins."""
    if not facts.is_here:
        return Refusal("readiness.permit_elsewhere")
    match facts.state:
        case PermitState.RETURNED:
            return Refusal("readiness.permit_returned")
        case PermitState.FORFEITED:
            return Refusal("readiness.permit_forfeited")
        case PermitState.PRINTED | PermitState.DISPUTED | PermitState.SUSPECT:
            return Refusal("readiness.permit_spent")
        case PermitState.OPEN | PermitState.IN_ATTEMPT:
            pass
        case _:
            assert_never(facts.state)
    if facts.is_card_void:
        return Refusal("readiness.card_void")
    if facts.is_held or facts.state is PermitState.IN_ATTEMPT:
        return Refusal("readiness.permit_held")
    # Under cut links the office's own clock says when a permit ends, so it must be a clock to
    # trust.
    if is_clock_doubtful:
        return Refusal("server.clock_doubtful")
    if day > facts.until:
        return Refusal("readiness.permit_expired", day=facts.until.isoformat())
    return None


@dataclass(frozen=True, slots=True)
class VoidFacts:
    """What decides whether a card may be voided."""

    state: CardState
    #: Nobody can show the blanko of its attempt, or its permit is suspect, and nobody decided yet.
    is_disputed: bool


def check_void(why: str, *, facts: VoidFacts, officer: str, witness: str) -> Refusal | None:
    """May the dinas void this card? A block, an annulled NIK, a card taken back from the drawer,
    and that no card came of a disputed attempt are said by two officers."""
    if why not in VOID_REASONS:
        return Refusal("readiness.void_reason")
    # A block does not decide whether a card was made: what is void may still be undecided.
    is_open = facts.is_disputed and facts.state in (CardState.PERMITTED, CardState.VOID)
    if facts.state in (CardState.VOID, CardState.ENDED) and not (why == Said.NOT_MADE and is_open):
        return Refusal("readiness.card_void")
    if why == Said.LOST and facts.state in (CardState.PERMITTED, CardState.REJECTED):
        return Refusal("readiness.card_not_made")
    if why == Said.UNCOLLECTED and facts.state is not CardState.READY:
        return Refusal("readiness.no_card_to_void")
    if why == Said.NOT_MADE and not is_open:
        return Refusal("readiness.not_in_dispute")
    if why in BY_TWO and (not officer or not witness or witness == officer):
        return Refusal("officer.same_person")
    return None
