"""The print desk: the queue of permits, the printers at work, what is to be settled or checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.blanko.queries import held_at, loose_count, shelf_count
from ampera.blanko.rules import stock_of
from ampera.journal.house import house
from ampera.printing.actions import (
    change_supply,
    empty_printer,
    note_repair,
    start_run,
    stop_run,
)
from ampera.printing.ports import PrinterState
from ampera.printing.queries import (
    Counters,
    NoteSeen,
    PaceSeen,
    PrintedCard,
    PrinterOverview,
    PrinterToday,
    RunSeen,
    StopSeen,
    SupplySeen,
    attempts_on,
    cards_to_check,
    chips_of_blank,
    counters_today,
    measured_capacity,
    notes_of,
    open_attempts,
    open_stop,
    pace_of,
    printer_today,
    printers,
    run_on,
    stops_of,
    supplies_of,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.rules.attempts import AttemptSeen
from ampera.printing.rules.printers import hindrance
from ampera.printing.rules.stops import REPAIRS, SUPPLIES
from ampera.readiness.queries import (
    NamedPermit,
    named_permits,
    open_permit_count,
    open_permits,
    ready_count,
)
from ampera.register.queries import Action, OfficerSeen, Purpose, local_day
from ampera.screens.counter.blanko import read_serials
from ampera.screens.shell import command_of, done, is_live, needs, show, show_refusal, witness_of
from ampera.screens.wording import word_for
from ampera.words.refusal import Refusal

QUEUE_SHOWN: Final = 30
_RUN_SUGGESTED: Final = 20
#: Waits of the agent's own: nothing is the matter and nobody has to do anything.
_BY_ITSELF: Final = frozenset({"printing.pacing", "printing.resting", "printing.warming_up"})
LOG_SHOWN: Final = 8
_BLOCK: Final = "screens/counter/_printers.html"


@dataclass(frozen=True, slots=True)
class PrinterLine:
    """One printer as the desk sees it: what it does, and why not."""

    overview: PrinterOverview
    run: RunSeen | None
    working: AttemptSeen | None
    why: Refusal | None
    pace: PaceSeen | None
    supplies: list[SupplySeen]
    stop: StopSeen | None
    today: PrinterToday | None
    chip: str  #: UID read in the printer before the card in work was printed; empty when none was

    @property
    def percent(self) -> int:
        return 0 if self.run is None else 100 * self.run.printed // max(1, self.run.cards)

    @property
    def tone(self) -> str:
        """The style of the state: colour never says it alone."""
        if self.why is not None and self.why.code in _BY_ITSELF:
            return "is-wait"
        if self.why is not None and self.why.code != "printing.run_is_off":
            return "is-stop" if self.run is not None else "is-wait"
        return "is-good" if self.working is not None else "is-wait"


@dataclass(frozen=True, slots=True)
class LiveDesk:
    """What changes while cards are printed. It names nobody, so that looking is not recorded."""

    lines: list[PrinterLine]
    today: Counters
    unknown: list[AttemptSeen]
    to_check: list[PrintedCard]
    shelf: int

    @property
    def token(self) -> str:
        """Another one whenever what stands beside the block has become old."""
        runs = [each.run.id[-8:] for each in self.lines if each.run is not None]
        return "-".join([*runs, str(self.today.printed)])


@needs(Action.CARD_PRINT, Action.CARD_SETTLE, Action.CARD_CHECK)
@require_GET
def desk(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The queue and the printers. The block of the printers loads anew; it names nobody."""
    live = _live()
    if is_live(request) and request.GET.get("sesi", live.token) != live.token:
        # A run began or ended, or a card came out: queue and buttons beside the block are old.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if is_live(request):
        return show(request, _BLOCK, block=_BLOCK, live=live)
    here = house().code
    may_print = officer.may(Action.CARD_PRINT)
    loose = loose_count(here)
    return show(
        request,
        "screens/counter/printing.html",
        block=_BLOCK,
        live=live,
        queue=_queue(officer) if may_print else [],
        permit_count=open_permit_count(here),
        prr_count=ready_count(here),
        capacity=measured_capacity(here),
        loose=loose,
        hopper=_hopper(_RUN_SUGGESTED),
        suggested=min(_RUN_SUGGESTED, loose or 1),
        may_print=may_print,
        supply_kinds=[each.value for each in SUPPLIES],
        repair_kinds=[each.value for each in REPAIRS],
        log=_log(),
        may_settle=officer.may(Action.CARD_SETTLE),
    )


@needs(Action.CARD_PRINT)
@require_POST
def begin(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Start a sitting of a printer. The worker feeds it; this page shows how far it is."""
    cards = request.POST.get("cards", "")
    if not cards.isdecimal():
        return show_refusal(request, Refusal("screens.not_a_number"))
    in_hopper = request.POST.get("feeding") == "hopper"
    answer = start_run(
        command_of(request, officer),
        printer=request.POST.get("printer", "")[:60],
        cards=int(cards),
        serials=_hopper(int(cards)) if in_hopper else (),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("cetak"))
    return done(request, f"Pencetakan dimulai: paling banyak {int(cards)} kartu.", page="cetak")


@needs(Action.CARD_PRINT)
@require_POST
def stop(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Open no further attempt; the card in work is finished."""
    printer = request.POST.get("printer", "")[:60]
    answer = stop_run(command_of(request, officer), printer=printer)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("cetak"))
    said = "Pencetakan dihentikan. Kartu yang sedang dikerjakan diselesaikan."
    return done(request, said, page="cetak")


@needs(Action.CARD_SETTLE)
@require_POST
def emptied(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Two officers emptied a printer: nothing of its old jobs can come out any more."""
    second = witness_of(request, officer, may=Action.CARD_SETTLE)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=reverse("cetak"))
    answer = empty_printer(
        command_of(request, officer),
        printer=request.POST.get("printer", "")[:60],
        witness=second.id,
        waste=read_serials(request.POST.get("waste", "")),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("cetak"))
    return done(request, "Pengosongan pencetak dicatat oleh dua petugas.", page="cetak")


@needs(Action.CARD_PRINT)
@require_POST
def supply(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """A new ribbon or film was put in, or the printer was cleaned."""
    what = request.POST.get("supply", "")
    if what not in SUPPLIES:
        return show_refusal(request, Refusal("printing.upkeep_not_chosen"), back=reverse("cetak"))
    answer = change_supply(
        command_of(request, officer), printer=request.POST.get("printer", "")[:60], supply=what
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("cetak"))
    said = f"Dicatat: {word_for(what, table='perawatan')}."
    if answer["cards"] >= 0:
        said += f" Sejak yang sebelumnya: {answer['cards']} kartu."
    return done(request, said, page="cetak")


@needs(Action.CARD_PRINT)
@require_POST
def repair(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """A technician was there, a part was changed, the printer left, came back or is retired."""
    what = request.POST.get("what", "")
    if what not in REPAIRS:
        return show_refusal(request, Refusal("printing.upkeep_not_chosen"), back=reverse("cetak"))
    answer = note_repair(
        command_of(request, officer), printer=request.POST.get("printer", "")[:60], what=what
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("cetak"))
    return done(request, f"Dicatat: {word_for(what, table='perawatan')}.", page="cetak")


def _log() -> list[tuple[StopSeen | None, NoteSeen | None]]:
    """The newest stops and what hands did, one list by time."""
    stops = stops_of([each.printer for each in printers()])
    lines: list[tuple[StopSeen | None, NoteSeen | None]] = [(each, None) for each in stops]
    lines += [(None, each) for each in notes_of(most=LOG_SHOWN)]

    def at(line: tuple[StopSeen | None, NoteSeen | None]) -> datetime:
        stop, note = line
        if stop is not None:
            return stop.since
        assert note is not None
        return note.at

    return sorted(lines, key=at, reverse=True)[:LOG_SHOWN]


def _live() -> LiveDesk:
    return LiveDesk(
        lines=_lines(),
        today=counters_today(),
        unknown=unknown_attempts(),
        to_check=cards_to_check(),
        shelf=shelf_count(house().code),
    )


def _lines() -> list[PrinterLine]:
    working = {each.printer: each for each in reversed(open_attempts())}
    return [
        PrinterLine(
            overview=each,
            run=run_on(each.printer),
            working=working.get(each.printer) or _holding(attempts_on(each.printer)),
            why=_why(each),
            pace=pace_of(each.printer),
            supplies=supplies_of(each.printer),
            stop=open_stop(each.printer),
            today=printer_today(each.printer),
            chip=_chip_read(working.get(each.printer)),
        )
        for each in printers()
    ]


def _why(overview: PrinterOverview) -> Refusal | None:
    """What keeps the printer; a jam or an open cover before *nobody told it to print*."""
    why = why_waiting(overview.printer)
    is_idle = why is None or why.code == "printing.run_is_off"
    if is_idle and overview.is_reachable and overview.state == PrinterState.STOPPED:
        return hindrance(
            overview.reasons, printer=overview.printer, serial="", message=overview.message
        )
    return why


def _chip_read(working: AttemptSeen | None) -> str:
    """A blank of an attempt in work is bound only when it was read before it was printed on."""
    uids = chips_of_blank(working.serial) if working is not None else []
    return uids[0] if len(uids) == 1 else ""


def _holding(attempts: Sequence[AttemptSeen]) -> AttemptSeen | None:
    return attempts[0] if attempts else None


def _queue(officer: OfficerSeen) -> list[NamedPermit]:
    """The next permits in the order in which they are printed; the look at them is recorded."""
    usable = [
        each.permit
        for each in open_permits(house().code, most=QUEUE_SHOWN)
        if not each.is_recalled and each.print_until >= local_day()
    ]
    if not usable:
        return []
    return named_permits(officer.id, permits=usable, purpose=Purpose.PRINTING.value)


def _hopper(cards: int) -> list[str]:
    """The next single blanko of the shelf, in the order of their serials."""
    found = held_at(stock_of(house().code)).values()
    return sorted(each.item for each in found if each.box is None)[:cards]
