"""An office in custody: what ends its permits at once, and when it may have new ones. Pure.

Forfeit frees a permit two days after its day, or when two officers of the dinas have the office's
server, its printers and every blank by serial in custody (architecture §5, Permit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

SEIZED: Final = "office.seized/1"
RELEASED: Final = "office.released/1"
#: Longer than this is no label, no place and no number of a paper.
TEXT_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Seizure:
    """What two officers of a dinas declared of one office. It names nobody."""

    seizure: str
    office: OfficeCode
    at: datetime
    officers: tuple[str, ...]
    server: str  #: the label on the machine
    printers: tuple[str, ...]
    place: str  #: where all of it lies
    document: str  #: number of the berita acara
    blanko: int
    surplus: tuple[str, ...]  #: serials that lie there too, and the books do not have there
    permits: int  #: forfeited by it
    released_at: datetime | None = None
    released_by: tuple[str, ...] = ()
    released_document: str = ""


def check_office(office: OfficeCode, *, here: OfficeCode, is_seized: bool) -> Refusal | None:
    """May this server declare that of this office?"""
    if here.tier is not Tier.DINAS:
        return Refusal("readiness.not_the_dinas", office=str(office))
    if office.upper != here:
        return Refusal("readiness.office_unknown", office=str(office))
    return Refusal("readiness.office_seized", office=str(office)) if is_seized else None


def check_two(officer: str, *, witness: str) -> Refusal | None:
    """Two persons: both proved themselves in this act; the second is not the author."""
    if not officer or not witness or witness == officer:
        return Refusal("officer.same_person")
    return None


def check_texts(texts: Sequence[str]) -> Refusal | None:
    """Is every one of these given, and short enough to be what it says?"""
    if all(each.strip() and len(each) <= TEXT_MAX for each in texts):
        return None
    return Refusal("readiness.seizure_paper", most=TEXT_MAX)


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What decides whether an office gets its things back."""

    here: OfficeCode
    seizure: Seizure | None
    #: Its server, whichever life of it, has shown that it holds the news of the forfeit.
    is_news_there: bool


def check_release(facts: ReleaseFacts, *, document: str) -> Refusal | None:
    """May it print again? Its server would still take the forfeited permits for open ones if it had
    not been told; so it is told first, at the dinas, before it leaves."""
    if facts.here.tier is not Tier.DINAS:
        return Refusal("readiness.not_the_dinas", office=str(facts.here))
    if facts.seizure is None or facts.seizure.released_at is not None:
        return Refusal("readiness.office_not_seized")
    if (no := check_texts([document])) is not None:
        return no
    if not facts.is_news_there:
        return Refusal("readiness.seizure_not_told", office=str(facts.seizure.office))
    return None
