"""Handing a finished card over:

The moment from which it is valid, and the one it replaces is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ampera.delivery.models import HandedOnce, PacketDeleted
from ampera.delivery.ports import PrintPackets
from ampera.delivery.queries import card_held, packets_to_delete
from ampera.delivery.rules import Handover, Receiver, Verified, decide_hand_over
from ampera.journal.actions import Answer, Command, Pen, perform
from ampera.journal.quarantine import is_quarantined
from ampera.journal.second_log import secure
from ampera.readiness.queries import CardState, card_state, permit_seen
from ampera.words.refusal import Refusal


def hand_over(
    command: Command,
    *,
    card: str,
    to: str = Receiver.HOLDER,
    proxy_name: str = "",
    proxy_basis: str = "",
    verified: str = Verified.DOCUMENT,
) -> Answer | Refusal:
    """Give a READY card to its holder or a recorded proxy; it is valid from this entry on.

    The entry lies on a second medium before this returns without a refusal: only then the card
    leaves the officer's hand. Asked again with the same command after
    `delivery.second_log_missing`, it tries that medium again and writes nothing twice.
    """
    told = {
        "to": to,
        "proxy_name": proxy_name,
        "proxy_basis": proxy_basis,
        "verified": Verified(verified).value,
    }

    def work(pen: Pen) -> Answer | Refusal:
        return _hand_over_in(pen, card=card, told=told)

    answer = perform(command, work, content={"card": card, **told})
    if isinstance(answer, Refusal):
        return answer
    try:
        secure()
    except OSError:
        return Refusal("delivery.second_log_missing")
    return answer


def _hand_over_in(pen: Pen, *, card: str, told: Mapping[str, str]) -> Answer | Refusal:
    if is_quarantined():
        return Refusal("server.quarantined")
    handover = Handover(
        office=str(pen.house.code),
        officer=pen.command.officer,
        to=told["to"],
        proxy_name=told["proxy_name"],
        proxy_basis=told["proxy_basis"],
        is_void=card_state(card) is CardState.VOID,
    )
    held = card_held(card)
    if (no := decide_hand_over(held, handover=handover)) is not None:
        return no
    assert held is not None
    permit = permit_seen(held.permit)
    if permit is None:
        return Refusal("delivery.no_such_card")
    HandedOnce.objects.create(card=card)
    proxy = {name: told[name] for name in ("proxy_name", "proxy_basis")}
    pen.write(
        "card.handed_over/1",
        subject=card,
        facts={
            "card": card,
            "permit": held.permit,
            "resident": permit.resident,
            "request": permit.request,
            "to": told["to"],
            "verified": told["verified"],
            "voids": permit.replaces,
        },
        body=proxy if told["to"] == Receiver.PROXY else None,
    )
    return {"card": card, "voids": permit.replaces}


def delete_print_packets(packets: PrintPackets, *, most: int = 50) -> int:
    """Delete the print packets of handed-over cards; the worker's tick. Returns how many went.

    A portrait stays at an office no longer than its card. Deleting is asked again until it worked.
    """
    waiting = packets_to_delete(most=most)
    if not waiting:
        return 0
    # Before a packet is purged its reason lies on a second medium (architecture §4).
    secure()
    deleted = 0
    for permit in waiting:
        with suppress(OSError):  # one bad file does not keep the other portraits here
            packets.delete(permit)
            PacketDeleted.objects.get_or_create(permit=permit)
            deleted += 1
    return deleted
