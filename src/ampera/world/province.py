"""A simulated province: real servers, a bad network, real plastic, and one source of chance.

One process, one thread, one `random.Random(seed)`, one tick, and everything is gone through in
sorted order: the same seed gives the same world. First faults, then healing, then the auditor's
last look.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from ampera.dedup.ports import use_engine
from ampera.devices.simulated.memory import FaultChances
from ampera.enrolment.ports.simulated import open_simulated_rooms
from ampera.journal.registry import Registry
from ampera.journal.verify import verify_server
from ampera.sync.protocol.state import Limits
from ampera.words.clock import FixedClock
from ampera.world.auditor import Auditor, BrokenPromise
from ampera.world.building import Builder
from ampera.world.chipdesk import check_chips, no_reader_at
from ampera.world.databases import raw, shut
from ampera.world.faults import Chance
from ampera.world.hothead import FANNED_ROOM
from ampera.world.interleaving import compare_with_interleaving
from ampera.world.lending import LendingStory, draw_plan
from ampera.world.matcher import BodyMatcher
from ampera.world.mishaps import Mishaps, dying_after
from ampera.world.mistaken import DisputeDesk
from ampera.world.network import Network
from ampera.world.offices import Ground
from ampera.world.opening import CODES, DINAS, KECAMATAN, START
from ampera.world.quotas import DAYS_MAX, cards_a_day, quota_of
from ampera.world.residents import Residents
from ampera.world.restores import Restorer, count_what_is_here
from ampera.world.seizing import SeizeStory, draw_seizure
from ampera.world.servers import Server, acting_as
from ampera.world.shelf import Shelf
from ampera.world.situations import AT_ONCE, Weather, draw_weather
from ampera.world.size import Outcome, Size
from ampera.world.working import Office

TICK: Final = timedelta(seconds=150)
AUDIT_TICKS: Final = 8
#: The world is quiet when nobody wrote anything for so many ticks.
QUIET_TICKS: Final = 12
_HEAL_TICKS_MAX: Final = 400
ROUND_TICKS: Final = 6  #: while all is well everybody makes the whole round so often
#: Longer than this nobody waits for the moment from which on things go wrong.
CALM_TICKS_MAX: Final = 60
#: Printers were seen to print jobs that everybody took for dead after this long.
_NIGHT: Final = timedelta(hours=3)


@dataclass(slots=True)
class Province:
    """One world. `play` runs it to its end."""

    seed: int
    registry: Registry
    size: Size = field(default_factory=Size)
    folder: Path | None = None  #: with a folder its databases are files there
    weather: Weather | None = None  #: this one, and not the one that it draws
    drawn: Weather = field(init=False)
    is_thorough: bool = False  #: the tables of every server are made anew at the end
    tell: Callable[[str], None] | None = None
    chance: Chance = field(init=False)
    clock: FixedClock = field(init=False)
    ground: Ground = field(init=False)
    servers: dict[str, Server] = field(init=False)
    offices: dict[str, Office] = field(init=False)
    network: Network = field(init=False)
    auditor: Auditor = field(init=False)
    mishaps: Mishaps = field(init=False)
    restorer: Restorer = field(init=False)
    residents: Residents = field(init=False)
    lending: LendingStory = field(init=False)
    seizing: SeizeStory = field(init=False)
    disputes: DisputeDesk = field(init=False)
    tick: int = 0

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        drawn = draw_weather(self.seed)
        self.drawn = self.weather if self.weather is not None else drawn
        self.chance = Chance(rng, self.drawn.faults)
        # A world may learn new kinds while it runs: the registry of others stays as it is.
        reactions = {
            about: [dying_after(each, chance=self.chance) for each in made]
            for about, made in self.registry.reactions.items()
        }
        rows = dict(self.registry.rows)
        self.registry = replace(self.registry, rows=rows, reactions=reactions)
        self.clock = FixedClock(START)
        kecamatan = sorted(rng.sample(KECAMATAN, rng.choice(self.size.kecamatan)))
        codes = [code for code in CODES if code not in KECAMATAN or code in kecamatan]
        builder = Builder(
            self.seed,
            self.registry,
            self.folder,
            self.clock,
            self.chance,
            Ground(self.chance, Shelf()),
        )
        self.ground = builder.ground
        self.servers = {code: builder.server(code) for code in codes}
        for code, room in open_simulated_rooms(codes, seed=self.seed).items():
            self.servers[code].room = room
        self.network = Network(self.servers, self.chance, self.clock)
        limits = Limits(rows=rng.choice((2, 20, 500)), pieces=rng.choice((2, 16)), offers=3)
        self.offices = builder.offices(self.servers, network=self.network, limits=limits)
        self.auditor = Auditor(self.ground.shelf)
        self.auditor.queues.cards_a_day = quota_of(self.seed)
        at_work = {code: office.at_work for code, office in self.offices.items()}
        self.mishaps = Mishaps(at_work, self.auditor, self.registry)
        self.restorer = Restorer(at_work, self.network, self.auditor, self.seed)
        counters = {code: office.counter for code, office in self.offices.items()}
        self.offices[DINAS].queue.desks = list(counters.values())
        self.residents = Residents(self.ground, counters, self.auditor, self.size)
        builder.open_books(self.offices)
        self.residents.draw_cases(kecamatan, registry=self.registry)
        busy = [code for code in kecamatan if counters[code].cases]
        plan = draw_plan(self.seed, kecamatan=kecamatan, busy=busy)
        self.lending = LendingStory(plan, self.offices, self.network, self.restorer)
        seized = draw_seizure(self.seed, kecamatan=kecamatan, busy=busy, is_lent=plan is not None)
        self.disputes = DisputeDesk(at_work[DINAS])
        self.seizing = SeizeStory(seized, self.offices, self.restorer)

    # Running

    def play(self) -> Outcome:
        """Faults, healing, the last look. Raises BrokenPromise, or what a defect raises."""
        use_engine(BodyMatcher(self.chance))
        try:
            with cards_a_day(self.auditor.queues.cards_a_day):
                self._until_it_begins()
                self.chance.is_on = True
                self.run(self.size.ticks)
                self.lending.go_on(self.step)
                self.seizing.go_on(self.step)
                self.heal()
            self.auditor.check_at_the_end(self.databases(), told=self.ground.told)
            rooms = [office.print_room for office in self._all()]
            check_chips(room.chips for room in rooms if room is not None)
            self._verify()
            return self.outcome()
        finally:
            self.close()

    def _until_it_begins(self) -> None:
        """All is well until the first entry of the kind that this world's weather waits for."""
        kind = self.drawn.begins
        while kind != AT_ONCE and self.tick < CALM_TICKS_MAX and not self._is_written(kind):
            self.step()

    def _is_written(self, kind: str) -> bool:
        query = "SELECT 1 FROM journal_entryrow WHERE kind = ? LIMIT 1"
        return any(each.execute(query, (kind,)).fetchone() for each in self.databases().values())

    def run(self, ticks: int) -> None:
        """Let that many ticks pass."""
        for _ in range(ticks):
            self.step()

    def step(self, tick: timedelta = TICK) -> None:
        """One tick: time, machines, people."""
        self.tick += 1
        self.ground.tick = self.tick
        self.clock.move(self.lending.length(tick))
        self._start_again()
        self.network.pass_time(self.tick)
        self.mishaps.befall()
        self.residents.lose_cards()
        self.restorer.back_up(self.tick)
        self.restorer.befall()
        self.restorer.step()
        self.lending.befall()
        self.seizing.befall()
        for code in sorted(self.ground.shelf.printers):
            self.ground.shelf.printers[code].tick(self.clock.now())
        for code in sorted(self.offices):
            self._work(self.offices[code])
            self.offices[code].bundles.carriers.walk()
            self.offices[code].queue.step()
        self.disputes.step()
        if self.tick % AUDIT_TICKS == 0:
            self.auditor.check_safety(self.databases())
        self._trace()

    def _start_again(self) -> None:
        for server in self.servers.values():
            if server.down_until and server.down_until <= self.tick:
                server.start()

    def _work(self, office: Office) -> None:
        """What happens in one office in one tick: chance says who is quick and who is slow."""
        rng, at_work = self.chance.rng, office.at_work
        if at_work.is_open and self.chance.hits("crash"):
            at_work.crash()
        if at_work.is_open:
            office.worker.work()
        if at_work.is_seized:
            return  # its cards and blanks lie in a locked room; at most its server runs there
        if at_work.is_open and at_work.must_count:
            # Nothing else may be done here; what nobody answered is asked again.
            if not at_work.ask_again():
                count_what_is_here(at_work)
            return
        if not at_work.is_open or (self.chance.is_on and rng.random() < 0.3):
            return
        if at_work.unanswered and rng.random() < 0.5:
            at_work.ask_again()
            return
        is_round = not self.chance.is_on and self.tick % ROUND_TICKS == 0
        roles = [rng.choice(office.roles())] if self.chance.is_on else office.roles()
        for name, work in roles:
            before = office.seen(name)
            if at_work.is_open and (is_round or office.idle.get(name) != before):
                work()
                office.idle[name] = before if before == office.seen(name) else ()

    def heal(self) -> None:
        """No more faults; what was begun goes on until nobody has anything left to do."""
        self.chance.is_on = False
        self.network.mend()
        self.mishaps.upgrade()
        for server in self.servers.values():
            server.clock.off = timedelta(0)
            if not server.is_up:
                server.down_until = self.tick + 1
        for printer in self.ground.shelf.printers.values():
            printer._chances = FaultChances()
            printer.machine.power_on(self.clock.now())
            printer.machine.set_room(FANNED_ROOM)
        self._until_quiet()
        self.clock.move(_NIGHT)
        self._until_quiet()
        for _ in range(DAYS_MAX if self.auditor.queues.cards_a_day else 0):
            if self._waiting():
                self.clock.move(timedelta(days=1))
                self._until_quiet()

    def _waiting(self) -> int:
        """How many requests the dinas would grant a permit for."""
        query = "SELECT COUNT(*) FROM readiness_asked WHERE state = 'WAITING'"
        return int(self.databases()[DINAS].execute(query).fetchone()[0])

    def _until_quiet(self) -> None:
        quiet, known = 0, -1
        for _ in range(_HEAL_TICKS_MAX):
            self.step()
            now = self.entries()
            quiet = quiet + 1 if now == known else 0
            known = now
            is_asked = any(each.at_work.unanswered or each.is_patient for each in self._all())
            if quiet >= QUIET_TICKS and not is_asked and not self.restorer.joining:
                return

    def _all(self) -> Iterator[Office]:
        return (self.offices[code] for code in sorted(self.offices))

    # What came of it

    def databases(self) -> dict[str, sqlite3.Connection]:
        """SQLite's own connections, for an auditor."""
        return {code: raw(self.servers[code].database) for code in sorted(self.servers)}

    def entries(self) -> int:
        """How many entries all servers hold together."""
        count = "SELECT COUNT(*) FROM journal_entryrow"
        return sum(each.execute(count).fetchone()[0] for each in self.databases().values())

    def _verify(self) -> None:
        """What each server finds about itself. Of two that are drawn the tables are made anew, of
        one in order of arrival, of the other in another interleaving; of all in a thorough world.
        """
        # Its own tables never had what a forger wrote: that server vouches for nothing.
        honest = [code for code in sorted(self.servers) if code not in self.auditor.distrusted]
        rng = self.chance.rng
        drawn = [rng.choice(honest)], [rng.choice(honest)]
        anew, otherwise = (honest, honest) if self.is_thorough else drawn
        for code in honest:
            with acting_as(self.servers[code]):
                checked = verify_server(has_rebuild=code in anew)
            found = [each for each in checked if not self.auditor.is_lost(each)]
            if found:
                raise BrokenPromise(f"{code} finds: " + "; ".join(str(each) for each in found[:5]))
        for code in otherwise:
            with acting_as(self.servers[code]):
                differing = compare_with_interleaving(rng)
            if differing:
                raise BrokenPromise(f"{code}, in another order: " + "; ".join(differing[:3]))

    def outcome(self) -> Outcome:
        """A short name for everything that was written, and some counts."""
        heads = {
            chain: lines[-1].hash
            for chain, lines in sorted(self.auditor.chains.written.items())
            if lines
        }
        lies = sorted((s, str(each.spot), each.whose) for s, each in self.ground.shelf.lies.items())
        told = json.dumps([heads, lies], sort_keys=True)
        return Outcome(
            seed=self.seed,
            hash=hashlib.sha256(told.encode()).hexdigest()[:16],
            ticks=self.tick,
            entries=sum(len(each) for each in self.auditor.chains.written.values()),
            cards=len(self.ground.shelf.cards),
            deaths=sum(server.deaths for server in self.servers.values()),
        )

    def close(self) -> None:
        """Let go of the databases and of the engine."""
        use_engine(None)
        for code in self.servers:
            no_reader_at(code)
        for server in self.servers.values():
            shut(server.database)
        for backup in self.restorer.backups.values():
            shut(backup)

    def _trace(self) -> None:
        if self.tell is None:
            return
        cells = [f"{code}:{self.servers[code].said()}" for code in sorted(self.servers)]
        self.tell(f"{self.tick:4d} " + "  ".join(cells))
