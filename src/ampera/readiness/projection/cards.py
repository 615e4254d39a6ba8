"""Permits, attempts and cards: each entry adds a word to the set of what is said about a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ampera.journal import sql
from ampera.journal.entry import Entry
from ampera.journal.rows import rows_of
from ampera.readiness.models import Card, Permit, Word
from ampera.readiness.projection.refreshing import hold, rank_of, refresh
from ampera.readiness.rules.states import (
    CHECKS,
    ENDS,
    OF_AN_ATTEMPT,
    SETTLEMENTS,
    VOID_REASONS,
    Said,
)
from ampera.words.clock import utc_text

_RESIDENT: Final = "SELECT resident FROM readiness_card WHERE card = %s"
#: Two looks into two indexes; which of them holds is left to neither database's guess.
_RESIDENTS: Final = """
SELECT resident FROM readiness_card WHERE card = %s
 UNION SELECT resident FROM readiness_card WHERE permit = %s
"""


def permit_granted(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}
    hold(facts["resident"])
    known = rows_of(Permit).get(facts["permit"])
    before = known.print_until if known is not None else ""
    rows_of(Permit).put(
        permit=facts["permit"],
        card=facts["card"],
        resident=facts["resident"],
        request=facts["request"],
        version=facts["version"],
        replaces=facts["replaces"] or "",
        office=facts["office"],
        print_until=max(before, facts["print_until"]),
        granted_at=utc_text(entry.at),
        nik=body.get("nik") or "",
        nama=body.get("nama") or "",
        **_place_told(facts.get("queue") or {}),
        **_lending_told(facts.get("lending") or {}),
    )
    # The grant is believed before anybody else about whose card it is.
    _tell(entry, card=facts["card"], weight=0)


def _place_told(told: Mapping[str, Any]) -> dict[str, int]:
    """Where the request stood, as the grant says it; empty where a grant does not say."""
    if not told:
        return {}
    return {
        "place": told["place"],
        "queue_length": told["of"],
        "jump": 0 if told["key"]["jump"] else 1,
        "urgency": told["key"]["urgency"],
    }


def _lending_told(told: Mapping[str, Any]) -> dict[str, str]:
    """For which office the card is printed elsewhere; empty where it is printed at home."""
    if not told:
        return {}
    return {"lending": told["lending"], "lent_from": told["home"], "lent_why": told["why"]}


def permit_renewed(entry: Entry) -> None:
    known, _ = Permit.objects.get_or_create(pk=entry.facts["permit"])
    if entry.facts["print_until"] > known.print_until:
        Permit.objects.filter(pk=known.pk).update(print_until=entry.facts["print_until"])


def permit_recalled(entry: Entry) -> None:
    _say(entry, Said.RECALLED)


def permit_returned(entry: Entry) -> None:
    _say(entry, Said.RETURNED)


def permit_suspected(entry: Entry) -> None:
    _say(entry, Said.SUSPECTED)


def permit_forfeited(entry: Entry) -> None:
    _say(entry, Said.FORFEITED)


def attempt_opened(entry: Entry) -> None:
    _say(entry, Said.OPENED)


def attempt_ended(entry: Entry) -> None:
    _say(entry, _one_of(entry.facts["outcome"], ENDS))


def attempt_settled(entry: Entry) -> None:
    _say(entry, _one_of(entry.facts["outcome"], SETTLEMENTS))


def card_checked(entry: Entry) -> None:
    _say(entry, _one_of(entry.facts["result"], CHECKS))


def card_handed_over(entry: Entry) -> None:
    """Valid from here on; the card that it replaces is void by the same entry."""
    facts = entry.facts
    _tell(entry, card=facts["card"], weight=1)
    _say(entry, Said.HANDED_OVER)
    if voided := facts.get("voids"):
        _tell(entry, card=voided, weight=3)
        _say(entry, Said.REPLACED, card=voided)


def card_voided(entry: Entry) -> None:
    _tell(entry, card=entry.facts["card"], weight=2)
    _say(entry, _one_of(entry.facts["why"], VOID_REASONS), card=entry.facts["card"])


def destruction_done(entry: Entry) -> None:
    """A destroyed card is void for good, whatever else is or will be told of it."""
    for told in entry.facts["pieces"]:
        if told["card"]:
            _say(entry, Said.DESTROYED, card=told["card"])


def card_imported(entry: Entry) -> None:
    """Cards from before Ampera: they bar a first card."""
    for told in entry.facts["cards"]:
        _tell(entry, card=told["card"], weight=1, resident=told["resident"])
        _say(entry, Said.IMPORTED, card=told["card"])


def _one_of(word: str, among: frozenset[Said]) -> Said:
    """Raises ValueError (the entry is parked) on a word that this kind cannot say."""
    said = Said(word)
    if said not in among:
        raise ValueError(f"{word} is not said by this kind")
    return said


def _tell(entry: Entry, *, card: str, weight: int, resident: str = "") -> None:
    """Whose card it is, for which request, under which permit: the smallest rank is believed."""
    facts = entry.facts
    is_its_own = facts.get("card") == card
    told = {
        "resident": resident or facts["resident"],
        "request": (facts.get("request") or "") if is_its_own else "",
        "permit": (facts.get("permit") or "") if is_its_own else "",
        "rank": rank_of(entry, weight=weight),
    }
    hold(told["resident"])
    known = rows_of(Card).get(card)
    if known is None and not rows_of(Card).add_if_new(card=card, **told):
        known = rows_of(Card).get(card)  # somebody told of it while we waited
    before = known.resident if known is not None else told["resident"]
    if known is not None and told["rank"] < known.rank:
        rows_of(Card).change(card, **told)
    refresh(told["resident"])
    if before != told["resident"]:
        hold(before)
        refresh(before)


def _say(entry: Entry, said: Said, *, card: str = "") -> None:
    """Add one word to the set; whose card it is may be told later. `card` when it is another
    one."""
    facts = entry.facts
    permit = "" if card else facts.get("permit") or ""
    card = card or facts.get("card") or ""
    attempt = facts["attempt"] if said in OF_AN_ATTEMPT else ""
    at = utc_text(entry.at)
    for resident in _residents(card, permit):
        hold(resident)
    key = f"{card}|{permit}|{attempt}|{said}|{entry.origin}"
    is_new = rows_of(Word).add_if_new(
        key=key,
        card=card,
        permit=permit,
        attempt=attempt,
        said=said.value,
        origin=str(entry.origin),
        at=at,
    )
    if not is_new:
        Word.objects.filter(pk=key, at__gt=at).update(at=at)
    # Asked again: whose card it is may have been told while we waited.
    for resident in _residents(card, permit):
        refresh(resident)


def _residents(card: str, permit: str) -> list[str]:
    """Whose card it is, as far as it is told; by the permit where an entry names no card."""
    rows = sql.read(_RESIDENTS, card, permit) if permit else sql.read(_RESIDENT, card)
    return sorted(resident for (resident,) in rows)
