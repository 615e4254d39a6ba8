"""A print packet of a person who does not exist, of the size of a real one: DATA CONTOH."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from ampera.devices.chip.contents import contents_of
from ampera.enrolment.ports.packets import PrintPacket
from ampera.papers.synthetic import synthetic_portrait, synthetic_signature
from ampera.printing.ports import ChipContents
from tests.recordings import a_card_of, a_resident


def a_packet(number: int = 1, **changes: Any) -> PrintPacket:
    """What the centre sends down for resident `number`."""
    printed = a_card_of(a_resident(number))
    portrait = synthetic_portrait(number, birth_year=1999)
    packet = PrintPacket(
        enrolment=f"enr_{number}",
        mandate=f"mdt_{number}",
        version=printed.version(portrait_sha256=hashlib.sha256(portrait).hexdigest()),
        printed=printed,
        portrait=portrait,
        signature=synthetic_signature(number),
        finger_sha256={
            name: hashlib.sha256(f"{name} {number}".encode()).hexdigest()
            for name in ("finger_1", "finger_2")
        },
    )
    return replace(packet, **changes)


def contents(number: int = 1) -> ChipContents:
    """The chip of resident `number`."""
    made = contents_of(a_packet(number))
    assert isinstance(made, ChipContents), made
    return made


def eight_kilobytes() -> ChipContents:
    """Contents that fill every file of the chip to its last byte."""
    from ampera.devices.chip.layout import the_layout

    layout = the_layout()
    files = {
        file.name: hashlib.shake_256(file.name.encode()).digest(file.bytes_max)
        for file in layout.contents
    }
    return ChipContents("ab" * 32, files)
