"""The local guards made anew from the facts, after a rebuild or a restore."""

from __future__ import annotations

from typing import assert_never

from django.db import transaction

from ampera.journal.house import house
from ampera.readiness.models import Card, OneLiveCard, OneMandate, Permit, PermitHold, Record, Word
from ampera.readiness.rules.states import PermitState, Said
from ampera.words.office import Tier


def refresh_guards() -> None:
    """Recompute every guard of this server from its projections."""
    with transaction.atomic():
        OneLiveCard.objects.all().delete()
        OneMandate.objects.all().delete()
        PermitHold.objects.all().delete()
        match house().tier:
            case Tier.PUSAT:
                _guard_mandates()
            case Tier.DINAS:
                _guard_cards()
                _guard_permits()
            case Tier.KECAMATAN:
                _guard_permits()
            case _:
                assert_never(house().tier)


def _guard_mandates() -> None:
    newest: dict[str, Record] = {}
    for row in Record.objects.order_by("at", "seq", "hash"):
        newest[row.resident] = row
    OneMandate.objects.bulk_create(
        OneMandate(resident=row.resident, mandate=row.mandate, dinas=row.dinas)
        for row in newest.values()
    )


def _guard_cards() -> None:
    # Two cards under way are for `verify` to name; here the first keeps the guard.
    OneLiveCard.objects.bulk_create(
        (
            OneLiveCard(resident=row.resident, card=row.card)
            for row in Card.objects.filter(bars_another=True).order_by("rank")
        ),
        ignore_conflicts=True,
    )


def _guard_permits() -> None:
    over = {Said.SPOILED.value, Said.WITHDRAWN.value, Said.SHELF.value}
    held = Permit.objects.filter(office=str(house().code)).exclude(state=PermitState.OPEN)
    for permit in held:
        words: dict[str, set[str]] = {}
        for word in Word.objects.filter(permit=permit.permit).exclude(attempt="").order_by("at"):
            words.setdefault(word.attempt, set()).add(word.said)
        open_ones = [attempt for attempt, said in words.items() if not said & over]
        PermitHold.objects.create(
            permit=permit.permit,
            attempt=open_ones[-1] if open_ones else "returned",
            is_spent=permit.state != PermitState.IN_ATTEMPT,
        )
