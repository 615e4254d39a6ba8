"""Lists of sukets, through doors that record the look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.readiness.queries import office_cards, queue_for
from ampera.register.queries import OfficerSeen, Purpose, local_day
from ampera.suket.models import Suket
from ampera.suket.queries.seen import IN_FORCE, SuketSeen, letter_of, seen_of
from ampera.suket.rules.letters import Letter
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

PAGE_MOST: Final = 200
#: A suket that ends within so many days stands on the list of those that expire.
EXPIRES_SOON_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConvert:
    """A suket whose card can be printed as soon as blanks are there."""

    office: OfficeCode  #: who prints the card
    place: int  #: in that office's queue, from 1
    seen: SuketSeen


def suket_for(officer: OfficerSeen, *, suket: str) -> SuketSeen | Refusal:
    """One suket of this dinas; the look is recorded."""
    row = Suket.objects.filter(pk=suket).exclude(number="").first()
    if row is None or officer.office != house().code:
        return Refusal("suket.unknown")
    subjects = [row.suket, row.resident]
    record_look(officer=officer.id, subjects=subjects, purpose=Purpose.SUKET.value)
    return seen_of(row)


def sukets_for(
    officer: OfficerSeen, *, which: str = "valid", skip: int = 0, most: int = PAGE_MOST
) -> list[SuketSeen]:
    """The sukets of this dinas: `valid`, `expiring`, `expired` or `ended`; one look for the page.

    What ends first stands first; of those that ended, the newest.
    """
    found = [seen_of(row) for row in _listed(which)[skip : skip + most]]
    _looked(officer, found)
    return found


def count_sukets(which: str = "valid") -> int:
    """How many there are of that kind."""
    return _listed(which).count()


def _listed(which: str) -> QuerySet[Suket]:
    today = local_day()
    soon = (today + timedelta(days=EXPIRES_SOON_DAYS)).isoformat()
    rows = Suket.objects.exclude(number="")
    in_force = rows.filter(IN_FORCE).order_by("valid_until", "year", "n")
    match which:
        case "expired":
            return in_force.filter(valid_until__lt=today.isoformat())
        case "expiring":
            return in_force.filter(valid_until__gte=today.isoformat(), valid_until__lte=soon)
        case "ended":
            return rows.exclude(IN_FORCE).order_by("-year", "-n")
        case _:
            return in_force.filter(valid_until__gte=today.isoformat())


def to_convert(officer: OfficerSeen) -> list[ToConvert]:
    """Sukets to exchange for cards when blanks arrive, office by office in the order of its queue.

    An expired one waits for its card just so. One look for the page.
    """
    rows = Suket.objects.filter(IN_FORCE).order_by("year", "n")
    newest = {row.request: row for row in rows}
    found = [
        ToConvert(office=card.office, place=place, seen=seen_of(newest[waiting.request]))
        for card in office_cards()
        if newest and card.office.tier is not Tier.PUSAT
        for place, waiting in enumerate(queue_for(card.office, card=card), start=1)
        if waiting.request in newest
    ]
    _looked(officer, [each.seen for each in found])
    return found


def _looked(officer: OfficerSeen, found: Iterable[SuketSeen]) -> None:
    subjects = [each.suket for each in found]
    # A page is one entry; a whole city's list is many, none too long for the post.
    for start in range(0, len(subjects), PAGE_MOST):
        part = subjects[start : start + PAGE_MOST]
        record_look(officer=officer.id, subjects=part, purpose=Purpose.SUKET.value)


def sukets_of_request(request: str) -> list[Letter]:
    """The sukets of a request by number, newest first: no name, so no look."""
    rows = Suket.objects.filter(request=request).exclude(number="").order_by("-year", "-n")
    return [letter_of(row) for row in rows]
