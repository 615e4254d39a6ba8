"""The printer: runs, attempts, and what two persons saw when an outcome is unknown."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ampera.api.v1.door import Answered, Credentials, act, look, witness_of
from ampera.api.v1.problems import language_of
from ampera.api.v1.shapes import PROBLEMS, Given, SpoilCause
from ampera.journal.actions import Command
from ampera.printing.actions import (
    empty_printer,
    end_attempt,
    exchange_blanko,
    settle_attempt,
    start_run,
    stop_run,
)
from ampera.printing.queries import (
    PrinterOverview,
    attempt_seen,
    open_attempts,
    printers,
    run_on,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptSeen
from ampera.register.queries import Action, OfficerSeen
from ampera.withdrawal.queries import why_kept_in_batch
from ampera.words.refusal import Refusal

router: Final = Router()


class PrintWaiting(StrEnum):
    """Which attempts are asked for."""

    OPEN = "open"
    UNKNOWN = "unknown"


class StartRun(Given):
    """`serials`: the hopper's load, first to be fed first; without it one blanko at a time."""

    cards: int = Field(ge=1, le=1000)
    printer: str = Field(default="", max_length=40)
    serials: list[str] = Field(default_factory=list, max_length=1000)


class StopRun(Given):
    printer: str = Field(default="", max_length=40)


class SettleAttempt(Given):
    outcome: Literal["PRINTED", "SPOILED", "SHELF", "DISPUTE"]
    witness: Credentials
    cause: SpoilCause = "failed_print"  #: of SPOILED


class Spoil(Given):
    """The blank was seen ruined although the printer never said how the job ended."""

    cause: SpoilCause
    witness: Credentials


class Exchange(Given):
    """The serial that is really on the card, read by two officers; the second did not print it."""

    serial: str = Field(max_length=40)
    witness: Credentials


class Exchanged(Schema):
    """`was` lies where `serial` was; `partner` is the attempt that names it from now on, if any."""

    attempt: str
    serial: str
    was: str
    partner: str


class Emptied(Given):
    """`waste`: serials of cards that came out unasked, or ruined blanks that the books have on the
    shelf."""

    witness: Credentials
    waste: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=50)


class Purging(Schema):
    """The attempts that held the printer."""

    printer: str
    attempts: list[str]


class Started(Schema):
    run: str


class Stopped(Schema):
    printer: str


class Ended(Schema):
    attempt: str
    outcome: str


class Printer(Schema):
    """A printer as last looked at, its run, and why nothing is printed just now."""

    printer: str
    is_reachable: bool
    state: str
    may_print: bool
    reasons: list[str]
    message: str
    looked_at: datetime | None
    run: str | None
    run_cards: int
    run_printed: int
    waits_code: str
    waits_text: str


class Attempt(Schema):
    """One attempt to make one card of one blanko."""

    attempt: str
    office: str
    permit: str
    card: str
    serial: str
    printer: str
    state: str
    cause: str
    opened_at: datetime | None
    ended_at: datetime | None
    settled_at: datetime | None
    job_state: str
    job_message: str
    is_job_over: bool


@router.get("/printers", response={200: list[Printer], **PROBLEMS})
def seen_printers(request: HttpRequest) -> Answered:
    """Every printer of this office, with its run."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [_printer_shown(each, language=language_of(request)) for each in printers()]

    return look(request, Action.CARD_PRINT, Action.FIGURES_SEE, ask=ask)


@router.post("/printers/{printer}/emptied", response={200: Purging, **PROBLEMS})
def emptied(request: HttpRequest, printer: str, body: Emptied) -> Answered:
    """Two officers took everything out of a printer; its jobs are purged before it goes on."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return empty_printer(command, printer=printer, witness=witness.id, waste=body.waste)

    return act(request, Action.CARD_SETTLE, do=do)


@router.post("/runs", response={200: Started, **PROBLEMS})
def start(request: HttpRequest, body: StartRun) -> Answered:
    """Begin to print up to so many cards, in the order of the office's permits."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        printer = _printer(body.printer)
        if isinstance(printer, Refusal):
            return printer
        return start_run(command, printer=printer, cards=body.cards, serials=body.serials)

    return act(request, Action.CARD_PRINT, do=do)


@router.post("/runs/stop", response={200: Stopped, **PROBLEMS})
def stop(request: HttpRequest, body: StopRun) -> Answered:
    """Begin no further card; the one in work is finished."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        printer = _printer(body.printer)
        return printer if isinstance(printer, Refusal) else stop_run(command, printer=printer)

    return act(request, Action.CARD_PRINT, do=do)


@router.get("/attempts", response={200: list[Attempt], **PROBLEMS})
def attempts(request: HttpRequest, state: PrintWaiting = PrintWaiting.OPEN) -> Answered:
    """Attempts of this office in work, or those that two persons have to settle."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        found = open_attempts() if state is PrintWaiting.OPEN else unknown_attempts()
        return [_shown(each) for each in found]

    return look(request, Action.CARD_PRINT, Action.CARD_SETTLE, ask=ask)


@router.get("/attempts/{attempt}", response={200: Attempt, **PROBLEMS})
def seen(request: HttpRequest, attempt: str) -> Answered:
    """One attempt, of this office or of one below."""

    def ask(_: OfficerSeen) -> dict[str, Any] | Refusal:
        found = attempt_seen(attempt)
        return Refusal("printing.no_such_attempt") if found is None else _shown(found)

    return look(request, Action.CARD_PRINT, Action.CARD_SETTLE, ask=ask)


@router.post("/attempts/{attempt}/give-up", response={200: Ended, **PROBLEMS})
def give_up(request: HttpRequest, attempt: str) -> Answered:
    """Stop waiting for the printer: from now on the outcome is UNKNOWN, and eyes have to look."""
    return act(
        request,
        Action.CARD_PRINT,
        do=lambda command: end_attempt(command, attempt=attempt, outcome="UNKNOWN"),
    )


@router.post("/attempts/{attempt}/spoiled", response={200: Ended, **PROBLEMS})
def spoiled(request: HttpRequest, attempt: str, body: Spoil) -> Answered:
    """Two persons saw the blank of an open attempt ruined."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return end_attempt(
            command, attempt=attempt, outcome="SPOILED", cause=body.cause, witness=witness.id
        )

    return act(request, Action.CARD_SETTLE, do=do)


@router.post("/attempts/{attempt}/settle", response={200: Ended, **PROBLEMS})
def settle(request: HttpRequest, attempt: str, body: SettleAttempt) -> Answered:
    """Two persons say what they have seen of a blanko of unknown fate."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        return settle_attempt(
            command,
            attempt=attempt,
            outcome=body.outcome,
            witness=witness.id,
            cause=body.cause,
        )

    return act(request, Action.CARD_SETTLE, do=do)


@router.post("/attempts/{attempt}/exchange", response={200: Exchanged, **PROBLEMS})
def exchange(request: HttpRequest, attempt: str, body: Exchange) -> Answered:
    """The card came out on another blanko than the books say: the two exchange their places."""

    def do(command: Command) -> dict[str, Any] | Refusal:
        witness = witness_of(command, body.witness)
        if isinstance(witness, Refusal):
            return witness
        if (no := why_kept_in_batch(body.serial.strip().upper())) is not None:
            return no
        return exchange_blanko(command, attempt=attempt, serial=body.serial, witness=witness.id)

    return act(request, Action.CARD_CHECK, Action.CARD_SETTLE, do=do)


def _printer(name: str) -> str | Refusal:
    """The printer that is meant: the one that this office has, unless several are known."""
    known = [each.printer for each in printers()]
    if name:
        return name if name in known else Refusal("api.no_printer")
    return known[0] if known else Refusal("api.no_printer")


def _printer_shown(seen: PrinterOverview, *, language: str) -> dict[str, Any]:
    run, waits = run_on(seen.printer), why_waiting(seen.printer)
    return {
        "printer": seen.printer,
        "is_reachable": seen.is_reachable,
        "state": seen.state,
        "may_print": seen.may_print,
        "reasons": list(seen.reasons),
        "message": seen.message,
        "looked_at": seen.looked_at,
        "run": run.id if run is not None else None,
        "run_cards": run.cards if run is not None else 0,
        "run_printed": run.printed if run is not None else 0,
        "waits_code": waits.code if waits is not None else "",
        "waits_text": waits.text(language) if waits is not None else "",
    }


def _shown(seen: AttemptSeen) -> dict[str, Any]:
    return {
        "attempt": seen.id,
        "office": seen.office,
        "permit": seen.permit,
        "card": seen.card,
        "serial": seen.serial,
        "printer": seen.printer,
        "state": seen.state.value,
        "cause": seen.cause,
        "opened_at": seen.opened_at,
        "ended_at": seen.ended_at,
        "settled_at": seen.settled_at,
        "job_state": seen.job_state,
        "job_message": seen.job_message,
        "is_job_over": seen.is_job_over,
    }
