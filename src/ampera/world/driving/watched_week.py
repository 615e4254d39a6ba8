"""The seeded week of one print room on real servers: what `ampera sim --week` plays in virtual
time, here by the wall clock × speed, over HTTP, IPP and hands, so that it can be watched.

Nights are jumped over: the city's clock goes forward only.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ampera.devices.drivers import printer_at
from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.words.clock import Clock, utc_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.driving.client import CALL_SECONDS, Pace, RunningCity
from ampera.world.driving.hopper import Hopper
from ampera.world.driving.hours import local
from ampera.world.driving.plastic import Accounted, count_books
from ampera.world.driving.watched_clock import Metronome
from ampera.world.driving.watched_room import WatchedRoom
from ampera.world.driving.watched_stock import OutOfPeople, Recordings, surely
from ampera.world.week_days import (
    AFTER,
    BEFORE,
    LAST_CALL,
    MONDAY,
    Day,
    DayTold,
    days_of,
    limit_of,
    printer_random,
    shortened,
    the_model,
)

_DAYS: Final = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
#: Permits for each day. Those of the first lie ready before it begins; the others are recorded
#: while cards are printed.
CARDS_A_DAY: Final = 150
_LOOK_SECONDS: Final = 0.25
_ROOM_EVERY: Final = timedelta(minutes=5)
_CALLS_A_SECOND: Final = 200.0
#: Recordings made while cards are printed leave the machine to the printing.
_BESIDE: Final = 5
_BESIDE_SECONDS: Final = 2.0
_MORNING: Final = timedelta(minutes=5)  #: after opening
_MORNING_SPEED: Final = 90.0
_QUIET_SECONDS_MAX: Final = 180.0


@dataclass(frozen=True, slots=True)
class WatchedWeek:
    """Which week is played, where and how fast."""

    city_file: Path
    clock: Clock
    office: OfficeCode
    areas: Sequence[str]  #: the kelurahan whose residents are recorded
    serials: Sequence[str]  #: every blanko that the office was given
    databases: dict[str, Path]
    seed: int = 1
    first: int = 1  #: the day with which it begins; 1 is Monday
    days: int = 5
    speed: float = 240.0  #: while nothing waits for the software
    hours: float = 8.0  #: so long is each day
    permits: int = 0  #: recordings in all; 0: as many as the days need
    tell: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class WeekTold:
    """How the week went."""

    days: list[DayTold]
    accounted: Accounted
    seen: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def row(self) -> dict[str, Any]:
        days = [{**asdict(day), "percent": day.percent} for day in self.days]
        return {
            "days": days,
            "accounted": self.accounted.row(),
            "seen": self.seen,
            "seconds": round(self.seconds, 1),
        }


def play_week(week: WatchedWeek) -> WeekTold:
    """Play it to its end. Raises AssertionError where the city does what it must not."""
    began = time.monotonic()
    player = _Player(week)
    player.prepare()
    whole, length = days_of(week.seed), timedelta(hours=week.hours)
    days = [
        player.day(shortened(whole[n], length=length), opening=MONDAY + timedelta(days=n))
        for n in range(week.first - 1, week.first - 1 + week.days)
    ]
    player.is_over.set()
    player.wait_sent()
    accounted = count_books(player.room.plastic, office=week.office.text, databases=week.databases)
    return WeekTold(days, accounted, sorted(player.room.seen), time.monotonic() - began)


class _Player:
    """Whoever moves the clock, the weather and the officers."""

    def __init__(self, week: WatchedWeek) -> None:
        self.week = week
        city = RunningCity(week.city_file, pace=Pace(_CALLS_A_SECOND))
        told = json.loads(week.city_file.read_text(encoding="utf-8"))
        self._control: str = told["control"]
        self._loket = city.desk(week.office, login="loket")
        self.recordings = Recordings(self._loket, areas=week.areas)
        self.room = WatchedRoom(
            cetak=city.desk(week.office, login="cetak"),
            kepala=city.desk(week.office, login="kepala"),
            hopper=Hopper(city.printer_folder(week.office)),
            hopper_most=the_model().capacity.hopper or 100,
            tell=self._tell,
        )
        self.room.plastic.make(week.serials)
        self._shadow = MemoryPrinter(
            now=MONDAY - timedelta(hours=12), rng=printer_random(week.seed), model=the_model()
        )
        self.is_over = threading.Event()
        address = next(
            each["printer"] for each in told["servers"] if each["code"] == week.office.text
        )
        printer = printer_at(address)
        assert not isinstance(printer, Refusal), printer
        self._printer = printer

    def prepare(self) -> None:
        """Residents are recorded until there is work for the first days; the rest while it runs."""
        wanted = self.week.permits or CARDS_A_DAY * self.week.days
        first = self.week.permits or min(wanted, CARDS_A_DAY)
        self._move(speed=1)
        self._tell(f"{first} orang direkam dulu; cetak dimulai hari Senin")
        self.recordings.add(first, tell=self._tell_recorded)
        self._wait_for_permits(min(first, 50))
        rest = wanted - first
        if rest > 0:
            threading.Thread(target=self._record_beside, args=[rest], daemon=True).start()

    def day(self, day: Day, *, opening: datetime) -> DayTold:
        """From half an hour before opening until everything is put away."""
        length = timedelta(hours=self.week.hours)
        limit = limit_of(self._shadow, day=day, opening=opening, length=length)
        room, hands = self.room, self.room.hopper.hands
        self._move(to=opening - BEFORE)
        hands.set_room(day.celsius(-BEFORE))
        if day.ribbon is not None:
            hands.change_supply("ribbon", real_cards=day.ribbon)
        cards, ruined, room.heat_stops = room.cards, room.plastic.ruined, 0
        self._tell(f"{day.name}: {day.morning:.0f} sampai {day.morning + day.warmer:.0f} °C")
        metronome = self._metronome()
        metronome.start()
        room.at_work = metronome.hands_at_work
        try:
            room.load()
            hottest = self._hours(day, opening=opening, metronome=metronome)
        finally:
            room.at_work = nullcontext
            metronome.stop()
        self._move(speed=1)
        self._wait_quiet()
        room.put_away()
        told = DayTold(
            name=day.name,
            celsius=hottest,
            cards=room.cards - cards,
            limit=limit,
            heat_stops=room.heat_stops,
            spoiled=room.plastic.ruined - ruined,
        )
        self._tell(f"{told.name}: {told.cards} kartu, batas {told.limit} ({told.percent}%)")
        return told

    def _hours(self, day: Day, *, opening: datetime, metronome: Metronome) -> float:
        """What the day does to the printer, and what officers do; returns the hottest °C."""
        week, room, hands = self.week, self.room, self.room.hopper.hands
        closing = opening + timedelta(hours=week.hours)
        jams, cut = [opening + each for each in day.jams], day.cut
        hottest, room_set_at, is_stopped = 0.0, opening - BEFORE, False
        while (now := week.clock.now()) < closing + AFTER:
            # While the printer warms up and somebody sits down at it, minutes count.
            is_morning = now < opening + _MORNING
            metronome.fast = min(week.speed, _MORNING_SPEED) if is_morning else week.speed
            if now - room_set_at >= _ROOM_EVERY:
                room_set_at, celsius = now, day.celsius(now - opening)
                hottest = max(hottest, celsius)
                hands.set_room(celsius)
            if jams and now >= jams[0]:
                jams.pop(0)
                hands.jam_next_card()
            if cut is not None and now >= opening + cut:
                cut = None
                hands.cut_power_at_next_card(Fate.RUINED)
            is_last = now >= closing - LAST_CALL
            if is_last and not is_stopped:
                is_stopped = True
                room.stop()
            room.step(now, is_open=opening <= now and not is_last)
            if is_last and now >= closing and room.is_quiet():
                break
            time.sleep(_LOOK_SECONDS)
        return hottest

    def _metronome(self) -> Metronome:
        return Metronome(
            self._printer,
            clock=self.week.clock,
            card=timedelta(seconds=the_model().print_seconds),
            fast=min(self.week.speed, _MORNING_SPEED),
            set_speed=lambda speed: self._move(speed=speed),
            is_waiting=self.room.is_waiting,
        )

    def _wait_quiet(self) -> None:
        end = time.monotonic() + _QUIET_SECONDS_MAX
        while not self.room.is_quiet():
            assert time.monotonic() < end, "a card is still in work after closing time"
            self.room.step(self.week.clock.now(), is_open=False)
            time.sleep(_LOOK_SECONDS)

    def wait_sent(self) -> None:
        """Until the tier above holds everything."""
        self._move(speed=1)
        end = time.monotonic() + _QUIET_SECONDS_MAX
        while surely(lambda: self._loket.get("health"))["unsent"]:
            assert time.monotonic() < end, "the office does not get rid of its entries"
            time.sleep(_LOOK_SECONDS)

    def _wait_for_permits(self, count: int) -> None:
        end = time.monotonic() + 2 * _QUIET_SECONDS_MAX
        while len(surely(lambda: self.room.cetak.get("permits"))) < count:
            assert time.monotonic() < end, "the permits do not come"
            time.sleep(_LOOK_SECONDS)

    def _tell_recorded(self, count: int) -> None:
        if count % 50 == 0:
            self._tell(f"{count} orang direkam")

    def _record_beside(self, count: int) -> None:
        """The counter works on while cards are printed."""
        while count > 0 and not self.is_over.wait(_BESIDE_SECONDS):
            try:
                self.recordings.add(min(count, _BESIDE))
            except OutOfPeople:
                return
            count -= _BESIDE

    def _move(self, *, to: datetime | None = None, speed: float | None = None) -> None:
        """Through the control of the city: forward to a moment, and how fast from there on."""
        if to is not None and to > self.week.clock.now():
            self._post_clock(to=utc_text(to))
        if speed is not None:
            self._post_clock(speed=f"{speed:g}")

    def _post_clock(self, **what: str) -> None:
        place = urllib.parse.urlsplit(self._control)
        assert place.hostname is not None, self._control
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=CALL_SECONDS)
        try:
            connection.request("POST", f"/clock?{urllib.parse.urlencode(what)}")
            reply = connection.getresponse()
            said = reply.read()
            assert reply.status == http.HTTPStatus.OK, said
        finally:
            connection.close()

    def _tell(self, what: str) -> None:
        at = local(self.week.clock.now(), office=self.week.office)
        self.week.tell(f"{_DAYS[at.weekday()]} {at:%H.%M}  {what}")
