"""Backups of kecamatan servers, and what becomes of one that is put back from an old one.

The disk is gone and with it all that the database held since the backup. The stick beside the
machine may be there or not. What follows is a new join, as the post has it; only then the officers
may work, and where the tail is not proved whole only after two of them have counted.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

from django.db import OperationalError

from ampera.blanko.queries import held_at
from ampera.blanko.rules import Account, Box, place
from ampera.journal.entry import ChainName
from ampera.journal.restoring import sign_ends
from ampera.printing.actions.restored import count_restored_server
from ampera.sync.joining import answer_join, make_join_code
from ampera.sync.link import Link, LinkError, Rejected, Unreachable, rejection
from ampera.sync.protocol.messages import Answer, Join, Question
from ampera.sync.restoring import rejoin
from ampera.words.refusal import Refusal
from ampera.world.auditor import Auditor
from ampera.world.databases import SimulatedDatabase, clone, raw, shut
from ampera.world.faults import Died
from ampera.world.network import Network, SimulatedLink
from ampera.world.offices import Answer as Done
from ampera.world.offices import Errand, OfficeAtWork
from ampera.world.servers import Server, Stick, acting_as, house_of, key_of
from ampera.world.shelf import Shelf, Spot

BACKUP_TICKS: Final = 12


@dataclass(frozen=True, slots=True)
class JoinLink:
    """The way by which a server is admitted: the same cable, another door."""

    network: Network
    child: Server

    def ask(self, message: Question) -> Answer:
        if not isinstance(message, Join):
            return SimulatedLink(self.network, self.child).ask(message)
        above = self.network.servers[str(self.child.code.upper)]
        if not self.network.is_whole(self.child):
            raise Unreachable("nobody answers")
        try:
            with acting_as(above):
                answer = answer_join(message, now=self.network.now())
        except (Died, OperationalError, OSError) as error:
            raise Unreachable("the server above ended over it") from error
        if self.network.chance.hits("lost_answer"):
            raise Unreachable("no answer came")
        if isinstance(answer, Refusal):
            raise rejection(answer.code, facts=answer.facts)
        return answer


@dataclass(slots=True)
class Restored:
    """A server that is being put back."""

    key_number: int
    code: str = ""  #: the one-time code from above, once somebody asked for it


@dataclass(slots=True)
class Restorer:
    """Keeps the backups and puts servers back."""

    offices: dict[str, OfficeAtWork]
    network: Network
    auditor: Auditor
    seed: int
    backups: dict[str, SimulatedDatabase] = field(default_factory=dict)
    #: Servers that wait for their new life.
    joining: dict[str, Restored] = field(default_factory=dict)
    count: int = 0

    def back_up(self, tick: int) -> None:
        """Each kecamatan at its own hour, into memory: nobody reads it before it is needed."""
        for number, code in enumerate(sorted(self.offices)):
            server = self.offices[code].server
            is_hour = (tick + 5 * number) % BACKUP_TICKS == 0
            if is_hour and server.code.upper is not None and code not in self.joining:
                is_missed = code in self.backups and self.network.chance.hits("backup_missed")
                if is_missed or not self._signed(code):
                    continue
                if code in self.backups:
                    shut(self.backups[code])
                self.backups[code] = clone(server.database)

    def _signed(self, code: str) -> bool:
        """What was never sent vouches for itself in the backup too, whatever becomes of the
        machine, its key and its stick. False when there is no backup at this hour."""
        server = self.offices[code].server
        if not server.is_up:
            return False
        try:
            with acting_as(server):
                sign_ends(server.house.key)
        except Died:
            self.offices[code].crash()
            return False
        except (OperationalError, OSError):
            return False
        return True

    def befall(self) -> None:
        """Some kecamatan loses its disk."""
        for code in sorted(self.backups):
            at_work = self.offices[code]
            is_kecamatan = code.count(".") == 2
            is_to_be = is_kecamatan and code not in self.joining and not at_work.is_seized
            if is_to_be and at_work.ground.chance.hits("restore"):
                # What the stick's own fault decides: with it, or without.
                is_lost = at_work.ground.chance.hits("stick_lost")
                self.restore(at_work, with_second_log=not is_lost)

    def restore(self, at_work: OfficeAtWork, *, with_second_log: bool) -> None:
        """Put this server back from its last backup; it joins anew before anybody works on it."""
        server, code = at_work.server, at_work.code
        self.count += 1
        # The other servers' copies as they are now: what they hold is not lost.
        self.auditor.check_safety(
            {each: raw(office.server.database) for each, office in self.offices.items()}
        )
        chance, name = server.database.chance, server.database.settings_dict["NAME"]
        shut(server.database)
        if not str(name).startswith(":memory:"):
            _remove_files(str(name))
        server.database = clone(self.backups[code], name=name)
        server.database.chance = chance
        if not with_second_log:
            server.stick = Stick()
            server.stick.chance = chance
        number = 100 + self.count
        house = house_of(
            code,
            registry=server.house.registry,
            clock=server.clock,
            stick=server.stick,
            seed=f"{self.seed}/restored{self.count}",
            incarnation=server.house.incarnation,
        )
        house.key = server.house.key
        server.house = house
        server.start()
        server.note("<" if with_second_log else "(")
        server.is_joining = True
        self.joining[code] = Restored(key_number=number)
        self.auditor.chains.keyless |= {
            chain
            for chain in self.auditor.chains.written
            if chain.startswith(f"{code}/")
            and ChainName.read(chain).incarnation < server.house.incarnation
        }
        self.auditor.forget(code, stick=server.stick.last_seqs(), is_stick_lost=not with_second_log)

    def step(self) -> None:
        """Whoever waits for a new life tries to get it."""
        for code in sorted(self.joining):
            at_work = self.offices[code]
            if at_work.server.is_up:
                self._try_to_join(at_work)

    def _try_to_join(self, at_work: OfficeAtWork) -> None:
        server, waiting = at_work.server, self.joining[at_work.code]
        if not waiting.code:
            waiting.code = self._code_from_above(at_work)
            return
        link: Link = JoinLink(self.network, server)
        old_key, new_key = server.house.key, key_of(at_work.code, incarnation=waiting.key_number)
        try:
            with acting_as(server):
                done = rejoin(
                    link,
                    code=waiting.code,
                    key=new_key,
                    reconnect=lambda _speaker, _key: link,
                    old_key=None if old_key.public_hex == new_key.public_hex else old_key,
                )
        except Died:
            at_work.crash()
            return
        except Rejected as no:
            # A night has passed since it was given: somebody asks for a new one.
            waiting.code = "" if no.code == "post.bad_code" else waiting.code
            return
        except (LinkError, OperationalError, OSError):
            return
        assert not isinstance(done, Refusal), f"{at_work.code} was not admitted: {done}"
        del self.joining[at_work.code]
        server.is_joining = False
        server.note(">")
        if not done.is_whole:
            at_work.must_count = True

    def _code_from_above(self, at_work: OfficeAtWork) -> str:
        above = self.offices[str(at_work.server.code.upper)]
        if not above.is_open:
            return ""
        try:
            with acting_as(above.server):
                code = make_join_code(at_work.server.code, now=self.network.now())
        except Died:
            above.crash()
            return ""
        except (OperationalError, OSError):
            return ""
        assert isinstance(code, str), f"no code for {at_work.code}: {code}"
        return code


def count_what_is_here(at_work: OfficeAtWork) -> None:
    """Two officers list every blanko that they see, by serial: shelf, printer, spoils."""
    if at_work.is_asked("count"):
        return
    shelf = at_work.ground.shelf
    if at_work.code in shelf.printers:
        shelf.empty_printer(at=at_work.code)
    with acting_as(at_work.server):
        # What their screen lists as taken by an attempt: a card that came of it was seen, too.
        reserved = held_at(place(at_work.server.code, Account.RESERVED))
    serials, boxes = seen_at(shelf, at_work.code, reserved=reserved)
    command, witness = at_work.command(), at_work.witness

    def then(answer: Done | Refusal) -> None:
        if not isinstance(answer, Refusal) or answer.code == "printing.not_quarantined":
            at_work.must_count = False
            at_work.server.note("#")

    at_work.ask(
        Errand(
            "count",
            lambda: count_restored_server(
                command, seen_serials=serials, seen_boxes=boxes, witness=witness
            ),
            then,
        )
    )


def seen_at(  # positional: a pair
    shelf: Shelf, office: str, *, reserved: Container[str]
) -> tuple[list[str], list[Box]]:
    """Loose and ruined blanko, sealed boxes, and finished cards of reserved blanko that really lie
    in an office."""
    spots = (Spot.SHELF, Spot.SPOILS)
    serials = sorted(
        serial
        for serial, lies in shelf.lies.items()
        if lies.whose == office
        and (lies.spot in spots or (serial in reserved and lies.spot in (Spot.DESK, Spot.CUSTODY)))
    )
    boxes = [
        shelf.boxes[label]
        for label, lies in sorted(shelf.sealed.items())
        if lies.whose == office and lies.spot is Spot.BOX
    ]
    return serials, boxes


def _remove_files(name: str) -> None:
    from pathlib import Path

    for ending in ("", "-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
