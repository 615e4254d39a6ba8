"""What a printer is doing about its heat, and how long that still takes: for the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ampera.journal.house import house
from ampera.printing.models import PrinterPace
from ampera.printing.rules.heat import Load, from_record
from ampera.printing.rules.models import model_of


@dataclass(frozen=True, slots=True)
class PaceSeen:
    """One printer's pace. `left` is how long what it does now still takes, None when nobody
    can tell."""

    printer: str
    load: Load
    model: str
    wait_code: str  #: why no card is begun, empty when one may
    left: timedelta | None
    warm_up: timedelta  #: measured, else as the model's leaflet has it
    is_warm_up_measured: bool
    cooling: timedelta
    stops: int  #: times that it has stopped itself for heat, since it is watched
    #: Seconds a card at the pace that keeps it just cool enough; None before it ever stopped.
    card_seconds_kept: int | None


def pace_of(printer: str) -> PaceSeen | None:
    """The pace of one printer; None before it was ever looked at."""
    row = PrinterPace.objects.filter(pk=printer).first()
    if row is None or not row.belief:
        return None
    belief = from_record(row.belief)
    model = model_of(row.model)
    warm_up = row.warm_up_seconds or model.warm_up_seconds
    kept = None
    if belief.stops:
        share = min(1.0, max(0.05, belief.limit))
        kept = round(belief.card_seconds / share)
    code, until = row.wait_code, row.wait_until
    if belief.load is Load.HOT:
        since = datetime.fromtimestamp(belief.load_at, tz=house().now().tzinfo)
        code, until = "printing.printer_hot", since + timedelta(seconds=belief.cooled_seconds)
    elif belief.load is Load.WARMING and row.cold_since is not None:
        code, until = "printing.warming_up", row.cold_since + timedelta(seconds=warm_up)
    return PaceSeen(
        printer=printer,
        load=belief.load,
        model=row.model,
        wait_code=code,
        left=_left(until),
        warm_up=timedelta(seconds=round(warm_up)),
        is_warm_up_measured=row.warm_up_seconds > 0,
        cooling=timedelta(seconds=round(belief.cooled_seconds)),
        stops=belief.stops,
        card_seconds_kept=kept,
    )


def _left(until: datetime | None) -> timedelta | None:
    if until is None or (left := until - house().now()) <= timedelta(0):
        return None
    return timedelta(seconds=round(left.total_seconds()))
