"""What came and went in a span of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from ampera.blanko import rules
from ampera.blanko.models import Move
from ampera.blanko.queries.standing import code_of, count_of
from ampera.blanko.rules import Account, Why
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True)
class StockSheet:
    """What an office had whole in hand, what came and went, and what is left: opening + came −
    went.
    """

    opening: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    closing: int

    @property
    def is_balanced(self) -> bool:
        return self.opening + sum(self.came.values()) - sum(self.went.values()) == self.closing


def stock_sheet(office: OfficeCode | str, *, since: datetime, until: datetime) -> StockSheet:
    """The office's sheet for a span of time, since ≤ t < until: whole blanko in hand (shelf and
    reserved), by the word under which they came or went."""
    code = code_of(office)
    in_hand = [rules.stock_of(code), rules.place(code, Account.RESERVED)]
    # What comes out of a box stays in hand; it neither came nor went.
    crossing = Move.objects.filter(stands=True).exclude(why=Why.OPENED)
    came = crossing.filter(target__in=in_hand).exclude(source__in=in_hand)
    went = crossing.filter(source__in=in_hand).exclude(target__in=in_hand)
    begin, end = utc_text(since), utc_text(until)
    opening = count_of(came.filter(at__lt=begin)) - count_of(went.filter(at__lt=begin))
    closing = count_of(came.filter(at__lt=end)) - count_of(went.filter(at__lt=end))
    return StockSheet(
        opening=opening,
        came=_by_why(came.filter(at__gte=begin, at__lt=end)),
        went=_by_why(went.filter(at__gte=begin, at__lt=end)),
        closing=closing,
    )


def _by_why(rows: QuerySet[Move]) -> dict[str, int]:
    counted = rows.values("why").annotate(total=Sum("count")).order_by("why")
    return {row["why"]: row["total"] for row in counted}
