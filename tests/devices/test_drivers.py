"""Which driver an address names, and the one that needs its maker's SDK."""

from __future__ import annotations

import importlib.util
import threading
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from ampera.devices import drivers
from ampera.devices.drivers import printer_at
from ampera.devices.evolis import REASON_BY_STATE, CannotDraw, EvolisPrinter, reasons_of
from ampera.devices.ipp.client import IppPrinter
from ampera.devices.ipp.cups import CupsPrinter
from ampera.printing.ports import (
    CardPrinter,
    JobState,
    PrinterState,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
    Supply,
    Unreachable,
)
from ampera.words.refusal import Refusal

from .conftest import CARD_PDF


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("ipp://10.0.0.7:8631/ipp/print", "ipp://10.0.0.7:8631/ipp/print"),
        ("ipp://printer.local", "ipp://printer.local:631/ipp/print"),
        ("ipp://printer.local/", "ipp://printer.local:631/ipp/print"),
        ("cups://kartu", "ipp://localhost:631/printers/kartu"),
        ("cups://10.0.0.8/kartu", "ipp://10.0.0.8:631/printers/kartu"),
        ("cups://10.0.0.8:6310/kartu", "ipp://10.0.0.8:6310/printers/kartu"),
    ],
)
def test_an_address_names_its_driver(address: str, uri: str) -> None:
    printer = printer_at(address)
    assert isinstance(printer, IppPrinter)
    assert isinstance(printer, CupsPrinter) is address.startswith("cups")
    assert printer.uri == uri


@pytest.mark.parametrize("address", ["", "10.0.0.7", "lpd://10.0.0.7/kartu", "ipp:/x", "IPP//x"])
def test_an_address_without_a_driver_is_refused(address: str) -> None:
    answer = printer_at(address)
    assert isinstance(answer, Refusal)
    assert answer.code == "devices.unknown_driver"
    assert "ipp, cups, evolis" in answer.text("id")
    assert "ipp, cups, evolis" in answer.text("en")


@pytest.mark.parametrize(
    "address",
    [
        *("ipp://", "ipp://:631/x", "ipp://host:port/x", "ipp://[::1/x", "ipp://a@b/x"),
        *("ipp://host/x?y", "cups://", "cups://host/", "cups://host:x/kartu", "cups://a b"),
        *("cups://a/b/kartu", "evolis://", "evolis:///"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused_with_an_example(address: str) -> None:
    answer = printer_at(address)
    assert isinstance(answer, Refusal)
    assert answer.code == "devices.wrong_address"
    assert address.partition("://")[0] in str(answer.facts["example"])


def test_without_the_makers_sdk_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "find_spec", lambda _: None)
    answer = printer_at("evolis://Evolis Avansia")
    assert isinstance(answer, Refusal)
    assert answer.code == "devices.driver_missing"
    assert "evolis-sdk" in answer.next_step("id")


@dataclass
class Sdk:
    """A stand-in with the SDK's names; it shows our side of the talk, not the maker's."""

    minor: str = "PRINTER_READY"
    major: str = "READY"
    is_there: bool = True
    takes_pictures: bool = True
    result: str = "OK"
    may_end: threading.Event = field(default_factory=threading.Event)
    pictures: dict[str, bytes] = field(default_factory=dict)
    open_connections: int = 0

    @property
    def CardFace(self) -> Any:
        return SimpleNamespace(FRONT="front", BACK="back")

    def Connection(self) -> Any:
        def reach(name: str) -> bool:
            assert name == "Kartu"
            self.open_connections += self.is_there
            return self.is_there

        def close() -> None:
            self.open_connections -= 1

        return SimpleNamespace(
            open=reach,
            close=close,
            get_state=lambda: SimpleNamespace(
                major=SimpleNamespace(name=self.major), minor=SimpleNamespace(name=self.minor)
            ),
            get_info=lambda: SimpleNamespace(
                serialNumber="10000123", markName="Evolis", modelName="Avansia"
            ),
            get_ribbon_info=lambda: SimpleNamespace(capacity=500, remaining=125),
            get_retransfer_film_info=lambda: None,
        )

    def PrintSession(self, _: Any) -> Any:
        def take(face: str, picture: bytearray) -> bool:
            self.pictures[face] = bytes(picture)
            return self.takes_pictures

        def run(_: int) -> Any:
            assert self.may_end.wait(30)
            return SimpleNamespace(name=self.result)

        return SimpleNamespace(
            set_image_buffer=take,
            print=run,
            get_last_error=lambda: SimpleNamespace(name="PRINT_EDATA"),
        )


def evolis(sdk: Sdk) -> EvolisPrinter:
    return EvolisPrinter("Kartu", sdk=sdk, draw=lambda document: (b"F" + document, b"B"))


def ended(printer: CardPrinter, job_name: str) -> JobState:
    for _ in range(3000):
        seen = printer.find(job_name)
        assert seen is not None
        if seen.state.is_ended:
            return seen.state
        time.sleep(0.005)
    raise AssertionError("the card never came out")


@pytest.mark.parametrize(
    ("result", "state"), [("OK", JobState.COMPLETED), ("PRINT_EMECHANICAL", JobState.ABORTED)]
)
def test_a_card_is_printed_once_and_found_by_name(result: str, state: JobState) -> None:
    sdk = Sdk(result=result)
    printer = evolis(sdk)
    sent = printer.send(job_name="att_1", document=CARD_PDF)
    assert sent.state is JobState.PROCESSING
    assert printer.look().state is PrinterState.PROCESSING
    with pytest.raises(Rejected) as no:
        printer.send(job_name="att_2", document=CARD_PDF)
    assert no.value.reason is RejectedReason.BUSY
    with pytest.raises(Rejected):
        printer.purge()
    canceled = printer.cancel("att_1")
    assert canceled is not None
    assert not canceled.state.is_ended
    sdk.may_end.set()
    assert ended(printer, "att_1") is state
    assert sdk.pictures == {"front": b"F" + CARD_PDF, "back": b"B"}
    assert sdk.open_connections == 0
    printer.purge()
    assert printer.find("att_1") is None


def test_it_tells_state_model_and_supplies() -> None:
    printer = evolis(Sdk(minor="INF_HEATING"))
    printer.wake()
    seen = printer.look()
    assert seen.state is PrinterState.IDLE
    assert seen.reasons == (Reason("subunit-warming-up", Severity.REPORT),)
    assert (seen.model, seen.may_print) == ("Evolis Avansia", True)
    assert seen.supplies == (Supply("ribbon", "ink-ribbon", 25),)
    assert seen.uuid == evolis(Sdk()).look().uuid


def test_a_fault_stops_it_and_an_unknown_one_is_told_by_its_own_name() -> None:
    seen = evolis(Sdk(minor="ERR_HEAD_TEMP", major="ERROR")).look()
    assert (seen.state, seen.may_print) == (PrinterState.STOPPED, False)
    assert seen.has("subunit-over-temperature")
    assert reasons_of("ERR_NEW", major="ERROR") == (Reason("err-new", Severity.ERROR),)
    assert reasons_of("CFG_FLIP", major="READY") == (Reason("cfg-flip", Severity.REPORT),)
    assert reasons_of("PRINTER_READY", major="READY") == ()


def test_a_printer_that_is_not_there_is_sent_nothing() -> None:
    dark = evolis(Sdk(is_there=False))
    for ask in (dark.look, lambda: dark.send(job_name="att_1", document=CARD_PDF)):
        with pytest.raises(Unreachable):
            ask()
    with pytest.raises(Unreachable):
        evolis(Sdk(major="OFF", minor="PRINTER_OFFLINE")).look()
    assert dark.find("att_1") is None


def test_a_document_that_cannot_be_drawn_or_taken_leaves_no_job() -> None:
    def cannot(_: bytes) -> tuple[bytes, bytes]:
        raise CannotDraw("gs is not installed")

    sdk = Sdk()
    for printer in (
        EvolisPrinter("Kartu", sdk=sdk, draw=cannot),
        evolis(no_pictures := Sdk(takes_pictures=False)),
    ):
        with pytest.raises(Rejected) as no:
            printer.send(job_name="att_1", document=CARD_PDF)
        assert no.value.reason is RejectedReason.DOCUMENT
        assert printer.find("att_1") is None
    assert (sdk.open_connections, no_pictures.open_connections) == (0, 0)


@pytest.mark.skipif(
    importlib.util.find_spec("evolis") is None, reason="the maker's evolis-sdk is not installed"
)
def test_every_state_in_the_table_is_one_that_the_sdk_has() -> None:
    sdk: Any = importlib.import_module("evolis")
    assert set(REASON_BY_STATE) <= {each.name for each in sdk.State.Minor}
