"""What pages need of things that screens may not know: the post's link, and a card's PDF.

The wiring gives them once for each process; without them the pages say that they are not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ampera.delivery.ports import FingerMatcher
from ampera.printing.ports import ChipContents
from ampera.words.refusal import Refusal


class LinkSeen(Protocol):
    """The link to the tier above as of the last try (`sync.health.LinkStatus` is one).

    Times are the city's, as everything else on a page: one clock a page.
    """

    @property
    def is_up(self) -> bool: ...

    @property
    def contact_city(self) -> datetime | None: ...

    @property
    def try_city(self) -> datetime | None: ...

    @property
    def error(self) -> str: ...

    @property
    def clock_seconds(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a link test: from which server to which, and whether it answered."""

    source: str
    target: str
    is_up: bool
    milliseconds: int = 0
    error: str = ""  #: a short code; empty when it answered


@dataclass(frozen=True, slots=True)
class ScreenPorts:
    """Given once at wiring time."""

    #: How the link to the tier above stands; None at the pusat and where nothing is wired.
    link: Callable[[], LinkSeen | None] = lambda: None
    #: Ask the tier above now, and have it ask the one above itself: one hop or two.
    test_link: Callable[[], list[Hop]] | None = None
    #: Where the dinas's public pages are, as printed on receipts; empty: this server's own.
    public_status: str = ""
    #: The face of the card of a permit as PDF, as the printer gets it.
    card_pdf: Callable[[str], bytes | Refusal] | None = None
    #: The same face as an SVG picture, for the page on which a card is checked.
    card_picture: Callable[[str], bytes | Refusal] | None = None
    #: What the chip of a permit's card holds, from its print packet, in memory.
    chip_contents: Callable[[str], ChipContents | Refusal] | None = None
    #: Demo only: the hand that lays the card made of a blanko on the simulated reader.
    lay_on_reader: Callable[[str], None] | None = None
    #: Compares a finger with the chip of a card; without one a handover is a recorded exception.
    finger_matcher: FingerMatcher | None = None


class _Current:
    ports = ScreenPorts()


def ports() -> ScreenPorts:
    """The ports of this process."""
    return _Current.ports


def open_ports(new: ScreenPorts) -> None:
    """Show pages through these ports from now on."""
    _Current.ports = new
