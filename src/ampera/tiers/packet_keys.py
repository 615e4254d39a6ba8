"""The age keys of a server, drawn when it is made: packets are sealed to their open halves."""

from __future__ import annotations

from typing import Final

from ampera.enrolment.ports.stores import new_identity
from ampera.tiers.folder import ServerFolder
from ampera.words.office import PUSAT, OfficeCode

#: Either key of the centre opens a packet: one may be lost.
CENTRE_KEYS: Final = 2


def make_packet_keys(folder: ServerFolder, *, office: OfficeCode) -> list[str]:
    """Draw the age keys of a new server into its folder; returns the open ones."""
    count = CENTRE_KEYS if office == PUSAT else 1
    pairs = [new_identity() for _ in range(count)]
    folder.packet_keys.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.packet_keys.touch(mode=0o600)
    folder.packet_keys.write_text("".join(f"{secret}\n" for secret, _ in pairs), encoding="utf-8")
    return [open_key for _, open_key in pairs]
