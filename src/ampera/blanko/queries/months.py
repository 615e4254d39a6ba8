"""The month of an office's books, counted from the moves: the same for any past month, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ampera.blanko import rules
from ampera.blanko.models import Move
from ampera.blanko.queries.standing import code_of
from ampera.blanko.rules import Account, Why
from ampera.register.rules.days import day_begins
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode

#: Columns of the report by the word of the move; what has none is *other*.
_IN: Mapping[str, str] = {
    Why.COUNTED: "counted",
    Why.TAKEN: "counted",
    Why.RECEIVED: "received",
    Why.SETTLED: "settled",
    Why.LOAN_RETURNED: "loan_returned",
    Why.LOAN_REPLACED: "loan_returned",
}
_OUT: Mapping[str, str] = {
    Why.SHIPPED: "sent",
    Why.ISSUED: "issued",
    Why.SPOILED: "spoiled",
    Why.LOANED: "loaned",
    Why.DISPUTED: "dispute",
    Why.MISSING: "dispute",
}


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """One office and month: whole blanko in hand, what came and went by column, and what stood on
    the other accounts when it ended."""

    office: OfficeCode
    first_day: date
    last_day: date
    opening: int
    came: Mapping[str, int]  #: counted, received, settled, loan_returned, other
    went: Mapping[str, int]  #: sent, issued, spoiled, loaned, dispute, other
    closing: int  #: by places at the end of the month, not by sums
    by_cause: Mapping[str, int]  #: ruined in this month, rejected cards among them
    rejected: int  #: cards that the check threw out: they were counted as issued before
    short: int  #: of shipments to this office, straight to dispute
    destroyed: int  #: in this month
    standing: Mapping[str, int]  #: account → blanko at the end of the month

    @property
    def is_balanced(self) -> bool:
        moved = sum(self.came.values()) - sum(self.went.values())
        return self.opening + moved == self.closing


def month_seen(office: OfficeCode | str, *, year: int, month: int) -> MonthSeen:
    """The books of an office in one month of its own calendar, from every move told here."""
    code = code_of(office)
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    begin, end = (utc_text(day_begins(code, day=day)) for day in (first, after))
    hands = {rules.stock_of(code), rules.place(code, Account.RESERVED)}
    flows = _Flows({}, {}, {}, {})
    opening = 0
    lies: dict[str, tuple[str, int]] = {}
    rows = Move.objects.filter(
        Q(source__startswith=f"{code}/") | Q(target__startswith=f"{code}/"),
        at__lt=end,
        stands=True,
    )
    columns = ("item", "source", "target", "why", "count", "cause", "at")
    for item, source, target, why, count, cause, at in (
        rows.order_by("item", "n").values_list(*columns).iterator(chunk_size=2000)
    ):
        lies[item] = (target, 0 if target == rules.OPENED else count)
        if at >= begin:
            flows.note((source, target, why, count, cause), hands=hands, office=code)
        elif why != Why.OPENED:
            opening += count * ((target in hands) - (source in hands))
    standing: dict[str, int] = {}
    for at_place, count in lies.values():
        if rules.office_of(at_place) == code and count:
            name = str(rules.account_of(at_place) or "")
            standing[name] = standing.get(name, 0) + count
    in_hand = {str(rules.account_of(each) or "") for each in hands}
    return MonthSeen(
        office=code,
        first_day=first,
        last_day=date.fromordinal(after.toordinal() - 1),
        opening=opening,
        came=flows.came,
        went=flows.went,
        closing=sum(standing.pop(name, 0) for name in sorted(in_hand)),
        by_cause=dict(sorted(flows.by_cause.items())),
        rejected=flows.more.get("rejected", 0),
        short=flows.more.get("short", 0),
        destroyed=flows.more.get("destroyed", 0),
        standing=dict(sorted(standing.items())),
    )


@dataclass(frozen=True, slots=True)
class _Flows:
    came: dict[str, int]
    went: dict[str, int]
    by_cause: dict[str, int]
    more: dict[str, int]

    def note(  # positional: one move
        self, move: tuple[str, str, str, int, str], *, hands: set[str], office: OfficeCode
    ) -> None:
        source, target, why, count, cause = move
        if why == Why.OPENED:
            return
        if target in hands and source not in hands:
            _add(self.came, _IN.get(why, "other"), count)
        if source in hands and target not in hands:
            _add(self.went, _OUT.get(why, "other"), count)
        if why == Why.SPOILED:
            _add(self.by_cause, cause or "other", count)
            if source == rules.place(office, Account.ISSUED):
                _add(self.more, "rejected", count)
        if why == Why.SHORT:
            _add(self.more, "short", count)
        if why == Why.DESTROYED:
            _add(self.more, "destroyed", count)


def _add(figures: dict[str, int], name: str, count: int) -> None:  # positional: a sum
    figures[name] = figures.get(name, 0) + count
