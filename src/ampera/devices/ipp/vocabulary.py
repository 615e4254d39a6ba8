"""The words of IPP that client and simulator share: operations, statuses, states, card media.

Numbers are those of RFC 8011 §5.4.15 and §B.1; Startup-Printer is RFC 3998 §3.5.3, Cancel-My-Jobs
PWG 5100.11. Numbers from 0x4000 to 0x7FFF are each maker's own (RFC 8011 §5.4.15): those here are
the simulator's, for the reader inside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from ampera.printing.ports import JobState, PrinterState


class Operation(IntEnum):
    """Operations that the client asks for or the simulator answers."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    PAUSE_PRINTER = 0x0010
    RESUME_PRINTER = 0x0011
    PURGE_JOBS = 0x0012
    STARTUP_PRINTER = 0x002B
    CANCEL_MY_JOBS = 0x0039
    PRESENT_CARD = 0x5A01
    REJECT_CARD = 0x5A02


class Status(IntEnum):
    """Statuses that are told apart here. Those below 0x0100 mean success."""

    OK = 0x0000
    OK_IGNORED_OR_SUBSTITUTED = 0x0001
    BAD_REQUEST = 0x0400
    NOT_POSSIBLE = 0x0404
    TIMEOUT = 0x0405
    NOT_FOUND = 0x0406
    REQUEST_ENTITY_TOO_LARGE = 0x0408
    DOCUMENT_FORMAT_NOT_SUPPORTED = 0x040A
    ATTRIBUTES_OR_VALUES_NOT_SUPPORTED = 0x040B
    CHARSET_NOT_SUPPORTED = 0x040D
    COMPRESSION_NOT_SUPPORTED = 0x040F
    COMPRESSION_ERROR = 0x0410
    DOCUMENT_FORMAT_ERROR = 0x0411
    INTERNAL_ERROR = 0x0500
    OPERATION_NOT_SUPPORTED = 0x0501
    SERVICE_UNAVAILABLE = 0x0502
    VERSION_NOT_SUPPORTED = 0x0503
    NOT_ACCEPTING_JOBS = 0x0506
    BUSY = 0x0507
    MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED = 0x0509


#: Error statuses after which the printer holds no job. Every other one (timeout, internal error,
#: device error, temporary error, job canceled) may come after the job was taken up.
CERTAIN_REFUSALS: Final = frozenset(range(0x0400, 0x0500)) - {Status.TIMEOUT} | frozenset(
    {
        Status.OPERATION_NOT_SUPPORTED,
        Status.SERVICE_UNAVAILABLE,
        Status.VERSION_NOT_SUPPORTED,
        Status.NOT_ACCEPTING_JOBS,
        Status.BUSY,
        Status.MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED,
    }
)

JOB_STATE_BY_NUMBER: Final[Mapping[int, JobState]] = {
    3: JobState.PENDING,
    4: JobState.HELD,
    5: JobState.PROCESSING,
    6: JobState.STOPPED,
    7: JobState.CANCELED,
    8: JobState.ABORTED,
    9: JobState.COMPLETED,
}
NUMBER_BY_JOB_STATE: Final = {state: number for number, state in JOB_STATE_BY_NUMBER.items()}
PRINTER_STATE_BY_NUMBER: Final[Mapping[int, PrinterState]] = {
    3: PrinterState.IDLE,
    4: PrinterState.PROCESSING,
    5: PrinterState.STOPPED,
}
NUMBER_BY_PRINTER_STATE: Final = {
    state: number for number, state in PRINTER_STATE_BY_NUMBER.items()
}

#: ISO/IEC 7810 ID-1 in hundredths of a millimetre, portrait as printers feed it.
CARD_WIDTH: Final = 5398
CARD_LENGTH: Final = 8560
CARD_MEDIA: Final = "custom_id1_53.98x85.6mm"  # name by PWG 5101.1 §5

CHARSET: Final = "utf-8"
CONTENT_TYPE: Final = "application/ipp"
PDF: Final = "application/pdf"
