"""What others may ask the books: where a blanko is, how many an office holds, and whether all adds
up.
"""

from __future__ import annotations

from ampera.blanko.queries.alarms import alarms
from ampera.blanko.queries.balances import (
    accounts,
    are_books_open,
    loose_count,
    shelf_count,
)
from ampera.blanko.queries.checks import (
    CHECKS,
    moves_join,
    nothing_is_in_two_places,
    ranges_are_disjoint,
    sums_agree,
)
from ampera.blanko.queries.days import (
    DaySeen,
    closed_day,
    closed_days,
    closed_days_stand,
    days_closed_on,
    last_day,
    list_at,
)
from ampera.blanko.queries.disputes import DisputeSeen, disputes
from ampera.blanko.queries.loans import (
    DebtSeen,
    LoanSeen,
    debt_seen,
    debts,
    loan_seen,
    loans,
    shipment_carried,
)
from ampera.blanko.queries.months import MonthSeen, month_seen
from ampera.blanko.queries.sheets import (
    StockSheet,
    stock_sheet,
)
from ampera.blanko.queries.shipments import (
    ShipmentSeen,
    in_dispute,
    shipment_seen,
    shipments_to,
)
from ampera.blanko.queries.standing import (
    PART,
    Held,
    code_of,
    count_of,
    held,
    held_at,
    next_serial,
)
from ampera.blanko.queries.trail import RangeSeen, Trail, TrailStep, range_seen, trail
from ampera.blanko.queries.where import (
    BlankoSeen,
    MoveSeen,
    account_moves,
    all_places,
    history,
    in_two_places,
    is_found_ruined,
    lying_before,
    whereis,
)

__all__ = [
    "CHECKS",
    "PART",
    "BlankoSeen",
    "DaySeen",
    "DebtSeen",
    "DisputeSeen",
    "Held",
    "LoanSeen",
    "MonthSeen",
    "MoveSeen",
    "RangeSeen",
    "ShipmentSeen",
    "StockSheet",
    "Trail",
    "TrailStep",
    "account_moves",
    "accounts",
    "alarms",
    "all_places",
    "are_books_open",
    "closed_day",
    "closed_days",
    "closed_days_stand",
    "code_of",
    "count_of",
    "days_closed_on",
    "debt_seen",
    "debts",
    "disputes",
    "held",
    "held_at",
    "history",
    "in_dispute",
    "in_two_places",
    "is_found_ruined",
    "last_day",
    "list_at",
    "loan_seen",
    "loans",
    "loose_count",
    "lying_before",
    "month_seen",
    "moves_join",
    "next_serial",
    "nothing_is_in_two_places",
    "range_seen",
    "ranges_are_disjoint",
    "shelf_count",
    "shipment_carried",
    "shipment_seen",
    "shipments_to",
    "stock_sheet",
    "sums_agree",
    "trail",
    "whereis",
]
