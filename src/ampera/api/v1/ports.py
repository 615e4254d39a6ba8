"""What the machine interface needs of things that it may not know. The wiring gives them once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ampera.printing.ports import ChipContents
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """Given once for each process."""

    #: The face of the card of a permit as PDF, as the printer gets it.
    card_pdf: Callable[[str], bytes | Refusal] | None = None
    #: What the chip of a permit's card holds, from its print packet, in memory.
    chip_contents: Callable[[str], ChipContents | Refusal] | None = None
    #: Demo only: the hand that lays the card made of a blanko on the simulated reader.
    lay_on_reader: Callable[[str], None] | None = None


class _Current:
    ports = ApiPorts()


def ports() -> ApiPorts:
    """The ports of this process."""
    return _Current.ports


def open_ports(new: ApiPorts) -> None:
    """Answer machines through these ports from now on."""
    _Current.ports = new
