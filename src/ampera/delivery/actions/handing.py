"""Handing a finished card over:

The moment from which it is valid, and the one it replaces is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ampera.blanko.rules import is_serial
from ampera.delivery.models import DoorSignature, HandedOnce, PassedOnce
from ampera.delivery.ports import FingerMatcher
from ampera.delivery.queries import bundle_seen, card_held
from ampera.delivery.rules import (
    CardHeld,
    Handover,
    OldCard,
    Receiver,
    Verified,
    decide_hand_over,
    must_take_old_card,
    policy,
    tidy_serial,
)
from ampera.intake.queries import facts_of
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.quarantine import is_quarantined
from ampera.journal.second_log import secure
from ampera.readiness.queries import CardState, PermitSeen, card_state, hold_of, permit_seen
from ampera.register.queries import local_day
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How the receiver was known, what became of the old card, and where it happened.

    verified: `rules.Verified` · exception: a code of `policy.toml` · second: the officer who proved
    to be there too · is_matched: what the finger matcher said · old_card: `rules.OldCard` ·
    bundle, told_at, signature: at a door, with the time of the carrier's phone.
    """

    verified: str = Verified.DOCUMENT.value
    exception: str = ""
    second: str = ""
    is_matched: bool = False
    old_card: str = ""
    old_serial: str = ""
    bundle: str = ""
    told_at: str = ""
    note: str = ""
    signature: str = ""


AT_THE_COUNTER = Proof()


def hand_over(
    command: Command,
    *,
    card: str,
    to: str = Receiver.HOLDER,
    proxy_name: str = "",
    proxy_basis: str = "",
    proof: Proof = AT_THE_COUNTER,
) -> Answer | Refusal:
    """Give a READY card to its holder or a recorded proxy; it is valid from this entry on.

    The entry lies on a second medium before this returns without a refusal: only then the card
    leaves the officer's hand. Asked again with the same command after
    `delivery.second_log_missing`, it tries that medium again and writes nothing twice.
    """
    told = {"to": str(to), "proxy_name": proxy_name, "proxy_basis": proxy_basis}

    def work(pen: Pen) -> Answer | Refusal:
        return _hand_over_in(pen, card=card, told=told, proof=proof)

    content = {"card": card, **told, **{k: v for k, v in asdict(proof).items() if v}}
    answer = perform(command, work, content=content)
    if isinstance(answer, Refusal):
        return answer
    try:
        secure()
    except OSError:
        return Refusal("delivery.second_log_missing")
    return answer


def match_holder(matcher: FingerMatcher | None, *, card: str) -> Refusal | None:
    """Ask the matcher whether a finger on the scanner is the holder's; None means it is.

    Refuses delivery.no_matcher, delivery.not_matched. Never inside a transaction: a device answers.
    """
    if matcher is None:
        return Refusal("delivery.no_matcher")
    try:
        is_holder = matcher.is_holder(card)
    except OSError:
        return Refusal("delivery.no_matcher")
    return None if is_holder else Refusal("delivery.not_matched")


def _hand_over_in(
    pen: Pen, *, card: str, told: Mapping[str, str], proof: Proof
) -> Answer | Refusal:
    if is_quarantined():
        return Refusal("server.quarantined")
    held = card_held(card)
    permit = permit_seen(held.permit) if held is not None else None
    reason = _reason_of(permit)
    handover = _handover(pen, card=card, told=told, proof=proof, about=(permit, reason))
    if (no := decide_hand_over(held, handover=handover)) is not None:
        return no
    assert held is not None
    if permit is None:
        return Refusal("delivery.no_such_card")
    HandedOnce.objects.create(card=card)
    # Whoever passes the card on at this moment claims the same number, and comes second.
    PassedOnce.objects.create(move=f"{card}/{held.moves + 1}")
    pen.write(
        "card.handed_over/1",
        subject=card,
        facts=_facts(held, permit=permit, reason=reason, to=told["to"], proof=proof),
        body=_body(told, proof),
    )
    if proof.signature:
        DoorSignature.objects.create(card=card, strokes=proof.signature)
    return {"card": card, "voids": permit.replaces}


def _facts(
    held: CardHeld, *, permit: PermitSeen, reason: Reason | None, to: str, proof: Proof
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "card": held.card,
        "permit": held.permit,
        "resident": permit.resident,
        "request": permit.request,
        "to": to,
        "verified": Verified(proof.verified).value,
        "voids": permit.replaces,
        "n": held.moves + 1,
        "old_card": proof.old_card or _old_card_of(reason),
    }
    more = {
        "exception": proof.exception if proof.verified == Verified.EXCEPTION else "",
        "second": proof.second,
        "old_serial": tidy_serial(proof.old_serial),
        "bundle": proof.bundle,
        "told_at": proof.told_at,
        "signature": _hash_of(proof.signature),
    }
    return facts | {name: value for name, value in more.items() if value}


def _body(  # positional: one handover
    told: Mapping[str, str], proof: Proof
) -> dict[str, str] | None:
    body: dict[str, str] = {}
    if told["to"] == Receiver.PROXY:
        body = {name: told[name] for name in ("proxy_name", "proxy_basis")}
    if proof.note:
        body["note"] = proof.note[:200]
    return body or None


def _handover(
    pen: Pen,
    *,
    card: str,
    told: Mapping[str, str],
    proof: Proof,
    about: tuple[PermitSeen | None, Reason | None],
) -> Handover:
    permit, reason = about
    out = bundle_seen(proof.bundle) if proof.bundle else None
    rows = policy()
    known = rows.exceptions.get(proof.exception)
    serial = tidy_serial(proof.old_serial)
    return Handover(
        office=str(pen.house.code),
        officer=pen.command.officer,
        **told,
        is_void=card_state(card) is CardState.VOID,
        is_on_hold=permit is not None and is_on_hold(permit.resident),
        reason=reason,
        old_card=proof.old_card,
        old_serial=serial,
        is_old_serial=not serial or is_serial(serial) or rows.is_old_serial(serial),
        verified=proof.verified,
        exception=proof.exception,
        is_exception_known=known is not None and (known.door or not proof.bundle),
        may_alone=rows.may_record_alone(proof.verified, day=local_day()),
        is_matched=proof.is_matched,
        second=proof.second if proof.second != pen.command.officer else "",
        bundle=proof.bundle,
        is_bundle_vouched=out is not None and bool(out.out_second),
    )


def is_on_hold(resident: str) -> bool:
    """Is there a hold on this resident: record, but do not hand over (domain §10 item 16)?"""
    return hold_of(resident) is not None


def _reason_of(permit: PermitSeen | None) -> Reason | None:
    asked = facts_of(permit.request) if permit is not None else None
    return asked.reason if asked is not None else None


def _old_card_of(reason: Reason | None) -> str:
    """What follows from the reason where the officer need not say anything."""
    assert not must_take_old_card(reason), "an old card that must come in was not said"
    return (OldCard.LOST if reason is Reason.LOST else OldCard.NONE).value


def _hash_of(signature: str) -> str:
    return hashlib.sha256(signature.encode()).hexdigest() if signature else ""
