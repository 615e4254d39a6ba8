"""The check of a printed card: looked at and read back, it is READY or REJECTED.

Printers drop letters (domain §6), so no card leaves unseen. A rejected card is a spoiled blanko
whose chip is written: two persons say so, and the dinas may grant the card again.
"""

from __future__ import annotations

from ampera.blanko.actions import spoil_in
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.printing.models import Once
from ampera.printing.ports import encoder_here
from ampera.printing.queries import encoding_of, printed_card
from ampera.printing.rules.attempts import AttemptState, Cause, CheckFacts, Result, decide_check
from ampera.printing.rules.chips import Encoded, decide_check_of_chip
from ampera.printing.rules.exchange import turn
from ampera.words.refusal import Refusal


def check_card(
    command: Command,
    *,
    card: str,
    result: str,
    witness: str | None = None,
    cause: str = Cause.FAILED_PRINT,
) -> Answer | Refusal:
    """Say READY or REJECTED of a card printed here; REJECTED takes a witness and spoils it.

    `cause` is why it is rejected; of a chip that could not be written the books know why.
    """
    second, why = witness or "", Cause(cause)

    def work(pen: Pen) -> Answer | Refusal:
        seen = printed_card(card)
        is_here = seen is not None and seen.office == str(house().code)
        facts = CheckFacts(
            is_printed_here=is_here, is_checked=seen is not None and bool(seen.result)
        )
        said = Result(result)
        no = decide_check(
            facts, result=said, officer=pen.command.officer, witness=second, cause=why
        )
        if no is not None:
            return no
        assert seen is not None
        chip = encoding_of(seen.attempt)
        no = decide_check_of_chip(chip, result=said, has_encoder=encoder_here() is not None)
        if no is not None:
            return no
        rows_of(Once).add(
            what=turn(seen.attempt, state=AttemptState.PRINTED, corrected=seen.corrected)
        )
        if chip is None:
            # Whoever says at this moment what became of the chip finds the card checked, or we
            # find that said.
            rows_of(Once).add(what=f"chip of {seen.attempt}")
        if said is Result.REJECTED:
            is_chip_bad = chip is not None and chip.outcome is Encoded.FAILED
            told = chip.cause if chip is not None and is_chip_bad else why.value
            no = spoil_in(pen, serial=seen.serial, cause=told, source="issued")
            if no is not None:
                return no
        pen.write(
            "card.checked/1",
            subject=card,
            facts={
                "card": card,
                "permit": seen.permit,
                "result": said.value,
                "serial": seen.serial,
                "witness": second,
            },
        )
        return {"card": card, "result": said.value}

    content = {"card": card, "result": result, "witness": second, "cause": why.value}
    return perform(command, work, content=content)
