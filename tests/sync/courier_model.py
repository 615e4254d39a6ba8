"""A model of the tier above and a courier below it: chains are lists of hashes.

The model obeys the rules of receiving: compare what is known by hash, refuse a gap, take what is
new.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ampera.journal.entry import FIRST_PREV, ChainName
from ampera.sync.protocol.courier import step
from ampera.sync.protocol.messages import Place, PushAnswer, Refused, Speaker
from ampera.sync.protocol.state import (
    Alarm,
    Answered,
    CourierState,
    Limits,
    Look,
    Pulled,
    SendPull,
    SendPush,
    Standing,
)
from ampera.words import OfficeCode

NOW = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
ME = Speaker(OfficeCode("16.71"), 1)
SMALL = Limits(rows=2, pull_rows=2, pieces=2, offers=1, quiet_contacts=1)
UP = ChainName.read("16.71/up@1")
DOWN = ChainName.read("16.71/to/16.71.02@1")
AUDIT = ChainName.read("16.71/audit@1")
CHILD = ChainName.read("16.71.02/up@1")
FOR_US = ChainName.read("00/to/16.71@1")
OURS = (UP, DOWN, AUDIT, CHILD)

Chains = dict[ChainName, list[str]]


def hash_of(chain: ChainName, seq: int, *, branch: str = "") -> str:
    return f"{chain}#{seq}{branch}"


def place(chains: Chains, chain: ChainName) -> Place:
    held = chains.get(chain, [])
    return Place(len(held), held[-1] if held else FIRST_PREV)


def hash_at(chains: Chains, chain: ChainName, seq: int) -> str | None:
    held = chains.get(chain, [])
    if seq == 0:
        return FIRST_PREV
    return held[seq - 1] if seq <= len(held) else None


@dataclass
class Sent:
    """A request on its way, with the entries that it carries."""

    request: SendPush | SendPull
    parts: dict[ChainName, tuple[int, list[str]]] = field(default_factory=dict)


@dataclass
class Above:
    """The tier above, as architecture §3 describes receiving."""

    chains: Chains = field(default_factory=dict)
    life: int = 1

    def answer(self, sent: Sent) -> PushAnswer | tuple[Place, list[str], Refused | None]:
        if isinstance(sent.request, SendPull):
            return self._give(sent.request)
        refused = {}
        for chain, (after, hashes) in sent.parts.items():
            held = self.chains.setdefault(chain, [])
            known = held[after : after + len(hashes)]
            if known != hashes[: len(known)]:
                refused[chain] = Refused("post.fork")
            elif after > len(held):
                refused[chain] = Refused("post.gap", {"seq": len(held)})
            else:
                held.extend(hashes[len(known) :])
        asked = {chain for chain, _ in sent.request.offers} | set(sent.parts)
        if sent.request.asks_all:
            asked |= set(self.chains)
        return PushAnswer(
            life=self.life,
            at=NOW,
            places={chain: place(self.chains, chain) for chain in asked},
            waiting={FOR_US: place(self.chains, FOR_US)},
            refused=refused,
        )

    def _give(self, request: SendPull) -> tuple[Place, list[str], Refused | None]:
        held = self.chains.get(request.chain, [])
        known = hash_at(self.chains, request.chain, request.after.seq)
        end = place(self.chains, request.chain)
        if known is not None and known != request.after.hash:
            return end, [], Refused("post.fork")
        after = request.after.seq
        return end, held[after : after + request.rows] if known is not None else [], None


@dataclass
class Below:
    """The courier's hands, with lists instead of a journal."""

    chains: Chains = field(default_factory=dict)
    state: CourierState = field(default_factory=lambda: CourierState(me=ME))
    now: datetime = NOW
    alarms: list[Alarm] = field(default_factory=list)
    limits: Limits = SMALL

    def look(self) -> Sent | None:
        standings = tuple(
            Standing(chain, len(held), held[-1] if held else FIRST_PREV)
            for chain, held in self.chains.items()
        )
        outputs = self._step(Look(self.now, standings))
        if not outputs:
            return None
        (request,) = outputs
        parts = {}
        if isinstance(request, SendPush):
            for piece in request.pieces:
                hashes = self.chains[piece.chain][piece.after : piece.after + piece.rows]
                parts[piece.chain] = (piece.after, hashes)
        return Sent(request, parts)

    def hear(self, sent: Sent, answer) -> None:
        number = sent.request.number
        if isinstance(answer, PushAnswer):
            both = {**answer.places, **answer.waiting}
            ours = {chain: hash_at(self.chains, chain, at.seq) for chain, at in both.items()}
            self._step(Answered(number, self.now, answer, ours))
            return
        end, hashes, refused = answer
        chain, after = sent.request.chain, sent.request.after
        held = self.chains.setdefault(chain, [])
        # What arrives is compared by hash, as `receive_part` does.
        if refused is None and len(held) >= after.seq:
            held.extend(hashes[len(held) - after.seq :])
        ours = place(self.chains, chain)
        self._step(Pulled(number, self.now, life=1, ours=ours, above=end, refused=refused))

    def _step(self, event):
        self.state, outputs = step(self.state, event=event, limits=self.limits)
        self.alarms += [each for each in outputs if isinstance(each, Alarm)]
        return [each for each in outputs if not isinstance(each, Alarm)]


def talk(below: Below, above: Above, *, rounds: int = 400) -> None:
    """Exchange over a whole link, with time passing, until nothing is left to say."""
    for _ in range(rounds):
        sent = below.look()
        if sent is not None:
            below.hear(sent, above.answer(sent))
        below.now += timedelta(seconds=2)


def filled(chain: ChainName, count: int, *, branch: str = "", after: int = 0) -> list[str]:
    return [
        hash_of(chain, seq, branch=branch if seq > after else "") for seq in range(1, count + 1)
    ]
