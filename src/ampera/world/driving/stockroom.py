"""A stock room: shipments are received by two officers, boxes opened, blanko laid into the printer.

The one of the dinas also watches the shelves of the city, asks the pusat for boxes, and sends them
on to whoever runs out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ampera.blanko.rules import Box
from ampera.words.office import OfficeCode, Tier
from ampera.world.driving import visits
from ampera.world.driving.client import No
from ampera.world.driving.ground import Ground, short, time_of
from ampera.world.driving.hopper import Hopper
from ampera.world.driving.hours import is_open

#: A van needs this long from one office to the next.
UNDER_WAY: Final = timedelta(minutes=45)
UNDER_WAY_FROM_PUSAT: Final = timedelta(minutes=150)
_ROUND: Final = timedelta(minutes=20)


class StockRoom:
    """Whoever keeps the blanko of one office."""

    name = "blanko"

    def __init__(self, ground: Ground, *, code: OfficeCode) -> None:
        self.code = code
        self._ground = ground
        self._blanko = ground.city.desk(code, login="blanko")
        self._cetak = ground.city.desk(code, login="cetak")
        self._kepala = ground.city.desk(code, login="kepala")
        self._hopper = Hopper(ground.city.printer_folder(code))

    def step(self, now: datetime) -> float:
        """Finish what is in hand; else look what has arrived."""
        ground = self._ground
        if not is_open(now, office=self.code) or not self._hopper.is_still:
            return ground.wall_seconds(timedelta(minutes=10), most=60)
        work = self._hopper.in_hand()
        if work is None:
            work = self._arrived(now) or self._more_to_do(now)
            if work is None:
                return ground.wall_seconds(_ROUND, most=60, each=1.5)
            self._hopper.take_in_hand(work)
        if self._is_quiet() and self._is_done(work):
            self._hopper.put_down()
        return 2.0

    def _is_quiet(self) -> bool:
        """Does the printer stand? Nobody takes blanko out of one that prints."""
        listed = self._cetak.get("printers")
        if isinstance(listed, No) or not listed:
            return False
        run = listed[0]["run"]
        if run is not None:
            self._cetak.post("runs/stop", key=f"still:{run}", printer=listed[0]["printer"])
            return False
        attempts = self._cetak.get("attempts", state="open")
        return attempts == [] and self._hopper.look().inside is None

    def _is_done(self, work: dict[str, Any]) -> bool:
        """Do it, again and again until it is done: every command has the same key each time."""
        return self._receive(work)

    def _more_to_do(self, now: datetime) -> dict[str, Any] | None:
        """What this stock room begins by itself."""
        return None

    # ---- what arrives ----

    def _arrived(self, now: datetime) -> dict[str, Any] | None:
        listed = self._blanko.get("blanko/shipments")
        if isinstance(listed, No):
            self._refused("melihat kiriman", listed)
            return None
        for row in listed:
            far = OfficeCode(row["source"]).tier is Tier.PUSAT
            if now - time_of(row["at"]) < (UNDER_WAY_FROM_PUSAT if far else UNDER_WAY):
                self._once(f"{row['under_way']} blanko dalam perjalanan dari {row['source']}")
                continue
            return self._as_seen(row)
        return None

    def _as_seen(self, row: dict[str, Any]) -> dict[str, Any]:
        """What two officers see of it; of single blanko one may be missing."""
        serials = list(row["serials"])
        habits = self._ground.habits
        if len(serials) > 1 and visits.is_short(row["shipment"], habits=habits):
            serials.pop()
        return {
            "receive": row["shipment"],
            "boxes": list(row["boxes"]),
            "serials": serials,
            "on_to": self._send_on_to(row),
        }

    def _send_on_to(self, row: dict[str, Any]) -> str:
        """To whom sealed boxes go on; empty: they are opened here."""
        return ""

    def _receive(self, work: dict[str, Any]) -> bool:
        shipment = work["receive"]
        done = self._blanko.post(
            f"blanko/shipments/{shipment}/receive", key=f"receive:{shipment}",
            seen_boxes=work["boxes"], seen_serials=work["serials"],
            witness=self._kepala.credentials,
        )  # fmt: skip
        if isinstance(done, No):
            self._refused(f"menerima kiriman {short(shipment)}", done)
            return True
        short_by = f", {len(done['short'])} tidak ada: selisih" if done["short"] else ""
        items = len(work["boxes"]) or len(work["serials"])
        what = "kotak" if work["boxes"] else "blanko"
        self._once(f"kiriman {short(shipment)} diterima dua petugas: {items} {what}{short_by}")
        if work["boxes"] and work["on_to"]:
            return self._is_sent_on(work)
        serials = set(work["serials"])
        for box in work["boxes"]:
            serials |= self._opened(box)
        self._hopper.lay({*self._hopper.look().hopper, *serials})
        return True

    def _opened(self, box: str) -> set[str]:
        done = self._blanko.post(f"blanko/boxes/{box}/open", key=f"open:{box}")
        if isinstance(done, No):
            self._refused(f"membuka {box}", done)
            return set()
        self._once(f"{box} dibuka: {done['blanko']} blanko ke pencetak")
        return set(Box(box, done["first"], done["blanko"]).serials())

    def _is_sent_on(self, work: dict[str, Any]) -> bool:
        done = self._blanko.post(
            "blanko/shipments", key=f"on:{work['receive']}", to=work["on_to"],
            boxes=work["boxes"], courier="kepala",
        )  # fmt: skip
        if isinstance(done, No):
            self._refused(f"mengirim ke {work['on_to']}", done)
        else:
            self._note(f"{done['blanko']} blanko dikirim ke {work['on_to']}, masih tersegel")
        return True

    def _note(self, what: str) -> None:
        self._ground.diary.note(self.code, who=self.name, what=what)

    def _once(self, what: str) -> None:
        self._ground.diary.once(self.code, who=self.name, what=what)

    def _refused(self, what: str, no: No) -> None:
        self._ground.diary.refused(self.code, who=self.name, what=what, no=no)
