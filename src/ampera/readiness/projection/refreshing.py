"""Recomputes the states of one resident's cards, permits and requests from the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ampera.journal import sql
from ampera.journal.entry import Entry
from ampera.journal.rows import rows_of
from ampera.readiness.models import Asked, Captured, Card, Lane, Permit, Record, Word
from ampera.readiness.rules.states import (
    OF_THE_HOLDER,
    CardFacts,
    RequestFacts,
    RequestState,
    Said,
    bars_another,
    card_state,
    permit_state,
    request_state,
)
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason

_LET_GO: Final = "DELETE FROM readiness_onelivecard WHERE resident = %s AND card = %s"


def rank_of(entry: Entry, *, weight: int) -> str:
    """Who is believed first: the smaller weight, then the earlier (`seq` orders within one
    moment of one chain), then by hash."""
    return f"{weight}|{utc_text(entry.at)}|{entry.seq:012d}|{entry.hash}"


def hold(resident: str) -> None:
    """From here on whoever else tells of this resident waits until this transaction ends.

    Two transactions that each add a fact would otherwise each compute the states without the
    other's. Held before the facts are written, so that all take the row in the same order.
    """
    if resident:
        # One statement that inserts or updates: either way the row is ours until the end.
        rows_of(Lane).put(resident=resident, turns=1)


def refresh(resident: str) -> None:
    """States follow from facts; nothing here depends on which fact came last. The caller holds the
    resident."""
    if not resident:
        return
    cards = rows_of(Card).where("resident = %s", resident)
    facts = _refresh_cards(resident, cards)
    _refresh_requests(resident, cards, facts)


def card_facts(  # positional: a pair
    cards: Iterable[Card], permits: dict[str, Permit]
) -> dict[str, CardFacts]:
    """All that was said about each card. What only the holder of a permit may say is believed of
    the holder alone."""
    cards = list(cards)
    said: dict[str, set[Said]] = {card.card: set() for card in cards}
    attempts: dict[str, dict[tuple[str, str], set[Said]]] = {card.card: {} for card in cards}
    by_permit = {card.permit: card for card in cards if card.permit}
    for word in _words_of(list(said), list(by_permit)):
        card = word.card or by_permit[word.permit].card
        if card not in said:
            continue
        permit = permits.get(word.permit)
        what = Said(word.said)
        if what in OF_THE_HOLDER and permit is not None and permit.office not in ("", word.origin):
            continue
        if word.attempt:
            attempts[card].setdefault((word.attempt, word.origin), set()).add(what)
        else:
            said[card].add(what)
    return {
        name: CardFacts(
            frozenset(words), tuple(frozenset(each) for each in attempts[name].values())
        )
        for name, words in said.items()
    }


def _words_of(cards: Sequence[str], permits: Sequence[str]) -> list[Word]:
    """Everything said of these cards and permits; both lists are those of a few residents."""
    if not cards:
        return []
    condition = f"card IN ({_marks(cards)})"
    if permits:
        condition += f" OR permit IN ({_marks(permits)})"
    return rows_of(Word).where(condition, *cards, *permits)


def _marks(names: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(names))


def _refresh_cards(resident: str, cards: list[Card]) -> dict[str, CardFacts]:
    found = [rows_of(Permit).get(card.permit) for card in cards if card.permit]
    permits = {permit.permit: permit for permit in found if permit is not None}
    facts = card_facts(cards, permits)
    for card in cards:
        state, bars = card_state(facts[card.card]), bars_another(facts[card.card])
        if (card.state, card.bars_another) != (state, bars):
            rows_of(Card).change(card.card, state=state.value, bars_another=bars)
        if not bars:
            # Idempotent: the guard is let go by whatever ends the card.
            sql.write(_LET_GO, resident, card.card)
        if (permit := permits.get(card.permit)) is not None:
            now = (permit_state(facts[card.card]).value, Said.RECALLED in facts[card.card].said)
            if now != (permit.state, permit.is_recalled):
                rows_of(Permit).change(permit.permit, state=now[0], is_recalled=now[1])
            if permit.lending and not state.is_live:
                # Whose card was printed for another office: known as long as it is made, no longer.
                rows_of(Permit).change(permit.permit, nik="", nama="")
    return facts


def _refresh_requests(resident: str, cards: list[Card], facts: dict[str, CardFacts]) -> None:
    records = rows_of(Record).where("resident = %s", resident)
    own_records = {record.request for record in records}
    every = rows_of(Asked).where("resident = %s", resident)
    states = {}
    for asked in every:
        own = tuple(facts[card.card] for card in cards if card.request == asked.request)
        others = tuple(facts[card.card] for card in cards if card.request != asked.request)
        states[asked.request] = request_state(
            RequestFacts(
                reason=Reason(asked.reason),
                is_confirmed=asked.is_confirmed,
                is_rejected=asked.is_rejected,
                has_record=bool(records),
                is_own_record=asked.request in own_records,
                cards=own,
                others=others,
            )
        )
    delivered = [name for name, state in states.items() if state is RequestState.DELIVERED]
    if delivered:
        _forget_who(delivered)
        records = rows_of(Record).where("resident = %s", resident)
    newest = max(records, key=lambda record: (record.at, record.seq, record.hash), default=None)
    for asked in every:
        now = (
            states[asked.request].value,
            _served_at(asked),
            asked.reason == Reason.NEW,
            newest.printable_from if newest is not None else "",
        )
        if now != (asked.state, asked.served_at, asked.is_first, asked.printable_from):
            names = ("state", "served_at", "is_first", "printable_from")
            rows_of(Asked).change(asked.request, **dict(zip(names, now, strict=True)))


def _served_at(asked: Asked) -> str:
    """The kecamatan at which a first card would be printed: the request's host, or the home's
    own."""
    serves = asked.handed_to or asked.host
    if serves and OfficeCode(serves).tier is Tier.KECAMATAN:
        return serves
    return asked.home[:8]


def _forget_who(requests: list[str]) -> None:
    """Bodies may be erased once a card is handed over, so nothing of them is kept beyond that."""
    Asked.objects.filter(pk__in=requests).update(nik="", nama="")
    Permit.objects.filter(request__in=requests).update(nik="", nama="")
    Captured.objects.filter(request__in=requests).update(printable_from="")
    Record.objects.filter(request__in=requests).update(printable_from="")
