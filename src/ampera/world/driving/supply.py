"""The dinas watches every shelf of the city, asks the pusat for boxes, sends them on (S3, S15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from ampera.register.rules.palembang import DINAS, FIRST_FOUR_PRINT_FROM
from ampera.words.office import OfficeCode, Tier
from ampera.world.driving import visits
from ampera.world.driving.client import No
from ampera.world.driving.ground import Ground, short
from ampera.world.driving.hours import is_open, local
from ampera.world.driving.stockroom import StockRoom

#: Shelves below these are told, and filled again.
LOW_AT_KECAMATAN: Final = 8
LOW_AT_DINAS: Final = 40
_WATCH: Final = timedelta(minutes=40)
_NEWS: Final = 30
_SHARED_WHEN_ABOVE: Final = 200
#: The centre's boxes by their printed numbers; the first sixteen went out before the story begins.
_CENTRE_BOXES: Final = range(17, 81)


class DinasStockRoom(StockRoom):
    """The stock room of the dinas, with an eye on all others."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, code=DINAS)
        self._centre = ground.city.desk(ground.city.pusat, login="blanko")
        self._watch_at: datetime | None = None
        self._shelves: dict[OfficeCode, int] = {}
        self._has_shared = False
        self._next_box = _CENTRE_BOXES.start

    def step(self, now: datetime) -> float:
        """Like any stock room, and every now and then a look at the shelves of the city."""
        wait = super().step(now)
        if is_open(now, office=self.code) and (self._watch_at is None or now >= self._watch_at):
            self._watch_at = now + _WATCH
            self._watch(now)
        return wait

    # ---- what it shares ----

    def _more_to_do(self, now: datetime) -> dict[str, Any] | None:
        """On the first day: who gets how much of the dinas's own blanko."""
        if self._has_shared or local(now, office=DINAS).date() != FIRST_FOUR_PRINT_FROM:
            return None
        self._has_shared = True
        left = list(self._hopper.look().hopper)
        if len(left) < _SHARED_WHEN_ABOVE:
            return None
        shares = visits.shares_of_blanko(
            self._ground.city.offices, on_shelf=len(left), habits=self._ground.habits
        )
        # The highest serials go, so that the books feed what stays in its order.
        parts = {each.text: [left.pop() for _ in range(count)] for each, count in shares.items()}
        return {"share": parts} if parts else None

    def _is_done(self, work: dict[str, Any]) -> bool:
        if "share" not in work:
            return super()._is_done(work)
        gone: set[str] = set()
        for office, serials in work["share"].items():
            sent = self._blanko.post(
                "blanko/shipments", key=f"share:{office}", to=office, serials=serials,
                courier="kepala",
            )  # fmt: skip
            if isinstance(sent, No):
                self._refused(f"mengirim ke {office}", sent)
                continue
            gone |= set(serials)
            self._once(f"{sent['blanko']} blanko dikirim ke {office}, yang mulai mencetak")
        self._hopper.lay(set(self._hopper.look().hopper) - gone)
        return True

    # ---- what it watches ----

    def _watch(self, now: datetime) -> None:
        coming = 0
        for office in self._ground.city.offices:
            told = self._blanko.get("blanko/accounts", office=office.text)
            if isinstance(told, No):
                self._refused(f"melihat buku {office}", told)
                return
            books = told["accounts"]
            coming += books.get("transit", 0)
            self._shelves[office] = books.get("shelf", 0) + books.get("transit", 0)
            if books.get("shelf", 0) <= _NEWS:
                self._once(f"stok menipis di {office}: {books.get('shelf', 0)} blanko")
        if coming == 0 and (needy := self._neediest()) is not None:
            self._ask_centre(needy, now)

    def _neediest(self) -> OfficeCode | None:
        """The kecamatan with the emptiest shelf below its mark, else the dinas below its own."""
        kecamatan = [each for each in self._shelves if each.tier is Tier.KECAMATAN]
        low = [each for each in kecamatan if self._shelves[each] < LOW_AT_KECAMATAN]
        if low:
            return min(low, key=lambda each: (self._shelves[each], each))
        is_low = self._shelves.get(DINAS, LOW_AT_DINAS) < LOW_AT_DINAS
        return DINAS if is_low else None

    def _send_on_to(self, row: dict[str, Any]) -> str:
        needy = self._neediest() if row["boxes"] else None
        return needy.text if needy is not None and needy != DINAS else ""

    def _ask_centre(self, needy: OfficeCode, now: datetime) -> None:
        """The pusat sends the next box that it has: its label is read off the pile."""
        self._note(f"minta satu kotak blanko ke pusat untuk {needy}: sisa {self._shelves[needy]}")
        day = f"{local(now, office=self.code):%Y%m%d%H%M}"
        while self._next_box in _CENTRE_BOXES:
            box = f"KOTAK-{self._next_box:03d}"
            sent = self._centre.post(
                "blanko/shipments", key=f"ask:{day}:{box}", to=DINAS.text, boxes=[box],
                courier="kepala",
            )  # fmt: skip
            self._next_box += 1
            if not isinstance(sent, No):
                self._ground.diary.note(
                    self._ground.city.pusat,
                    who=self.name,
                    what=f"{box} ({sent['blanko']} blanko) dikirim ke {DINAS},"
                    f" kiriman {short(sent['shipment'])}",
                )
                return
        self._once("pusat tidak punya kotak blanko lagi")
