"""What must hold of cards and people, asked by `verify` and by the auditor of a simulated
province."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from ampera.journal.house import house
from ampera.readiness.models import Card, OneLiveCard, Permit, QueueMove, Word
from ampera.readiness.rules.policy import NOT_URGENT, Moved
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


def nobody_came_first_by_himself() -> list[str]:
    """At the dinas: whoever was granted before others was put there by two different officers."""
    if house().tier is not Tier.DINAS:
        return []
    moves = QueueMove.objects.exclude(request="")
    alone = [each for each in moves if not each.witness or each.officer == each.witness]
    found = [f"{each.move} was moved by one officer alone" for each in sorted(alone, key=str)]
    said = set(moves.values_list("request", "what"))
    first = Permit.objects.filter(Q(jump=0) | Q(urgency__lt=NOT_URGENT))
    for permit in first.order_by("permit"):
        told = [Moved.JUMPED] if permit.jump == 0 else []
        told += [Moved.URGENT] if permit.urgency < NOT_URGENT else []
        found += [
            f"{permit.permit} was granted as {what} and nobody said so"
            for what in told
            if (permit.request, what.value) not in said
        ]
    return found
