"""A running city: the supervisor with all its servers and printers, its clock and its control."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from ampera.devices.simulated.hands import Hands
from ampera.devices.simulated.house import serve_printers
from ampera.devices.simulated.model import demo_model
from ampera.devices.simulated.printer import PrinterConfig
from ampera.devices.simulated.station import ReaderSwitch
from ampera.tiers import processes
from ampera.tiers.city.activity import ACTIVITY, Activity, diary_of, run_activity
from ampera.tiers.city.city_file import Accounts, known_accounts, write_city
from ampera.tiers.city.control import Control
from ampera.tiers.city.plan import ADDRESS, CityPlan
from ampera.tiers.city.starting import start_city
from ampera.tiers.city.supervisor import State, Supervisor
from ampera.tiers.city.warming import share
from ampera.tiers.city.week import WEEK, Week, run_week
from ampera.tiers.city_clock import SAVE_SECONDS, CityClock, save_anchor, speed_of
from ampera.tiers.folder import write_json
from ampera.tiers.serving import Serving, run_server
from ampera.tiers.telling import CannotError, say, show_error
from ampera.words.clock import WallClock, utc_from_text, utc_text
from ampera.words.office import OfficeCode

PRINTERS: Final = "printers"
UP_SECONDS_MAX: Final = 60.0
PRINTER_BACK_SECONDS: Final = 2.0
_READER: Final = "reader-"
#: Of the printers' chance: with this one nobody's first fifty cards go wrong.
_LUCK: Final = 6307


class City:
    """All processes of one demo city, seen from their parent."""

    def __init__(
        self,
        plan: CityPlan,
        *,
        clock: CityClock,
        activity: Activity | None = None,
        week: Week | None = None,
    ) -> None:
        """`activity`: None for a city in which nobody comes by himself. `week`: the week of one
        print room is played, and the city ends with it."""
        self.plan, self.clock, self.activity, self.week = plan, clock, activity, week
        self.accounts: Accounts = {}
        self.supervisor = Supervisor(on_change=self._write_city, on_loop=self._keep_time)
        self._saved_at = time.monotonic()
        self._printers_back: dict[str, float] = {}

    def build(self) -> None:
        """Build or refresh the servers, in a process of its own. Raises CannotError."""
        answer = self.plan.data / "starting.json"
        answer.unlink(missing_ok=True)
        pid = processes.fork(lambda: self._start(answer), name="starting")
        _, status = os.waitpid(pid, 0)
        if status != 0 or not answer.exists():
            raise CannotError(
                "Kota tidak dapat disiapkan; sebabnya tertulis di atas. Hapus folder data bila"
                f" tidak diperlukan lagi: {self.plan.data}",
                "The city could not be made ready; the cause stands above. Delete the data folder"
                f" if it is not needed any more: {self.plan.data}",
            )
        answer.unlink()
        self.accounts = known_accounts(self.plan)

    def _start(self, answer: Path) -> int:
        known = known_accounts(self.plan)
        try:
            found = start_city(self.plan, clock=self.clock, known=known)
        except CannotError as error:
            show_error(error)
            return 1
        write_city(self.plan, accounts=found, pids={})
        write_json(answer, value=sorted(found))
        return 0

    def run(self) -> None:
        """Start everything, tell the addresses, and watch until SIGINT or SIGTERM."""
        share()
        os.environ["AMPERA_CITY"] = str(self.plan.city_file)
        supervisor = self.supervisor
        supervisor.catch_signals()
        self._open_control()
        supervisor.add(PRINTERS, self._serve_printers)
        for code in self.plan.codes:
            supervisor.add(code.text, partial(self._serve, code))
        try:
            for name in supervisor.members:
                supervisor.start(name)
            self._write_city()
            if self._wait_until_up():
                say(self._table())
                self._begin_activity()
            supervisor.loop()
        finally:
            supervisor.stop_everything()
            save_anchor(self.plan.clock_file, clock=self.clock, wall=WallClock().now())

    def _serve(self, code: OfficeCode) -> int:
        is_watched = self.week is not None and code in self.plan.kecamatan
        serving = Serving(
            self.plan.folder(code),
            address=ADDRESS,
            clock=self.clock,
            tick_seconds=self.week.tick_seconds if self.week and is_watched else None,
        )
        try:
            return run_server(serving)
        except CannotError as error:
            show_error(error)
            return 1

    def _serve_printers(self) -> int:
        configs = {}
        for code in self.plan.codes:
            port = self.plan.printer_port(code)
            if port is None:
                continue
            folder = self.plan.printer_folder(code)
            folder.mkdir(parents=True, exist_ok=True)
            is_watched = self.week is not None and code in self.plan.kecamatan
            configs[code.text] = PrinterConfig(
                port,
                folder,
                model=self.week.model if self.week and is_watched else demo_model(),
                seed=self.week.printer_seed if self.week and is_watched else _LUCK + code.number,
                is_warm_at_first_start=not is_watched,
                # The reader inside hears the chips that lie on the encoder beside it.
                chips=self.plan.folder(code).chips,
            )
        serve_printers(configs, self.clock)
        return 0

    def _begin_activity(self) -> None:
        """Residents come once the doors are open."""
        if self.week is not None:
            play = partial(run_week, self.plan, week=self.week, clock=self.clock)
            self.supervisor.add(WEEK, play, has_end=True)
            self.supervisor.start(WEEK)
        if self.activity is None:
            return
        run = partial(run_activity, self.plan, activity=self.activity, clock=self.clock)
        self.supervisor.add(ACTIVITY, run)
        self.supervisor.start(ACTIVITY)
        self._write_city()

    def _open_control(self) -> None:
        port = self.plan.control_port
        control = Control(port=port, act=self._act, status=self.status, clock=self._tell_clock)
        self.supervisor.listen(processes.bind(port), control.answer)

    def _wait_until_up(self) -> bool:
        """Until every server answers; False when somebody said stop before."""
        until = time.monotonic() + UP_SECONDS_MAX
        waiting = list(self.plan.codes)
        while waiting and not self.supervisor.is_stopping:
            waiting = [code for code in waiting if not _answers(self.plan.port(code))]
            if waiting and time.monotonic() > until:
                names = ", ".join(str(code) for code in waiting)
                say(f"Belum menjawab / no answer yet: {names}; lihat / see FOLDER/*/ampera.log")
                break
            self.supervisor.turn(wait_seconds=0.05)
        return not self.supervisor.is_stopping

    def _act(self, verb: str, what: str, code: str) -> Mapping[str, Any]:
        if what == "link":
            return self._cut_or_heal(verb, OfficeCode(code) if self._has(code) else None)
        if what == "printer":
            return self._move_printer(verb, code)
        if verb == "clock":
            return self._move_clock(what, code)
        if not self._has(code):
            raise KeyError(code)
        getattr(self.supervisor, verb)(code)
        self._write_city()
        return {"server": code, "state": self.supervisor.members[code].state.value}

    def _has(self, code: str) -> bool:
        return any(each.text == code for each in self.plan.codes)

    def _cut_or_heal(self, verb: str, code: OfficeCode | None) -> Mapping[str, Any]:
        if code is None or code.upper is None:
            raise KeyError(str(code))
        flag = self.plan.folder(code).cut_flag
        if verb == "cut":
            flag.touch()
        else:
            flag.unlink(missing_ok=True)
        return {"link": code.text, "is_cut": flag.exists()}

    def _move_printer(self, verb: str, code: str) -> Mapping[str, Any]:
        """A printer is switched, not a process: `kill` cuts its power for two seconds."""
        if not self._has(code) or self.plan.printer_port(OfficeCode(code)) is None:
            raise KeyError(code)
        hands = Hands(self.plan.printer_folder(OfficeCode(code)))
        if verb.startswith(_READER):
            hands.set_reader(ReaderSwitch(verb.removeprefix(_READER)))
            return {"printer": code, "reader": verb.removeprefix(_READER)}
        self._printers_back.pop(code, None)
        if verb == "start":
            hands.power_on()
        else:
            hands.power_off()
        if verb == "kill":
            self._printers_back[code] = time.monotonic() + PRINTER_BACK_SECONDS
        return {"printer": code, "state": "on" if verb == "start" else "off"}

    def _move_clock(self, what: str, value: str) -> Mapping[str, Any]:
        """Forward to a moment, or faster or slower from now on. Raises ValueError."""
        before = self.clock.anchor.speed
        if what == "to":
            self.clock.move(to=utc_from_text(value))
        else:
            self.clock.move(speed=speed_of(value))
            if self.clock.anchor.speed <= before:
                return self._tell_clock()
        # A city that is killed now must not go on before this moment.
        save_anchor(self.plan.clock_file, clock=self.clock, wall=WallClock().now())
        return self._tell_clock()

    def _keep_time(self) -> None:
        played = self.supervisor.members.get(WEEK)
        if played is not None and played.state is State.ENDED and not self.week_stays:
            self.supervisor.end()
        now = time.monotonic()
        if now - self._saved_at >= SAVE_SECONDS:
            self._saved_at = now
            save_anchor(self.plan.clock_file, clock=self.clock, wall=WallClock().now())
        for code, at in list(self._printers_back.items()):
            if now >= at:
                del self._printers_back[code]
                Hands(self.plan.printer_folder(OfficeCode(code))).power_on()

    def _write_city(self) -> None:
        pids = {each.name: each.pid for each in self.supervisor.members.values()}
        diary = str(diary_of(self.plan)) if ACTIVITY in pids else ""
        write_city(self.plan, accounts=self.accounts, pids=pids, diary=diary)

    def _tell_clock(self) -> Mapping[str, Any]:
        return {
            "wall": utc_text(WallClock().now()),
            "city": utc_text(self.clock.now()),
            "speed": self.clock.anchor.speed,
        }

    def status(self) -> Mapping[str, Any]:
        """What `GET /` of the control says."""
        members = self.supervisor.members
        return {
            "servers": [
                {
                    "code": code.text,
                    "state": members[code.text].state.value,
                    "pid": members[code.text].pid,
                    "restarts": max(0, members[code.text].restarts),
                    "is_cut": self.plan.folder(code).cut_flag.exists(),
                }
                for code in self.plan.codes
            ],
            "printers": {
                "state": members[PRINTERS].state.value,
                "pid": members[PRINTERS].pid,
                "codes": [each.text for each in self.plan.codes if self.plan.printer_port(each)],
            },
            "activity": self._tell_activity(),
            "clock": self._tell_clock(),
            "is_whole": all(
                each.state is State.RUNNING for each in members.values() if not each.has_end
            ),
        }

    @property
    def week_stays(self) -> bool:
        """Does the city go on when its week is over?"""
        return self.week is not None and self.week.stays

    def _tell_activity(self) -> Mapping[str, Any]:
        member = self.supervisor.members.get(ACTIVITY)
        if member is None:
            return {"state": "off", "pid": 0, "restarts": 0}
        return {"state": member.state.value, "pid": member.pid, "restarts": member.restarts}

    def _table(self) -> str:
        from ampera.tiers.city.table import city_table

        return city_table(
            self.plan, accounts=self.accounts, clock=self.clock, activity=self.activity
        )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        return reply.status == 200 and json.loads(reply.read())["ok"] is True
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return False
    finally:
        connection.close()
