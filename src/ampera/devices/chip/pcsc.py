"""A real reader over PC/SC: pyscard and the machine's pcscd.

pyscard is optional (`pip install ampera[pcsc]`): an office without an encoder needs no compiler.
Where it is missing the reader says so, as it says that pcscd does not run. pyscard's lowest layer
is used: no threads watch the reader, and each answer of the service is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from ampera.devices.chip.encoder import Channel, ReaderSeen
from ampera.printing.ports.chip import ChipUnreachable, NoChip, NoReader

#: Names of PC/SC return codes after which there is no card, or none that speaks.
_NO_CHIP: Final = (
    *("SCARD_E_NO_SMARTCARD", "SCARD_W_REMOVED_CARD", "SCARD_W_UNRESPONSIVE_CARD"),
    *("SCARD_W_UNPOWERED_CARD", "SCARD_W_UNSUPPORTED_CARD", "SCARD_E_PROTO_MISMATCH"),
)


def _scard() -> Any:
    """pyscard's lowest layer. Raises NoReader where it is not installed."""
    try:
        return import_module("smartcard.scard")
    except ImportError as missing:
        raise NoReader(f"pyscard is not installed: ampera[pcsc] ({missing})") from None


@dataclass(slots=True)
class _Card:
    """The channel to the chip that is connected."""

    scard: Any
    handle: Any
    protocol: Any
    atr: bytes

    def transmit(self, command: bytes) -> bytes:
        code, answer = self.scard.SCardTransmit(self.handle, self.protocol, list(command))
        if code != self.scard.SCARD_S_SUCCESS:
            raise ChipUnreachable(self.scard.SCardGetErrorMessage(code))
        return bytes(each & 0xFF for each in answer)


class PcscReader:
    """The first reader whose name contains `name`; the first of all when it is empty."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    @contextmanager
    def session(self) -> Iterator[Channel]:
        with self._context() as (scard, context):
            wanted = self._reader(scard, context)
            protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
            code, handle, active = scard.SCardConnect(
                context, wanted, scard.SCARD_SHARE_EXCLUSIVE, protocols
            )
            if code != scard.SCARD_S_SUCCESS:
                raise self._failure(scard, code)
            try:
                code, _, _, _, atr = scard.SCardStatus(handle)
                if code != scard.SCARD_S_SUCCESS:
                    raise self._failure(scard, code)
                is_t0 = active == scard.SCARD_PROTOCOL_T0
                header = scard.SCARD_PCI_T0 if is_t0 else scard.SCARD_PCI_T1
                yield _Card(scard, handle, header, bytes(each & 0xFF for each in atr))
            finally:
                # Power goes, and with it what the chip knew of this session.
                scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)

    def look(self) -> ReaderSeen:
        with self._context() as (scard, context):
            name = self._reader(scard, context)
            code, states = scard.SCardGetStatusChange(
                context, 0, [(name, scard.SCARD_STATE_UNAWARE)]
            )
            if code != scard.SCARD_S_SUCCESS:
                raise NoReader(scard.SCardGetErrorMessage(code))
            state = states[0][1]
            is_present = bool(state & scard.SCARD_STATE_PRESENT)
            is_mute = bool(state & scard.SCARD_STATE_MUTE)
            return ReaderSeen("pcsc", name, is_present and not is_mute)

    @contextmanager
    def _context(self) -> Iterator[tuple[Any, Any]]:
        scard = _scard()
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if code != scard.SCARD_S_SUCCESS:
            raise NoReader(f"pcscd: {scard.SCardGetErrorMessage(code)}")
        try:
            yield scard, context
        finally:
            scard.SCardReleaseContext(context)

    def _reader(self, scard: Any, context: Any) -> str:
        code, names = scard.SCardListReaders(context, [])
        fitting = [str(name) for name in names or () if self._name in str(name)]
        if code != scard.SCARD_S_SUCCESS or not fitting:
            found = ", ".join(str(name) for name in names or ()) or "-"
            raise NoReader(f"no reader {self._name or ''} among: {found}")
        return fitting[0]

    def _failure(self, scard: Any, code: int) -> NoChip | NoReader:
        told = scard.SCardGetErrorMessage(code)
        is_empty = code in [getattr(scard, name) for name in _NO_CHIP]
        return NoChip(told) if is_empty else NoReader(told)
