"""Figures for a proposal from the books of the stations, proposals as they stand, and what of an
accepted one is still to be packed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ampera.blanko.queries.balances import accounts_of_all
from ampera.blanko.queries.sent import Sent, sent_since
from ampera.blanko.rules import Account
from ampera.journal.house import house
from ampera.planning.models import Proposal
from ampera.planning.queries.backlog import backlog_at
from ampera.planning.rules.allocation import Allocation, Claim, Line
from ampera.planning.rules.proposals import Outcome, Wish, line_from, read_wish
from ampera.planning.rules.sharing import share_city
from ampera.planning.rules.ways import ways_policy, weight_of
from ampera.printing.queries import measured_capacity
from ampera.readiness.queries import office_cards, urgent_count
from ampera.register.queries import local_day
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: Of a thousand blanko so many are ruined (Pekalongan 2016: 4.7 %, domain §5.2) and needed, too.
RUINED_PER_MILLE: Final = 47


@dataclass(frozen=True, slots=True)
class ClaimsNow:
    """What there is, and who claims it."""

    stock: int  #: in the dinas's store
    kecamatan: tuple[Claim, ...]
    dinas: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSeen:
    """A proposal, and what was decided."""

    id: str
    at: datetime
    stock: int
    way: str
    share_per_mille: int
    minimum: int
    days: int
    lines: tuple[Line, ...]
    outcome: str  #: empty while nobody decided
    reason: str
    decided_at: datetime | None
    gets: dict[str, int]  #: after the decision, by office
    proposed_by: str
    decided_by: str
    tops: tuple[Line, ...] = ()  #: of the centre's: by province
    letters: Mapping[str, str] = field(default_factory=dict)  #: of the centre's: city → letter
    number: str = ""  #: of the centre's decision

    @property
    def allocation(self) -> Allocation:
        return Allocation(self.stock, self.lines)

    @property
    def is_in_force(self) -> bool:
        return self.outcome in (Outcome.ACCEPTED, Outcome.EDITED)


@dataclass(frozen=True, slots=True)
class ToPack:
    """One line of the accepted allocation that stands: what went and came, what is still to go."""

    office: OfficeCode
    gets: int
    shipped: Sent

    @property
    def sent(self) -> int:
        return self.shipped.count

    @property
    def left(self) -> int:
        return max(0, self.gets - self.sent)

    @property
    def is_done(self) -> bool:
        """Has all of it been counted there, even if short?"""
        return not self.left and not self.shipped.under_way


def claims_now(moment: datetime, *, wish: Wish) -> ClaimsNow:
    """Who needs how many at this moment. The dinas's own shelf *is* the stock: nothing of it counts
    as on hand there, and what its own line gets stays on it."""
    here = house().code
    backlog, shelves = backlog_at(moment), accounts_of_all()
    cards = {card.office: card for card in office_cards()}
    offices = [
        office
        for office, card in cards.items()
        if office.upper == here and card.prints_from is not None
    ]
    counts = ways_policy().urgent_counts(local_day())

    def weight(office: OfficeCode, waits: int) -> int:  # positional: whose, of how many
        urgent = urgent_count(office, card=cards.get(office)) if waits else 0
        return weight_of(waits, urgent=urgent, counts=counts)

    claims = []
    for office in sorted(offices):
        waits = backlog.need(office)
        shelf = shelves.get(office, {})
        on_hand = shelf.get(Account.SHELF.value, 0) + shelf.get("transit", 0)
        claims.append(
            Claim(
                office=str(office),
                backlog=waits,
                on_hand=on_hand,
                need=with_ruined(waits),
                capacity=measured_capacity(office) * wish.days,
                minimum=wish.minimum,
                weight=weight(office, waits),
            )
        )
    own = backlog.need(here)
    dinas = Claim(
        office=str(here),
        backlog=own,
        need=with_ruined(own),
        capacity=measured_capacity(here) * wish.days,
        weight=weight(here, own),
    )
    stock = shelves.get(here, {}).get(Account.SHELF.value, 0)
    return ClaimsNow(stock, tuple(claims), dinas)


def with_ruined(cards: int) -> int:
    """Blanko for so many cards, with what is ruined on the way."""
    return cards + -(-cards * RUINED_PER_MILLE // 1000)


def preview(wish: Wish) -> Allocation | Refusal:
    """What a proposal would say now; nothing is written."""
    terms = read_wish(wish)
    if isinstance(terms, Refusal):
        return terms
    claims = claims_now(house().now(), wish=wish)
    return share_city(claims.stock, kecamatan=claims.kecamatan, dinas=claims.dinas, terms=terms)


def has_open_proposal() -> bool:
    """Is there one that nobody decided?"""
    return Proposal.objects.filter(outcome="").exists()


def decisions_numbered(ending: str) -> int:
    """How many decisions of the centre have a number with this ending."""
    return Proposal.objects.filter(number__endswith=ending).count()


def allocation_seen(allocation: str) -> ProposalSeen | None:
    row = Proposal.objects.filter(pk=allocation).first()
    return _seen(row) if row is not None else None


def proposals(*, most: int = 50) -> list[ProposalSeen]:
    """The newest first."""
    return [_seen(row) for row in Proposal.objects.order_by("-at", "-allocation")[:most]]


def to_pack() -> list[ToPack]:
    """What the newest accepted allocation still asks the stock keepers to send to those below; the
    own part of a dinas stays where it is. A newer one takes the place of what an older one left
    open."""
    here = house().code
    rows = Proposal.objects.filter(outcome__in=[Outcome.ACCEPTED, Outcome.EDITED])
    row = rows.order_by("-decided_at", "-allocation").first()
    if row is None:
        return []
    seen = _seen(row)
    assert seen.decided_at is not None, "an outcome has its time"
    # From the moment of its figures on: what went out before the decision is part of it, too.
    sent = sent_since(here, since=seen.at)
    return [
        ToPack(OfficeCode(office), count, sent.get(OfficeCode(office), Sent()))
        for office, count in sorted(seen.gets.items())
        if count and OfficeCode(office).upper == here
    ]


def _seen(row: Proposal) -> ProposalSeen:
    return ProposalSeen(
        id=row.allocation,
        at=utc_from_text(row.at),
        stock=row.stock,
        way=row.way,
        share_per_mille=row.share_per_mille,
        minimum=row.minimum,
        days=row.days,
        lines=tuple(line_from(each) for each in row.lines),
        outcome=row.outcome,
        reason=row.reason,
        decided_at=utc_from_text(row.decided_at) if row.decided_at else None,
        gets=dict(row.gets),
        proposed_by=row.officer,
        decided_by=row.decided_by,
        tops=tuple(line_from(each) for each in row.tops),
        letters=dict(row.letters),
        number=row.number,
    )
