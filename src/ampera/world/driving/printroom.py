"""A print room: an officer starts runs, looks at every card, and settles what nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ampera.devices.simulated.cards import Fate
from ampera.words.office import OfficeCode
from ampera.world.driving import visits
from ampera.world.driving.client import No
from ampera.world.driving.ground import Ground, short, time_of
from ampera.world.driving.hopper import Hopper, fate_of
from ampera.world.driving.hours import is_open, local

#: A card of unknown fate lies so long before two officers find the time: somebody who watches the
#: city sees it, and may settle it.
SETTLE_AFTER: Final = timedelta(minutes=40)
#: An officer sits down at the printer this often when something waits there.
_ROUND: Final = timedelta(minutes=4)
_IDLE: Final = timedelta(minutes=12)
_RUN_MOST: Final = 40
_RUINED_MOST: Final = 10


class PrintRoom:
    """Whoever prints at one office."""

    name = "cetak"

    def __init__(self, ground: Ground, *, code: OfficeCode) -> None:
        self.code = code
        self._ground = ground
        self._cetak = ground.city.desk(code, login="cetak")
        self._kepala = ground.city.desk(code, login="kepala")
        self._hopper = Hopper(ground.city.printer_folder(code))
        #: Is there more to do here than the list of permits tells? Nobody knows at the beginning.
        self._is_on = True

    def step(self, now: datetime) -> float:
        """Check what came out, settle what is unknown, start the next run."""
        ground = self._ground
        idle = ground.wall_seconds(_IDLE, most=40, each=0.5)
        is_at_work = is_open(now, office=self.code)
        permits = self._cetak.get("permits") if is_at_work else []
        if isinstance(permits, No):
            self._refused("melihat izin cetak", permits)
            return idle
        if not permits and not self._is_on:
            return idle
        listed = self._cetak.get("printers")
        if isinstance(listed, No) or not listed:
            return idle
        printer = listed[0]
        self._is_on = printer["run"] is not None
        if not is_at_work:
            if self._is_on:
                self._stop(printer, now)
            return idle
        self._tend(printer)
        self._empty_tray()
        self._is_on |= self._check_cards()
        is_free = printer["run"] is None and printer["is_reachable"]
        if is_free and self._hopper.is_still and not self._hopper.in_hand():
            self._is_on |= self._settle_unknown(now) or self._start_run(
                printer, permits=permits, now=now
            )
        else:
            self._is_on = True
        return ground.wall_seconds(_ROUND, most=30, each=0.3) if self._is_on else idle

    def _stop(self, printer: dict[str, Any], now: datetime) -> None:
        """Nobody leaves a printer on over night."""
        key = f"stop:{self.code}:{printer['run']}"
        done = self._cetak.post("runs/stop", key=key, printer=printer["printer"])
        if not isinstance(done, No):
            self._note(f"kantor tutup pukul {local(now, office=self.code):%H.%M}; cetak dihentikan")

    # ---- the run ----

    def _start_run(
        self, printer: dict[str, Any], *, permits: list[dict[str, Any]], now: datetime
    ) -> bool:
        waiting = [each for each in permits if not each["is_recalled"] and each["state"] == "OPEN"]
        if not waiting:
            return False
        hopper = self._hopper.look().in_order
        cards = min(len(waiting), len(hopper), _RUN_MOST)
        if cards == 0:
            self._once(f"blanko di pencetak habis; {len(waiting)} kartu menunggu")
            return True
        name = f"{self.code}:{waiting[0]['permit']}:{now:%Y%m%d%H%M}"
        if visits.is_spoiled(name, habits=self._ground.habits):
            self._hopper.hands.jam_next_card()
        done = self._cetak.post(
            "runs", key=f"run:{name}", printer=printer["printer"], cards=cards,
            serials=list(hopper[:cards]),
        )  # fmt: skip
        if isinstance(done, No):
            self._refused("memulai cetak", done)
        else:
            self._note(f"mulai mencetak {cards} kartu; {len(hopper)} blanko di pencetak")
        return True

    # ---- what came out ----

    def _check_cards(self) -> bool:
        listed = self._cetak.get("cards/to-check")
        if isinstance(listed, No):
            self._refused("melihat kartu tercetak", listed)
            return False
        for row in listed:
            self._check(row["card"])
        return bool(listed)

    def _check(self, card: str) -> None:
        body: dict[str, Any] = {"result": "READY"}
        if visits.is_rejected(card, habits=self._ground.habits):
            body = {"result": "REJECTED", "witness": self._kepala.credentials}
        # Nobody calls a card good before its chip is written; one that cannot be is a bad card.
        chip = self._cetak.post(f"cards/{card}/chip", key=f"chip:{card}")
        if not isinstance(chip, No) and chip["outcome"] == "FAILED":
            body = {"result": "REJECTED", "witness": self._kepala.credentials}
        done = self._cetak.post(f"cards/{card}/check", key=f"check:{card}", **body)
        if isinstance(done, No):
            self._refused(f"memeriksa {short(card)}", done)
        elif body["result"] == "READY":
            self._ground.checked.add(self.code)
            self._note(f"kartu {short(card)} diperiksa: siap diambil")
        else:
            self._note(f"kartu {short(card)} cacat; ditolak oleh dua petugas, dicetak ulang")

    def _tend(self, printer: dict[str, Any]) -> None:
        """What the printer asks for it gets: ribbon or film, a straight stack, a cleaning."""
        if not self._hopper.is_still:
            return
        hands, asked = self._hopper.hands, frozenset(printer["reasons"])
        if "marker-supply-empty" in asked:
            hands.change_empty_supplies()
            self._note("pita atau film habis; diganti")
        if "subunit-recoverable-failure" in asked:
            hands.set_stack_right()
            self._note("blanko tidak terambil; tumpukan dirapikan")
        if "cleaner-life-over" in asked:
            hands.clean()
            self._note("pencetak dibersihkan")

    def _empty_tray(self) -> None:
        """Cards do not pile up in the tray; those of unknown fate stay where they are seen."""
        if not self._hopper.is_still:
            return
        seen = self._hopper.look()
        if len(seen.tray) + len(seen.ruined) <= _RUN_MOST and len(seen.ruined) <= _RUINED_MOST:
            return
        unknown = self._cetak.get("attempts", state="unknown")
        if isinstance(unknown, list) and not unknown:
            self._hopper.hands.take([each.serial for each in (*seen.tray, *seen.ruined)])

    # ---- what nobody knows ----

    def _settle_unknown(self, now: datetime) -> bool:
        """Two officers look into the printer and say what they saw. True while something waits."""
        unknown = self._cetak.get("attempts", state="unknown")
        if isinstance(unknown, No):
            self._refused("melihat percobaan", unknown)
            return False
        for attempt in unknown:
            self._once(f"nasib blanko {attempt['serial']} belum diketahui; cetak berhenti")
            ended_at = attempt["ended_at"]
            if ended_at is None or now - time_of(ended_at) >= SETTLE_AFTER:
                self._settle(attempt)
        return bool(unknown)

    def _settle(self, attempt: dict[str, Any]) -> None:
        fate = fate_of(attempt["serial"], attempt=attempt["attempt"], seen=self._hopper.look())
        if not fate:
            self._hopper.hands.clear_jam()
            return
        key = attempt["attempt"]
        if fate in ("SPOILED", "SHELF") and not attempt["is_job_over"]:
            self._purge(attempt)
            return
        # Whole to the eye, but the reader in the printer heard nothing of it.
        body = {"outcome": fate}
        if fate == "SHELF" and attempt["cause"] == "no_chip":
            body = {"outcome": "SPOILED", "cause": "no_chip"}
        done = self._cetak.post(
            f"attempts/{key}/settle", key=f"settle:{key}", witness=self._kepala.credentials, **body
        )
        if isinstance(done, No):
            self._refused(f"menyelesaikan {short(key)}", done)
            return
        said = body["outcome"]
        self._note(f"blanko {attempt['serial']}: {said}, dilihat dan disahkan dua petugas")
        self._lay_back(but=attempt["serial"] if said == "SPOILED" else "")

    def _lay_back(self, *, but: str) -> None:
        """What came out whole, into tray or reject bin, goes back under the others; `but` is put
        with the spoils."""
        seen = self._hopper.look()
        came_out = [*seen.tray, *seen.ruined]
        whole = [each.serial for each in came_out if each.fate is Fate.UNTOUCHED]
        if whole:
            self._hopper.hands.take(whole)
            self._hopper.lay({*seen.hopper, *whole} - {but})

    def _purge(self, attempt: dict[str, Any]) -> None:
        """The job might still be printed: everything is taken out, and the printer forgets it."""
        done = self._cetak.post(
            f"printers/{attempt['printer']}/emptied", key=f"emptied:{attempt['attempt']}",
            witness=self._kepala.credentials,
        )  # fmt: skip
        if isinstance(done, No):
            self._refused("mengosongkan pencetak", done)
            return
        self._note(f"pencetak dikosongkan dua petugas karena {short(attempt['attempt'])}")

    def _note(self, what: str) -> None:
        self._ground.diary.note(self.code, who=self.name, what=what)

    def _once(self, what: str) -> None:
        self._ground.diary.once(self.code, who=self.name, what=what)

    def _refused(self, what: str, no: No) -> None:
        self._ground.diary.refused(self.code, who=self.name, what=what, no=no)
