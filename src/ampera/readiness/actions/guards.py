"""The local guards made anew from the facts, after a rebuild or a restore."""

from __future__ import annotations

from typing import assert_never

from django.db import transaction

from ampera.journal.house import house
from ampera.readiness.models import Card, OneLiveCard, OneMandate, Permit, PermitHold, Record, Word
from ampera.readiness.rules.states import (
    OF_THE_HOLDER,
    AttemptState,
    CardFacts,
    PermitState,
    Said,
    attempt_state,
    permit_state,
)
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
    """A hold for each permit of this office that is not open, as its own words have it.

    After a restore they come back before the grants of the tier above: a permit whose grant is not
    known yet is held too, or its attempt could never end.
    """
    here = str(house().code)
    told: dict[str, list[Word]] = {}
    for word in Word.objects.exclude(permit="").order_by("at", "key"):
        if word.origin == here or Said(word.said) not in OF_THE_HOLDER:
            told.setdefault(word.permit, []).append(word)
    offices = dict(Permit.objects.exclude(office="").values_list("permit", "office"))
    for permit, words in sorted(told.items()):
        attempts: dict[str, set[Said]] = {}
        for word in words:
            if word.attempt:
                attempts.setdefault(word.attempt, set()).add(Said(word.said))
        said = frozenset(Said(word.said) for word in words if not word.attempt)
        facts = CardFacts(said, tuple(frozenset(each) for each in attempts.values()))
        state = permit_state(facts)
        if offices.get(permit, here) != here or state is PermitState.OPEN:
            continue
        open_ones = [
            name for name, each in attempts.items() if attempt_state(each) is not AttemptState.OVER
        ]
        PermitHold.objects.create(
            permit=permit,
            attempt=open_ones[-1] if open_ones else "returned",
            is_spent=state is not PermitState.IN_ATTEMPT,
        )
