"""How this server is: its link, what waits to be sent, its chains, what a person must look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema

from ampera.api.v1.door import Answered, look
from ampera.api.v1.shapes import PROBLEMS
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.queries import chains, count_unsent, oldest_unsent, waiting_count
from ampera.register.queries import Action, OfficerSeen
from ampera.sync.health import link_status
from ampera.words.office import Tier

router: Final = Router()


class Link(Schema):
    """The link to the tier above as of the last try. Times of wall clock."""

    is_up: bool
    last_contact: datetime | None
    last_try: datetime | None
    error: str
    clock_seconds: int  #: how far the clock above is ahead of this one


class Health(Schema):
    code: str
    tier: str
    incarnation: int
    city_time: datetime
    is_demo: bool
    link: Link | None  #: None at the pusat
    unsent: int
    oldest_unsent: datetime | None  #: city time
    is_quarantined: bool
    is_clock_doubtful: bool
    alarms: int
    waiting: dict[str, int]  #: entries that are stored and not projected, by why


class ChainHead(Schema):
    """One chain as it stands here: two servers that agree hold the same hash at the same place."""

    chain: str
    is_own: bool
    seq: int
    hash: str
    known_above: int
    known_at_centre: int


@router.get("/health", response={200: Health, **PROBLEMS})
def health(request: HttpRequest) -> Answered:
    """How this server is."""

    def ask(_: OfficerSeen) -> dict[str, Any]:
        here = house()
        return {
            "code": here.code.text,
            "tier": here.tier.value,
            "incarnation": here.incarnation,
            "city_time": here.now(),
            "is_demo": here.is_demo,
            "link": None if here.tier is Tier.PUSAT else _link(),
            "unsent": count_unsent() if here.tier is not Tier.PUSAT else 0,
            "oldest_unsent": oldest_unsent(),
            "is_quarantined": is_quarantined(),
            "is_clock_doubtful": here.is_clock_doubtful,
            "alarms": len(open_alarms()),
            "waiting": waiting_count(),
        }

    return look(request, Action.FIGURES_SEE, Action.LINK_TEST, ask=ask)


@router.get("/chains", response={200: list[ChainHead], **PROBLEMS})
def heads(request: HttpRequest) -> Answered:
    """Every chain known here, for whoever compares two servers. Names nobody."""

    def ask(_: OfficerSeen) -> list[dict[str, Any]]:
        return [
            {
                "chain": str(each.name),
                "is_own": each.is_own,
                "seq": each.seq,
                "hash": each.hash,
                "known_above": each.above_seq,
                "known_at_centre": each.top_seq,
            }
            for each in chains()
        ]

    return look(request, Action.JOURNAL_SEE, ask=ask)


def _link() -> dict[str, Any]:
    status = link_status()
    names = ("is_up", "last_contact", "last_try", "error", "clock_seconds")
    return {name: getattr(status, name) for name in names}
