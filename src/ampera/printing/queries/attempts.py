"""What others may see of printing: attempts, cards to check, printers, and why one waits.

Nothing here names a person: screens join permits to people through readiness's doors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Final

from django.db.models import Q, QuerySet

from ampera.journal import sql
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.rows import rows_of
from ampera.printing.models import Attempt, CardCheck, JobTrack, PrinterNow, PrintRun
from ampera.printing.queries.statements import (
    IN_ORDER,
    NEWEST,
    ONE,
    PRINTED_OF,
    RESTLESS,
    RUN_ON,
    RUN_ON_AT,
    STATE,
    UNCHECKED,
    UNSURE,
    USED,
)
from ampera.printing.rules.attempts import (
    AttemptSeen,
    AttemptState,
    Result,
)
from ampera.printing.rules.printers import capacity_per_day, hindrance
from ampera.register.queries import local_day
from ampera.register.rules.days import zone_of
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

LISTED_MAX: Final = 200
#: So many of the newest cards tell how long one takes.
MEASURED_CARDS: Final = 50
_IS_PRINTED: Final = Q(ended=AttemptState.PRINTED) | Q(settled=AttemptState.PRINTED)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A card that came out of a printer, and what its check said; `result` is empty until then."""

    card: str
    permit: str
    serial: str
    attempt: str
    office: str
    printed_at: datetime
    result: str
    corrected: int = 0  #: how often two officers said that it is another blanko


@dataclass(frozen=True, slots=True)
class Counters:
    """What an office's printers did today, by the office's own calendar."""

    printed: int
    spoiled: int
    unknown: int
    withdrawn: int
    ready: int
    rejected: int
    to_check: int


@dataclass(frozen=True, slots=True)
class RunSeen:
    """One sitting of a printer. `printed` counts cards, `opened` attempts that used up a blank."""

    id: str
    printer: str
    officer: str
    cards: int
    serials: tuple[str, ...]
    started_at: datetime
    opened: int
    printed: int
    used: frozenset[str]

    @property
    def is_done(self) -> bool:
        return self.opened >= self.cards


@dataclass(frozen=True, slots=True)
class PrinterOverview:
    """A printer as last looked at."""

    printer: str
    is_reachable: bool
    state: str
    may_print: bool
    reasons: tuple[str, ...]
    message: str
    looked_at: datetime | None
    must_purge: bool


def attempt_seen(attempt: str) -> AttemptSeen | None:
    """One attempt, of this office or of one below; None when it is not known here."""
    return next(iter(_told(ONE, attempt)), None)


def attempts_of(card: str) -> list[AttemptSeen]:
    """Every attempt for one card, oldest first."""
    return _seen(Attempt.objects.filter(card=card).order_by("opened_at", "id"))


def open_attempts(office: OfficeCode | None = None) -> list[AttemptSeen]:
    """Attempts in work at an office (this one), oldest first."""
    return _told(f"{STATE} AND a.opened_by <> '' {IN_ORDER}", _code(office), "", LISTED_MAX)


def unknown_attempts(office: OfficeCode | None = None) -> list[AttemptSeen]:
    """Attempts that two persons have to settle, oldest first."""
    unknown = AttemptState.UNKNOWN.value
    return _told(f"{STATE} {IN_ORDER}", _code(office), unknown, LISTED_MAX)


def attempts_on(printer: str) -> list[AttemptSeen]:
    """Attempts of this office because of which nothing else may be printed on that printer."""
    here = str(house().code)
    told = _told(RESTLESS, here, here, printer, printer)
    return [
        each
        for each in told
        if each.printer == printer and each.office == here and each.holds_printer
    ]


def restless_on(printer: str, *, since: datetime) -> AttemptSeen | None:
    """Of the attempts that ended without a card since then, the one whose job was asked for longest
    ago: printers take up jobs that they gave up."""
    after = rows_of(Attempt).stored("ended_at", since)
    return next(iter(_told(UNSURE, str(house().code), after, printer)), None)


def newest_on(printer: str) -> str:
    """The attempt opened last on a printer of this office; empty when there was none."""
    found = sql.read(NEWEST, str(house().code), printer)
    return found[0][0] if found else ""


def cards_to_check(office: OfficeCode | None = None) -> list[PrintedCard]:
    """Printed cards that nobody has looked at yet, oldest first."""
    rows = rows_of(Attempt).where(UNCHECKED, _code(office), LISTED_MAX)
    return [_printed(row, "") for row in rows]


def printed_card(card: str) -> PrintedCard | None:
    """The one attempt that made this card, and the check's result; None when none did."""
    rows = rows_of(Attempt).where(PRINTED_OF, card)
    if not rows:
        return None
    check = rows_of(CardCheck).get(card)
    return _printed(rows[0], check.result if check is not None else "")


def counters_today(office: OfficeCode | None = None) -> Counters:
    """Today's figures of an office (this one)."""
    code = office if office is not None else house().code
    start = datetime.combine(local_day(), time(), tzinfo=zone_of(code))
    ended = _of(code).filter(ended_at__gte=start, ended_at__lt=start + timedelta(days=1))
    settled = _of(code).filter(settled_at__gte=start, settled_at__lt=start + timedelta(days=1))
    checks = CardCheck.objects.filter(office=str(code), checked_at__gte=start)
    return Counters(
        printed=ended.filter(ended=AttemptState.PRINTED).count()
        + settled.filter(settled=AttemptState.PRINTED).count(),
        spoiled=ended.filter(ended=AttemptState.SPOILED).count()
        + settled.filter(settled=AttemptState.SPOILED).count(),
        unknown=_of(code).filter(ended=AttemptState.UNKNOWN, settled="").count(),
        withdrawn=ended.filter(ended=AttemptState.WITHDRAWN).count(),
        ready=checks.filter(result=Result.READY).count(),
        rejected=checks.filter(result=Result.REJECTED).count(),
        to_check=_of(code)
        .filter(_IS_PRINTED)
        .exclude(card__in=CardCheck.objects.values("card"))
        .count(),
    )


def run_on(printer: str) -> RunSeen | None:
    """The run that is on at a printer."""
    rows = rows_of(PrintRun).where(RUN_ON, printer)
    if not rows:
        return None
    row = rows[0]
    told = sql.read(USED, row.id)
    return RunSeen(
        id=row.id,
        printer=row.printer,
        officer=row.officer,
        cards=row.cards,
        serials=tuple(row.serials),
        started_at=row.started_at,
        opened=len(told),
        printed=sum(1 for _, ended in told if ended == AttemptState.PRINTED),
        used=frozenset(serial for serial, _ in told),
    )


def run_on_at(printer: str) -> str:
    """The name of the run that is on at a printer; empty when none is."""
    found = sql.read(RUN_ON_AT, printer)
    return found[0][0] if found else ""


def runs_on() -> list[RunSeen]:
    """Every run that is on at this office."""
    names = PrintRun.objects.filter(stopped_at__isnull=True).order_by("printer")
    seen = (run_on(name) for name in names.values_list("printer", flat=True))
    return [run for run in seen if run is not None]


def printers() -> list[PrinterOverview]:
    """Every printer that this server has looked at."""
    return [_overview(row) for row in PrinterNow.objects.order_by("printer")]


def printer_overview(printer: str) -> PrinterOverview | None:
    """One printer as last looked at."""
    row = PrinterNow.objects.filter(pk=printer).first()
    return None if row is None else _overview(row)


def why_waiting(printer: str) -> Refusal | None:
    """Why this printer prints nothing now, with texts for the screen; None while it works."""
    if is_quarantined():
        return Refusal("server.quarantined")
    if house().is_clock_doubtful:
        return Refusal("server.clock_doubtful")
    now = rows_of(PrinterNow).get(printer)
    holding = attempts_on(printer)
    working = next((each for each in holding if each.state is AttemptState.OPEN), None)
    if working is None and (no := _why_held(printer, holding, now)) is not None:
        return no
    if now is None:
        return None
    if not now.is_reachable:
        return Refusal("printing.printer_unreachable", printer=printer)
    if not now.may_print:
        serial = working.serial if working is not None else ""
        return hindrance(now.reasons, printer=printer, serial=serial, message=now.message)
    if now.waits_code:
        return _with_time_left(now)
    return None


def _with_time_left(now: PrinterNow) -> Refusal:
    """What the last tick waited for; a wait with an end tells how long it still is."""
    facts = dict(now.waits_facts)
    if "until" in facts:
        left = (utc_from_text(facts.pop("until")) - house().now()).total_seconds()
        facts["seconds"] = max(1, round(left))
    return Refusal(now.waits_code, **facts)


def _why_held(
    printer: str, holding: Sequence[AttemptSeen], now: PrinterNow | None
) -> Refusal | None:
    if holding:
        held = holding[0]
        if held.state is AttemptState.UNKNOWN:
            return Refusal("printing.attempt_unknown", printer=printer, serial=held.serial)
        return Refusal("printing.printer_not_emptied", printer=printer, attempt=held.id)
    if now is not None and now.must_purge:
        return Refusal("printing.printer_to_purge", printer=printer)
    if not run_on_at(printer):
        # Why the run ended comes before that it did.
        for held in unknown_attempts():
            if held.printer == printer:
                return Refusal("printing.attempt_unknown", printer=printer, serial=held.serial)
        return Refusal("printing.run_is_off", printer=printer)
    return None


def measured_capacity(office: OfficeCode) -> int:
    """Cards a day that an office prints, from the time that its newest cards took."""
    rows = _of(office).filter(ended=AttemptState.PRINTED).exclude(opened_by="")
    times = rows.order_by("-ended_at").values_list("opened_at", "ended_at")[:MEASURED_CARDS]
    return capacity_per_day(
        (ended - opened).total_seconds() for opened, ended in times if opened and ended
    )


def printed_twice() -> list[str]:
    """Complaints for `verify`: no card may have come out of two attempts."""
    rows = Attempt.objects.filter(_IS_PRINTED).exclude(card="").order_by("card")
    cards = rows.values_list("card", flat=True)
    twice = sorted({first for first, second in pairwise(cards.iterator()) if first == second})
    return [f"card {card} was printed twice" for card in twice]


CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (printed_twice,)


def _of(office: OfficeCode | None) -> QuerySet[Attempt]:
    return Attempt.objects.filter(office=_code(office))


def _code(office: OfficeCode | None) -> str:
    return str(office if office is not None else house().code)


_NO_JOB: Final = ("", "", None)


def _seen(rows: Iterable[Attempt]) -> list[AttemptSeen]:
    listed = list(rows)
    tracks = JobTrack.objects.in_bulk([row.id for row in listed])
    found = []
    for row in listed:
        track = tracks.get(row.id)
        job = (
            ("", "", None) if track is None else (track.job_state, track.job_message, track.late_at)
        )
        found.append(_with_job(row, job))
    return found


def _told(statement: str, *values: object) -> list[AttemptSeen]:
    """As `_seen`, by a statement that begins with `SEEN`."""
    whole = rows_of(Attempt)
    found = []
    for told in sql.read(statement, *values):
        state, message, late_at = told[-3:]
        late = late_at if late_at is None else rows_of(JobTrack).value("late_at", late_at)
        found.append(_with_job(whole.made(told[:-3]), (state or "", message or "", late)))
    return found


def _with_job(  # positional: a pair
    row: Attempt, job: tuple[str, str, datetime | None]
) -> AttemptSeen:
    return AttemptSeen(
        id=row.id,
        office=row.office,
        permit=row.permit,
        card=row.card,
        serial=row.serial,
        printer=row.printer,
        officer=row.officer,
        opened_at=row.opened_at,
        incarnation=row.incarnation,
        ended=row.ended,
        cause=row.cause,
        ended_at=row.ended_at,
        settled=row.settled,
        settled_at=row.settled_at,
        emptied_at=row.emptied_at,
        job_state=job[0],
        job_message=job[1],
        late_at=job[2],
        corrected=row.corrected,
    )


def _printed(row: Attempt, result: str) -> PrintedCard:
    at = row.ended_at if row.ended == AttemptState.PRINTED else row.settled_at
    assert at is not None, "a printed card has a time"
    return PrintedCard(
        card=row.card,
        permit=row.permit,
        serial=row.serial,
        attempt=row.id,
        office=row.office,
        printed_at=at,
        result=result,
        corrected=row.corrected,
    )


def _overview(row: PrinterNow) -> PrinterOverview:
    return PrinterOverview(
        printer=row.printer,
        is_reachable=row.is_reachable,
        state=row.state,
        may_print=row.may_print,
        reasons=tuple(row.reasons),
        message=row.message,
        looked_at=row.looked_at,
        must_purge=row.must_purge,
    )
