"""The network between the servers: loses, repeats, delays, tears, and is cut for long.

The post asks and waits for an answer, so what can befall it is this: the question is lost, the
answer is lost or torn, the question arrives again much later, out of order, when nobody waits for
it any more. The bytes are those of the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import OperationalError

from ampera.enrolment.actions import note_packet_sent
from ampera.enrolment.queries import packets_to_send
from ampera.sync.answering import handle
from ampera.sync.encoding import GarbledError, decode_answer, decode_question, encode
from ampera.sync.link import Garbled, Unreachable, rejection
from ampera.sync.protocol.messages import Answer, No, Question, Speaker
from ampera.words.clock import FixedClock
from ampera.world.databases import raw
from ampera.world.faults import Chance, Died
from ampera.world.servers import Server, acting_as

CUT_TICKS_MAX: Final = 60
LATE_TICKS_MAX: Final = 40


@dataclass(frozen=True, slots=True, order=True)
class _Late:
    """A question that arrives again."""

    tick: int
    number: int
    target: str = field(compare=False)
    speaker: Speaker = field(compare=False)
    data: bytes = field(compare=False)


@dataclass(slots=True)
class Network:
    """All links of the province."""

    servers: Mapping[str, Server]
    chance: Chance
    clock: FixedClock
    tick: int = 0
    #: Link (named by its lower end) → the tick at which it is whole again.
    cut_until: dict[str, int] = field(default_factory=dict)
    late: list[_Late] = field(default_factory=list)
    asked: int = 0

    def pass_time(self, tick: int) -> None:
        """Cut and mend links; deliver what comes late."""
        self.tick = tick
        self.cut_until = {code: until for code, until in self.cut_until.items() if until > tick}
        for code in sorted(self.servers):
            if self.chance.hits("cut"):
                self.cut_until[code] = tick + self.chance.rng.randint(2, CUT_TICKS_MAX)
        due = sorted(each for each in self.late if each.tick <= tick)
        self.late = [each for each in self.late if each.tick > tick]
        for each in due:
            target = self.servers[each.target]
            if target.is_up and not target.is_joining:
                self._deliver(target, each.data, each.speaker)

    def now(self) -> datetime:
        """Wall time, which no server's own clock disturbs: it paces retries only."""
        return self.clock.now()

    def mend(self) -> None:
        """All links are whole; what was under way is lost."""
        self.cut_until.clear()
        self.late.clear()

    def is_whole(self, child: Server) -> bool:
        """Can this server reach the one above?"""
        upper = child.code.upper
        assert upper is not None
        above = self.servers[str(upper)]
        return (
            above.is_up
            and not above.is_joining
            and self.cut_until.get(str(child.code), 0) <= self.tick
        )

    def waiting_for(self, child: Server) -> int:
        """How much has been written above for this server, where it can be asked for."""
        above = self.servers.get(str(child.code.upper))
        if above is None or not self.is_whole(child):
            return 0
        count = "SELECT SUM(seq) FROM journal_chain WHERE name LIKE ?"
        row = raw(above.database).execute(count, (f"{above.code}/to/{child.code}@%",)).fetchone()
        return int(row[0] or 0)

    def exchange(self, child: Server, question: Question) -> Answer:  # positional: a pair
        """One question of a lower server and its answer. Raises a LinkError, or Died when the
        asking server ends meanwhile."""
        upper = child.code.upper
        assert upper is not None
        above, data = self.servers[str(upper)], encode(question)
        speaker = Speaker(child.code, child.house.incarnation)
        if self.chance.hits("twice"):
            self._send_again(str(upper), speaker, data)
        if not self.is_whole(child) or self.chance.hits("lost_question"):
            raise Unreachable("nobody answers")
        self.asked += 1
        answer = self._deliver(above, data, speaker)
        if self.chance.hits("death"):
            raise Died("while it waited for an answer")
        if answer is None or self.chance.hits("lost_answer"):
            raise Unreachable("no answer came")
        if self.chance.hits("torn_answer"):
            answer = answer[: self.chance.rng.randrange(len(answer))]
        try:
            read = decode_answer(answer)
        except GarbledError as error:
            raise Garbled(str(error)) from error
        if isinstance(read, No):
            raise rejection(read.refused.code, facts=read.refused.facts)
        return read

    def _send_again(self, target: str, speaker: Speaker, data: bytes) -> None:
        tick = self.tick + self.chance.rng.randint(1, LATE_TICKS_MAX)
        self.late.append(_Late(tick, self.asked * 1000 + len(self.late), target, speaker, data))

    def _deliver(self, target: Server, data: bytes, speaker: Speaker) -> bytes | None:
        """What the server above says to these bytes; None when it ended over them."""
        try:
            with acting_as(target):
                return encode(handle(decode_question(data), speaker=speaker))
        except Died:
            target.note("!")
            target.down_until = self.tick + self.chance.rng.randint(1, 20)
            target.deaths += 1
            return None
        except (OperationalError, OSError):
            # Its disk is full, or its second log cannot be written: it says *broken just now*.
            target.note("x")
            return None

    def carry_packets(self, child: Server) -> None:
        """Sealed packets go up by content hash, one at a time; each may be lost on the way. The
        lower server acts."""
        upper = child.code.upper
        assert upper is not None
        above = self.servers[str(upper)]
        if not self.is_whole(child) or child.room is None or above.room is None:
            return
        for packet in packets_to_send():
            sealed = child.room.store.get(packet)
            if sealed is None or self.chance.hits("lost_question"):
                return
            above.room.store.put(sealed)
            if self.chance.hits("lost_answer"):
                return
            note_packet_sent(packet)


@dataclass(frozen=True, slots=True)
class SimulatedLink:
    """The post's link of one server in this network."""

    network: Network
    child: Server

    def ask(self, message: Question) -> Answer:
        return self.network.exchange(self.child, message)
