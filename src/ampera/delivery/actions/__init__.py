"""What delivery does: bundles sealed and sent, cards handed over and taken back, messages sent."""

from __future__ import annotations

from ampera.delivery.actions.bundles import (
    Carrier,
    report_undelivered,
    seal_bundle,
    secure_again,
    send_bundle,
    take_back,
)
from ampera.delivery.actions.door import DoorAct, settle_conflict, tell_door
from ampera.delivery.actions.handing import Proof, hand_over, match_holder
from ampera.delivery.actions.packets import delete_print_packets

__all__ = [
    "Carrier",
    "DoorAct",
    "Proof",
    "delete_print_packets",
    "hand_over",
    "match_holder",
    "report_undelivered",
    "seal_bundle",
    "secure_again",
    "send_bundle",
    "settle_conflict",
    "take_back",
    "tell_door",
]
