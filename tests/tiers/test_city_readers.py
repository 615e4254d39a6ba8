"""A blank's chip is one physical thing: the reader in a city's printer and the encoder of its
server hear the same."""

from __future__ import annotations

from ampera.devices.chip.memory import MemoryReader
from ampera.devices.ipp.client import IppPrinter
from ampera.devices.simulated.hands import Hands
from ampera.printing.ports import DeviceError, ReaderSilent
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


def test_the_control_breaks_a_printers_reader_switches_it_off_and_on_again(city):
    port = IppPrinter(host="127.0.0.1", port=city.base + 102)
    assert city.control(f"/reader-broken?printer={OFFICE}")[1]["reader"] == "broken"
    wait_until(lambda: says_nothing(port))
    assert city.control(f"/reader-off?printer={OFFICE}")[1] == {"printer": OFFICE, "reader": "off"}
    wait_until(lambda: not port.look().has_reader)
    city.control(f"/reader-on?printer={OFFICE}")
    wait_until(lambda: port.look().has_reader and not says_nothing(port))
    assert city.control("/reader-off?printer=00")[0] == 404
    assert city.control(f"/reader-off?server={OFFICE}")[0] == 400


def says_nothing(port):
    """Is its reader silent just now? Whoever prints there meanwhile is no answer."""
    try:
        port.present()
    except ReaderSilent:
        return True
    except DeviceError:
        return False
    return False
