"""`/healthz`: is this server up, can it read its database? No person, no office's figures."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from ampera.journal.house import house
from ampera.journal.marks import read_mark
from ampera.sync.health import link_status
from ampera.tiers.opening import CODE_MARK
from ampera.words.clock import utc_text


def healthz(_: HttpRequest) -> JsonResponse:
    """200 when the database answers; what it raises otherwise is a 500."""
    here = house()
    link = link_status() if here.upper is not None else None
    return JsonResponse(
        {
            "code": str(here.code),
            "tier": here.tier.value,
            "ok": read_mark(CODE_MARK) == str(here.code),
            "incarnation": here.incarnation,
            "at": utc_text(here.clock.now()),
            "is_clock_doubtful": here.is_clock_doubtful,
            # The next hop upward, for the link test of a server below.
            "link": None if link is None else {"is_up": link.is_up, "error": link.error},
        }
    )
