"""What the courier is told, what it asks for, and what it remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from ampera.journal.entry import ChainName
from ampera.sync.protocol.messages import Place, PushAnswer, Refused, Speaker

RETRY_SECONDS_MIN: Final = 5
RETRY_SECONDS_MAX: Final = 60
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def next_try(*, now: datetime, attempts: int) -> datetime:
    """Wait twice as long after each failure: 5 seconds at first, never longer than a minute."""
    assert attempts >= 1
    doubled = RETRY_SECONDS_MIN * 2 ** min(attempts - 1, 10)
    return now + timedelta(seconds=min(doubled, RETRY_SECONDS_MAX))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes into one message, and how often a server with no news asks."""

    rows: int = 500  #: entries in one push; they are cut into parts of one transaction each
    pull_rows: int = 50  #: entries in one pull: one transaction at a counter's server
    pieces: int = 16  #: chains in one push
    offers: int = 8  #: chains whose place is asked for in passing
    #: After news, in either direction, an answer is to be expected: somebody may stand at a counter
    #: and wait for it. So the next contacts come sooner than those of an idle server.
    fresh_seconds: tuple[float, ...] = (1, 1, 2, 3)
    idle_seconds: int = 5
    idle_seconds_max: int = 60
    #: So many contacts in a row without news before the server asks less often.
    quiet_contacts: int = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """One chain as the lower server holds it."""

    chain: ChainName
    seq: int
    hash: str

    @property
    def place(self) -> Place:
        return Place(self.seq, self.hash)


@dataclass(frozen=True, slots=True)
class Piece:
    """Send this chain after that place, so many entries at most."""

    chain: ChainName
    after: int
    rows: int


@dataclass(frozen=True, slots=True)
class SendPush:
    number: int
    pieces: tuple[Piece, ...] = ()
    offers: tuple[tuple[ChainName, Place], ...] = ()
    asks_all: bool = False
    has_keys: bool = False


@dataclass(frozen=True, slots=True)
class SendPull:
    number: int
    chain: ChainName
    after: Place
    rows: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """A person must look: `why` is fork, behind or refused."""

    why: str
    chain: ChainName
    seq: int
    code: str = ""


Request = SendPush | SendPull
Output = SendPush | SendPull | Alarm


@dataclass(frozen=True, slots=True)
class Look:
    """The server has time: these are its chains."""

    now: datetime
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to push `number`. `ours` holds our hash at each place named; None: we end before
    it."""

    number: int
    now: datetime
    answer: PushAnswer
    ours: Mapping[ChainName, str | None]
    #: Chains of the request for which the message had no room left.
    left: frozenset[ChainName] = frozenset()


@dataclass(frozen=True, slots=True)
class Pulled:
    """Pull `number` was answered: we stand at `ours` now, the tier above at `above`."""

    number: int
    now: datetime
    life: int
    ours: Place
    above: Place
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer to request `number`, or none that can be used."""

    number: int
    now: datetime
    may_retry: bool = True
    is_too_large: bool = False


Event = Look | Answered | Pulled | Lost


@dataclass(frozen=True, slots=True)
class CourierState:
    """All that the courier remembers. Losing it costs time, never an entry."""

    me: Speaker
    life: int = 0  #: the incarnation of the server above, as last heard
    has_met: bool = False  #: all places were compared with this life of it
    marks: Mapping[ChainName, int] = field(default_factory=dict)
    waiting: Mapping[ChainName, Place] = field(default_factory=dict)
    forked: frozenset[ChainName] = frozenset()
    behind: frozenset[ChainName] = frozenset()  #: own chains that the tier above holds further
    held: Mapping[ChainName, datetime] = field(default_factory=dict)
    failures: int = 0
    quiet: int = 0
    next_at: datetime = LONG_AGO
    vouch_at: datetime | None = None  #: when to give the keys of our children; None: not wanted
    vouched_at: datetime = LONG_AGO
    turn: int = 0
    rows: int = 0  #: 0 until a message was too large for the way
    number: int = 0
    in_flight: Request | None = None

    def is_own(self, chain: ChainName) -> bool:
        return chain.origin == self.me.office and chain.incarnation == self.me.incarnation

    def is_for_us(self, chain: ChainName) -> bool:
        return chain.origin == self.me.office.upper and chain.addressee == self.me.office

    def speaks_of(self, chain: ChainName) -> bool:
        """Our house's, a child's, or written for us: nothing else is our business."""
        return (
            chain.origin == self.me.office
            or chain.origin.is_child_of(self.me.office)
            or self.is_for_us(chain)
        )
