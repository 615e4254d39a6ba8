"""The link to the tier above as the worker uses it, with the demo's scissors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ampera.journal.house import house
from ampera.sync.link import Snapshot, Unreachable
from ampera.sync.protocol.messages import Answer, Question, Speaker
from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.print_names import NamingLink


class UpwardLink:
    """The link that is cut while a file says so. Keeps both `Link` and `BulkLink`."""

    def __init__(self, link: NamingLink, *, cut_flag: Path) -> None:
        self._link = link
        self._cut_flag = cut_flag

    def ask(self, message: Question) -> Answer:
        return self._whole().ask(message)

    def packet_size(self, digest: str) -> int:
        return self._whole().packet_size(digest)

    def put_packet(self, digest: str, *, offset: int, size: int, chunk: bytes) -> int:
        return self._whole().put_packet(digest, offset=offset, size=size, chunk=chunk)

    def get_print_packet(self, digest: str) -> bytes:
        return self._whole().get_print_packet(digest)

    def get_snapshot(self, have: str) -> Snapshot | None:
        return self._whole().get_snapshot(have)

    def print_packet_name(self, about: str) -> str | None:
        return self._whole().print_packet_name(about)

    def health(self) -> dict[str, Any]:
        return self._whole().health()

    @property
    def is_cut(self) -> bool:
        return self._cut_flag.exists()

    def _whole(self) -> NamingLink:
        if self.is_cut:
            self._link.close()
            raise Unreachable("cut")
        return self._link


def upward_link(folder: ServerFolder, *, server: ServerFile) -> UpwardLink | None:
    """The link of the server whose house is open; None at the pusat.

    Raises ValueError for an address that cannot be used.
    """
    here = house()
    if here.upper is None:
        return None
    link = NamingLink(
        server.upper,
        addressee=here.upper,
        speaker=Speaker(here.code, here.incarnation),
        key=here.key,
        ca_file=Path(server.ca_file) if server.ca_file else None,
    )
    return UpwardLink(link, cut_flag=folder.cut_flag)
