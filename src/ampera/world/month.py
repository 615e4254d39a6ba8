"""A month of the blanko books of a whole city: the dinas and its 16 printing kecamatan, each day
closed at every office; then somebody takes one blank off a shelf.

The real server code of all 18 servers, one process, virtual time. The dinas sends boxes where
little is left, every kecamatan prints what it was permitted to, some cards are spoiled, and when
the counters close two officers count with their eyes what lies there (`shelf.py`), knowing nothing
of the books.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from ampera.blanko.actions import close_day
from ampera.blanko.rules import Box, DayCount
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.devices.simulated.model import COOL
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.registry import Registry
from ampera.journal.second_log import secure
from ampera.printing.actions import step_printers
from ampera.register.rules.palembang import PRINTING_KECAMATAN
from ampera.sync.courier import run_courier
from ampera.words.clock import FixedClock
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.world.chainbooks import BrokenPromise
from ampera.world.databases import clone, raw, shut
from ampera.world.faults import CALM, Chance
from ampera.world.mill import draw
from ampera.world.network import Network, SimulatedLink
from ampera.world.offices import Ground, OfficeAtWork
from ampera.world.opening import DINAS, PUSAT, START, opening
from ampera.world.printroom import PrintRoom
from ampera.world.servers import Server, ServerClock, acting_as, house_of
from ampera.world.shelf import Lies, Shelf, Spot
from ampera.world.stockroom import Road, Stockroom
from ampera.world.workers import PrinterLine

DAYS: Final = 30  #: of the long run: 16 kecamatan close 480 balances
#: A kecamatan hands in between so many and so many requests a day that can be printed.
CARDS_A_DAY: Final = (2, 8)
BOX_SIZE: Final = 20
#: Of a hundred cards so many are ruined by the printer, and so many do not look right.
RUINED: Final = 0.03
UGLY: Final = 0.02
_TICK: Final = timedelta(minutes=5)
_TICKS_A_DAY: Final = 84  #: seven hours, and then the counters close
_POST_EVERY: Final = 12


@dataclass(slots=True)
class _Desk:
    """One office of the city."""

    at_work: OfficeAtWork
    stockroom: Stockroom
    print_room: PrintRoom | None
    seen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The evening of one day in the whole city."""

    day: int
    cards: int  #: finished cards so far
    closed: int  #: offices whose day is closed
    ruined: int  #: blanks among the spoils of all offices
    #: Office → why its day could not be closed.
    refused: dict[str, str]
    #: Office → the blanks that nobody found there.
    missing: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class CityMonth:
    """The city of one seed. `kecamatan`: fewer of them for a short look."""

    seed: int
    registry: Registry
    kecamatan: tuple[str, ...] = tuple(code.text for code in PRINTING_KECAMATAN)
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    ground: Ground = field(init=False)
    servers: dict[str, Server] = field(init=False)
    desks: dict[str, _Desk] = field(init=False)
    network: Network = field(init=False)
    rng: random.Random = field(init=False)
    permits: int = 0
    #: Office → evening by evening what eyes counted: whole ones, ruined ones.
    counted: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"month/{self.seed}")
        faults = replace(CALM, ruined=RUINED, bad_card=UGLY)
        chance = Chance(random.Random(f"month/{self.seed}/chance"), faults, is_on=True)
        self.ground = Ground(chance, Shelf())
        codes = (PUSAT, DINAS, *self.kecamatan)
        self.servers = {code: self._server(code) for code in codes}
        self.network = Network(self.servers, Chance(self.rng, CALM), self.clock)
        road = Road()
        self.desks = {code: self._desk(code, road) for code in codes}
        self._open_books()

    def _server(self, code: str) -> Server:
        source = opening(self.registry, kecamatan=self.kecamatan)
        clock, stick = ServerClock(self.clock), source.sticks[code].copy()
        house = house_of(
            code, registry=self.registry, clock=clock, stick=stick, seed=f"month/{self.seed}"
        )
        return Server(OfficeCode(code), clone(source.databases[code]), house, clock, stick)

    def _desk(self, code: str, road: Road) -> _Desk:
        officers = opening(self.registry, kecamatan=self.kecamatan).officers[code]
        at_work = OfficeAtWork(self.servers[code], self.ground, officers)
        room = None
        if code != PUSAT:
            self.ground.shelf.printers[code] = MemoryPrinter(
                now=self.clock.now(),
                rng=random.Random(f"month/{self.seed}/printer/{code}"),
                chances=self.ground.chance.faults.printer_chances(),
                model=COOL,
            )
            room = PrintRoom(at_work, run_cards_max=CARDS_A_DAY[1])
        children = self.kecamatan if code == DINAS else ()
        return _Desk(at_work, Stockroom(at_work, road, children), room)

    def _open_books(self) -> None:
        boxes_each, first = 3, 1
        for code, desk in self.desks.items():
            boxes, loose = [], []
            if code == DINAS:
                for number in range(boxes_each * 4 * len(self.kecamatan)):
                    boxes.append(Box(f"K{number}", f"BLN{first:07d}", BOX_SIZE))
                    first += BOX_SIZE
            elif code != PUSAT:
                loose = [f"BLN{first + step:07d}" for step in range(BOX_SIZE)]
                first += BOX_SIZE
            if boxes or loose:
                desk.stockroom.open(boxes=boxes, loose=loose)

    def close(self) -> None:
        """Let go of the databases."""
        for server in self.servers.values():
            shut(server.database)

    # A day

    def work_a_day(self) -> None:
        """Eight in the morning until the counters close, and the post of the evening."""
        self._grant()
        for number in range(_TICKS_A_DAY):
            self.ground.tick += 1
            self.clock.move(_TICK)
            if number % _POST_EVERY == 0:
                self._post()
            for code in sorted(self.desks):
                self._work(self.desks[code])
        self._post()

    # The evening

    def count(self, code: str) -> DayCount:
        """What two officers see when they look into every corner of their office."""
        shelf = self.ground.shelf
        at = {
            spot: sorted(s for s, lies in shelf.lies.items() if lies == Lies(spot, code))
            for spot in (Spot.SHELF, Spot.SPOILS, Spot.DESK, Spot.CUSTODY)
        }
        sealed = Lies(Spot.BOX, code)
        return DayCount(
            whole=tuple(at[Spot.SHELF]),
            boxes=tuple(sorted(label for label, lies in shelf.sealed.items() if lies == sealed)),
            spoiled=tuple(at[Spot.SPOILS]),
            cards=(*at[Spot.DESK], *at[Spot.CUSTODY]),
        )

    def close_the_day(self, number: int) -> DayClosed:
        """Every kecamatan and the dinas close their day; who finds a difference counts again, and
        what is missing then goes to dispute."""
        refused, missing, closed = {}, {}, 0
        for code, desk in self.desks.items():
            if code == PUSAT:
                continue
            self._put_away(desk)
            answer = self._close(code)
            if isinstance(answer, Refusal) and answer.code == "blanko.day_differs":
                answer = self._close(code, is_recount=True)
            if isinstance(answer, Refusal):
                refused[code] = answer.code
                continue
            closed += 1
            if answer["missing"]:
                missing[code] = tuple(answer["missing"])
        self._post()
        shelf = self.ground.shelf
        ruined = sum(lies.spot is Spot.SPOILS for lies in shelf.lies.values())
        return DayClosed(number, len(shelf.cards), closed, ruined, refused, missing)

    def _put_away(self, desk: _Desk) -> None:
        """No blank stays in the printer over night: what is there is taken out."""
        shelf, code = self.ground.shelf, desk.at_work.code
        shelf.unload(at=code)
        found = shelf.printers[code].machine.physical()
        shelf.take_out([each.serial for each in (*found.tray, *found.ruined)], at=code)

    def _close(self, code: str, *, is_recount: bool = False) -> dict[str, Any] | Refusal:
        office, counted = self.desks[code].at_work, self.count(code)
        command = office.command()
        with acting_as(office.server):
            answer = close_day(
                command,
                counted=counted,
                witness=office.witness,
                holder=office.officers[0] if is_recount else "",
                is_recount=is_recount,
            )
        if not isinstance(answer, Refusal):
            boxed = sum(self.ground.shelf.boxes[label].size for label in counted.boxes)
            seen = (len(counted.whole) + boxed, len(counted.spoiled))
            self.counted.setdefault(code, []).append(seen)
        return answer

    def night(self) -> None:
        """Until eight in the next morning."""
        self.clock.move(timedelta(days=1) - _TICKS_A_DAY * _TICK)

    def steal_one(self) -> tuple[str, str]:
        """Somebody takes a blank off a shelf of a kecamatan: (its office, its serial)."""
        shelf = self.ground.shelf
        code = self.rng.choice([each for each in self.kecamatan if shelf.loose_at(each)])
        serial = self.rng.choice(shelf.loose_at(code))
        shelf.steal(serial)
        return code, serial

    def judge(self) -> int:
        """Hold what the dinas was told of every closed day against what eyes saw, by adding up and
        without any code of the books. Returns how many balances there are; raises
        BrokenPromise."""
        query = (
            "SELECT chain, facts FROM journal_entryrow WHERE kind = 'blanko.day_closed/1'"
            " ORDER BY chain, seq"
        )
        told: dict[str, list[dict[str, Any]]] = {}
        for chain, facts in raw(self.servers[DINAS].database).execute(query).fetchall():
            told.setdefault(chain.partition("/")[0], []).append(json.loads(facts))
        for code, seen in self.counted.items():
            days = told.get(code, [])
            if len(days) != len(seen):
                raise BrokenPromise(f"{code} closed {len(seen)} days, the dinas has {len(days)}")
            before = {"closing": 0, "spoils": {"closing": 0}}
            for facts, (whole, ruined) in zip(days, seen, strict=True):
                _add_up(f"{code} {facts['day']}", facts, before=before, seen=whole)
                spoils, spoils_before = facts["spoils"], before["spoils"]
                assert isinstance(spoils_before, dict)
                _add_up(f"{code} {facts['day']} spoils", spoils, before=spoils_before, seen=ruined)
                before = facts
        return sum(len(each) for each in told.values())

    def where_is(self, serial: str) -> str:
        """The place of a blank by the books of the dinas."""
        query = "SELECT place FROM blanko_item WHERE item = ?"
        row = raw(self.servers[DINAS].database).execute(query, (serial,)).fetchone()
        return str(row[0]) if row else ""

    # Work

    def _work(self, desk: _Desk) -> None:
        code, shelf = desk.at_work.code, self.ground.shelf
        if desk.print_room is None:
            return
        shelf.printers[code].tick(self.clock.now())
        seen = self._seen(desk)
        if seen == desk.seen and self.ground.tick % _POST_EVERY:
            return
        desk.seen = seen
        line = PrinterLine(shelf.printers[code], self.ground.chance, shelf.said)
        with acting_as(desk.at_work.server):
            step_printers({code: line}, render=partial(draw, desk.at_work))
            secure()
        desk.stockroom.work()
        desk.print_room.work()

    def _seen(self, desk: _Desk) -> tuple[int, ...]:
        server = desk.at_work.server
        machine = self.ground.shelf.printers[desk.at_work.code].machine
        return (server.newest(), server.sittings(), machine.revision)

    def _post(self) -> None:
        for _ in range(2):  # up and back down again
            for code in sorted(self.servers, key=len, reverse=True):
                if code != PUSAT:
                    with acting_as(self.servers[code]):
                        secure()
                        run_courier(
                            SimulatedLink(self.network, self.servers[code]), now=self.clock.now()
                        )

    def _grant(self) -> None:
        """The dinas permits what its kecamatan will print today."""
        with acting_as(self.servers[DINAS]):
            for code in self.kecamatan:
                for _ in range(self.rng.randint(*CARDS_A_DAY)):
                    self.permits += 1
                    number = self.permits
                    answer = perform(
                        Command(id=f"month:{number}"),
                        _granting(number, office=code),
                        content={"number": number},
                    )
                    assert not isinstance(answer, Refusal), answer


def _add_up(about: str, facts: Mapping[str, Any], *, before: Mapping[str, Any], seen: int) -> None:
    total = facts["opening"] + sum(facts["came"].values()) - sum(facts["went"].values())
    if facts["opening"] != before["closing"]:
        raise BrokenPromise(f"{about}: opens with {facts['opening']}, closed {before['closing']}")
    if total != facts["closing"] or facts["closing"] != seen:
        raise BrokenPromise(f"{about}: adds up to {total}, says {facts['closing']}, seen {seen}")


def _granting(number: int, *, office: str) -> Any:
    def grant(pen: Pen) -> dict[str, Any]:
        facts = {
            "permit": f"prm_{number}",
            "card": f"crd_{number}",
            "resident": f"res_{number}",
            "request": f"req_{number}",
            "version": "0" * 64,
            "replaces": None,
            "office": office,
            "print_until": "2017-12-31",
        }
        body = {"nik": f"990102010190{number:04d}", "nama": f"CONTOH {number}"}
        pen.write(
            "permit.granted/1",
            subject=f"prm_{number}",
            facts=facts,
            body=body,
            to=OfficeCode(office),
        )
        return {}

    return grant
