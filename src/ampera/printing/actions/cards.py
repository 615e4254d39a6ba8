"""The check of a printed card: looked at and read back, it is READY or REJECTED.

Printers drop letters (domain §6), so no card leaves unseen. A rejected card is a spoiled blanko
whose chip is written: two persons say so, and the dinas may grant the card again.
"""

from __future__ import annotations

from ampera.blanko.actions import spoil_in
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.house import house
from ampera.printing.models import Once
from ampera.printing.queries import printed_card
from ampera.printing.rules.attempts import Cause, CheckFacts, Result, decide_check
from ampera.words.refusal import Refusal


def check_card(
    command: Command, *, card: str, result: str, witness: str | None = None
) -> Answer | Refusal:
    """Say READY or REJECTED of a card printed here; REJECTED takes a witness and spoils it."""
    second = witness or ""

    def work(pen: Pen) -> Answer | Refusal:
        seen = printed_card(card)
        is_here = seen is not None and seen.office == str(house().code)
        facts = CheckFacts(
            is_printed_here=is_here, is_checked=seen is not None and bool(seen.result)
        )
        said = Result(result)
        no = decide_check(facts, result=said, officer=pen.command.officer, witness=second)
        if no is not None:
            return no
        assert seen is not None
        Once.objects.create(what=f"check of {card}")
        if said is Result.REJECTED:
            cause = Cause.FAILED_PRINT.value
            no = spoil_in(pen, serial=seen.serial, cause=cause, source="issued")
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

    return perform(command, work, content={"card": card, "result": result, "witness": second})
