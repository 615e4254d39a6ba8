"""Cards taken in, given back and destroyed: what entries say of each piece, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ampera.journal.alarms import clear_alarm, raise_alarm
from ampera.journal.entry import Entry
from ampera.journal.rows import rows_of
from ampera.withdrawal.models import Destruction, Gone, InBatch, InHand, Made, NotShown, Piece
from ampera.withdrawal.projection.places import keep, place
from ampera.withdrawal.rules.pieces import ALARMING, How, Standing
from ampera.withdrawal.rules.policy import Cause, Way
from ampera.words.clock import utc_text

_TAKEN_IN: Final = "TAKEN_IN"
#: What an officer may say of the old card that means that it is still outside.
_OUTSIDE: Final = frozenset({"NOT_SHOWN", ""})


def card_checked(entry: Entry) -> None:
    """Which blanko the card is made of."""
    facts = entry.facts
    told = {
        "serial": facts["serial"],
        "office": str(entry.origin),
        "result": facts["result"],
        **place(entry),
    }
    known = rows_of(Made).get(facts["card"])
    if known is not None and known.corrected:
        del told["serial"]
    if known is None or not known.at or (told["at"], told["hash"]) < (known.at, known.hash):
        rows_of(Made).put(card=facts["card"], **told)


def attempt_corrected(entry: Entry) -> None:
    """A card that was checked and REJECTED is on another blanko; one that is not checked yet tells
    its blanko with its check."""
    by = f"{utc_text(entry.at)} {entry.hash}"
    for each in entry.facts["named"]:
        if not each["result"]:
            continue
        known = rows_of(Made).get(each["card"])
        if known is not None and (-known.corrected, known.corrected_by) <= (-each["n"], by):
            continue
        rows_of(Made).put(
            card=each["card"], serial=each["serial"], corrected=each["n"], corrected_by=by
        )


def card_handed_over(entry: Entry) -> None:
    """The card that was replaced lies here, or it is still outside."""
    facts = entry.facts
    old_card, voided = facts.get("old_card") or "", facts.get("voids") or ""
    if old_card == _TAKEN_IN:
        told = {
            "card": voided,
            "serial": facts.get("old_serial") or "",
            "how": How.AT_HANDOVER.value,
            "cause": "",
            "request": facts.get("request") or "",
            "office": str(entry.origin),
            "place": "",
            "standing": Standing.VOID.value,
            "officer": entry.officer,
        }
        keep(old_piece(facts["card"]), told=told, entry=entry)
    elif voided and old_card in _OUTSIDE:
        told = {
            "request": facts.get("request") or "",
            "office": str(entry.origin),
            **place(entry),
        }
        known = NotShown.objects.filter(pk=voided).values_list("at", "hash").first()
        if known is None or (told["at"], told["hash"]) < known:
            NotShown.objects.update_or_create(card=voided, defaults=told)


def old_piece(card: str) -> str:
    """The piece that came in when this new card was handed over; it may have no id of its own."""
    return f"old_{card[4:]}"


def withdrawal_taken_in(entry: Entry) -> None:
    """A card was brought, found, fetched or taken from the drawer. Outside it is an alarm when it
    is live, and when the books have it in a register or in a package (`away`)."""
    facts, body = entry.facts, entry.body or {}
    standing, how = Standing(facts["standing"]), How(facts["how"])
    told = {
        "card": facts["card"],
        "serial": facts["serial"],
        "how": how.value,
        "cause": Cause(facts["cause"]).value if facts["cause"] else "",
        "request": "",
        "office": str(entry.origin),
        "place": facts["place"],
        "standing": standing.value,
        "brought_by": body.get("brought_by") or "",
        "officer": entry.officer,
    }
    keep(facts["piece"], told=told, entry=entry)
    away = facts.get("away") or ""
    if how is How.FOUND and (standing in ALARMING or away):
        name = facts["serial"] or facts["card"]
        where = f" and lies at {away}" if away else ""
        raise_alarm(
            _found(facts["piece"]),
            f"{name} was found outside and brought to {entry.origin}; by the books it is"
            f" {standing.value}{where}",
        )


def withdrawal_given_back(entry: Entry) -> None:
    """A found card is in its holder's hand again."""
    facts = entry.facts
    piece, _ = Piece.objects.get_or_create(pk=facts["piece"])
    since = (utc_text(entry.at), entry.hash)
    if not piece.back_at or since < (piece.back_at, piece.back_hash):
        Piece.objects.filter(pk=piece.pk).update(
            back_at=since[0], back_hash=since[1], back_officer=entry.officer
        )
    InHand.objects.filter(piece=facts["piece"]).delete()
    clear_alarm(_found(facts["piece"]))


def destruction_done(entry: Entry) -> None:
    """A batch is gone. Raises KeyError or ValueError (parked) on facts that are none."""
    facts, body = entry.facts, entry.body or {}
    pieces = list(facts["pieces"])
    if len(pieces) != facts["total"]:
        raise ValueError("a batch is as large as its list")
    Destruction.objects.update_or_create(
        destruction=facts["destruction"],
        defaults={
            "number": facts["number"],
            "office": str(entry.origin),
            "place": facts["place"],
            "way": Way(facts["way"]).value,
            "cause": Cause(facts["cause"]).value,
            "total": facts["total"],
            "officers": list(facts["officers"]),
            "witnesses": list(body.get("witnesses") or []),
            "on": facts["on"],
            "at": utc_text(entry.at),
        },
    )
    for each in pieces:
        _note_gone(each, entry=entry)


def _note_gone(each: Mapping[str, Any], *, entry: Entry) -> None:
    facts = entry.facts
    told = {
        "destruction": facts["destruction"],
        "card": each["card"],
        "serial": each["serial"],
        "cause": facts["cause"],
        "office": str(entry.origin),
        "on": facts["on"],
        **place(entry),
    }
    known = Gone.objects.filter(pk=each["piece"]).first()
    if known is not None and known.destruction != facts["destruction"]:
        raise_alarm(
            f"destroyed_twice:{each['piece']}",
            f"{each['serial'] or each['piece']} stands in two batches of destruction,"
            f" {known.destruction} and {facts['destruction']}",
        )
    if known is None or (told["at"], told["hash"]) < (known.at, known.hash):
        Gone.objects.update_or_create(piece=each["piece"], defaults=told)
    InBatch.objects.filter(pk=each["piece"]).delete()
    InHand.objects.filter(piece=each["piece"]).delete()
    clear_alarm(_found(each["piece"]))


def _found(piece: str) -> str:
    """The alarm about a find: raised when it comes in, over when it is given back or gone."""
    return f"found:{piece}"
