"""How far a recording has got, in SIAK's words, from facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: The office keeps its packet this long after the centre said that it has it: longer than the time
#: between two backups there, so that a restored centre can ask again.
PURGE_GRACE: Final = timedelta(days=7)

#: A packet that the centre has not acknowledged is offered again after this long: what arrived
#: damaged was taken away there and has to come a second time.
OFFER_AGAIN_AFTER: Final = timedelta(days=1)


class RecordingState(StrEnum):
    """SIAK's words between capture and verdict (domain §1.2)."""

    BIO_CAPTURED = "BIO_CAPTURED"
    PROCESSING = "PROCESSING"
    SENT_FOR_ENROLLMENT = "SENT_FOR_ENROLLMENT"
    RECEIVED_AT_CENTRAL = "RECEIVED_AT_CENTRAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """What is known at this server about the way of one packet."""

    is_received: bool  #: the centre said that it lies there on two media
    is_packet_sent: bool  #: the whole packet has left this server
    has_entry_left: bool  #: the news of the capture is known above the office of the capture


def recording_state(facts: RecordingFacts) -> RecordingState:
    """The state word. Where the news itself is (LOCAL, CITY, CENTRE) is shown beside it."""
    if facts.is_received:
        return RecordingState.RECEIVED_AT_CENTRAL
    if facts.is_packet_sent:
        return RecordingState.SENT_FOR_ENROLLMENT
    return RecordingState.PROCESSING if facts.has_entry_left else RecordingState.BIO_CAPTURED


def may_purge(*, acknowledged_at: datetime, now: datetime, grace: timedelta = PURGE_GRACE) -> bool:
    """Is the grace over?

    Both times are of this server's own clock: clocks of others order nothing.
    """
    return now - acknowledged_at >= grace
