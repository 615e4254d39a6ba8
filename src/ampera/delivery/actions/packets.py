"""Print packets go with their cards: a portrait stays at an office no longer than its card."""

from __future__ import annotations

from contextlib import suppress

from ampera.delivery.models import PacketDeleted
from ampera.delivery.ports import PrintPackets
from ampera.delivery.queries import packets_to_delete
from ampera.journal.second_log import secure


def delete_print_packets(packets: PrintPackets, *, most: int = 50) -> int:
    """Delete the print packets of handed-over cards; the worker's tick. Returns how many went.

    Deleting is asked again until it worked.
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
