"""Which blank lies in the printer: its chip is read and held against the books before Print-Job.

What comes of it is for the agent to do: print, wait and look again, or end the attempt. Nothing
here is sent to be printed, and the same question may be asked after any crash: a blank that lies at
the reader stays there and is read again (decision 21).
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from ampera.journal.actions import Command
from ampera.journal.alarms import raise_alarm
from ampera.journal.house import house
from ampera.printing.actions.chips import bind_uid
from ampera.printing.actions.sightings import note_put_aside
from ampera.printing.models import Attempt, JobTrack
from ampera.printing.ports import (
    HopperEmpty,
    ManyChips,
    ReaderSilent,
    Rejected,
    SilentChip,
    Stage,
)
from ampera.printing.queries import RunSeen
from ampera.printing.rules.attempts import AttemptSeen, AttemptState, Cause, Ending
from ampera.printing.rules.chips import is_reader_given_up
from ampera.words.refusal import Refusal

#: Nothing lies at the reader, and the hopper is empty.
FEED_BLANKO: Final = "printing.feed_blanko"
#: What the books say when the chip that was read is not that of the blank.
_OTHER_CHIP = frozenset({"printing.chip_of_other_blank", "printing.blank_has_other_chip"})


def read_blank(attempt: AttemptSeen, *, stage: Stage) -> Ending | Refusal | None:
    """Have the next blank read and held against the one that this attempt reserved.

    None: it is that blank, print on it. A refusal: not yet, for this reason; ask again. An ending:
    it is not, or cannot be told; the attempt is over without a card. Raises DeviceErrors that leave
    everything as it was.
    """
    assert not connection.in_atomic_block, "no printer is asked inside a transaction"
    try:
        uid = stage.present()
    except HopperEmpty:
        return Refusal(FEED_BLANKO, printer=attempt.printer, serial=attempt.serial)
    except Rejected as no:
        return Refusal("printing.not_fed_yet", printer=attempt.printer, detail=no.detail)
    except SilentChip:
        return _over(Cause.NO_CHIP)
    except ManyChips:
        raise_alarm(
            f"double_feed:{attempt.id}",
            f"printer {attempt.printer} took in two blanks as one, by the books {attempt.serial}"
            " and the one after it: nothing was printed; two officers find both in the reject bin",
        )
        return _over(Cause.DOUBLE_FEED)
    except ReaderSilent:
        return _unread(attempt)
    command = Command(id=f"bind:{attempt.id}:{uid}", officer=attempt.officer)
    bound = bind_uid(command, serial=attempt.serial, uid=uid, attempt=attempt.id)
    if not isinstance(bound, Refusal):
        return None
    return _over(Cause.WRONG_CHIP) if bound.code in _OTHER_CHIP else bound


def was_read(run: RunSeen) -> bool:
    """Was a blank of this run taken to a reader before it was printed on?"""
    since = {"printer": run.printer, "opened_at__gte": run.started_at}
    opened = Attempt.objects.filter(office=house().code.text, **since).values("id")
    return JobTrack.objects.filter(attempt__in=opened, is_staged=True).exists()


def _over(cause: Cause) -> Ending:
    """Nobody guesses what lies there: two persons look at it."""
    return Ending(AttemptState.UNKNOWN, cause)


def _unread(attempt: AttemptSeen) -> Ending | Refusal:
    since = attempt.opened_at or house().now()
    if is_reader_given_up((house().now() - since).total_seconds()):
        return _over(Cause.UNREAD)
    return Refusal("printing.reader_silent", printer=attempt.printer)


def put_aside(attempt: AttemptSeen, *, stage: Stage) -> None:
    """Have the blank that the reader said no to put into the reject bin. Raises DeviceErrors."""
    stage.reject()
    note_put_aside(attempt)
