"""Outages of the line: evidence that no station has."""

from __future__ import annotations

from datetime import datetime

from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.outages import drop_outage, outages_to_tell
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal


def tell_outages() -> int:
    """Tick: write down each cut of the line that the post noted when it healed.

    An outage is told once: the command is named after the moments between which nobody answered.
    Returns how many were told.
    """
    outages = outages_to_tell()
    for since, until in outages:
        _tell(since, until)
        drop_outage(since)
    return len(outages)


def _tell(since: datetime, until: datetime) -> None:  # positional: a span
    facts = {"since": utc_text(since), "until": utc_text(until)}

    def tell(pen: Pen) -> Answer | Refusal:
        pen.write("line.was_down/1", subject=pen.new_id("cut"), facts=facts)
        return {}

    answer = perform(Command(id=f"line:{facts['since']}:{facts['until']}"), tell, content=facts)
    # A server that was put back from a backup finds its own word in the books: told already.
    is_told = isinstance(answer, Refusal) and answer.code == "command.answer_lost"
    assert is_told or not isinstance(answer, Refusal), "nothing refuses to say this"
