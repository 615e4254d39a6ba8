"""The way up and the journal: is the line alive, what is unsent, what do the chains look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.queries import (
    ChainSeen,
    chains,
    count_unsent,
    known_offices,
    oldest_unsent,
    waiting_count,
)
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.ports import Hop, ports
from ampera.screens.shell import is_live, needs, show, show_refusal
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: Entries that wait in another state than projected, in words.
_STATES: Final = {
    "parked": "diparkir: belum dapat dibaca",
    "held": "tertahan di belakang yang diparkir",
    "not_mine": "asalnya tidak berhak menulis",
    "closed": "dari server yang sudah ditutup",
}


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One chain as a row; `unsent` counts what the tier above has not acknowledged."""

    name: str
    is_own: bool
    seq: int
    unsent: int
    seen: ChainSeen


@needs()
@require_GET
def line(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The state of the line. Its block loads anew by itself."""
    return _show(request, officer)


@needs(Action.LINK_TEST)
@require_POST
def test(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Ask the tier above now, and show each hop."""
    ask = ports().test_link
    if ask is None:
        return show_refusal(request, Refusal("screens.no_link_test"))
    return _show(request, officer, hops=ask())


def _show(
    request: HttpRequest, officer: OfficerSeen, *, hops: Sequence[Hop] | None = None
) -> HttpResponse:
    rows = [] if is_live(request) else [_line(each) for each in chains()]
    return show(
        request,
        "screens/line.html",
        block="screens/_line.html" if hops is None else "",
        link=ports().link(),
        unsent=count_unsent(),
        since=oldest_unsent(),
        has_above=house().upper is not None,
        upper=house().upper,
        hops=hops,
        may_test=officer.may(Action.LINK_TEST) and ports().test_link is not None,
        chains=rows,
        waiting=[(_STATES.get(state, state), count) for state, count in waiting_count().items()],
        alarms=open_alarms(),
        servers=known_offices() if house().tier is not Tier.KECAMATAN else [],
    )


def _line(seen: ChainSeen) -> ChainLine:
    is_ours_to_send = seen.name.origin != house().upper
    unsent = max(0, seen.seq - seen.above_seq) if is_ours_to_send else 0
    return ChainLine(str(seen.name), seen.is_own, seen.seq, unsent, seen)
