"""The rules of the books: places, numbered moves, and who may make which. Pure.

A blanko is always in exactly one place, `16.71.02/shelf`. Each move carries its number, the one
before plus one, so that two moves with one number show a blanko in two places. Balances are counted
from places: no order of arrival can drive one below zero (architecture §5).
"""

from __future__ import annotations

from ampera.blanko.rules.acts import (
    Carried,
    LoanTerms,
    check_loan,
    check_two,
    split_seen,
)
from ampera.blanko.rules.days import (
    LATE,
    DayCount,
    DayDifference,
    DayState,
    InHand,
    check_may_close,
    compare_day,
    list_hash,
    size_of,
)
from ampera.blanko.rules.exchange import (
    check_exchange,
    is_exchange,
)
from ampera.blanko.rules.goods import (
    SIZE_READ_MAX,
    Box,
    box_size_max,
    check_goods,
    first_repeated,
    is_box_label,
    is_serial,
    overlapping,
    serial_after,
)
from ampera.blanko.rules.moves import (
    Move,
    may_move,
    moves_of,
)
from ampera.blanko.rules.places import (
    COUNTED,
    DAY_CLOSED,
    FIRST_COUNT,
    MAKER,
    MOVED,
    OPENED,
    UNSEEN,
    Account,
    Why,
    account_of,
    is_near,
    office_of,
    place,
    receiver_of,
    stock_of,
    transit_to,
)
from ampera.blanko.rules.policy import policy

__all__ = [
    "COUNTED",
    "DAY_CLOSED",
    "FIRST_COUNT",
    "LATE",
    "MAKER",
    "MOVED",
    "OPENED",
    "SIZE_READ_MAX",
    "UNSEEN",
    "Account",
    "Box",
    "Carried",
    "DayCount",
    "DayDifference",
    "DayState",
    "InHand",
    "LoanTerms",
    "Move",
    "Why",
    "account_of",
    "box_size_max",
    "check_exchange",
    "check_goods",
    "check_loan",
    "check_may_close",
    "check_two",
    "compare_day",
    "first_repeated",
    "is_box_label",
    "is_exchange",
    "is_near",
    "is_serial",
    "list_hash",
    "may_move",
    "moves_of",
    "office_of",
    "overlapping",
    "place",
    "policy",
    "receiver_of",
    "serial_after",
    "size_of",
    "split_seen",
    "stock_of",
    "transit_to",
]
