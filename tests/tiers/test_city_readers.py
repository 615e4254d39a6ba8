"""A blank's chip is one physical thing: the reader in a city's printer and the encoder of its
server hear the same."""

from __future__ import annotations

from ampera.devices.chip.memory import MemoryReader
from ampera.devices.ipp.client import IppPrinter
from ampera.devices.simulated.hands import Hands
from ampera.tiers.chips import MEMORY
from ampera.tiers.folder import ServerFolder
from tests.tiers.running import wait_until

OFFICE = "16.71.02"


def test_the_printers_reader_and_the_servers_encoder_hear_the_same_chip(city):
    folder = ServerFolder(city.data / OFFICE)
    assert folder.read().encoder == MEMORY
    hands = Hands(city.data / "printers" / OFFICE)
    wait_until(lambda: hands.physical() is not None)
    seen = hands.physical()
    first = seen.in_order[0]
    port = IppPrinter(host="127.0.0.1", port=city.base + 102)
    assert port.look().has_reader
    uid = port.present()
    assert uid == MemoryReader(folder.chips).uid_of(first)
    assert hands.physical().staged == (first,)
