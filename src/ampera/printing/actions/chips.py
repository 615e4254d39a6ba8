"""Writing the chip of a card, and reading it as evidence. Three verbs that write entries and one
that only looks.

No transaction is open while anything is said to a chip: decide, speak, then decide again and write
down what came of it, once. A server that dies in between finds the truth on the chip: a complete
one with this card's contents is not written again. What passes between encoder and chip is kept
nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db import connection

from ampera.blanko.queries import whereis
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.alarms import raise_alarm
from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.printing.models import Once
from ampera.printing.ports import (
    ChipChanged,
    ChipContents,
    ChipEncoder,
    ChipError,
    ChipRefused,
    ChipSeen,
    ChipState,
    ChipTorn,
    NoReader,
    SamRefused,
)
from ampera.printing.queries import (
    attempt_seen,
    chips_of_blank,
    encoding_of,
    is_chip_used,
    is_pair_read,
    newest_told,
    printed_card,
    serials_of_chip,
)
from ampera.printing.rules.attempts import AttemptSeen, AttemptState
from ampera.printing.rules.chips import (
    WRITES_MAX,
    BindFacts,
    ChipCause,
    ChipFacts,
    Encoded,
    EncodeFacts,
    Found,
    decide_bind,
    decide_encode,
    decide_found,
    is_other_card,
    may_be_shelved,
    suggested,
)
from ampera.readiness.queries import permit_seen
from ampera.words.refusal import Refusal

#: Opens the print packet of a permit in memory and gives what its card's chip holds, or says why
#: it cannot. Given by the wiring, as `Render` is.
Compose = Callable[[str], ChipContents | Refusal]

#: Findings that make somebody look: the chip or the card is not what the books say.
_ALARMING = frozenset(
    {
        "printing.chip_of_other_blank",
        "printing.blank_has_other_chip",
        "printing.chip_holds_other_card",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipEvidence:
    """What the chip on the reader says about an attempt of unknown fate. It settles nothing."""

    attempt: str
    serial: str
    uid: str
    found: Found
    is_bound: bool  #: by the books this chip sits in this blank
    suggested: AttemptState | None
    may_be_shelved: bool


def bind_chip(command: Command, *, serial: str, encoder: ChipEncoder) -> Answer | Refusal:
    """Read the UID of the blank on the reader and hold it against the books, before it is fed.

    The first time the pair is told; afterwards another chip is refused with an alarm: a double
    feed or a swapped blank is seen before anything is printed. Answers {serial, uid, is_new}.
    """
    assert not connection.in_atomic_block, "no chip is asked inside a transaction"
    if whereis(serial) is None:
        return Refusal("blanko.unknown", item=serial)
    try:
        uid = encoder.uid()
    except ChipError as error:
        return _told(error, serial=serial)
    return _alarmed(_bind(command, serial=serial, uid=uid), serial=serial, uid=uid)


def bind_uid(command: Command, *, serial: str, uid: str, attempt: str = "") -> Answer | Refusal:
    """Hold a UID that the reader inside a printer told against the books. Answers as `bind_chip`.

    `attempt`: which blank it is goes by the order of feeding; without one it is sure, as on the
    maker's list. A pair that is known already is a look and no command: nothing is written.
    """
    facts = BindFacts(serials_of_uid=serials_of_chip(uid), uids_of_serial=chips_of_blank(serial))
    is_known = decide_bind(facts, uid=uid, serial=serial) is False
    if is_known and not _is_to_be_told(uid, serial, attempt):
        return {"serial": serial, "uid": uid, "is_new": False}
    bound = _bind(command, serial=serial, uid=uid, attempt=attempt)
    return _alarmed(bound, serial=serial, uid=uid)


def _is_to_be_told(uid: str, serial: str, attempt: str) -> bool:  # positional: one reading
    """A pair that another attempt read is told again within this one: the chip goes with whichever
    blank turns out to be the card's."""
    return bool(attempt) and not is_pair_read(uid, serial=serial, attempt=attempt)


def _bind(command: Command, *, serial: str, uid: str, attempt: str = "") -> Answer | Refusal:
    def work(pen: Pen) -> Answer | Refusal:
        # Before the facts: what was told in between is among them, or its turn is taken.
        of_chip, of_blank = newest_told(uid, serial=serial)
        facts = BindFacts(
            serials_of_uid=serials_of_chip(uid), uids_of_serial=chips_of_blank(serial)
        )
        is_new = decide_bind(facts, uid=uid, serial=serial)
        if isinstance(is_new, Refusal):
            return is_new
        if is_new:
            # Of two at one moment both have read the same; who comes second decides anew.
            rows_of(Once).add(what=f"blank of chip {uid} after {of_chip}")
            rows_of(Once).add(what=f"chip of blank {serial} after {of_blank}")
        if is_new or _is_to_be_told(uid, serial, attempt):
            told = {"serial": serial, "uid": uid, "attempt": attempt}
            pen.write("chip.bound/1", subject=serial, facts=told)
        return {"serial": serial, "uid": uid, "is_new": is_new}

    return perform(command, work, content={"serial": serial, "uid": uid, "attempt": attempt})


def personalise_card(
    command: Command, *, attempt: str, encoder: ChipEncoder, compose: Compose
) -> Answer | Refusal:
    """Write the chip of the card that lies on the encoder, read it back and compare.

    Answers {attempt, card, serial, uid, outcome, cause}. A chip that takes no writing, or reads
    back otherwise three times, ends FAILED (failed_encode). Whatever a hand can put right is a
    refusal and nothing is written down: no chip seen, torn away (the same card is written again
    from the start), another card. Another blank's or person's chip raises an alarm too.
    """
    assert not connection.in_atomic_block, "no chip is spoken to inside a transaction"
    facts = _encode_facts(attempt)
    if (done := facts.encoding) is not None:
        # Nothing is said to the chip again; the command that did it gets its answer again.
        told = _Ended(done.uid, done.outcome, done.cause)
        return _note(command, attempt=attempt, ended=told)
    if (no := decide_encode(facts)) is not None:
        return no
    assert facts.attempt is not None
    contents = compose(facts.attempt.permit)
    if isinstance(contents, Refusal):
        return contents
    if (no := encoder.fits(contents)) is not None:
        return no
    try:
        ended = _put_on_chip(command, facts.attempt, encoder=encoder, contents=contents)
    except ChipError as error:
        return _told(error, serial=facts.attempt.serial)
    if isinstance(ended, Refusal):
        return ended
    return _note(command, attempt=attempt, ended=ended)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How the writing ended."""

    uid: str
    outcome: Encoded
    cause: str = ""


def _put_on_chip(
    command: Command, attempt: AttemptSeen, *, encoder: ChipEncoder, contents: ChipContents
) -> _Ended | Refusal:
    """Bind and write. Raises ChipErrors that leave the chip to be tried again."""
    seen = encoder.read()
    serial, uid = attempt.serial, seen.uid
    version = seen.contents.version if seen.contents is not None else ""
    if is_other_card(version, version=contents.version):
        no = Refusal("printing.chip_holds_other_card", serial=serial)
        return _alarmed(no, serial=serial, uid=uid)
    # The books know which chip it is before it is written: a torn one is found again by its UID.
    binding = Command(id=f"{command.id}:bind:{serial}", officer=command.officer)
    bound = _bind(binding, serial=serial, uid=uid, attempt=attempt.id)
    if isinstance(bound, Refusal):
        return _alarmed(bound, serial=serial, uid=uid)
    if _is_same(seen, uid=uid, contents=contents):
        return _Ended(uid, Encoded.WRITTEN)  # written before a server died: nothing to do again
    for _ in range(WRITES_MAX):
        try:
            encoder.write(contents, uid=uid)
        except ChipRefused as no:
            if not no.is_written:
                raise
            return _Ended(uid, Encoded.FAILED, ChipCause.FAILED_ENCODE.value)
        seen = encoder.read()
        if seen.uid != uid:
            raise ChipChanged(seen.uid)
        if _is_same(seen, uid=uid, contents=contents):
            return _Ended(uid, Encoded.WRITTEN)
    return _Ended(uid, Encoded.FAILED, ChipCause.FAILED_ENCODE.value)


def _is_same(seen: ChipSeen, *, uid: str, contents: ChipContents) -> bool:
    """Is the chip complete and every byte of it what was to be written?"""
    return seen.uid == uid and seen.state is ChipState.COMPLETE and seen.contents == contents


def fail_chip(command: Command, *, attempt: str, cause: str) -> Answer | Refusal:
    """An officer says that this card's chip cannot be written: `cause` of `rules.chips.ChipCause`.

    The card can then only be rejected, which takes a second officer. Answers as
    `personalise_card`.
    """
    known = attempt_seen(attempt)
    uids = chips_of_blank(known.serial) if known is not None else []
    failed = _Ended(uids[0] if len(uids) == 1 else "", Encoded.FAILED, ChipCause(cause).value)
    return _note(command, attempt=attempt, ended=failed)


def _note(command: Command, *, attempt: str, ended: _Ended) -> Answer | Refusal:
    """Write down once what became of the chip."""

    def work(pen: Pen) -> Answer | Refusal:
        facts = _encode_facts(attempt)
        if ended.outcome is Encoded.FAILED:
            # A used chip cannot be written, but it can be said to have failed.
            facts = replace(facts, is_serial_used=False)
        if (no := decide_encode(facts)) is not None:
            return no
        assert facts.attempt is not None
        rows_of(Once).add(what=f"chip of {attempt}")
        told = {
            "attempt": attempt,
            "card": facts.attempt.card,
            "permit": facts.attempt.permit,
            "serial": facts.attempt.serial,
            "uid": ended.uid,
            "outcome": ended.outcome.value,
            "cause": ended.cause,
        }
        pen.write("card.encoded/1", subject=facts.attempt.card, facts=told)
        return {name: told[name] for name in told if name != "permit"}

    content = {"attempt": attempt, "outcome": ended.outcome.value, "cause": ended.cause}
    return perform(command, work, content=content)


def _encode_facts(attempt: str) -> EncodeFacts:
    seen = attempt_seen(attempt)
    if seen is not None and seen.office != str(house().code):
        seen = None
    made = printed_card(seen.card) if seen is not None else None
    return EncodeFacts(
        attempt=seen,
        is_checked=made is not None and made.attempt == attempt and bool(made.result),
        encoding=encoding_of(attempt),
        is_serial_used=seen is not None and is_chip_used(seen.serial, but=attempt),
    )


def read_chip_of(attempt: str, *, encoder: ChipEncoder) -> ChipEvidence | Refusal:
    """Read the chip of the blank of this attempt as evidence; writes no entry and no chip.

    Meant for an attempt of unknown outcome, with the blank in hand. Another person's chip, or one
    that sits in another blank by the books, raises an alarm. Refuses printing.no_such_attempt and
    what the reader says.
    """
    assert not connection.in_atomic_block, "no chip is asked inside a transaction"
    known = attempt_seen(attempt)
    permit = permit_seen(known.permit) if known is not None else None
    if known is None or permit is None or known.office != str(house().code):
        return Refusal("printing.no_such_attempt")
    serial = known.serial
    try:
        seen = encoder.read()
    except ChipError as error:
        return _told(error, serial=serial)
    facts = BindFacts(
        serials_of_uid=serials_of_chip(seen.uid), uids_of_serial=chips_of_blank(serial)
    )
    bound = decide_bind(facts, uid=seen.uid, serial=serial)
    found = decide_found(
        ChipFacts(
            is_empty=seen.state is ChipState.EMPTY,
            complete_version=seen.contents.version if seen.contents is not None else "",
            version=permit.version,
            is_of_other_blank=isinstance(bound, Refusal),
        )
    )
    if isinstance(bound, Refusal):
        _alarmed(bound, serial=serial, uid=seen.uid)
    elif found is Found.OTHER_CARD:
        no = Refusal("printing.chip_holds_other_card", serial=serial)
        _alarmed(no, serial=serial, uid=seen.uid)
    return ChipEvidence(
        attempt=attempt,
        serial=serial,
        uid=seen.uid,
        found=found,
        is_bound=bound is False,
        suggested=suggested(found),
        may_be_shelved=may_be_shelved(found),
    )


_Said = TypeVar("_Said", Refusal, Answer | Refusal)


def _alarmed(answer: _Said, *, serial: str, uid: str) -> _Said:
    """Raise an alarm when this answer says that a chip or a card is not what the books say."""
    if isinstance(answer, Refusal) and answer.code in _ALARMING:
        others = [each for each in serials_of_chip(uid) if each != serial]
        known = f", which is known in blank {others[0]}" if others else ""
        raise_alarm(
            f"chip:{uid}:{serial}",
            f"{answer.code}: chip {uid}{known}, lay on the reader as blank {serial}: a swapped or a"
            " doubly fed card; two officers look for both",
        )
    return answer


def _told(error: ChipError, *, serial: str) -> Refusal:
    """What an officer can do about it."""
    match error:
        case NoReader():
            return Refusal("printing.no_reader")
        case SamRefused():
            return Refusal("printing.sam_refused")
        case ChipTorn():
            return Refusal("printing.chip_torn", serial=serial)
        case ChipChanged():
            return Refusal("printing.chip_changed", serial=serial)
        case ChipRefused():
            return Refusal("printing.chip_refused", status=error.status)
        case _:
            return Refusal("printing.no_chip_seen", serial=serial)
