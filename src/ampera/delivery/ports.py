"""What delivery asks of the outside: print packets, the finger matcher, who carries messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class PrintPackets(Protocol):
    """The sealed print packets of this office:

    Printed fields, portrait and signature of its lot.
    """

    def delete(self, permit: str) -> None:
        """Delete the packet of this permit for good. Nothing happens when there is none.

        Raises OSError when it could not be deleted; it will be asked again.
        """
        ...


class FingerMatcher(Protocol):
    """Compares a finger on the scanner with the two minutiae files in the chip of a card (1:1)."""

    def is_holder(self, card: str) -> bool:
        """Did a finger on the scanner now match this card's chip? Raises OSError when no answer
        came: scanner, chip or matcher failed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent to a resident. `key` is the same at every try; no NIK, no full name in it."""

    key: str
    channel: str  #: `email` or `phone`
    address: str = field(repr=False)
    subject: str
    text: str


class MessengerError(OSError):
    """A try that did not end well. The leaves answer *may it be tried again?*

    MessengerError
    ├── Unreachable    nothing was taken over: yes
    ├── AnswerLost     perhaps taken over: only where the same key is recognised there
    └── Rejected       never: the address or the text is refused for good
    """


class Unreachable(MessengerError):
    """Nothing was taken over."""


class AnswerLost(MessengerError):
    """Perhaps it was taken over: no answer came."""


class Rejected(MessengerError):
    """Refused for good."""


class Messenger(Protocol):
    """Takes over a message for delivery."""

    #: Does a second message under one key do nothing there? Else a lost answer is not tried again.
    knows_keys: bool
    #: `email`, `phone`: what it can carry.
    channels: frozenset[str]

    def send(self, message: Message) -> None:
        """Returns once the message was taken over. Raises MessengerError otherwise."""
        ...
