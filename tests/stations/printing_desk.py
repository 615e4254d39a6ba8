"""A print desk for tests: a kecamatan with blanks, permits and one simulated printer.

Real code all through. The machine of `ampera.devices.simulated` is the physical truth beside the
books; the desk's officer feeds the blank that the screen names.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from random import Random
from typing import Any

from ampera.blanko.actions import open_books
from ampera.blanko.queries import whereis
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.house import House, open_house
from ampera.journal.keys import ServerKey
from ampera.journal.rebuild import compare_with_rebuild
from ampera.journal.second_log import MemorySecondLog
from ampera.printing.actions import (
    settle_attempt,
    start_run,
    step_printer,
)
from ampera.printing.queries import (
    AttemptSeen,
    attempts_of,
    open_attempts,
)
from ampera.readiness.queries import open_permits
from ampera.tiers.wiring import make_registry
from ampera.words import FixedClock, OfficeCode, Refusal, SystemIds
from tests.houses import START, Offices

DINAS, KEC = "16.71", "16.71.02"
PRINTER = "p1"
SARI, BUDI = "off_sari", "off_budi"
CARD_SECONDS = 180
_numbers = itertools.count(1)


class Crash(BaseException):
    """The server's power goes; nothing after this line is done."""


def by(officer: str = SARI) -> Command:
    """A new command of this officer."""
    return Command(id=f"cmd_desk_{next(_numbers)}", officer=officer)


def serial(number: int) -> str:
    return f"SPC{number:08d}"


def grant_here(number: int, **facts: Any) -> str:
    """The dinas that acts grants permit `number` to an office, or to itself."""
    permit = f"prm_{number}"
    told = {
        "permit": permit,
        "card": f"crd_{number}",
        "resident": f"res_{number}",
        "request": f"req_{number}",
        "version": "0" * 64,
        "replaces": None,
        "office": KEC,
        "print_until": "2017-10-20",
        "reason": "NEW",
        "home": KEC,
        **facts,
    }
    body = {"nama": f"CONTOH {number}", "nik": f"990102010190{number:04d}"}

    def work(pen: Pen) -> dict[str, Any]:
        office = OfficeCode(told["office"])
        to = None if office == pen.house.code else office
        pen.write("permit.granted/1", subject=permit, facts=told, body=body, to=to)
        return {}

    assert perform(by(BUDI), work, content=told) == {}
    return permit


def grant(offices: Offices, number: int, **facts: Any) -> str:
    """The dinas grants permit `number` to the kecamatan; the post has to carry it."""
    with offices.at(DINAS):
        return grant_here(number, **facts)


def count_in(blanks: int, *, first: int = 1) -> None:
    """Two officers open the books with so many blanks on the shelf."""
    serials = [serial(number) for number in range(first, first + blanks)]
    opened = open_books(by(SARI), boxes=[], serials=serials, witness=BUDI)
    assert not isinstance(opened, Refusal), opened


def lone_dinas(*, permits: int, blanks: int) -> None:
    """A dinas on whatever database is `default`, with permits of its own: for races."""
    clock = FixedClock(START)
    open_house(
        House(
            code=OfficeCode(DINAS),
            incarnation=1,
            key=ServerKey.from_seed(bytes(32)),
            clock=clock,
            ids=SystemIds(clock),
            registry=make_registry(),
            second_log=MemorySecondLog(),
            is_demo=True,
        )
    )
    for number in range(1, permits + 1):
        grant_here(number, office=DINAS)
    count_in(blanks)


class Desk:
    """One kecamatan's printer and who stands at it. Act inside `with desk.at():`."""

    def __init__(self, offices: Offices, *, permits: int = 3, blanks: int = 5) -> None:
        self.offices = offices
        self.printer = MemoryPrinter(now=offices.clock.at, rng=Random(7))
        self.machine = self.printer.machine
        self.fed: set[str] = set()
        self.rendered: list[str] = []
        self.feeds_by_hand = True
        for number in range(1, permits + 1):
            grant(offices, number)
        with self.at():
            count_in(blanks)
        offices.post()

    def at(self):
        return self.offices.at(KEC)

    def render(self, permit: str) -> bytes | Refusal:
        """The card of a permit; what is on it is no matter of the station."""
        self.rendered.append(permit)
        return b"%PDF-1.4 SPESIMEN " + permit.encode()

    def start(self, cards: int = 1, serials: tuple[str, ...] = ()) -> None:
        begun = start_run(by(SARI), printer=PRINTER, cards=cards, serials=serials)
        assert not isinstance(begun, Refusal), begun

    def tick(self, seconds: float = 1) -> None:
        """Time passes, the officer feeds what the screen names, and the worker makes one step."""
        self.offices.clock.move(timedelta(seconds=seconds))
        self.printer.tick(self.offices.clock.at)
        step_printer(PRINTER, port=self.printer, render=self.render)
        if self.feeds_by_hand:
            self.feed()

    def feed(self) -> None:
        for attempt in open_attempts():
            if attempt.serial not in self.fed and self.machine.is_starved:
                self.fed.add(attempt.serial)
                self.machine.load([attempt.serial])

    def work(self, ticks: int = 40, seconds: float = 10) -> None:
        for _ in range(ticks):
            self.tick(seconds)

    def attempts(self, number: int = 1) -> list[AttemptSeen]:
        return attempts_of(f"crd_{number}")

    def attempt(self, number: int = 1) -> AttemptSeen:
        """The newest attempt for card `number`."""
        return self.attempts(number)[-1]

    def jobs(self) -> list[str]:
        return [job.name for job in self.machine.jobs.values()]


def place_of(blanko: str) -> str:
    seen = whereis(blanko)
    assert seen is not None
    return seen.place.split("/")[-1]


def code(answer: object) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def settle(attempt, outcome, *, witness=BUDI):
    """Two officers say what became of a blanko."""
    return settle_attempt(by(SARI), attempt=attempt.id, outcome=outcome, witness=witness)


def queued():
    """Permits of this office in the order in which they would be printed."""
    return [each.permit for each in open_permits(OfficeCode(KEC))]


def books_and_tables_are_whole():
    """Nothing to complain of, and the tables are those of the journal."""
    from ampera.blanko.queries import CHECKS as BLANKO
    from ampera.printing.queries import CHECKS as PRINTING

    complaints = [each for check in (*BLANKO, *PRINTING) for each in check()]
    return complaints == [] and compare_with_rebuild() == []
