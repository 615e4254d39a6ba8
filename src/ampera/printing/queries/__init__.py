"""What others may see of printing: attempts, cards to check, printers, their pace and their upkeep.

Nothing here names a person: screens join permits to people through readiness's doors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ampera.printing.queries.attempts import (
    Counters,
    PrintedCard,
    PrinterOverview,
    RunSeen,
    attempt_seen,
    attempts_of,
    attempts_on,
    cards_to_check,
    counters_today,
    measured_capacity,
    newest_on,
    open_attempts,
    printed_card,
    printed_twice,
    printer_overview,
    printers,
    restless_on,
    run_on,
    run_on_at,
    runs_on,
    unknown_attempts,
    why_waiting,
)
from ampera.printing.queries.chips import (
    chips_of_blank,
    chips_told_twice,
    encoding_of,
    is_chip_used,
    is_pair_read,
    newest_told,
    serials_of_chip,
)
from ampera.printing.queries.custody import CustodyDesk, custody_desk, lying_by_account
from ampera.printing.queries.exchange import exchange_facts, holder_of
from ampera.printing.queries.lending import (
    DownOffice,
    LendingDesk,
    is_lending_asked,
    lending_desk,
)
from ampera.printing.queries.pace import PaceSeen, pace_of
from ampera.printing.queries.today import PrinterToday, printer_today
from ampera.printing.queries.upkeep import (
    NoteSeen,
    SupplySeen,
    cards_since,
    is_away,
    is_office_down_now,
    is_printer_known,
    notes_of,
    open_stop,
    open_stops,
    printer_names,
    stops_between,
    stops_of,
    supplies_of,
)
from ampera.printing.rules.attempts import AttemptSeen
from ampera.printing.rules.chips import Encoding
from ampera.printing.rules.stops import StopSeen

CHECKS: Final[Sequence[Callable[[], Sequence[str]]]] = (printed_twice, chips_told_twice)

__all__ = [
    "CHECKS",
    "AttemptSeen",
    "Counters",
    "CustodyDesk",
    "DownOffice",
    "Encoding",
    "LendingDesk",
    "NoteSeen",
    "PaceSeen",
    "PrintedCard",
    "PrinterOverview",
    "PrinterToday",
    "RunSeen",
    "StopSeen",
    "SupplySeen",
    "attempt_seen",
    "attempts_of",
    "attempts_on",
    "cards_since",
    "cards_to_check",
    "chips_of_blank",
    "chips_told_twice",
    "counters_today",
    "custody_desk",
    "encoding_of",
    "exchange_facts",
    "holder_of",
    "is_away",
    "is_chip_used",
    "is_lending_asked",
    "is_office_down_now",
    "is_pair_read",
    "is_printer_known",
    "lending_desk",
    "lying_by_account",
    "measured_capacity",
    "newest_on",
    "newest_told",
    "notes_of",
    "open_attempts",
    "open_stop",
    "open_stops",
    "pace_of",
    "printed_card",
    "printed_twice",
    "printer_names",
    "printer_overview",
    "printer_today",
    "printers",
    "restless_on",
    "run_on",
    "run_on_at",
    "runs_on",
    "serials_of_chip",
    "stops_between",
    "stops_of",
    "supplies_of",
    "unknown_attempts",
    "why_waiting",
]
