"""The chip encoder of one server: which one `server.json` names, and what it writes for a permit.

`encoder` is empty (the office has none), `memory` (simulated chips in the server's folder) or
`pcsc`, `pcsc:NAME` (the machine's reader whose name contains NAME).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ampera.tiers.folder import ServerFile, ServerFolder
from ampera.tiers.telling import CannotError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ampera.devices.chip.encoder import ReaderEncoder
    from ampera.printing.ports import ChipContents
    from ampera.words.refusal import Refusal

MEMORY: Final = "memory"
PCSC: Final = "pcsc"


def open_encoder_of(folder: ServerFolder, *, server: ServerFile) -> None:
    """From now on this process has the encoder of that server, or none. Raises CannotError."""
    from ampera.printing.ports import open_encoder

    open_encoder(server.office, encoder=encoder_of(folder, server=server))


def encoder_of(folder: ServerFolder, *, server: ServerFile) -> ReaderEncoder | None:
    """The encoder that `server.json` names; None where it names none. Nothing is asked of it yet.

    Raises CannotError for a name that means nothing, and on a real server: keys of real chips are
    only in a SAM of the centre, and this release knows a simulated SAM only.
    """
    if not server.encoder:
        return None
    if not server.is_demo:
        raise CannotError(
            "Rilis ini hanya mengenal SAM simulasi; pembaca cip hanya untuk server contoh."
            f" Kosongkan encoder di {folder.file}",
            "This release knows a simulated SAM only; a chip encoder is for demo servers. Empty"
            f" `encoder` in {folder.file}",
        )
    from ampera.devices.chip.encoder import ReaderEncoder
    from ampera.devices.chip.memory import MemoryReader
    from ampera.devices.chip.pcsc import PcscReader
    from ampera.devices.chip.sam import SimulatedSam

    driver, _, name = server.encoder.partition(":")
    if server.encoder == MEMORY:
        return ReaderEncoder(MemoryReader(folder.chips), SimulatedSam())
    if driver == PCSC:
        return ReaderEncoder(PcscReader(name), SimulatedSam())
    raise CannotError(
        f"encoder {server.encoder!r} di {folder.file} tidak dikenal: memory, pcsc, atau pcsc:NAMA",
        f"encoder {server.encoder!r} in {folder.file} is unknown: memory, pcsc, or pcsc:NAME",
    )


def hand_at_reader(folder: ServerFolder, *, server: ServerFile) -> Callable[[str], None] | None:
    """Who lays a card on the simulated reader; None at a real one, where an officer does."""
    if server.encoder != MEMORY:
        return None
    from ampera.devices.chip.memory import MemoryReader

    return MemoryReader(folder.chips).put


def compose(permit: str) -> ChipContents | Refusal:
    """What the chip of that permit's card holds, from its print packet opened in memory.

    Keeps `ampera.printing.actions.Compose`. No print packet, no chip; refuses what `packet_for`
    and `contents_of` refuse.
    """
    from ampera.devices.chip.contents import contents_of
    from ampera.tiers.rendering import packet_for
    from ampera.words.refusal import Refusal

    packet = packet_for(permit)
    return packet if isinstance(packet, Refusal) else contents_of(packet)
