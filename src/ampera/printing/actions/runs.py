"""An office is printing on: one sitting of a printer, which an officer starts and stops.

Runs are local: they say who stands at the machine now, and nothing that another server must know.
"""

from __future__ import annotations

from collections.abc import Sequence

from ampera.blanko.queries import whereis
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.house import house
from ampera.printing.models import PrintRun
from ampera.printing.queries import run_on
from ampera.printing.rules.printers import decide_run
from ampera.words.refusal import Refusal


def start_run(
    command: Command, *, printer: str, cards: int, serials: Sequence[str] = ()
) -> Answer | Refusal:
    """Begin to print up to `cards` cards; with `serials` the hopper's load, first to be fed first.

    Without `serials` blanks are fed one by one: the screen names the one to put in.
    """

    def work(pen: Pen) -> Answer | Refusal:
        shelf = f"{pen.house.code}/shelf"
        places = {serial: whereis(serial) for serial in serials}
        no = decide_run(
            printer=printer,
            cards=cards,
            serials=serials,
            on_shelf=frozenset(
                serial
                for serial, seen in places.items()
                if seen is not None and seen.place == shelf and seen.box is None
            ),
            is_on=run_on(printer) is not None,
        )
        if no is not None:
            return no
        PrintRun.objects.create(
            id=pen.command.id,
            printer=printer,
            officer=pen.command.officer,
            cards=cards,
            serials=list(serials),
            started_at=pen.now,
        )
        return {"run": pen.command.id}

    content = {"printer": printer, "cards": cards, "serials": list(serials)}
    return perform(command, work, content=content)


def stop_run(command: Command, *, printer: str) -> Answer | Refusal:
    """Open no further attempt on this printer; a card in work is finished."""

    def work(_: Pen) -> Answer | Refusal:
        if not end_run(printer, why="officer"):
            return Refusal("printing.run_is_off", printer=printer)
        return {"printer": printer}

    return perform(command, work, content={"printer": printer})


def end_run(printer: str, *, why: str) -> bool:
    """Stop the run that is on, and keep why; False when none was on."""
    rows = PrintRun.objects.filter(printer=printer, stopped_at__isnull=True)
    return rows.update(stopped_at=house().now(), stopped_for=why) > 0
