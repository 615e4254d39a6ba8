"""Which driver stands behind a printer's address in `server.json`.

::

    ipp://10.0.0.7:631/ipp/print     a card printer on the network, or the simulator
    cups://kartu                     a queue of this machine's CUPS server
    cups://10.0.0.8/kartu            a queue of another one
    evolis://Evolis Avansia          by the maker's own SDK, if it is installed

Nothing is asked of the printer here: an address that is right may still name a dark machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Final
from urllib.parse import unquote, urlsplit

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.ipp.cups import CUPS_PORT, CupsPrinter
from ampera.printing.ports import CardPrinter
from ampera.words.refusal import Refusal

IPP_PORT: Final = 631
EVOLIS_PACKAGE: Final = "evolis-sdk"
#: A queue's name as `lpadmin` takes it: no blank, no slash, no hash.
_QUEUE: Final = re.compile(r"[^\s/#?]{1,127}")
_EXAMPLES: Final[Mapping[str, str]] = {
    "ipp": "ipp://10.0.0.7:631/ipp/print",
    "cups": "cups://kartu",
    "evolis": "evolis://NAMA",
}


def printer_at(address: str) -> CardPrinter | Refusal:
    """The driver for this address. Refused when the address is wrong or its driver is missing."""
    scheme, mark, rest = address.partition("://")
    driver = _DRIVERS.get(scheme)
    if not mark or driver is None:
        return Refusal("devices.unknown_driver", address=address, drivers=", ".join(_DRIVERS))
    try:
        return driver(rest, address)
    except ValueError:  # a port that is no number, brackets that do not close
        return _wrong(address)


def _ipp(rest: str, address: str) -> CardPrinter | Refusal:  # positional: part, whole
    parts = urlsplit(f"//{rest}")
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        return _wrong(address)
    path = parts.path if parts.path not in ("", "/") else "/ipp/print"
    return IppPrinter(host=parts.hostname, port=parts.port or IPP_PORT, path=path)


def _cups(rest: str, address: str) -> CardPrinter | Refusal:  # positional: part, whole
    host, slash, queue = rest.rpartition("/")
    if not slash:
        host = "localhost"
    parts = urlsplit(f"//{host}")
    if not parts.hostname or parts.path or not _QUEUE.fullmatch(queue):
        return _wrong(address)
    return CupsPrinter(queue=queue, host=parts.hostname, port=parts.port or CUPS_PORT)


def _evolis(rest: str, address: str) -> CardPrinter | Refusal:  # positional: part, whole
    name = unquote(rest).strip("/")
    if not name:
        return _wrong(address)
    if find_spec("evolis") is None:
        return Refusal("devices.driver_missing", address=address, package=EVOLIS_PACKAGE)
    from ampera.devices.evolis import EvolisPrinter  # only where the SDK is there

    return EvolisPrinter(name)


def _wrong(address: str) -> Refusal:
    scheme = address.partition("://")[0]
    return Refusal("devices.wrong_address", address=address, example=_EXAMPLES[scheme])


_DRIVERS: Final[Mapping[str, Callable[[str, str], CardPrinter | Refusal]]] = {
    "ipp": _ipp,
    "cups": _cups,
    "evolis": _evolis,
}
assert set(_DRIVERS) == set(_EXAMPLES)
