"""Opening, ending and settling an attempt: permit and blanko move in the same entry's transaction.

Races are settled by `Once`: exactly one attempt may follow another on a printer, and each ends and
is settled once. Who comes second loads again and is refused by the facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from ampera.blanko.actions import dispute_in, issue_in, reserve_in, shelve_in, spoil_in
from ampera.blanko.queries import next_serial
from ampera.blanko.rules import first_repeated
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.quarantine import is_quarantined
from ampera.journal.rows import rows_of
from ampera.printing.actions.runs import end_run
from ampera.printing.models import JobTrack, Once, PrinterNow
from ampera.printing.queries import (
    attempt_seen,
    attempts_on,
    encoding_of,
    is_printer_known,
    newest_on,
    run_on_at,
)
from ampera.printing.rules.attempts import (
    READ_CAUSES,
    AttemptSeen,
    AttemptState,
    Cause,
    Ending,
    OpenFacts,
    Phase,
    decide_end,
    decide_open,
    decide_settle,
    decide_two_persons,
)
from ampera.printing.rules.exchange import turn
from ampera.readiness.actions import release_permit_in, spend_permit_in, take_permit_in
from ampera.readiness.queries import PermitSeen, permit_seen
from ampera.register.queries import local_day
from ampera.words.refusal import Refusal


def open_attempt(
    command: Command, *, permit: str, printer: str, serial: str | None = None
) -> Answer | Refusal:
    """Take the permit, reserve one blanko and open an attempt. Answers `attempt` and `serial`.

    `serial` is the blanko that will be fed; without it the lowest on the own shelf. Nothing is sent
    here: the agent feeds the printer after the entry lies on a second medium.
    """

    def work(pen: Pen) -> Answer | Refusal:
        # Before the facts: an attempt opened in between is among them, or this turn is taken.
        newest = newest_on(printer)
        seen = permit_seen(permit)
        blanko = serial if serial is not None else next_serial(pen.house.code)
        no = decide_open(_open_facts(pen, seen, printer=printer, serial=blanko), printer=printer)
        if no is not None:
            return no
        assert seen is not None
        assert blanko is not None
        rows_of(Once).add(what=f"next on {printer} after {newest}")
        attempt = pen.new_id("att")
        if (no := take_permit_in(pen, permit=permit, attempt=attempt)) is not None:
            return no
        if (no := reserve_in(pen, serial=blanko, attempt=attempt)) is not None:
            return no
        pen.write(
            "attempt.opened/1",
            subject=attempt,
            facts={
                "attempt": attempt,
                "permit": permit,
                "card": seen.card,
                "serial": blanko,
                "printer": printer,
                "job_name": attempt,
            },
        )
        _track(attempt, printer)
        return {"attempt": attempt, "serial": blanko, "card": seen.card}

    content = {"permit": permit, "printer": printer, "serial": serial}
    return perform(command, work, content=content)


def _track(attempt: str, printer: str) -> None:
    """Note in the same transaction that nothing was sent yet, and which machine stood there."""
    now = rows_of(PrinterNow).get(printer) or PrinterNow(printer=printer)
    rows_of(JobTrack).add(
        attempt=attempt,
        printer=printer,
        run=run_on_at(printer),
        phase=Phase.NEVER_SENT.value,
        uuid=now.uuid,
        up_time_seconds=now.up_time_seconds,
        machine_at=now.looked_at,
    )


def _open_facts(
    pen: Pen, seen: PermitSeen | None, *, printer: str, serial: str | None
) -> OpenFacts:
    now = rows_of(PrinterNow).get(printer)
    return OpenFacts(
        is_quarantined=is_quarantined(),
        is_clock_doubtful=pen.house.is_clock_doubtful,
        is_permit_here=seen is not None and seen.office == pen.house.code,
        is_permit_over=seen is not None and seen.print_until < local_day(),
        serial=serial,
        must_purge=now is not None and now.must_purge,
        on_printer=attempts_on(printer),
    )


def end_attempt(
    command: Command,
    *,
    attempt: str,
    outcome: str,
    cause: str = "",
    document: str = "",
    witness: str = "",
) -> Answer | Refusal:
    """End an open attempt PRINTED, SPOILED, UNKNOWN or WITHDRAWN.

    UNKNOWN moves nothing: permit and blanko stay held until two persons settle it. `cause` is one
    of `rules.attempts.Cause`; without one an officer gives up waiting. `document` is the SHA-256 of
    the PDF. SPOILED takes a witness.
    """
    ending = Ending(AttemptState(outcome), Cause(cause) if cause else Cause.GIVEN_UP)

    def work(pen: Pen) -> Answer | Refusal:
        seen = attempt_seen(attempt)
        if seen is not None and seen.office != str(pen.house.code):
            seen = None
        officer = pen.command.officer
        no = decide_end(seen, ending=ending, officer=officer, witness=witness)
        if no is not None:
            return no
        assert seen is not None
        rows_of(Once).add(what=f"end of {attempt}")
        if (no := _move(pen, seen, outcome=ending.outcome, cause=ending.cause)) is not None:
            return no
        facts = _named(seen) | {
            "outcome": ending.outcome.value,
            "cause": ending.cause.value,
            "document": document,
        }
        if witness:
            facts["witness"] = witness
        pen.write("attempt.ended/1", subject=attempt, facts=facts)
        if ending.outcome is AttemptState.UNKNOWN and ending.cause is not Cause.GIVEN_UP:
            # The order in the hopper is not sure any more: nobody prints on until eyes have looked.
            is_read = ending.cause in READ_CAUSES
            end_run(seen.printer, why=ending.cause.value if is_read else "attempt_unknown")
        return {"attempt": attempt, "outcome": ending.outcome.value}

    content = {
        "attempt": attempt,
        "outcome": outcome,
        "cause": ending.cause.value,
        "document": document,
        "witness": witness,
    }
    return perform(command, work, content=content)


def settle_attempt(
    command: Command,
    *,
    attempt: str,
    outcome: str,
    witness: str,
    cause: str = Cause.FAILED_PRINT,
) -> Answer | Refusal:
    """Two persons say what became of a blanko of unknown fate: PRINTED, SPOILED, SHELF or DISPUTE.

    SHELF: it was seen whole, and the permit is free again. DISPUTE: nobody can show it, and the
    permit counts as spent until two officers at the dinas decide. `cause` is why it is SPOILED.
    """
    why = Cause(cause)

    def work(pen: Pen) -> Answer | Refusal:
        seen = attempt_seen(attempt)
        if seen is not None and seen.office != str(pen.house.code):
            seen = None
        settled = AttemptState(outcome)
        no = decide_settle(
            seen, outcome=settled, officer=pen.command.officer, witness=witness, cause=why
        )
        if no is not None:
            return no
        assert seen is not None
        if settled is AttemptState.SHELF and encoding_of(attempt) is not None:
            # Its chip was written, or could not be: whatever eyes see, it is no blanko any more.
            return Refusal("printing.chip_was_written", serial=seen.serial)
        rows_of(Once).add(what=turn(attempt, state=seen.state, corrected=seen.corrected))
        if (no := _move(pen, seen, outcome=settled, cause=why)) is not None:
            return no
        facts = _named(seen) | {"outcome": settled.value, "witness": witness}
        if settled is AttemptState.SPOILED:
            facts["cause"] = why.value
        pen.write("attempt.settled/1", subject=attempt, facts=facts)
        return {"attempt": attempt, "outcome": settled.value}

    content = {"attempt": attempt, "outcome": outcome, "witness": witness, "cause": why.value}
    return perform(command, work, content=content)


def _named(seen: AttemptSeen) -> dict[str, str]:
    return {
        "attempt": seen.id,
        "permit": seen.permit,
        "card": seen.card,
        "serial": seen.serial,
    }


def _move(pen: Pen, seen: AttemptSeen, *, outcome: AttemptState, cause: Cause) -> Refusal | None:
    """Move blanko and permit as the outcome says. The books first: they refuse what cannot be."""
    match outcome:
        case AttemptState.PRINTED:
            no = issue_in(pen, serial=seen.serial, attempt=seen.id)
            return no or spend_permit_in(pen, permit=seen.permit, attempt=seen.id)
        case AttemptState.SPOILED:
            no = spoil_in(pen, serial=seen.serial, cause=cause.value)
            return no or release_permit_in(pen, permit=seen.permit, attempt=seen.id)
        case AttemptState.SHELF | AttemptState.WITHDRAWN:
            no = shelve_in(pen, serial=seen.serial, attempt=seen.id)
            return no or release_permit_in(pen, permit=seen.permit, attempt=seen.id)
        case AttemptState.DISPUTE:
            no = dispute_in(pen, serial=seen.serial)
            return no or spend_permit_in(pen, permit=seen.permit, attempt=seen.id)
        case AttemptState.UNKNOWN | AttemptState.OPEN:
            return None


def empty_printer(
    command: Command, *, printer: str, witness: str, waste: Sequence[str] = ()
) -> Answer | Refusal:
    """Two officers emptied a printer: hopper, inside, tray and reject bin hold nothing any more.

    `waste`: serials of what they found printed or ruined there although the books have it whole on
    the shelf, because a printer took up a job that it had given up: those go to the spoils now.
    Refuses `blanko.not_there` for one that stands elsewhere in the books; nothing is written then.

    The agent purges its jobs before anything else is sent there; until then no attempt is opened. A
    run ends: what lay in the hopper is in hands now.
    """

    found = list(waste)

    def work(pen: Pen) -> Answer | Refusal:
        no = decide_two_persons(officer=pen.command.officer, witness=witness)
        if no is not None:
            return no
        if (serial := first_repeated(found)) is not None:
            return Refusal("blanko.counted_twice", item=serial)
        held = [each.id for each in attempts_on(printer)]
        if not held and not run_on_at(printer) and not is_printer_known(printer):
            # Typed or guessed: a chain keeps what is written into it, and a list its printers.
            return Refusal("printing.printer_unknown", printer=printer)
        for serial in found:
            no = spoil_in(pen, serial=serial, cause=Cause.FAILED_PRINT.value, source="shelf")
            if no is not None:
                return no
        PrinterNow.objects.update_or_create(printer=printer, defaults={"must_purge": True})
        end_run(printer, why="emptied")
        pen.write(
            "printer.emptied/1",
            subject=f"{pen.house.code}:{printer}"[:40],
            facts={
                "printer": printer,
                "attempts": held,
                "witness": witness,
                **({"waste": found} if found else {}),
            },
        )
        return {"printer": printer, "attempts": held}

    content = {"printer": printer, "witness": witness, **({"waste": found} if found else {})}
    return perform(command, work, content=content)
