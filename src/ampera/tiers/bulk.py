"""Bulk bytes of the post, a bounded lot a round: packets up, copies of the register down."""

from __future__ import annotations

import time
from typing import Final

from ampera.journal.house import house
from ampera.register.actions import load_snapshot
from ampera.register.queries import loaded_snapshot_hash
from ampera.sync.health import link_status
from ampera.sync.link import LinkError, Rejected
from ampera.sync.packets import carry_packets
from ampera.tiers.folder import ServerFolder
from ampera.tiers.packet_room import UpwardPackets
from ampera.tiers.print_packets import keep, wanted
from ampera.tiers.upward import UpwardLink
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: A kecamatan asks this often whether there is a newer copy of the register.
SNAPSHOT_SECONDS: Final = 300.0
#: So many print packets in one round.
PRINT_PACKETS: Final = 20


class Bulk:
    """The bulk part of one server's round. Does nothing while the link is down."""

    def __init__(self, link: UpwardLink | None, *, folder: ServerFolder) -> None:
        self._link = link
        self._packets = UpwardPackets(folder.packets)
        self._ask_at = time.monotonic() + SNAPSHOT_SECONDS if loaded_snapshot_hash() else 0.0

    def step(self) -> None:
        """Errors of the link end the round: the next one goes on where this one stopped."""
        link = self._link
        if link is None or link.is_cut or not link_status().is_up:
            return
        try:
            carry_packets(link, source=self._packets)
            self._fetch_print_packets(link)
            if house().tier is Tier.KECAMATAN and time.monotonic() >= self._ask_at:
                self._ask_at = time.monotonic() + SNAPSHOT_SECONDS
                self._fetch_snapshot(link)
        except LinkError:
            return

    def _fetch_print_packets(self, link: UpwardLink) -> None:
        for about, key in wanted(most=PRINT_PACKETS):
            name = link.print_packet_name(about)
            if name is not None:
                keep(link.get_print_packet(name), key=key)

    def _fetch_snapshot(self, link: UpwardLink) -> None:
        try:
            found = link.get_snapshot(loaded_snapshot_hash())
        except Rejected:
            return  # the dinas has none for us yet
        if found is None:
            return
        loaded = load_snapshot(found.data, keep=residents_of_open_cases())
        if isinstance(loaded, Refusal):
            raise ValueError(f"the copy of the register was refused: {loaded.code}")


def residents_of_open_cases() -> list[str]:
    """Who stays although the copy does not hold them any more: an open request names them."""
    from ampera.intake.queries import requests_of

    return sorted({each.resident for each in requests_of(house().code)})
