"""The sentences of the post, as frozen values.

The lower server speaks, the upper one answers. Nothing in here is secret to the two of them, and
nothing but signatures is believed: any holder may give any chain, its origin's signature vouches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ampera.journal.entry import FIRST_PREV, ChainName, Entry, SignedHead
from ampera.words.office import OfficeCode


@dataclass(frozen=True, slots=True, order=True)
class Speaker:
    """`16.71.02@1`: one life of one server. Its key signs what it says."""

    office: OfficeCode
    incarnation: int

    def __str__(self) -> str:
        return f"{self.office}@{self.incarnation}"

    @classmethod
    def read(cls, text: str) -> Speaker:
        """Raises ValueError on anything that is not the name of a server's life."""
        office, at, number = text.partition("@")
        if not at or not (number.isdecimal() and number.isascii()) or len(number) > 6:
            raise ValueError("a speaker is named like 16.71.02@1")
        return cls(OfficeCode(office), int(number))


@dataclass(frozen=True, slots=True)
class Place:
    """How far a chain is known: (seq, hash at seq)."""

    seq: int
    hash: str


NOWHERE: Final = Place(0, FIRST_PREV)


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive entries of one chain; the last one at least stands under a signature of the
    origin."""

    chain: ChainName
    entries: tuple[Entry, ...]
    signatures: tuple[SignedHead, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the other side did not take a chain. The code may be one that only a newer release
    knows."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vouch:
    """The tier above an office says: this is the key of that life, and it is open, or closed
    there."""

    speaker: Speaker
    public_key: str
    is_closed: bool
    #: Where its chains ended when it was closed: later entries are evidence, never projected.
    ends: tuple[tuple[ChainName, int], ...]
    by: Speaker
    signature: str

    def text(self) -> bytes:
        """What the voucher signs."""
        ends = "".join(f"{chain}={seq}\n" for chain, seq in sorted(self.ends))
        state = "closed" if self.is_closed else "open"
        return f"ampera-key/1\n{self.speaker}\n{self.public_key}\n{state}\n{ends}".encode()


@dataclass(frozen=True, slots=True)
class Push:
    """Entries on their way up, the heads that may not be shortened, and questions about places."""

    at: datetime  #: the sender's clock, for health only
    #: The incarnation of the server above as the sender last heard it: tells a replay from before a
    #: restore from what the sender holds now.
    life: int = 0
    parts: tuple[Part, ...] = ()
    claims: tuple[SignedHead, ...] = ()
    #: "I stand here; where do you?" Also shows the upper server the head of the chain written for
    #: us.
    offers: tuple[tuple[ChainName, Place], ...] = ()
    #: Tell the places of all chains of our house and below, and of those written for us.
    asks_all: bool = False
    keys: tuple[Vouch, ...] = ()
    keys_digest: str = ""  #: of the keys of our children, as we know them
    path_digest: str = ""  #: of the keys of the office above, as we know them


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """Where the answering server stands now."""

    life: int  #: its incarnation
    at: datetime
    places: Mapping[ChainName, Place] = field(default_factory=dict)
    top: Mapping[ChainName, int] = field(default_factory=dict)  #: how far the pusat has them
    waiting: Mapping[ChainName, Place] = field(default_factory=dict)  #: chains for the sender
    refused: Mapping[ChainName, Refused] = field(default_factory=dict)
    wants_keys: bool = False
    keys: tuple[Vouch, ...] = ()
    #: City time at which the answering server last heard from the tier above it: the second hop.
    heard_above: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """Give me this chain after that place."""

    chain: ChainName
    after: Place
    rows_max: int


@dataclass(frozen=True, slots=True)
class PullAnswer:
    """The next part, and where the chain stands above; no part when there is nothing to give."""

    life: int
    at: datetime
    place: Place
    part: Part | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class KeySeen:
    """One life of a server as it is known."""

    speaker: Speaker
    public_key: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Join:
    """Admit this new key for that office: the one-time code was given by hand."""

    office: OfficeCode
    code: str
    public_key: str
    #: What a restored server can prove to hold of its earlier lives.
    previous: tuple[tuple[ChainName, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class JoinAnswer:
    """The new life and all keys that it needs: the path above, its earlier lives, its children."""

    speaker: Speaker
    keys: tuple[KeySeen, ...]
    vouches: tuple[Vouch, ...]  #: for the joiner's own lives: its children will ask for them
    places: Mapping[ChainName, Place]


@dataclass(frozen=True, slots=True)
class No:
    """The whole message was refused."""

    refused: Refused


Question = Push | Pull | Join
Answer = PushAnswer | PullAnswer | JoinAnswer | No
