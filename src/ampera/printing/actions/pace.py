"""The print agent's feeling for its printer: what it notes at each look, and when it feeds.

What is learnt lies in `PrinterPace`, a local table: a restore loses it, and the agent learns anew.
Written when something changed, not at every look. The deciding is `rules.pacing`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ampera.journal.house import house
from ampera.journal.rows import rows_of
from ampera.printing.models import PrinterNow, PrinterPace
from ampera.printing.ports import CardPrinter, PrinterSeen, PrinterState
from ampera.printing.queries import RunSeen
from ampera.printing.rules.heat import (
    Belief,
    Load,
    fresh,
    from_record,
    observe,
    to_record,
    warmed_up,
)
from ampera.printing.rules.hours import is_time_to_wake, print_policy, seconds_to_close
from ampera.printing.rules.models import model_of
from ampera.printing.rules.pacing import decide_pace, rest_seconds
from ampera.printing.rules.printers import load_of
from ampera.register.queries import local_day
from ampera.register.rules.days import zone_of
from ampera.words.clock import utc_text
from ampera.words.refusal import Refusal

#: After a silence of the agent itself nobody knows what the printer did: taken for at rest.
UNSEEN_SECONDS_MAX: Final = 900
#: Work that goes on after closing time is paced as if so much were left.
OVERTIME_SECONDS: Final = 2 * 3600.0
#: A measured warm-up moves what was known by this share.
_WARM_UP_LEARNT: Final = 0.3
#: A shorter warm-up was not one from cold.
_WARM_UP_SECONDS_MIN: Final = 20.0
#: A begin that was seen by looks so close to each other is known well enough.
_EXACT_SECONDS: Final = 5.0


def note_pace(printer: str, *, seen: PrinterSeen | None, known: PrinterNow | None) -> PrinterPace:
    """Learn from one look; `seen` is None when the printer did not answer, `known` what stood
    there before."""
    at = house().now()
    row = rows_of(PrinterPace).get(printer) or PrinterPace(printer=printer)
    if seen is not None and seen.model and seen.model != row.model:
        row.model, row.belief, row.warm_up_seconds = seen.model, {}, 0.0
    load = Load.OFF if seen is None else _load(seen)
    if _is_nothing_new(row, load=load, at=at, known=known):
        return row
    belief = _belief(row, at=at, known=known)
    if row.belief and load is belief.load and belief.day == local_day().toordinal():
        return row
    now = observe(belief, load=load, at=at.timestamp(), day=local_day().toordinal())
    if load is not belief.load:
        if load is Load.WARMING:
            row.cold_since = _cold_since(row, was=belief.load, seen=seen, known=known)
        elif (took := _warm_up_seconds(row, was=belief.load, now=load, at=at)) is not None:
            now = warmed_up(now, seconds=took)
        _note_card(row, was=belief.load, now=load, at=at)
    row.belief = to_record(now)
    rows_of(PrinterPace).save(row)
    return row


def _is_nothing_new(
    row: PrinterPace, *, load: Load, at: datetime, known: PrinterNow | None
) -> bool:
    """Under the same load on the same day nothing is learnt: the record need not even be read."""
    looked_at = known.looked_at if known is not None else None
    if looked_at is not None and (at - looked_at).total_seconds() > UNSEEN_SECONDS_MAX:
        return False
    same = (load.value, local_day().toordinal())
    return (row.belief.get("load"), row.belief.get("day")) == same


def _load(seen: PrinterSeen) -> Load:
    words = (reason.keyword for reason in seen.reasons)
    return load_of(words, is_processing=seen.state is PrinterState.PROCESSING)


def _belief(row: PrinterPace, *, at: datetime, known: PrinterNow | None) -> Belief:
    day = local_day().toordinal()
    if not row.belief:
        east = at.astimezone(zone_of(house().code)).utcoffset() or timedelta(0)
        model = model_of(row.model)
        return fresh(model, at=at.timestamp(), day=day, east=east.total_seconds())
    belief = from_record(row.belief)
    looked_at = known.looked_at if known is not None else None
    if looked_at is None or (at - looked_at).total_seconds() <= UNSEEN_SECONDS_MAX:
        return belief
    left = looked_at.timestamp() + belief.card_seconds
    return observe(belief, load=Load.OFF, at=max(belief.at, left), day=belief.day)


def _cold_since(
    row: PrinterPace, *, was: Load, seen: PrinterSeen | None, known: PrinterNow | None
) -> datetime | None:
    """When it began to warm up from cold; None when nobody knows to the second.

    After a stop for heat it is half warm: that is no measure of a cold morning.
    """
    at = house().now()
    if was is not Load.OFF or seen is None:
        return None
    if row.cold_since is not None:
        return row.cold_since  # woken by this agent
    up = timedelta(seconds=seen.up_time_seconds)
    if up.total_seconds() <= _longest_warm_up(row):
        return at - up  # it got power then
    looked_at = known.looked_at if known is not None else None
    is_exact = looked_at is not None and (at - looked_at).total_seconds() <= _EXACT_SECONDS
    return at if is_exact else None


def _warm_up_seconds(  # positional loads would be swapped: all by name
    row: PrinterPace, *, was: Load, now: Load, at: datetime
) -> float | None:
    """How long it took from cold to ready, noted; None when that was not measured."""
    since, row.cold_since = row.cold_since, None
    if was is not Load.WARMING or since is None or now not in (Load.READY, Load.PRINTING):
        return None
    took = (at - since).total_seconds()
    if not _WARM_UP_SECONDS_MIN <= took <= _longest_warm_up(row):
        return None
    known = row.warm_up_seconds or took
    # The longer of the two counts more: a morning must not begin late.
    share = 1.0 if took > known else _WARM_UP_LEARNT
    row.warm_up_seconds = known + share * (took - known)
    return took


def _longest_warm_up(row: PrinterPace) -> float:
    return print_policy().patience * model_of(row.model).warm_up_seconds


def is_warming(printer: str) -> bool:
    """Is it warming up from cold? Then it is looked at in each tick: how long that takes tells how
    warm the room is."""
    row = rows_of(PrinterPace).get(printer)
    if row is None or row.cold_since is None:
        return False
    return (house().now() - row.cold_since).total_seconds() <= _longest_warm_up(row)


def _note_card(  # positional loads would be swapped: all by name
    row: PrinterPace, *, was: Load, now: Load, at: datetime
) -> None:
    """Count cards without a rest, for models whose rest rule binds."""
    if now is Load.PRINTING:
        rest = model_of(row.model).rest
        idle = 0.0 if row.idle_since is None else (at - row.idle_since).total_seconds()
        row.cards_in_a_row = 1 if idle >= rest.minutes * 60 else row.cards_in_a_row + 1
        row.idle_since = None
    elif was is Load.PRINTING or row.idle_since is None:
        row.idle_since = row.idle_since or at


def why_not_now(row: PrinterPace, *, seen: PrinterSeen, run: RunSeen) -> Refusal | None:
    """Why the next card is not begun yet, with the time until which; None when it may be."""
    at = house().now()
    if row.wait_until is not None and row.wait_until > at:
        return _waits(row, code=row.wait_code, until=row.wait_until)
    code, seconds = _wait(row, seen=seen, cards_left=max(1, run.cards - run.opened), at=at)
    if seconds <= 0:
        if row.wait_until is not None:
            row.wait_until, row.wait_code = None, ""
            row.save(update_fields=["wait_until", "wait_code"])
        return None
    if code == "printing.warming_up":
        return _waits(row, code=code, until=at + timedelta(seconds=seconds))
    row.wait_until, row.wait_code = at + timedelta(seconds=seconds), code
    row.save(update_fields=["wait_until", "wait_code"])
    return _waits(row, code=code, until=row.wait_until)


def _waits(row: PrinterPace, *, code: str, until: datetime) -> Refusal:
    return Refusal(code, printer=row.printer, until=utc_text(until))


def _wait(
    row: PrinterPace, *, seen: PrinterSeen, cards_left: int, at: datetime
) -> tuple[str, float]:
    belief = from_record(row.belief)
    model = model_of(row.model)
    if _load(seen) is Load.WARMING:
        return "printing.warming_up", _warming_left(row, at=at)
    idle = 0.0 if row.idle_since is None else (at - row.idle_since).total_seconds()
    rests = rest_seconds(model.rest, cards_in_a_row=row.cards_in_a_row, idle_seconds=idle)
    if rests > 0:
        return "printing.resting", rests
    left = seconds_to_close(at, zone=zone_of(house().code), by=print_policy())
    # The heat of this moment, not of the last change.
    here = observe(belief, load=belief.load, at=at.timestamp(), day=belief.day)
    pace = decide_pace(
        here,
        seconds_left=max(left or OVERTIME_SECONDS, belief.card_seconds),
        cards_left=cards_left,
    )
    return "printing.pacing", pace.wait_seconds


def _warming_left(row: PrinterPace, *, at: datetime) -> float:
    """How long it still warms up; 0 when that has taken so long that its words are not believed:
    then it gets its card and prints when it can."""
    usual = row.warm_up_seconds or model_of(row.model).warm_up_seconds
    since = row.cold_since
    if since is None:
        since = datetime.fromtimestamp(from_record(row.belief).load_at, tz=at.tzinfo)
    been = (at - since).total_seconds()
    return 0.0 if been > print_policy().patience * usual else max(1.0, usual - been)


def warm_up_in_time(row: PrinterPace, *, port: CardPrinter, has_work: bool) -> bool:
    """Wake the printer once a day, early enough that its first card starts when the office opens.

    Only where there is something to print. Returns whether it was woken now. Raises DeviceError.
    """
    today = local_day()
    usual = row.warm_up_seconds or model_of(row.model).warm_up_seconds
    is_time = row.woken_on != today and is_time_to_wake(
        house().now(), zone=zone_of(house().code), warm_up_seconds=usual, by=print_policy()
    )
    if not is_time or not has_work:
        return False
    port.wake()
    row.woken_on = today
    if from_record(row.belief).load is Load.OFF:
        row.cold_since = house().now()
    row.save(update_fields=["woken_on", "cold_since"])
    return True
