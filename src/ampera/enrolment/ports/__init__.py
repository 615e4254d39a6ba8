"""What the enrolment needs of the world: stores for sealed packets, sealing, and the age keys.

A *packet room* is all of it for one server. `tiers` opens the room of the server that starts; the
simulated province opens one a server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from ampera.enrolment.rules.states import PURGE_GRACE
from ampera.journal.house import house
from ampera.words.office import OfficeCode


class PacketStore(Protocol):
    """Keeps sealed packets under the SHA-256 of their bytes. Nothing in clear ever goes in."""

    def put(self, sealed: bytes) -> str:
        """Keep it and say its name.

        On return it is on the medium. Raises OSError when it is not.
        """
        ...

    def get(self, packet: str) -> bytes | None:
        """The bytes as they lie there, not checked; None when there is no such packet."""
        ...

    def has(self, packet: str) -> bool: ...

    def remove(self, packet: str) -> None:
        """Take it away; nothing happens when it is not there."""
        ...

    def names(self) -> list[str]:
        """All packets, sorted."""
        ...


class Sealer(Protocol):
    """Seals bytes so that any one of the recipients can open them."""

    def seal(self, plain: bytes, *, recipients: Sequence[str]) -> bytes: ...

    def open(self, sealed: bytes, *, identities: Sequence[str]) -> bytes | None:
        """None when no identity opens it, or when it is cut short or changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketRoom:
    """The packets and age keys of one server."""

    store: PacketStore
    sealer: Sealer
    centre_recipients: tuple[str, ...]  #: two open keys: either of the centre's identities opens
    recipient_of: Callable[[OfficeCode], str | None]  #: the open key of an office
    identities: tuple[str, ...] = field(default=(), repr=False)  #: this server's own
    second: PacketStore | None = None  #: the other medium; needed at the pusat
    purge_grace: timedelta = PURGE_GRACE


_rooms: dict[OfficeCode, PacketRoom] = {}


def open_room(code: OfficeCode, *, room: PacketRoom) -> None:
    """From now on that server keeps its packets there."""
    _rooms[code] = room


def room() -> PacketRoom:
    """The room of the server that acts. Asking before one was opened is a defect."""
    found = _rooms.get(house().code)
    assert found is not None, "this server has no packet room: open_room first"
    return found
