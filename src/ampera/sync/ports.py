"""What the wiring gives to the post: where bulk bytes come from and go to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ampera.sync.link import Snapshot
from ampera.words.office import OfficeCode


def _no_snapshot(_: OfficeCode) -> Snapshot | None:
    return None


def _no_print_packet(_: OfficeCode, __: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class PostPorts:
    """Given once at wiring time. Without them the post carries entries only."""

    #: Folder for sealed packets that children send up.
    packets_folder: Path | None = None
    #: The newest snapshot for a child office.
    snapshot: Callable[[OfficeCode], Snapshot | None] = _no_snapshot
    #: The sealed print packet of that SHA-256 for a child office, if it is that office's.
    print_packet: Callable[[OfficeCode, str], bytes | None] = _no_print_packet


class _Current:
    ports = PostPorts()


def ports() -> PostPorts:
    """The ports of this process."""
    return _Current.ports


def open_ports(new: PostPorts) -> None:
    """Serve bulk bytes through these ports from now on."""
    _Current.ports = new
