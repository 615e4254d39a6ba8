"""Two blanks exchange their places: a card came out on another one than the books say.

One command, one transaction: the two moves of the books, and which attempt names which blanko from
then on. A server that dies before its end has done nothing, one that dies after it everything.
"""

from __future__ import annotations

from typing import Any

from ampera.blanko.actions import Swap, exchange_in
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.alarms import raise_alarm
from ampera.journal.rows import rows_of
from ampera.printing.models import Once
from ampera.printing.queries import exchange_facts
from ampera.printing.rules.exchange import CONTRADICTIONS, Side, decide_exchange
from ampera.words.refusal import Refusal


def exchange_blanko(
    command: Command, *, attempt: str, serial: str, witness: str
) -> Answer | Refusal:
    """Two officers read `serial` on the card of this attempt, and the books named another.

    The named blanko goes where `serial` was and the other way round; an attempt that named
    `serial` names the first from now on, and its own check proves it with eyes. Chips that were
    read within an attempt go with its card. Answers {attempt, serial, was, partner}; refused as
    `decide_exchange` and `blanko.rules.check_exchange` say, with an alarm when a chip says
    otherwise.
    """
    found = serial.strip().upper()

    def work(pen: Pen) -> Answer | Refusal:
        facts = exchange_facts(attempt, serial=found)
        no = decide_exchange(facts, serial=found, officer=pen.command.officer, witness=witness)
        if no is not None:
            return no
        own, partner = facts.own, facts.partner
        assert own is not None
        sides = [own, *([partner] if partner is not None else [])]
        for side in sorted(sides, key=lambda each: each.attempt.id):
            rows_of(Once).add(what=side.turn)
        was = own.attempt.serial
        swap = Swap(was, found, attempt, found_n=facts.found_n)
        if (no := exchange_in(pen, swap=swap, witness=witness)) is not None:
            return no
        named = [_named(own, found)]
        if partner is not None:
            named.append(_named(partner, was))
        told = {"attempt": attempt, "serial": found, "was": was}
        pen.write(
            "attempt.corrected/1",
            subject=attempt,
            facts={**told, "witness": witness, "named": named},
        )
        return {**told, "partner": partner.attempt.id if partner is not None else ""}

    content = {"attempt": attempt, "serial": found, "witness": witness}
    answer = perform(command, work, content=content)
    if isinstance(answer, Refusal) and answer.code in CONTRADICTIONS:
        raise_alarm(
            f"exchange:{attempt}:{found}",
            f"{answer.code}: two officers read {found} on the card of attempt {attempt}, and its"
            " chip says otherwise; they keep the card and look for both blanks",
        )
    return answer


def _named(side: Side, serial: str) -> dict[str, Any]:  # positional: a pair
    """Which blanko this attempt names from now on, and for the how-manieth time that is said."""
    return {
        "attempt": side.attempt.id,
        "permit": side.attempt.permit,
        "card": side.attempt.card,
        "serial": serial,
        "was": side.attempt.serial,
        "n": side.attempt.corrected + 1,
        # Its check has told the other serial already: who keeps that, corrects it.
        "result": side.result,
    }
