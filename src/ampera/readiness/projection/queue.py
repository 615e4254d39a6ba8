"""Movements in a queue: what two officers put forward, and what two took back.

Where a request stands follows from the set of its movements, so any order of chains gives the same.
"""

from __future__ import annotations

from django.db.models import Min

from ampera.journal.entry import Entry
from ampera.readiness.models import Asked, QueueMove
from ampera.readiness.projection.refreshing import hold
from ampera.readiness.rules.policy import NOT_URGENT, Moved
from ampera.words.clock import utc_text


def queue_urged(entry: Entry) -> None:
    _moved(entry, Moved.URGENT)


def queue_jumped(entry: Entry) -> None:
    _moved(entry, Moved.JUMPED)


def queue_undone(entry: Entry) -> None:
    """A movement is taken back; of two who say so the earlier stands."""
    move = entry.facts["move"]
    hold(move)
    known, _ = QueueMove.objects.get_or_create(pk=move)
    place = (utc_text(entry.at), entry.hash)
    if not known.undone_at or place < (known.undone_at, known.undone_hash):
        QueueMove.objects.filter(pk=move).update(undone_at=place[0], undone_hash=place[1])
    if known.request:
        _stand(known.request)


def _moved(entry: Entry, what: Moved) -> None:
    facts = entry.facts
    hold(facts["move"])
    known, _ = QueueMove.objects.get_or_create(pk=facts["move"])
    QueueMove.objects.filter(pk=known.pk).update(
        request=facts["request"],
        what=what.value,
        reason=facts["reason"],
        evidence=facts["evidence"],
        rank=facts["rank"],
        office=facts["office"],
        row=facts["row"],
        decided_at=str(entry.origin),
        officer=entry.officer,
        witness=facts["witness"],
        at=utc_text(entry.at),
    )
    _stand(facts["request"])


def _stand(request: str) -> None:
    """Where the request stands by all movements that nobody took back."""
    # Two movements of one request at once: the second computes with the first one's.
    hold(request)
    known, _ = Asked.objects.get_or_create(pk=request)
    standing = QueueMove.objects.filter(request=request, undone_at="")
    urgency = standing.filter(what=Moved.URGENT).aggregate(least=Min("rank"))["least"]
    Asked.objects.filter(pk=known.pk).update(
        jump=0 if standing.filter(what=Moved.JUMPED).exists() else 1,
        urgency=NOT_URGENT if urgency is None else urgency,
    )
