"""The verbs of the enrolment: capture, acknowledge, re-tell, purge; and the print packets on
their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ampera.enrolment.actions.capturing import capture
from ampera.enrolment.actions.looking_up import (
    look_for_recording,
    look_for_the_rest,
    retell_looked_up,
)
from ampera.enrolment.actions.print_packets import (
    drop_passed_packet,
    drop_print_packet,
    give_print_packet,
    pass_print_packet,
    read_print_packet,
)
from ampera.enrolment.actions.receiving import (
    acknowledge,
    note_packet_sent,
    purge,
    refresh_guards,
    retell_received,
)
from ampera.journal.entry import Entry
from ampera.words.office import Tier

REACTIONS: Final[Mapping[tuple[str, Tier], Callable[[Entry], object]]] = MappingProxyType(
    {
        ("enrolment.received/1", Tier.DINAS): retell_received,
        ("request.taken/1", Tier.PUSAT): look_for_recording,
        ("enrolment.looked_up/1", Tier.DINAS): retell_looked_up,
    }
)
TICKS: Final[Mapping[Tier, Sequence[Callable[[], object]]]] = MappingProxyType(
    {Tier.PUSAT: (acknowledge, look_for_the_rest), Tier.DINAS: (purge,), Tier.KECAMATAN: (purge,)}
)

__all__ = [
    "REACTIONS",
    "TICKS",
    "acknowledge",
    "capture",
    "drop_passed_packet",
    "drop_print_packet",
    "give_print_packet",
    "look_for_recording",
    "look_for_the_rest",
    "note_packet_sent",
    "pass_print_packet",
    "purge",
    "read_print_packet",
    "refresh_guards",
    "retell_looked_up",
    "retell_received",
]
