"""What becomes of a card's chip: facts in, decision out (architecture §5, Attempt; domain §3.3).

A chip and a blank belong together for ever: which chip sits in which blank is told once, at first
sight, and never again otherwise. A chip whose writing failed makes no card: such a card can only be
rejected, and blank and chip go to the spoils together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ampera.printing.rules.attempts import AttemptSeen, AttemptState, Result
from ampera.words.refusal import Refusal

#: So often a chip that reads back otherwise than it was written is written anew, in one go.
WRITES_MAX: Final = 3
#: UIDs of ISO/IEC 14443 have 4, 7 or 10 bytes; other readers give 8.
UID_BYTES: Final = frozenset({4, 7, 8, 10})
#: A chip is written once the card is there, or while a printer with an encoder inside has it.
ENCODABLE: Final = frozenset({AttemptState.OPEN, AttemptState.PRINTED})


#: So long a reader inside a printer may say nothing before two officers look at the blank.
READER_WAIT_SECONDS_MAX: Final = 5 * 60


class Encoded(StrEnum):
    """How the writing of a chip ended; stands in the entry."""

    WRITTEN = "WRITTEN"  #: read back, and every file has the hash of what was to be written
    FAILED = "FAILED"


class ChipCause(StrEnum):
    """Why a chip could not be written; stands in the entry and in the register of spoils."""

    NO_CHIP = "no_chip"  #: nothing in the blank answers
    FAILED_ENCODE = "failed_encode"  #: the chip took no writing, or reads back otherwise
    WRONG_CHIP = "wrong_chip"  #: the chip is none of ours, or sits in another blank by the books
    TORN = "torn"  #: begun, taken away, and it cannot be finished


class Found(StrEnum):
    """What a chip says about an attempt of unknown fate."""

    THIS_CARD = "this_card"  #: complete, and with the record that the permit names
    EMPTY = "empty"  #: the encoder never began; whether something is printed only eyes can tell
    TORN = "torn"  #: begun and not finished
    OTHER_CARD = "other_card"  #: complete, with another person's or another version's record
    OTHER_BLANK = "other_blank"  #: by the books this chip sits in another blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What stands in the books about the chip of one attempt."""

    attempt: str
    card: str
    serial: str
    uid: str
    outcome: Encoded
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindFacts:
    """What the books know of a chip and of a blank."""

    serials_of_uid: Collection[str]
    uids_of_serial: Collection[str]


def decide_bind(facts: BindFacts, *, uid: str, serial: str) -> bool | Refusal:
    """May this chip sit in this blank? True: to be told now; False: it is known already.

    A chip known under another blank, or a blank known with another chip, is a swapped card, a
    double feed or a forged one: nothing is written, and somebody has to look.
    """
    assert len(uid) // 2 in UID_BYTES, "no UID of a chip has this length"
    others = sorted(each for each in facts.serials_of_uid if each != serial)
    if others:
        return Refusal("printing.chip_of_other_blank", serial=serial, other=others[0])
    if any(each != uid for each in facts.uids_of_serial):
        return Refusal("printing.blank_has_other_chip", serial=serial)
    return not facts.serials_of_uid


def is_reader_given_up(waited_seconds: float) -> bool:
    """The reader inside the printer says nothing. Is it to be waited for no longer?

    The blank is not printed then, not even when a hand fed it: a hand takes the blank beside the
    right one, too, and a card on another blank than the books say is found by a count only.
    """
    return waited_seconds >= READER_WAIT_SECONDS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeFacts:
    """What the writing of a chip depends on."""

    attempt: AttemptSeen | None  #: of this office
    is_checked: bool
    encoding: Encoding | None  #: of this attempt
    is_serial_used: bool  #: another attempt wrote or spoiled the chip of this blank


def decide_encode(facts: EncodeFacts) -> Refusal | None:
    """May the chip of this attempt's card be written now, or said to have failed? None is yes."""
    if facts.attempt is None:
        return Refusal("printing.no_such_attempt")
    if facts.encoding is not None:
        return Refusal("printing.chip_is_done", serial=facts.attempt.serial)
    if facts.attempt.state not in ENCODABLE:
        return Refusal("printing.chip_not_now", state=facts.attempt.state.value)
    if facts.is_checked:
        return Refusal("printing.already_checked")
    if facts.is_serial_used:
        # A card with a second person's data over a first one's is never handed out.
        return Refusal("printing.chip_is_used", serial=facts.attempt.serial)
    return None


def decide_check_of_chip(
    encoding: Encoding | None, *, result: Result, has_encoder: bool
) -> Refusal | None:
    """May a card be called so, as far as its chip goes? None is yes.

    Where the office has an encoder no card is READY before its chip is WRITTEN; a FAILED chip
    makes no card anywhere. REJECTED is always possible.
    """
    if result is Result.REJECTED:
        return None
    if encoding is not None and encoding.outcome is Encoded.FAILED:
        return Refusal("printing.chip_failed", serial=encoding.serial)
    if encoding is None and has_encoder:
        return Refusal("printing.chip_not_written")
    return None


def is_other_card(complete_version: str, *, version: str) -> bool:
    """Does a complete chip hold another record than the one to be written? Then it is finished
    work, perhaps in somebody's name, and is not written over. Empty: it is not complete."""
    return bool(complete_version) and complete_version != version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipFacts:
    """A chip as it was read beside an attempt of unknown fate."""

    is_empty: bool
    complete_version: str  #: of the record on a complete chip; empty otherwise
    version: str  #: of the record that the permit names
    is_of_other_blank: bool


def decide_found(facts: ChipFacts) -> Found:
    """What the chip on the reader says about the attempt. It settles nothing by itself."""
    if facts.is_of_other_blank:
        return Found.OTHER_BLANK
    if is_other_card(facts.complete_version, version=facts.version):
        return Found.OTHER_CARD
    if facts.complete_version:
        return Found.THIS_CARD
    return Found.EMPTY if facts.is_empty else Found.TORN


def suggested(found: Found) -> AttemptState | None:
    """The settlement that this finding speaks for; None where eyes have to decide alone.

    A chip complete with this card's record was printed and written. No finding sends a blank back
    to the shelf: an empty chip says nothing about what is printed on the card.
    """
    return AttemptState.PRINTED if found is Found.THIS_CARD else None


def may_be_shelved(found: Found) -> bool:
    """Can the blank still become another card, as far as its chip goes?"""
    return found is Found.EMPTY
