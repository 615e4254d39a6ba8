"""Who may be given which card, and in whose hand it is until then. Pure."""

from __future__ import annotations

from ampera.delivery.rules.custody import (
    BUNDLE_CARDS_MAX,
    BundleWish,
    CardHeld,
    Claim,
    Custody,
    Place,
    Standing,
    Why,
    decide_seal,
    decide_take_back,
    standing_of,
    why_not_out,
)
from ampera.delivery.rules.handover import (
    Handover,
    OldCard,
    Receiver,
    Verified,
    decide_hand_over,
    must_take_old_card,
    tidy_serial,
)
from ampera.delivery.rules.policy import Code, Policy, Uncollected, policy, read_policy

__all__ = [
    "BUNDLE_CARDS_MAX",
    "BundleWish",
    "CardHeld",
    "Claim",
    "Code",
    "Custody",
    "Handover",
    "OldCard",
    "Place",
    "Policy",
    "Receiver",
    "Standing",
    "Uncollected",
    "Verified",
    "Why",
    "decide_hand_over",
    "decide_seal",
    "decide_take_back",
    "must_take_old_card",
    "policy",
    "read_policy",
    "standing_of",
    "tidy_serial",
    "why_not_out",
]
