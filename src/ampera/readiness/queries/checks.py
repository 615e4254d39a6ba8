"""What must hold of cards and people, asked by `verify` and by the auditor of a simulated
province."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from ampera.journal.house import house
from ampera.readiness.models import Card, OneLiveCard, Word
from ampera.readiness.rules.states import CardState, Said
from ampera.words.office import Tier


def nobody_has_two_live_cards() -> list[str]:
    rows = Card.objects.filter(bars_another=True)
    return [f"{each} has two cards under way" for each in _repeated(rows)]


def nobody_has_two_cards() -> list[str]:
    rows = Card.objects.filter(state=CardState.VALID)
    return [f"{each} has two valid cards" for each in _repeated(rows)]


def _repeated(rows: QuerySet[Card]) -> list[str]:
    many = (
        rows.values("resident")
        .annotate(number=Count("card"))
        .filter(number__gt=1)
        .order_by("resident")
    )
    return [row["resident"] for row in many]


def nothing_is_delivered_twice() -> list[str]:
    """No request ends in two cards."""
    handed = Word.objects.filter(said=Said.HANDED_OVER).values("card")
    rows = Card.objects.filter(card__in=handed).exclude(request="").values("request")
    many = rows.annotate(number=Count("card")).filter(number__gt=1).order_by("request")
    return [f"{row['request']} was delivered twice" for row in many]


def guards_agree() -> list[str]:
    """At the dinas every card under way is guarded, and no guard is left over."""
    if house().tier is not Tier.DINAS:
        return []
    live = set(Card.objects.filter(bars_another=True).values_list("resident", "card"))
    guarded = set(OneLiveCard.objects.values_list("resident", "card"))
    return [f"{card} is under way without a guard" for _, card in sorted(live - guarded)] + [
        f"{card} is guarded and not under way" for _, card in sorted(guarded - live)
    ]
