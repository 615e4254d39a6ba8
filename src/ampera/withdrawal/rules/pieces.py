"""Which card may be taken in, given back to its holder, or destroyed: facts in, decision out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from ampera.readiness.rules.states import CardState, Said
from ampera.withdrawal.rules.policy import Cause
from ampera.words.nik import Nik
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: Pieces in one batch: a berita acara that two officers can count out.
BATCH_MAX: Final = 300


class How(StrEnum):
    """How a piece came to lie here."""

    AT_HANDOVER = "AT_HANDOVER"  #: the new card was handed over for it
    BROUGHT_IN = "BROUGHT_IN"  #: the holder or the family brought it
    FOUND = "FOUND"  #: somebody found it outside
    SEIZED = "SEIZED"  #: an officer fetched it from the seize list
    DRAWER = "DRAWER"  #: voided before it was handed over
    SPOILED = "SPOILED"  #: a ruined blank of the blanko books, or a card rejected at its check


#: What an officer may say of a piece that is taken in; the others follow from other entries.
TAKEN_IN_AS: Final = (How.BROUGHT_IN, How.FOUND, How.SEIZED, How.DRAWER)


class Standing(StrEnum):
    """What a card is whose serial somebody shows: the answer to *is this found card live?*"""

    LIVE = "LIVE"  #: valid, in its holder's hand by the books
    UNDER_WAY = "UNDER_WAY"  #: printed, not handed over yet
    VOID = "VOID"
    REJECTED = "REJECTED"  #: the check found a fault; it never was valid
    SPOILED = "SPOILED"  #: a ruined blank
    DESTROYED = "DESTROYED"
    BLANK = "BLANK"  #: an unprinted blank of the stock
    UNKNOWN = "UNKNOWN"


#: Outside of an office these are an alarm: a live card, or a piece that cannot be there.
ALARMING: Final = frozenset(
    {Standing.LIVE, Standing.UNDER_WAY, Standing.DESTROYED, Standing.BLANK}
    | {Standing.REJECTED, Standing.SPOILED}
)
#: A card in one of these states may be destroyed.
_OVER: Final = frozenset({CardState.VOID, CardState.REJECTED, CardState.ENDED})
_CAUSE_OF_VOID: Final[Mapping[Said, Cause]] = MappingProxyType(
    {
        Said.LOST: Cause.FOUND_AGAIN,
        Said.DIED: Cause.DIED,
        Said.BLOCKED: Cause.BLOCKED,
        Said.ANNULLED: Cause.ANNULLED,
        Said.UNCOLLECTED: Cause.UNCOLLECTED,
    }
)
_CAUSE_OF_REASON: Final[Mapping[Reason, Cause]] = MappingProxyType(
    {
        Reason.DAMAGED: Cause.DAMAGED,
        Reason.DATA_CHANGED: Cause.DATA_CHANGED,
        Reason.MOVED: Cause.MOVED,
        Reason.LOST: Cause.FOUND_AGAIN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an officer says of a card that is taken in. `serial` as printed, `card` where known."""

    how: How
    place: str  #: where it lies now: a cupboard, a box
    card: str = ""
    serial: str = ""
    cause: str = ""  #: only where it does not follow from why the card is void
    brought_by: str = field(default="", repr=False)


def standing_of(
    state: CardState | None, *, account: str = "", is_destroyed: bool = False
) -> Standing:
    """What a card is, from its state and from the account of the blanko books (`shelf`, …)."""
    if is_destroyed or account == "destroyed":
        return Standing.DESTROYED
    match state:
        case CardState.VALID:
            return Standing.LIVE
        case CardState.VOID | CardState.ENDED:
            return Standing.VOID
        case CardState.REJECTED:
            return Standing.REJECTED
        case CardState.PRINTED | CardState.READY:
            return Standing.UNDER_WAY
        case CardState.PERMITTED | None:
            return _standing_of_blanko(account)
        case _:
            assert_never(state)


def _standing_of_blanko(account: str) -> Standing:
    if account == "spoiled":
        return Standing.SPOILED
    if account in ("issued", "reserved"):
        return Standing.UNDER_WAY
    return Standing.BLANK if account else Standing.UNKNOWN


def cause_of_void(said: Collection[Said]) -> Cause | None:
    """The cause that follows from why a card is void; None where an officer has to say it."""
    return next((cause for word, cause in _CAUSE_OF_VOID.items() if word in said), None)


def cause_of_reason(reason: Reason | None) -> Cause:
    """The cause of a card taken in when its successor, asked for by that reason, was given."""
    return _CAUSE_OF_REASON.get(reason, Cause.OTHER) if reason is not None else Cause.OTHER


def check_take_in(
    found: Found, *, standing: Standing, is_here: bool, cause: Cause | None, officer: str
) -> Refusal | None:
    """May this card be taken in? A live card only when it was found: it waits for its holder."""
    if not officer:
        return Refusal("withdrawal.by_nobody")
    if found.how not in TAKEN_IN_AS:
        return Refusal("withdrawal.how_unknown")
    if (no := _check_written(found)) is not None:
        return no
    if is_here:
        return Refusal("withdrawal.lies_already")
    if found.how is not How.FOUND:
        if standing in (Standing.LIVE, Standing.UNDER_WAY):
            return Refusal("withdrawal.card_live")
        if standing in (Standing.BLANK, Standing.SPOILED, Standing.DESTROYED):
            return Refusal("withdrawal.not_a_card")
    if standing is Standing.VOID and cause is None:
        return Refusal("withdrawal.cause_unknown")
    return None


def _check_written(found: Found) -> Refusal | None:
    """Is it said which card it is, by no number of a person, and where it came from?"""
    if not found.card and not found.serial.strip():
        return Refusal("withdrawal.no_serial")
    if is_nik(found.serial):
        return Refusal("withdrawal.serial_is_nik")
    return None if found.place.strip() else Refusal("withdrawal.no_place")


def is_nik(typed: str) -> bool:
    """Did somebody copy the number of the person instead of that of the card?

    A chain keeps serials for ever, and no NIK.
    """
    return isinstance(Nik.read(typed, may_be_sample=True), Nik)


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceFacts:
    """What decides about one piece. `state` is None for a blank and for a card unknown here."""

    piece: str
    cause: Cause
    is_here: bool  #: it lies at this office
    is_blank: bool  #: the blanko books have it among the spoils
    state: CardState | None = None
    standing: Standing = Standing.UNKNOWN  #: as it was taken in
    is_given_back: bool = False
    destroyed_by: str = ""
    batch: str = ""


def check_give_back(piece: PieceFacts | None, *, to_holder: bool) -> Refusal | None:
    """May a found card be given back? Only a valid one, only to its own holder."""
    if piece is None or not piece.is_here or piece.is_blank:
        return Refusal("withdrawal.piece_unknown")
    if piece.destroyed_by:
        return Refusal("withdrawal.destroyed", batch=piece.destroyed_by)
    if piece.is_given_back:
        return Refusal("withdrawal.given_back")
    if piece.state is not CardState.VALID or not to_holder:
        return Refusal("withdrawal.not_to_be_given_back")
    return None


def check_destroy(piece: PieceFacts | None, *, batch: str = "") -> Refusal | None:
    """May this piece be destroyed, in that batch? Never one that might still be valid."""
    if piece is None or not piece.is_here:
        return Refusal("withdrawal.piece_unknown")
    if piece.destroyed_by:
        return Refusal("withdrawal.destroyed", batch=piece.destroyed_by)
    if piece.is_given_back:
        return Refusal("withdrawal.given_back")
    if piece.batch not in ("", batch):
        return Refusal("withdrawal.in_another_batch", batch=piece.batch)
    if not piece.is_blank and piece.standing in (Standing.REJECTED, Standing.SPOILED):
        # The blanko books have it among the spoils; there it is destroyed, once.
        return Refusal("withdrawal.among_the_spoils")
    if piece.is_blank or piece.state in _OVER:
        return None
    if piece.state is None and piece.standing in (Standing.VOID, Standing.DESTROYED):
        return None
    return Refusal("withdrawal.not_void")


def check_batch(chosen: Sequence[str], *, cause: str) -> Refusal | None:
    """May such a batch be opened?"""
    if cause not in set(Cause):
        return Refusal("withdrawal.cause_unknown")
    if not chosen:
        return Refusal("withdrawal.nothing_chosen")
    if len(set(chosen)) != len(chosen):
        return Refusal("withdrawal.chosen_twice")
    if len(chosen) > BATCH_MAX:
        return Refusal("withdrawal.batch_too_big", most=BATCH_MAX)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Somebody who watched: named in the berita acara, with the office they come from."""

    name: str = field(repr=False)
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What two officers say when a batch is gone: the paper's number, where it was, who watched."""

    number: str
    place: str
    witnesses: tuple[Witness, ...]
    second: str  #: the second officer, proved by own credentials in the same act


def check_done(done: Done, *, officer: str) -> Refusal | None:
    """Is all said that a berita acara of destruction needs?"""
    if not done.number.strip() or not done.place.strip():
        return Refusal("withdrawal.minutes_incomplete")
    if not any(each.name.strip() for each in done.witnesses):
        return Refusal("withdrawal.no_witness")
    if not officer or not done.second or done.second == officer:
        return Refusal("officer.same_person")
    return None
