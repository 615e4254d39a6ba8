"""Where a server keeps sealed packets, with which age keys, and what it gives to servers below.

One folder for both sides: the post adds the chunks of a child to the very files that the enrolment
reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ampera.enrolment.actions import note_packet_sent
from ampera.enrolment.ports import PacketRoom, open_room
from ampera.enrolment.ports.packets import sha256_of
from ampera.enrolment.ports.stores import AgeSealer
from ampera.enrolment.queries import packets_to_send
from ampera.register.queries import snapshot_for, snapshot_hash_for
from ampera.sync.link import Snapshot
from ampera.sync.packets import PacketStore, is_digest
from ampera.sync.ports import PostPorts, open_ports
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.print_packets import is_for
from ampera.words.office import PUSAT, OfficeCode, Tier


class FolderStore:
    """Keeps `ampera.enrolment.ports.PacketStore` in the folder that the post fills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._post = PacketStore(folder)

    def put(self, sealed: bytes) -> str:
        return self._post.put(sealed)

    def get(self, packet: str) -> bytes | None:
        if not self.has(packet):
            return None
        return self._post.read(packet, offset=0, most=self._post.size(packet))

    def has(self, packet: str) -> bool:
        # A name comes from another server's entry: it must not lead out of the folder.
        return is_digest(packet) and self._post.has(packet)

    def remove(self, packet: str) -> None:
        if is_digest(packet):
            self._post.drop(packet)

    def names(self) -> list[str]:
        return self._post.all()


class UpwardPackets:
    """Keeps `ampera.sync.packets.PacketSource`: what the tier above is not known to hold."""

    def __init__(self, folder: Path) -> None:
        self._post = PacketStore(folder)

    def waiting(self) -> Sequence[str]:
        return packets_to_send()

    def size(self, digest: str) -> int:
        return self._post.size(digest)

    def read(self, digest: str, *, offset: int, most: int) -> bytes:
        return self._post.read(digest, offset=offset, most=most)

    def note_sent(self, digest: str) -> None:
        note_packet_sent(digest)


def open_packet_room(folder: ServerFolder, *, server: ServerFile) -> None:
    """Let the enrolment and the post of this process use the server's packets and keys."""
    identities = folder.packet_keys.read_text(encoding="utf-8").split()

    def recipient_of(office: OfficeCode) -> str | None:
        # Read anew: `ampera joincode` may have written down another office's key meanwhile.
        return next(iter(folder.read().recipients.get(str(office), [])), None)

    is_pusat = server.office.tier is Tier.PUSAT
    store = FolderStore(folder.packets)
    open_room(
        server.office,
        room=PacketRoom(
            store=store,
            sealer=AgeSealer(),
            centre_recipients=tuple(server.recipients.get(str(PUSAT), [])),
            recipient_of=recipient_of,
            identities=tuple(identities),
            second=FolderStore(folder.second / "packets") if is_pusat else None,
        ),
    )
    open_ports(
        PostPorts(
            packets_folder=folder.packets,
            snapshot=_snapshot_for,
            print_packet=lambda office, digest: _print_packet(store, office, digest),
        )
    )


def _print_packet(store: FolderStore, office: OfficeCode, digest: str) -> bytes | None:
    if not is_for(office, packet=digest):
        return None
    sealed = store.get(digest)
    if sealed is not None and sha256_of(sealed) != digest:
        store.remove(digest)  # torn on this disk: asked for again, it is sealed anew
        return None
    return sealed


def _snapshot_for(office: OfficeCode) -> Snapshot | None:
    if office.tier is not Tier.KECAMATAN:
        return None
    return Snapshot(snapshot_hash_for(office), snapshot_for(office))
