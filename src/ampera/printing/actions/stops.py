"""The repair log: when a printer went down and up again, and what hands did at it.

The agent measures the stops itself, for an office is not asked whether its own delay was its fault.
One entry when a stop has lasted some minutes, one when it is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from ampera.blanko.queries import shelf_count
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.rows import rows_of
from ampera.printing.models import PrinterNow, PrinterPace, PrinterStop
from ampera.printing.queries import (
    cards_since,
    is_away,
    is_printer_known,
    open_stop,
    open_stops,
    printer_names,
)
from ampera.printing.rules.hours import is_open, print_policy
from ampera.printing.rules.stops import (
    SUPPLIES,
    SUPPLY_KINDS,
    StopCause,
    StopSeen,
    Upkeep,
    cause_of,
    decide_upkeep,
    is_over,
    is_to_return,
    is_to_tell,
)
from ampera.readiness.actions import return_open_permits
from ampera.readiness.queries import open_permit_count
from ampera.register.rules.days import zone_of
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal

#: Why an office gave its permits back; stands in the entry.
PRINTER_DOWN = "PRINTER_DOWN"


def watch_stop(pace: PrinterPace, *, now: PrinterNow, is_busy: bool) -> None:
    """Tell a stop that has lasted, or that one is over. Costs no write while nothing changes."""
    cause = cause_of(now.reasons, is_reachable=now.is_reachable, may_print=now.may_print)
    _note_hindrance(pace, cause=cause)
    if cause is StopCause.RIBBON:
        _note_used_up(pace, levels=now.supplies)
    if house().is_clock_doubtful:
        return
    stop = open_stop(pace.printer)
    if stop is not None:
        if is_over(stop, cause=cause, is_back=not is_away(pace.printer)):
            tell_up(stop)
        return
    since, at = pace.hindered_since, house().now()
    if cause is None or since is None:
        return
    policy = print_policy()
    would_print = is_busy or is_open(at, zone=zone_of(house().code), by=policy)
    if is_to_tell(since=since, now=at, would_print=would_print, by=policy):
        tell_down(pace.printer, cause=StopCause(pace.hindered_by), since=since)


def _note_hindrance(pace: PrinterPace, *, cause: StopCause | None) -> None:
    """Since when, and by what at first: what came later came of it."""
    if (cause is None) == (pace.hindered_since is None):
        return
    pace.hindered_since = None if cause is None else house().now()
    pace.hindered_by = "" if cause is None else cause.value
    hindered = {"hindered_since": pace.hindered_since, "hindered_by": pace.hindered_by}
    rows_of(PrinterPace).change(pace.printer, **hindered)


def _note_used_up(pace: PrinterPace, *, levels: Mapping[str, int | None]) -> None:
    """Which piece ended, for its yield; a printer that tells no levels means its ribbon."""
    ended = [
        what.value
        for what, kinds in SUPPLY_KINDS.items()
        if any(levels.get(kind) == 0 for kind in kinds)
    ] or [Upkeep.RIBBON.value]
    if set(ended) - set(pace.used_up):
        pace.used_up = sorted({*pace.used_up, *ended})
        pace.save(update_fields=["used_up"])


def tell_down(printer: str, *, cause: StopCause, since: datetime) -> Answer | Refusal:
    """Write that a printer is down, since when and why."""
    stop = f"{house().code}:{printer}:{utc_text(since)}"

    def work(pen: Pen) -> Answer | Refusal:
        if PrinterStop.objects.filter(pk=stop).exists():
            return {"stop": stop}
        facts = {
            "stop": stop,
            "printer": printer,
            "cause": cause.value,
            "since": utc_text(since),
        }
        pen.write("printer.down/1", subject=_subject(pen, printer), facts=facts)
        return {"stop": stop}

    return perform(_named("down", stop), work, content={"stop": stop})


def tell_up(stop: StopSeen) -> Answer | Refusal:
    """Write that a stop is over, from when to when it lasted."""

    def work(pen: Pen) -> Answer | Refusal:
        if not PrinterStop.objects.filter(pk=stop.id, until__isnull=True).exists():
            return {"stop": stop.id}
        facts = {
            "stop": stop.id,
            "printer": stop.printer,
            "cause": stop.cause.value,
            "since": utc_text(stop.since),
            "until": utc_text(max(stop.since, pen.now)),
        }
        pen.write("printer.up/1", subject=_subject(pen, stop.printer), facts=facts)
        return {"stop": stop.id}

    return perform(_named("up", stop.id), work, content={"stop": stop.id})


def _named(verb: str, stop: str) -> Command:  # positional: a verb and its object
    return Command(id=f"{verb}:{hashlib.sha256(stop.encode()).hexdigest()[:40]}")


def _subject(pen: Pen, printer: str) -> str:
    return f"{pen.house.code}:{printer}"[:40]


# ---- what hands do ----


def change_supply(command: Command, *, printer: str, supply: str) -> Answer | Refusal:
    """A new ribbon or film was put in, or the printer was cleaned.

    The cards since the last time are counted from the attempts and stand in the entry: that is the
    yield of the piece, whole where the printer had told that it was used up.
    """
    what = Upkeep(supply)
    assert what in SUPPLIES

    def work(pen: Pen) -> Answer | Refusal:
        if (no := _refused(what, printer)) is not None:
            return no
        cards = cards_since(printer, what=what)
        pace = rows_of(PrinterPace).get(printer)
        pen.write(
            "supply.changed/1",
            subject=_subject(pen, printer),
            facts={
                "printer": printer,
                "supply": what.value,
                "cards": cards,
                "was_empty": pace is not None and what.value in pace.used_up,
            },
        )
        if pace is not None:
            pace.used_up = [each for each in pace.used_up if each != what.value]
            pace.save(update_fields=["used_up"])
        return {"printer": printer, "supply": what.value, "cards": cards}

    return perform(command, work, content={"printer": printer, "supply": what.value})


def note_repair(command: Command, *, printer: str, what: str) -> Answer | Refusal:
    """A technician was there, a part was changed, the printer left for repair, came back, or is
    retired. One that leaves is down from now on; one that is retired is none of the office's."""
    done = Upkeep(what)
    assert done not in SUPPLIES

    def work(pen: Pen) -> Answer | Refusal:
        if (no := _refused(done, printer)) is not None:
            return no
        pen.write(
            "printer.repaired/1",
            subject=_subject(pen, printer),
            facts={"printer": printer, "what": done.value},
        )
        return {"printer": printer, "what": done.value}

    answer = perform(command, work, content={"printer": printer, "what": done.value})
    if isinstance(answer, Refusal):
        return answer
    stop = open_stop(printer)
    if done is Upkeep.SENT_AWAY and stop is None:
        tell_down(printer, cause=StopCause.REPAIR, since=house().now())
    elif done is Upkeep.RETIRED and stop is not None:
        tell_up(stop)
    return answer


def _refused(what: Upkeep, printer: str) -> Refusal | None:  # positional: a deed and its object
    is_known = is_printer_known(printer)
    return decide_upkeep(what, is_known=is_known, is_away=is_away(printer), printer=printer)


# ---- permits of an office that cannot print ----


def return_while_down() -> int:
    """Tick: an office whose printers have all been down for some working days gives its open
    permits back, so that the dinas can grant them where there is a printer.

    Returns how many went back.
    """
    here = house()
    stops = open_stops(here.code)
    if not stops or is_quarantined() or here.is_clock_doubtful:
        return 0
    if not open_permit_count(here.code):
        return 0
    is_long = is_to_return(
        stops,
        printers=printer_names(here.code),
        now=here.now(),
        zone=zone_of(here.code),
        by=print_policy(),
    )
    return return_open_permits(why=PRINTER_DOWN) if is_long else 0


def has_work() -> bool:
    """Is there something to print here: a permit and a blank for it?"""
    code = house().code
    return open_permit_count(code) > 0 and shelf_count(code) > 0
