"""From outages that the post noted, proposals and decisions to tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ampera.journal.entry import Entry
from ampera.planning.models import LineOutage, Proposal, SupplyGrant, SupplyRequest
from ampera.planning.rules.proposals import DECIDED, PROPOSED
from ampera.planning.rules.supply import (
    ANSWERED,
    DROPPED,
    GRANTED,
    RECEIVED,
    REQUESTED,
    SENT,
    SupplyState,
)
from ampera.words.clock import utc_text


def line_was_down(entry: Entry) -> None:
    """The line of the entry's origin was cut for a while."""
    LineOutage.objects.update_or_create(
        place=entry.hash,
        defaults={
            "office": str(entry.origin),
            "since": entry.facts["since"],
            "until": entry.facts["until"],
        },
    )


def allocation_proposed(entry: Entry) -> None:
    """A proposal of the entry's officer."""
    facts = entry.facts
    names = ("stock", "way", "share_per_mille", "minimum", "days", "lines")
    Proposal.objects.update_or_create(
        allocation=facts["allocation"],
        defaults={
            "at": facts["cutoff"],
            "officer": entry.officer,
            **{name: facts[name] for name in names},
            "tops": facts.get("tops", []),
            "letters": facts.get("letters", {}),
        },
    )


def allocation_decided(entry: Entry) -> None:
    """What the head said to it. It follows the proposal in one chain."""
    Proposal.objects.filter(pk=entry.facts["allocation"]).update(
        outcome=entry.facts["outcome"],
        reason=entry.facts["reason"],
        decided_at=utc_text(entry.at),
        decided_by=entry.officer,
        gets=entry.facts["gets"],
        number=entry.facts.get("number", ""),
    )


def supply_requested(entry: Entry) -> None:
    """A letter was drafted; what follows stands in the same chain."""
    facts = entry.facts
    SupplyRequest.objects.update_or_create(
        request=facts["request"],
        defaults={
            "office": str(entry.origin),
            "state": SupplyState.DRAFTED.value,
            "at": utc_text(entry.at),
            "officer": entry.officer,
            "wanted": facts["wanted"],
            "note": facts["note"],
            "evidence": facts["evidence"],
        },
    )


def supply_sent(entry: Entry) -> None:
    _supply(
        entry,
        SupplyState.SENT,
        number=entry.facts["number"],
        sent_at=utc_text(entry.at),
        sent_by=entry.officer,
    )


def supply_dropped(entry: Entry) -> None:
    _supply(entry, SupplyState.DROPPED)


def supply_answered(entry: Entry) -> None:
    facts = entry.facts
    _supply(
        entry,
        SupplyState.ANSWERED,
        answered_at=utc_text(entry.at),
        promised=facts["promised"],
        promised_on=facts["promised_on"],
        answer=facts["answer"],
    )


def supply_received(entry: Entry) -> None:
    facts = entry.facts
    _supply(
        entry,
        SupplyState.RECEIVED,
        received_at=utc_text(entry.at),
        shipment=facts["shipment"],
        received=facts["received"],
    )


def supply_granted(entry: Entry) -> None:
    """The centre's answer. It may be told again before the letter itself is."""
    facts = entry.facts
    SupplyGrant.objects.update_or_create(
        place=f"{facts['allocation']}/{facts['request']}",
        defaults={
            "request": facts["request"],
            "office": facts["office"],
            "at": utc_text(entry.at),
            "count": facts["count"],
            "promised_on": facts["promised_on"],
            "number": facts["number"],
            "limit": facts["limit"],
        },
    )


def _supply(entry: Entry, state: SupplyState, **told: Any) -> None:  # positional: a stage
    rows = SupplyRequest.objects.filter(pk=entry.facts["request"])
    rows.update(state=state.value, **told)


PROJECTIONS: Final[Mapping[str, Callable[[Entry], None]]] = MappingProxyType(
    {
        "line.was_down/1": line_was_down,
        PROPOSED: allocation_proposed,
        DECIDED: allocation_decided,
        REQUESTED: supply_requested,
        SENT: supply_sent,
        DROPPED: supply_dropped,
        ANSWERED: supply_answered,
        RECEIVED: supply_received,
        GRANTED: supply_granted,
    }
)
