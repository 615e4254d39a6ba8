"""Print rooms by the thousand: the real printing code, a printer that fails, a process that dies.

A province spends most of its time on the post; here only cards are printed, so that rare paths of
the printing are gone through hundreds of thousands of times. Each room begins with a stack of
permits and a few blanks too many, and ends when every permit has its card or its blank is in
dispute. Then an auditor that knows no code counts the plastic.
"""

from __future__ import annotations

import logging
import multiprocessing
import random
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.db import OperationalError

from ampera.blanko.actions import open_books
from ampera.devices.simulated.memory import FaultChances, MemoryPrinter
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.registry import Registry
from ampera.journal.second_log import secure
from ampera.journal.verify import verify_server
from ampera.printing.actions import step_printers
from ampera.printing.actions.chips import bind_uid
from ampera.printing.queries import attempts_on
from ampera.readiness.queries import open_permits
from ampera.words.clock import FixedClock
from ampera.words.refusal import Refusal
from ampera.world.auditor import Auditor, BrokenPromise
from ampera.world.chipdesk import check_chips, chip_desk, no_reader_at
from ampera.world.databases import clone, raw, shut
from ampera.world.faults import CALM, Chance, Died, Faults
from ampera.world.hothead import FANNED_ROOM, a_printer
from ampera.world.mistaken import hands_of
from ampera.world.offices import Ground, OfficeAtWork
from ampera.world.opening import DINAS, START, opening
from ampera.world.printroom import PrintRoom
from ampera.world.servers import Server, ServerClock, acting_as, house_of
from ampera.world.shelf import Shelf
from ampera.world.workers import PrinterLine

CARDS_A_ROOM: Final = 250
PRINT_SECONDS: Final = 180.0
#: A little longer than a card takes: most cards are begun in one tick and seen in the next.
_TICK: Final = timedelta(seconds=190)
_TICKS_A_CARD_MAX: Final = 40
#: A room that rests looks at everything again after so many ticks.
_ROUND_TICKS: Final = 10
#: In so many rooms the printer reads a blank before it prints on it.
READING: Final = 0.5
#: In so many of those the supplier's list tells beforehand which chip sits in which blank.
LISTED: Final = 0.5
#: How often each fault comes in a room, a card or a step: mild and hard weather.
_WEATHER: Final = (0.005, 0.08)
_DEATHS: Final = (0.0005, 0.005)
_DRAWN: Final = ("print_answer_lost", "print_request_lost", "ruined", "power_cut", "late")


@dataclass(frozen=True, slots=True)
class Milled:
    """How one room went; `broken` is empty when everything held."""

    seed: int
    permits: int
    cards: int = 0  #: finished cards that really exist
    spoiled: int = 0
    in_dispute: int = 0
    unknown: int = 0  #: attempts whose outcome two persons had to see
    deaths: int = 0
    chips: int = 0  #: chips that lay on a reader
    exchanged: int = 0  #: cards that came out on another blank than the books said
    heat_stops: int = 0  #: the printer stopped itself
    supplies_changed: int = 0
    ticks: int = 0
    seconds: float = 0.0
    broken: str = ""


def draw_weather(seed: int) -> Faults:
    """The faults of one room: each is left out in a third of them, mild or hard in the others."""
    rng = random.Random(f"mill/{seed}")
    drawn: dict[str, float] = {name: rng.choice((0.0, *_WEATHER)) for name in _DRAWN}
    drawn["hot"] = 0.3
    drawn["chipped"] = 0.5
    drawn["chip_torn"] = rng.choice((0.0, *_WEATHER))
    drawn["dead_chip"] = rng.choice((0.0, *_WEATHER))
    drawn["resumes"] = rng.choice((0.0, 0.5))
    drawn["death"] = rng.choice((0.0, *_DEATHS))
    drawn["disk_full"] = rng.choice((0.0, *_DEATHS))
    drawn["stick_gone"] = rng.choice((0.0, *_WEATHER))
    drawn["double_click"] = rng.choice((0.0, *_WEATHER))
    drawn["bad_card"] = rng.choice((0.0, *_WEATHER))
    # Dice of its own: the rooms of before stay as they were.
    drawn["mistaken"] = random.Random(f"mill/{seed}/mistaken").choice((0.0, 0.0, *_WEATHER))
    return replace(CALM, **drawn)


def a_print_office(
    registry: Registry, *, chance: Chance, printer: MemoryPrinter, at: FixedClock
) -> OfficeAtWork:
    """A dinas as it stands on its first morning, with this printer and nothing on its shelf."""
    start = opening(registry)
    database = clone(start.databases[DINAS])
    stick = start.sticks[DINAS].copy()
    database.chance = stick.chance = chance
    clock = ServerClock(at)
    house = house_of(
        DINAS, registry=registry, clock=clock, stick=stick, seed=str(printer.machine.uuid)
    )
    shelf = Shelf()
    shelf.printers[DINAS] = printer
    server = Server(house.code, database, house, clock, stick)
    return OfficeAtWork(server, Ground(chance, shelf), start.officers[DINAS])


def stack_up(office: OfficeAtWork, *, permits: int) -> None:
    """Permits of this very office, and blanks for all of them and for what will be ruined."""
    spare = permits // 2 + 5
    serials = [f"MIL{number:07d}" for number in range(1, permits + spare + 1)]
    office.ground.shelf.make_loose(serials, at=DINAS)
    with acting_as(office.server) as house:
        for number in range(1, permits + 1):
            office.ground.bodies[f"res_{number}"] = f"body {number}"
            answer = perform(
                Command(id=f"mill:{number}"), _granting(number), content={"number": number}
            )
            assert not isinstance(answer, Refusal), answer
        command = Command(id="mill:count", officer=office.officers[0])
        opened = open_books(command, boxes=[], serials=serials, witness=office.witness)
        assert not isinstance(opened, Refusal), opened
        for refresh in house.registry.refreshers:
            refresh()


def audit(office: OfficeAtWork, *, auditor: Auditor, registry: Registry) -> None:
    """The auditor counts the plastic, the server verifies its own books. Raises BrokenPromise."""
    # The others stand as on the first morning: what this office holds of theirs is a copy.
    others = opening(registry).databases
    books = {code: raw(others[code]) for code in others} | {DINAS: raw(office.server.database)}
    auditor.check_room(books)
    with acting_as(office.server):
        found = verify_server(has_rebuild=False)
    if found:
        raise BrokenPromise("; ".join(str(each) for each in found[:5]))


def draw(office: OfficeAtWork, permit: str) -> bytes:  # positional: partial for one office
    """The card's PDF, as thin as can be, and whose it is."""
    resident = permit.replace("prm_", "res_")
    document = b"%PDF-1.4 SPESIMEN " + permit.encode()
    office.ground.shelf.draw(document, resident=resident, body=resident)
    return document


@dataclass(slots=True)
class PrintMill:
    """One print room with its server, its printer and two officers."""

    seed: int
    registry: Registry
    permits: int = CARDS_A_ROOM
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    ticks: int = 0
    office: OfficeAtWork = field(init=False)
    room: PrintRoom = field(init=False)
    auditor: Auditor = field(init=False)
    idle: dict[str, tuple[int, ...]] = field(default_factory=dict)
    heat_stops: int = 0
    was_hot: bool = False

    def __post_init__(self) -> None:
        chance = Chance(random.Random(f"mill/{self.seed}/chance"), draw_weather(self.seed))
        temper = random.Random(f"mill/{self.seed}/temper")
        reading = random.Random(f"mill/{self.seed}/reading")
        printer = a_printer(
            random.Random(f"mill/{self.seed}/printer"),
            now=self.clock.now(),
            chances=chance.faults.printer_chances(),
            print_seconds=PRINT_SECONDS,
            temper=temper if temper.random() < chance.faults.hot else None,
            has_reader=reading.random() < READING,
        )
        self.office = a_print_office(self.registry, chance=chance, printer=printer, at=self.clock)
        self.room = PrintRoom(self.office, run_cards_max=50)
        if printer.machine.model.has_reader:
            self.room.sticking, self.room.is_listed = reading, reading.random() < LISTED
        if not self.room.is_listed:
            # Where the list tells every chip, the reader in the printer sees it at once.
            self.room.slips = hands_of(self.office, seed=f"mill/{self.seed}")
        chips = random.Random(f"mill/{self.seed}/chips")
        if chips.random() < chance.faults.chipped:
            self.room.chips = chip_desk(self.office, rng=chips)
        self.auditor = Auditor(self.office.ground.shelf)

    @property
    def printer(self) -> MemoryPrinter:
        return self.office.ground.shelf.printers[DINAS]

    def play(self) -> Milled:
        """From the first card to the count. Raises BrokenPromise, or what a defect raises."""
        try:
            stack_up(self.office, permits=self.permits)
            if self.room.is_listed:
                self._list_chips()
            self.office.ground.chance.is_on = True
            self._print_all(most=self.permits * _TICKS_A_CARD_MAX)
            self._heal()
            return self._count()
        finally:
            no_reader_at(DINAS)
            shut(self.office.server.database)

    def _list_chips(self) -> None:
        """Every blank's chip is known before the first is fed; a dead one is on no list."""
        chip_of = self.printer.machine.chip_of
        with acting_as(self.office.server):
            for serial in self.office.ground.shelf.loose_at(DINAS):
                if (uid := chip_of(serial)) is not None:
                    told = bind_uid(Command(id=f"mill:list:{serial}"), serial=serial, uid=uid)
                    assert not isinstance(told, Refusal), told

    def _print_all(self, *, most: int) -> None:
        for _ in range(most):
            self._step()
            if not self._has_work():
                return
        if self.office.ground.chance.is_on:
            return  # terrible weather: the healing goes on with it
        raise BrokenPromise(f"after {self.ticks} ticks there is work left: {self._left()}")

    def _heal(self) -> None:
        """No more faults; what was begun is finished."""
        self.office.ground.chance.is_on = False
        self.printer._chances = FaultChances()
        self.printer.machine.power_on(self.clock.now())
        self.printer.machine.set_room(FANNED_ROOM)
        self._print_all(most=self.permits * _TICKS_A_CARD_MAX)
        # A job that everybody took for dead may still wake; a night later it has.
        self.clock.move(timedelta(hours=12))
        self._print_all(most=self.permits * _TICKS_A_CARD_MAX)

    def _step(self) -> None:
        self.ticks += 1
        self.office.ground.tick = self.ticks
        self.clock.move(_TICK)
        server = self.office.server
        if server.down_until and server.down_until <= self.ticks:
            server.start()
        self.printer.tick(self.clock.now())
        is_hot = self.printer.machine.has_cut_off
        self.heat_stops += is_hot and not self.was_hot
        self.was_hot = is_hot
        if self.office.is_open and self._is_due("worker"):
            self._work()
        if self.office.is_open and self.office.unanswered:
            self.office.ask_again()
        if self.office.is_open and self._is_due("room"):
            self.room.work()
        server.letters.clear()

    def _work(self) -> None:
        """The worker's steps, as far as printing needs them."""
        line = PrinterLine(self.printer, self.office.ground.chance, self.office.ground.shelf.said)
        try:
            with acting_as(self.office.server):
                step_printers({DINAS: line}, render=partial(draw, self.office))
                secure()
        except Died:
            self.office.crash()
        except (OperationalError, OSError):
            self.idle.pop("worker", None)

    def _is_due(self, who: str) -> bool:
        """News since this one last looked? And a look round now and then without any."""
        server, machine = self.office.server, self.printer.machine
        now = (server.newest(), server.sittings(), machine.revision)
        if self.idle.get(who) == now and self.ticks % _ROUND_TICKS:
            return False
        self.idle[who] = now
        return True

    def _has_work(self) -> bool:
        if self.office.unanswered or not self.office.is_open or self.ticks % _ROUND_TICKS:
            return True
        return bool(self._left())

    def _left(self) -> list[str]:
        query = (
            "SELECT id FROM printing_attempt WHERE ended = '' OR (ended = 'UNKNOWN' AND settled"
            " = '') UNION SELECT a.card FROM printing_attempt a LEFT JOIN printing_cardcheck c ON"
            " c.card = a.card WHERE 'PRINTED' IN (a.ended, a.settled) AND c.card IS NULL"
        )
        with acting_as(self.office.server):
            permits = [each.permit for each in open_permits(self.office.server.code, most=5)]
            # A card that came out unasked is to be found, even after the last permit.
            permits += [each.id for each in attempts_on(DINAS) if each.late_at is not None]
        rows = raw(self.office.server.database).execute(query).fetchall()
        return [*permits, *(row[0] for row in rows)]

    def _count(self) -> Milled:
        audit(self.office, auditor=self.auditor, registry=self.registry)
        check_chips([self.room.chips])
        ended, settled = self.auditor.cards.ended, self.auditor.cards.settled
        in_dispute = sum(word == "DISPUTE" for word in settled.values())
        rejected = sum(word == "REJECTED" for word in self.auditor.cards.checked.values())
        printed = sum(
            "PRINTED" in (ended.get(a), settled.get(a)) for a in self.auditor.cards.attempts
        )
        if printed + in_dispute != self.permits:
            raise BrokenPromise(
                f"{self.permits} permits, {printed} cards in the books, {in_dispute} in dispute"
            )
        return Milled(
            seed=self.seed,
            permits=self.permits,
            cards=len(self.office.ground.shelf.cards),
            spoiled=rejected + sum(word == "SPOILED" for word in settled.values()),
            in_dispute=in_dispute,
            unknown=sum(word == "UNKNOWN" for word in ended.values()),
            deaths=self.office.server.deaths,
            chips=len(self.room.chips.seen) if self.room.chips is not None else 0,
            exchanged=self.room.slips.exchanged if self.room.slips is not None else 0,
            heat_stops=self.heat_stops,
            supplies_changed=sum(s.number - 1 for s in self.printer.machine.supplies.values()),
            ticks=self.ticks,
        )


def _granting(number: int) -> Any:
    def grant(pen: Pen) -> dict[str, Any]:
        facts = {
            "permit": f"prm_{number}",
            "card": f"crd_{number}",
            "resident": f"res_{number}",
            "request": f"req_{number}",
            "version": "0" * 64,
            "replaces": None,
            "office": DINAS,
            # The longest weather must not outlast a permit: here only printing is looked at.
            "print_until": "2027-12-31",
        }
        body = {"nik": f"990102010190{number:04d}", "nama": f"CONTOH {number}"}
        pen.write("permit.granted/1", subject=f"prm_{number}", facts=facts, body=body)
        return {}

    return grant


def mill(seed: int, *, registry: Registry, permits: int = CARDS_A_ROOM) -> Milled:
    """Play one room to its end."""
    logging.getLogger("ampera").setLevel(logging.ERROR)
    opening(registry)
    begun = time.process_time()
    room = PrintMill(seed, registry, permits)
    try:
        milled = room.play()
    except AssertionError as error:
        milled = Milled(seed, permits, broken=f"{type(error).__name__}: {error}")
    except (Exception, Died):
        milled = Milled(seed, permits, broken=traceback.format_exc(limit=-6))
    return replace(milled, seconds=time.process_time() - begun)


def mill_many(
    seeds: Sequence[int], *, registry: Registry, jobs: int, permits: int = CARDS_A_ROOM
) -> Iterator[Milled]:
    """Many rooms on several processes, in whatever order they end."""
    if jobs == 1:
        yield from (mill(seed, registry=registry, permits=permits) for seed in seeds)
        return
    opening(registry)  # before the fork: made once
    with multiprocessing.get_context("fork").Pool(jobs, _leave_it_to_the_parent) as pool:
        yield from pool.imap_unordered(_mill, ((seed, registry, permits) for seed in seeds))


def _leave_it_to_the_parent() -> None:
    """Ctrl-C goes to every process of a terminal; the parent ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _mill(work: tuple[int, Registry, int]) -> Milled:
    seed, registry, permits = work
    return mill(seed, registry=registry, permits=permits)
