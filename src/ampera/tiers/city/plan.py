"""Which servers a city has and where they listen (architecture §9, Ports)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ampera.register.rules.palembang import DINAS, HOSTED, PRINTING_KECAMATAN
from ampera.tiers.city.waiting_plan import Waiting
from ampera.tiers.folder import ServerFolder
from ampera.tiers.telling import CannotError
from ampera.words.office import PUSAT, OfficeCode, Tier

PUSAT_OFFSET: Final = 50
CONTROL_OFFSET: Final = 90
PRINTER_OFFSET: Final = 100
ADDRESS: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PrintLoad:
    """What the kecamatan of a city are built with when more is to be printed there than a demo
    needs: so many residents each who never had a card, and so many boxes of blanko."""

    people: int
    boxes: int


@dataclass(frozen=True, slots=True)
class CityPlan:
    """One city: its folder, its ports, its kecamatan."""

    data: Path
    base_port: int
    kecamatan: tuple[OfficeCode, ...]
    load: PrintLoad | None = None
    waiting: Waiting | None = None  #: who waits on its first day, where a scenario tells

    @property
    def codes(self) -> tuple[OfficeCode, ...]:
        """All servers, from the top."""
        return (PUSAT, DINAS, *self.kecamatan)

    def folder(self, code: OfficeCode) -> ServerFolder:
        return ServerFolder(self.data / code.text)

    def port(self, code: OfficeCode) -> int:
        match code.tier:
            case Tier.PUSAT:
                return self.base_port + PUSAT_OFFSET
            case Tier.DINAS:
                return self.base_port
            case Tier.KECAMATAN:
                return self.base_port + code.number

    def url(self, code: OfficeCode) -> str:
        return f"http://{ADDRESS}:{self.port(code)}"

    def printer_port(self, code: OfficeCode) -> int | None:
        """None at the pusat, which prints nothing."""
        if code == PUSAT:
            return None
        number = code.number if code.tier is Tier.KECAMATAN else 0
        return self.base_port + PRINTER_OFFSET + number

    def printer_url(self, code: OfficeCode) -> str:
        port = self.printer_port(code)
        return f"ipp://{ADDRESS}:{port}/ipp/print" if port else ""

    def printer_folder(self, code: OfficeCode) -> Path:
        return self.data / "printers" / code.text

    @property
    def control_port(self) -> int:
        return self.base_port + CONTROL_OFFSET

    @property
    def ports(self) -> list[int]:
        """Every port of the city."""
        printers = [port for code in self.codes if (port := self.printer_port(code))]
        return [*(self.port(code) for code in self.codes), self.control_port, *printers]

    @property
    def clock_file(self) -> Path:
        return self.data / "clock.json"

    @property
    def city_file(self) -> Path:
        return self.data / "city.json"

    def lived_in(self) -> list[OfficeCode]:
        """The kecamatan whose residents the city knows: those with a server and those they host."""
        hosted = [OfficeCode(guest) for guest, host in HOSTED.items() if self.has(host)]
        return [*self.kecamatan, *hosted]

    def has(self, code: str) -> bool:
        return OfficeCode(code) in self.kecamatan


def plan_city(data: Path, *, base_port: int, offices: str) -> CityPlan:
    """The city that the options of `up` describe. Raises CannotError for what cannot be."""
    if not 1024 <= base_port <= 65535 - PRINTER_OFFSET - 18:
        raise CannotError(
            "--base-port harus antara 1024 dan 65417.", "--base-port lies between 1024 and 65417."
        )
    chosen = PRINTING_KECAMATAN
    if offices:
        wanted = {_code(text.strip()) for text in offices.split(",") if text.strip()}
        unknown = sorted(str(code) for code in wanted - set(PRINTING_KECAMATAN))
        if unknown or not wanted:
            known = ", ".join(str(code) for code in PRINTING_KECAMATAN)
            raise CannotError(
                f"--offices: {', '.join(unknown)} tidak mencetak. Pilih dari: {known}.",
                f"--offices: {', '.join(unknown)} do not print. Choose from: {known}.",
            )
        chosen = tuple(code for code in PRINTING_KECAMATAN if code in wanted)
    return CityPlan(data.absolute(), base_port, chosen)


def _code(text: str) -> OfficeCode:
    """`16.71.02`, or just `2` or `02`."""
    try:
        return OfficeCode(f"{DINAS}.{int(text):02d}" if text.isdecimal() else text)
    except ValueError:
        raise CannotError(
            f"--offices: {text} bukan kode kecamatan seperti 16.71.02.",
            f"--offices: {text} is no code of a kecamatan like 16.71.02.",
        ) from None
