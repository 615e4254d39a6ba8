"""What becomes of an attempt: facts in, decision out (architecture §5, Attempt).

An attempt spends one identified blanko on one permit. Print-Job is sent once; what the printer and
two pairs of eyes have seen decides, never a guess: a permit goes back only when the blank was
*seen*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ampera.words.refusal import Refusal

#: After a lost answer the printer is asked this long by the job's name; then eyes have to look.
ANSWER_WAIT_SECONDS_MAX: Final = 15 * 60
#: Printers have been heard of again after they gave a job up; so long their jobs are looked after.
WATCH_HOURS: Final = 24


class AttemptState(StrEnum):
    """Where an attempt stands.

    QUEUED in the papers is OPEN here: the job may or may not be taken.
    """

    OPEN = "OPEN"
    PRINTED = "PRINTED"
    SPOILED = "SPOILED"
    UNKNOWN = "UNKNOWN"
    WITHDRAWN = "WITHDRAWN"
    SHELF = "SHELF"
    DISPUTE = "DISPUTE"


NEXT: Final[Mapping[AttemptState, frozenset[AttemptState]]] = MappingProxyType(
    {
        AttemptState.OPEN: frozenset(
            {AttemptState.PRINTED, AttemptState.SPOILED}
            | {AttemptState.UNKNOWN, AttemptState.WITHDRAWN}
        ),
        # Nobody knows whether the card came out: two persons look into printer, tray and spoils.
        AttemptState.UNKNOWN: frozenset(
            {AttemptState.PRINTED, AttemptState.SPOILED, AttemptState.SHELF, AttemptState.DISPUTE}
        ),
        AttemptState.PRINTED: frozenset(),
        AttemptState.SPOILED: frozenset(),
        AttemptState.WITHDRAWN: frozenset(),
        AttemptState.SHELF: frozenset(),
        AttemptState.DISPUTE: frozenset(),
    }
)
assert set(NEXT) == set(AttemptState)

ENDINGS: Final = NEXT[AttemptState.OPEN]
SETTLEMENTS: Final = NEXT[AttemptState.UNKNOWN]


class Cause(StrEnum):
    """Why an attempt ended as it did; stands in the entry."""

    COMPLETED = "completed"  #: the printer says that the job is done
    ABORTED = "aborted"  #: the printer gave the job up
    CANCELED = "canceled"  #: the job was cancelled
    NEVER_SENT = "never_sent"  #: this server stopped before it spoke to the printer
    UNREACHABLE = "unreachable"  #: no connection came about, so nothing was sent
    REJECTED = "rejected"  #: the printer said no before a job existed
    NO_SECOND_LOG = "no_second_log"  #: the entry could not be laid on the second medium
    RESTARTED = "restarted"  #: the printer started anew and does not know the job
    ANSWER_LOST = "answer_lost"  #: no answer, and the printer never listed the job
    FORGOTTEN = "forgotten"  #: the printer had taken the job and lists it no more
    GIVEN_UP = "given_up"  #: an officer gave up waiting for this printer
    FAILED_PRINT = "failed_print"  #: the blank was seen ruined
    BAD_BLANK = "bad_blank"  #: the blank itself was bad when it came: bent, stained, delaminated
    JAM = "jam"  #: the printer jammed on it
    HEAT = "heat"  #: melted or bent in a printer that was too hot
    POWER = "power"  #: the power went while it was printed
    DOUBLE_FEED = "double_feed"  #: it was fed together with another
    NO_CHIP = "no_chip"  #: nothing in it answers
    FAILED_ENCODE = "failed_encode"  #: its chip took no writing
    WRONG_CHIP = "wrong_chip"  #: the chip in the printer is not that of the blank fed by the books
    UNREAD = "unread"  #: the reader in the printer says nothing, so nobody knows which blank it is

    @property
    def is_job_over(self) -> bool:
        """Does this cause alone say that the printer will not touch the job any more?"""
        return self in _SEEN_ENDED or self in NEVER_TAKEN


_SEEN_ENDED: Final = frozenset({Cause.COMPLETED, Cause.ABORTED, Cause.CANCELED})
#: The printer provably never took the job: the blank still lies where it lay.
NEVER_TAKEN: Final = frozenset(
    {Cause.NEVER_SENT, Cause.UNREACHABLE, Cause.REJECTED, Cause.NO_SECOND_LOG}
)
#: Why a blanko is ruined; each stands in the register for destruction (domain §2.6).
SPOIL_CAUSES: Final = frozenset(
    {Cause.FAILED_PRINT, Cause.BAD_BLANK, Cause.JAM, Cause.HEAT, Cause.POWER}
    | {Cause.DOUBLE_FEED, Cause.NO_CHIP, Cause.FAILED_ENCODE}
)

#: What the reader inside the printer said against a blank. Print-Job was not said; the blank is put
#: into the reject bin, and two persons look at it before its attempt gives anything back.
READ_CAUSES: Final = frozenset({Cause.NO_CHIP, Cause.WRONG_CHIP, Cause.DOUBLE_FEED, Cause.UNREAD})


class Phase(StrEnum):
    """How far this server got with Print-Job. Written down *before* it speaks."""

    NEVER_SENT = "never_sent"  #: nothing left this server
    STAGING = "staging"  #: the blank is being taken to the reader; Print-Job was not said
    SENDING = "sending"  #: the request may have arrived; no answer was read
    SENT = "sent"  #: the printer said that it took the job


class Result(StrEnum):
    """What the visual check and the read-back say of a printed card."""

    READY = "READY"
    REJECTED = "REJECTED"


def state_of(*, ended: str, settled: str) -> AttemptState:
    """The state that follows from the facts, in whatever order they came. Empty: not yet."""
    if ended in ("", AttemptState.UNKNOWN) and settled:
        return AttemptState(settled)
    return AttemptState(ended) if ended else AttemptState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSeen:
    """One attempt by its entries; `job_*` is what this server last saw of its job."""

    id: str
    office: str
    permit: str
    card: str
    serial: str
    printer: str
    officer: str
    opened_at: datetime | None
    incarnation: int = 0
    ended: str = ""
    cause: str = ""
    ended_at: datetime | None = None
    settled: str = ""
    settled_at: datetime | None = None
    emptied_at: datetime | None = None
    job_state: str = ""
    job_message: str = ""
    late_at: datetime | None = None
    #: How often two officers said that it is another blanko than it named.
    corrected: int = 0

    @property
    def state(self) -> AttemptState:
        return state_of(ended=self.ended, settled=self.settled)

    @property
    def is_job_over(self) -> bool:
        """Is the job seen ended at the printer, or was the printer emptied since?"""
        if self.late_at is not None:
            return self.emptied_at is not None and self.emptied_at >= self.late_at
        if self.emptied_at is not None:
            return True
        if self.job_state:  # the newest sighting counts: a job given up has been taken up again
            return is_ended_state(self.job_state)
        return bool(self.cause) and Cause(self.cause).is_job_over

    @property
    def is_to_be_put_aside(self) -> bool:
        """Did the reader in the printer say no to its blank, which may still lie there?"""
        is_read = self.ended == AttemptState.UNKNOWN and self.cause in READ_CAUSES
        return is_read and not self.is_job_over

    @property
    def holds_printer(self) -> bool:
        """May nothing else be printed there because of this attempt?"""
        return self.state is AttemptState.OPEN or not self.is_job_over


#: What a printer says of a job that it gave up; it may take it up again.
GIVEN_UP: Final = ("aborted", "canceled")


def is_ended_state(job_state: str) -> bool:
    """RFC 8011 §5.3.7: a job in one of these does not move any more, says the printer."""
    return job_state in ("completed", "aborted", "canceled")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFacts:
    """What a new attempt depends on."""

    is_quarantined: bool
    is_clock_doubtful: bool
    is_permit_here: bool
    is_permit_over: bool  #: `print_until` has passed
    serial: str | None
    must_purge: bool
    on_printer: Iterable[AttemptSeen]


def decide_open(facts: OpenFacts, *, printer: str) -> Refusal | None:
    """May an attempt be opened on this printer? None means yes (architecture §5, Attempt)."""
    if facts.is_quarantined:
        return Refusal("server.quarantined")
    if facts.is_clock_doubtful:
        return Refusal("server.clock_doubtful")
    if not facts.is_permit_here:
        return Refusal("printing.no_permit")
    if facts.is_permit_over:
        return Refusal("printing.permit_over")
    if (no := decide_printer_free(facts, printer=printer)) is not None:
        return no
    if facts.serial is None:
        return Refusal("printing.no_blanko")
    return None


def decide_printer_free(facts: OpenFacts, *, printer: str) -> Refusal | None:
    """One job at a time: the next attempt waits until the last job is seen ended there."""
    for attempt in facts.on_printer:
        if attempt.state is AttemptState.OPEN:
            return Refusal("printing.printer_busy", printer=printer, attempt=attempt.id)
        if attempt.holds_printer:
            return Refusal("printing.printer_not_emptied", printer=printer, attempt=attempt.id)
    if facts.must_purge:
        return Refusal("printing.printer_to_purge", printer=printer)
    return None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an open attempt ends."""

    outcome: AttemptState
    cause: Cause


def outcome_of(
    job_state: str | None, *, phase: Phase, has_restarted: bool, waited_seconds: float
) -> Ending | None:
    """What the printer's word about a job makes of an open attempt; None: go on waiting.

    `job_state` is the keyword of RFC 8011 §5.3.7, None when the printer does not list the job. A
    pause for heat or an empty hopper (`processing-stopped`) is no failed attempt. A job given up
    says nothing about the blank: only eyes do. `waited_seconds` counts from Print-Job.
    """
    match job_state:
        case "completed":
            return Ending(AttemptState.PRINTED, Cause.COMPLETED)
        case "aborted":
            return Ending(AttemptState.UNKNOWN, Cause.ABORTED)
        case "canceled":
            return Ending(AttemptState.UNKNOWN, Cause.CANCELED)
        case None:
            return _outcome_unlisted(phase, has_restarted, waited_seconds)
        case _:
            return None


def _outcome_unlisted(phase: Phase, has_restarted: bool, waited_seconds: float) -> Ending | None:
    if phase is Phase.STAGING:
        # Go on where it was: the chip that is read tells whether it is the same blank, and one that
        # was printed lies in the tray (decision 21).
        return None
    # A database put back from a backup forgets that it sent, and a printer that restarted forgets
    # that it printed: only a printer that never stopped proves that nothing was sent.
    if has_restarted:
        return Ending(AttemptState.UNKNOWN, Cause.RESTARTED)
    if phase is Phase.NEVER_SENT:
        return Ending(AttemptState.WITHDRAWN, Cause.NEVER_SENT)
    if phase is Phase.SENT:
        return Ending(AttemptState.UNKNOWN, Cause.FORGOTTEN)
    if waited_seconds >= ANSWER_WAIT_SECONDS_MAX:
        return Ending(AttemptState.UNKNOWN, Cause.ANSWER_LOST)
    return None


def decide_end(
    attempt: AttemptSeen | None, *, ending: Ending, officer: str, witness: str
) -> Refusal | None:
    """May this open attempt end so? None means yes.

    PRINTED needs the printer's word, WITHDRAWN the proof that the printer never took the job,
    SPOILED two persons who saw the ruined blank after the job was over. UNKNOWN moves nothing and
    needs nobody.
    """
    if attempt is None:
        return Refusal("printing.no_such_attempt")
    if attempt.state is not AttemptState.OPEN:
        return Refusal("printing.not_open", state=attempt.state.value)
    if ending.outcome not in ENDINGS:
        return Refusal("printing.not_unknown", state=attempt.state.value)
    match ending.outcome:
        case AttemptState.PRINTED:
            is_seen = ending.cause is Cause.COMPLETED
            return None if is_seen else Refusal("printing.not_seen_ended")
        case AttemptState.WITHDRAWN:
            is_untaken = ending.cause in NEVER_TAKEN
            return None if is_untaken else Refusal("printing.may_have_been_taken")
        case AttemptState.SPOILED:
            if ending.cause not in SPOIL_CAUSES:
                return Refusal("printing.blank_not_seen")
            return _two_saw_the_blank(attempt, officer=officer, witness=witness)
        case _:
            return None


def decide_settle(
    attempt: AttemptSeen | None,
    *,
    outcome: AttemptState,
    officer: str,
    witness: str,
    cause: Cause = Cause.FAILED_PRINT,
) -> Refusal | None:
    """May two persons settle this UNKNOWN attempt so? None means yes.

    What gives the permit back (SPOILED, SHELF) has to wait until the job is over: otherwise the
    printer could still print a card for which another one is under way.
    """
    if attempt is None:
        return Refusal("printing.no_such_attempt")
    if attempt.state is not AttemptState.UNKNOWN or outcome not in SETTLEMENTS:
        return Refusal("printing.not_unknown", state=attempt.state.value)
    if outcome is AttemptState.SPOILED and cause not in SPOIL_CAUSES:
        return Refusal("printing.no_spoil_cause")
    if outcome is AttemptState.PRINTED and attempt.cause in READ_CAUSES:
        return Refusal("printing.was_not_sent", serial=attempt.serial)
    if outcome in (AttemptState.SPOILED, AttemptState.SHELF):
        return _two_saw_the_blank(attempt, officer=officer, witness=witness)
    return decide_two_persons(officer=officer, witness=witness)


def _two_saw_the_blank(attempt: AttemptSeen, *, officer: str, witness: str) -> Refusal | None:
    no = decide_two_persons(officer=officer, witness=witness)
    if no is None and not attempt.is_job_over:
        return Refusal("printing.job_may_still_print", printer=attempt.printer)
    return no


def decide_two_persons(*, officer: str, witness: str) -> Refusal | None:
    """Both credentials in the same act, different persons (architecture §5, Two persons)."""
    if not officer or not witness:
        return Refusal("printing.two_persons")
    return Refusal("officer.same_person") if officer == witness else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What the check of a card depends on."""

    is_printed_here: bool
    is_checked: bool


def decide_check(
    facts: CheckFacts,
    *,
    result: Result,
    officer: str,
    witness: str,
    cause: Cause = Cause.FAILED_PRINT,
) -> Refusal | None:
    """May this card be called READY or REJECTED?

    A rejected card takes a second person: it spoils a card.
    """
    if not facts.is_printed_here:
        return Refusal("printing.not_printed_here")
    if facts.is_checked:
        return Refusal("printing.already_checked")
    if not officer:
        return Refusal("printing.two_persons")
    if result is Result.REJECTED and cause not in SPOIL_CAUSES:
        return Refusal("printing.no_spoil_cause")
    if result is Result.REJECTED:
        return decide_two_persons(officer=officer, witness=witness)
    return None


def is_printed_late(attempt: AttemptSeen, *, job_state: str) -> bool:
    """Does the printer go on with a job whose attempt is over?

    Such a card belongs to a permit that was given back, taken as spent or never used, or it is a
    second one beside the card that two officers have in hand: it is void at birth and must be
    found.
    """
    if attempt.state in (AttemptState.OPEN, AttemptState.UNKNOWN):
        return False
    if attempt.state is AttemptState.PRINTED and attempt.job_state not in GIVEN_UP:
        return False
    return job_state not in GIVEN_UP
