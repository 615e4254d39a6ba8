"""Printing lent: the dinas decides that for some days one office's cards are granted at another.

Nothing that is open moves. The policy is applied here once, and what follows stands in the entry:
both offices, the first and the last day, the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.readiness.models import Permit
from ampera.readiness.projection.refreshing import hold
from ampera.readiness.queries.lending import (
    lending_seen,
    lendings_around,
    office_card,
)
from ampera.readiness.rules.lending import DECIDED, LendFacts, LendWish, decide_end, decide_lend
from ampera.readiness.rules.policy import policy
from ampera.readiness.rules.states import Said
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: What an entry about a permit says, where the kind alone says it; else it is a check's result.
_SAID: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "card.handed_over/1": Said.HANDED_OVER,
        "permit.returned/1": Said.RETURNED,
        "permit.suspected/1": Said.SUSPECTED,
    }
)


def lane_of(office: OfficeCode) -> str:
    """Whoever lends this office's printing, or grants to it, waits here for the other who does."""
    return f"lending/{office}"


def lend_printing(
    command: Command, *, wish: LendWish, is_home_down: bool, is_at_down: bool
) -> dict[str, Any] | Refusal:
    """From a day until a day the cards of `wish.home` are granted at `wish.at`.

    Whether the printers of either are down comes from who knows them. What is granted already
    stays. Returns {"lending"}; the refusals are those of `decide_lend`.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if here.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(here))
        for office in sorted({wish.home, wish.at}, key=str):
            # Of two who lend at one moment the second decides by what the first one wrote.
            hold(lane_of(office))
        day = day_at(here, at=pen.now)
        facts = LendFacts(
            dinas=here,
            home=office_card(wish.home),
            at=office_card(wish.at),
            is_home_down=is_home_down,
            is_at_down=is_at_down,
            others=lendings_around((wish.home, wish.at), day=day),
        )
        if (no := decide_lend(wish, facts=facts, day=day, by=policy())) is not None:
            return no
        lending = pen.new_id("lnd")
        told = {"lending": lending, **_wish_facts(wish)}
        _tell_both(pen, "printing.lent/1", facts=told, offices=(wish.home, wish.at))
        return {"lending": lending}

    # What the printers do is no part of what was said: asked again after a lost answer, when one is
    # up by then, it is the same command.
    return perform(command, work, content=_wish_facts(wish))


def _wish_facts(wish: LendWish) -> dict[str, Any]:
    return {
        "home": wish.home.text,
        "at": wish.at.text,
        "since": wish.since.isoformat(),
        "until": wish.until.isoformat(),
        "why": wish.why,
        "ends_when_up": wish.ends_when_up,
    }


def end_lending(command: Command, *, lending: str, why: str = DECIDED) -> dict[str, Any] | Refusal:
    """From now on the home office's cards are granted at home again; permits that are open at the
    other one stay there. Returns {"lending"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.code.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        known = lending_seen(lending)
        if known is not None:
            hold(lane_of(known.home))
            known = lending_seen(lending)
        no = decide_end(known, day=day_at(pen.house.code, at=pen.now))
        if no is not None or known is None:
            return no or Refusal("readiness.lending_unknown")
        facts = {"lending": lending, "why": why}
        _tell_both(pen, "printing.lending_ended/1", facts=facts, offices=(known.home, known.at))
        return {"lending": lending}

    return perform(command, work, content={"lending": lending, "why": why})


def _tell_both(
    pen: Pen, kind: str, *, facts: dict[str, Any], offices: tuple[OfficeCode, OfficeCode]
) -> None:
    """Both offices are told, always in the same order, so that no two commands wait for each other;
    the dinas, where it prints itself, knows it from the other's chain."""
    for office in sorted(offices, key=str):
        if office != pen.house.code:
            pen.write(kind, subject=facts["lending"], facts=facts, to=office)


# ---- what the home office is told of its cards ----


def tell_home_of_grant_in(pen: Pen, *, facts: Mapping[str, Any]) -> None:
    """A card of an office was granted elsewhere: it learns in the same transaction by whom and
    why. Names nobody; it knows its own resident."""
    names = ("permit", "card", "resident", "request", "office", "print_until", "lending")
    told = {name: facts[name] for name in names}
    home = OfficeCode(facts["lending"]["home"])
    pen.write("permit.lent/1", subject=facts["permit"], facts=told, to=home)


def tell_home(entry: Entry) -> object:
    """Reaction at the dinas to what became of a permit that was granted for another office."""
    row = Permit.objects.filter(pk=entry.facts["permit"]).exclude(lent_from="").first()
    said = _SAID.get(entry.kind) or Said(entry.facts["result"])
    # Only its holder says what became of a permit.
    if row is None or entry.origin.text != row.office:
        return None
    facts = {
        "permit": row.permit,
        "card": row.card,
        "resident": row.resident,
        "request": row.request,
        "office": row.office,
        "said": said.value,
        "at": utc_text(entry.at),
        "voids": entry.facts.get("voids"),
    }

    def work(pen: Pen) -> dict[str, Any]:
        pen.write("permit.told/1", subject=row.permit, facts=facts, to=OfficeCode(row.lent_from))
        return {"permit": row.permit}

    return perform(Command.reaction(entry, "tell_home"), work, content={"permit": row.permit})
