"""A card printer driven by its maker's own SDK (`evolis-sdk`, proprietary, never a dependency).

Thin, and never run on hardware: it shows that the port is wide enough for a printer that speaks no
IPP. The SDK prints in one call that returns when the card is out, so each job has a thread, and the
list of jobs lives in this object: a server that restarts has forgotten them, and says so by an up
time that begins anew, which is how the station learns that *not listed* proves nothing.

The SDK takes pictures, not PDF; Ghostscript (`gs`) draws the two sides, in memory only.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ampera.printing.ports import (
    JobSeen,
    JobState,
    PrinterSeen,
    PrinterState,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
    Supply,
    Unreachable,
)

DOTS_PER_INCH: Final = 300
PRINT_SECONDS_MAX: Final = 600
_DRAW_SECONDS_MAX: Final = 30
_NAMESPACE: Final = uuid.UUID("6f2d3f7e-6b0e-5d1c-9d55-1f0b1d6a2c11")

#: The SDK's minor states and what the standard calls them. What is not here is told by its own
#: name, as an error when the major state is one.
REASON_BY_STATE: Final[Mapping[str, Reason]] = {
    "INF_HEATING": Reason("subunit-warming-up", Severity.REPORT),
    "AVANSIA_DEF_TEMP_TOOLOW": Reason("subunit-under-temperature", Severity.WARNING),
    "INF_LAMI_TEMP_NOT_READY": Reason("subunit-warming-up", Severity.REPORT),
    "DEF_COOLING": Reason("subunit-cooling-down", Severity.WARNING),
    "ERR_HEAD_TEMP": Reason("subunit-over-temperature", Severity.ERROR),
    "ERR_RET_TEMPERATURE": Reason("subunit-over-temperature", Severity.ERROR),
    "INF_SLEEP_MODE": Reason("subunit-power-saver", Severity.REPORT),
    "INF_SLEEP_MODE_FULL": Reason("subunit-power-saver", Severity.REPORT),
    "INF_RIBBON_LOW": Reason("marker-supply-low", Severity.WARNING),
    "INF_CLEAR_LOW": Reason("marker-supply-low", Severity.WARNING),
    "DEF_RIBBON_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "ERR_RIBBON_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "DEF_NO_RIBBON": Reason("marker-supply-empty", Severity.ERROR),
    "DEF_CLEAR_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "ERR_CLEAR_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "AVANSIA_DEF_RIBBON_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "AVANSIA_ERR_RIBBON_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "AVANSIA_DEF_FILM_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "AVANSIA_ERR_FILM_ENDED": Reason("marker-supply-empty", Severity.ERROR),
    "INF_FEEDER_NEAR_EMPTY": Reason("media-low", Severity.REPORT),
    "DEF_FEEDER_EMPTY": Reason("media-empty", Severity.ERROR),
    "ERR_FEEDER_EMPTY": Reason("media-empty", Severity.ERROR),
    "AVANSIA_DEF_FEEDER_EMPTY": Reason("media-empty", Severity.ERROR),
    "AVANSIA_ERR_FEEDER_EMPTY": Reason("media-empty", Severity.ERROR),
    "DEF_WAIT_CARD": Reason("media-needed", Severity.ERROR),
    "ERR_NO_CARD_INSERTED": Reason("media-needed", Severity.ERROR),
    "ERR_FEEDER_ERROR": Reason("media-jam", Severity.ERROR),
    "ERR_MECHANICAL": Reason("media-jam", Severity.ERROR),
    "AVANSIA_ERR_CARD_JAM": Reason("media-jam", Severity.ERROR),
    "DEF_COVER_OPEN": Reason("cover-open", Severity.ERROR),
    "ERR_COVER_OPEN": Reason("cover-open", Severity.ERROR),
    "AVANSIA_DEF_COVER_OPEN": Reason("cover-open", Severity.ERROR),
    "AVANSIA_ERR_COVER_OPEN": Reason("cover-open", Severity.ERROR),
    "DEF_HOPPER_FULL": Reason("output-area-full", Severity.ERROR),
    "ERR_HOPPER_FULL": Reason("output-area-full", Severity.ERROR),
    "DEF_REJECT_BOX_FULL": Reason("subunit-full", Severity.ERROR),
    "ERR_REJECT_BOX_FULL": Reason("subunit-full", Severity.ERROR),
    "INF_CLEANING": Reason("cleaner-life-almost-over", Severity.REPORT),
    "INF_CLEANING_REQUIRED": Reason("cleaner-life-over", Severity.WARNING),
}
_QUIET: Final = frozenset({"PRINTER_READY", "BUSY", "INF_PRINTING_RUNNING"})

Draw = Callable[[bytes], Sequence[bytes]]


class CannotDraw(Exception):
    """The document could not be turned into pictures."""


def drawn_by_ghostscript(document: bytes) -> Sequence[bytes]:
    """The two sides of a card as bitmaps of 300 dpi. Raises CannotDraw."""
    program = shutil.which("gs")
    if program is None:
        raise CannotDraw("Ghostscript (gs) is not installed")
    sides = []
    for page in ("1", "2"):
        command = [program, "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=bmp16m"]
        command += [f"-r{DOTS_PER_INCH}", f"-dFirstPage={page}", f"-dLastPage={page}"]
        command += ["-sOutputFile=%stdout", "-"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program and fixed arguments
                command, input=document, capture_output=True, check=True, timeout=_DRAW_SECONDS_MAX
            )
        except (OSError, subprocess.SubprocessError) as failed:
            raise CannotDraw(f"Ghostscript: {type(failed).__name__}") from failed
        sides.append(done.stdout)
    return sides


class EvolisPrinter:
    """Keeps `ampera.printing.ports.CardPrinter` over the maker's SDK."""

    def __init__(self, name: str, *, sdk: Any = None, draw: Draw = drawn_by_ghostscript) -> None:
        self._name = name
        self._sdk = sdk if sdk is not None else importlib.import_module("evolis")
        self._draw = draw
        self._lock = threading.Lock()
        self._jobs: dict[str, JobSeen] = {}
        self._began = time.monotonic()

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        with self._lock:
            if any(not job.state.is_ended for job in self._jobs.values()):
                raise Rejected(RejectedReason.BUSY, "a card is being printed")
            connection = self._connected()
            try:
                session = self._session(connection, document)
            except Rejected:
                connection.close()
                raise
            job = JobSeen(job_name, len(self._jobs) + 1, JobState.PROCESSING, ("job-printing",))
            self._jobs[job_name] = job
        threading.Thread(target=self._print, args=(job, connection, session), daemon=True).start()
        return job

    def find(self, job_name: str) -> JobSeen | None:
        with self._lock:
            return self._jobs.get(job_name)

    def look(self) -> PrinterSeen:
        connection = self._connected()
        try:
            state, info = connection.get_state(), connection.get_info()
            supplies = tuple(self._supplies(connection))
        finally:
            connection.close()
        major = state.major.name
        if major == "OFF":
            raise Unreachable(f"{self._name}: {state.minor.name}")
        with self._lock:
            is_printing = any(not job.state.is_ended for job in self._jobs.values())
        return PrinterSeen(
            state=_state(major, is_printing=is_printing),
            reasons=reasons_of(state.minor.name, major=major),
            is_accepting_jobs=not is_printing,
            uuid=str(uuid.uuid5(_NAMESPACE, info.serialNumber if info is not None else self._name)),
            up_time_seconds=max(1, int(time.monotonic() - self._began)),
            message=state.minor.name,
            model=f"{info.markName} {info.modelName}".strip() if info is not None else "",
            supplies=supplies,
        )

    def cancel(self, job_name: str) -> JobSeen | None:
        return self.find(job_name)  # the SDK ends no card half-way: it is over when it is out

    def wake(self) -> None:
        """The SDK has no word for it: the printer wakes with its next card."""

    def purge(self) -> None:
        with self._lock:
            if any(not job.state.is_ended for job in self._jobs.values()):
                raise Rejected(RejectedReason.REQUEST, "a card is still being printed")
            self._jobs.clear()

    def _connected(self) -> Any:
        connection = self._sdk.Connection()
        if not connection.open(self._name):
            raise Unreachable(f"{self._name}: the SDK reaches no printer of this name")
        return connection

    def _session(self, connection: Any, document: bytes) -> Any:  # positional: a pair
        try:
            front, back = self._draw(document)
        except CannotDraw as failed:
            raise Rejected(RejectedReason.DOCUMENT, str(failed)) from failed
        session, faces = self._sdk.PrintSession(connection), self._sdk.CardFace
        for face, picture in ((faces.FRONT, front), (faces.BACK, back)):
            if not session.set_image_buffer(face, bytearray(picture)):
                raise Rejected(RejectedReason.DOCUMENT, session.get_last_error().name)
        return session

    def _print(self, job: JobSeen, connection: Any, session: Any) -> None:  # positional: one job
        try:
            said = session.print(PRINT_SECONDS_MAX * 1000).name
        finally:
            connection.close()
        if said == "OK":
            state, reason = JobState.COMPLETED, "job-completed-successfully"
        else:
            state, reason = JobState.ABORTED, "aborted-by-system"
        with self._lock:
            self._jobs[job.job_name] = JobSeen(job.job_name, job.job_id, state, (reason,), said)

    @staticmethod
    def _supplies(connection: Any) -> Iterator[Supply]:
        for name, kind, info in (
            ("ribbon", "ink-ribbon", connection.get_ribbon_info()),
            ("film", "transfer-unit", connection.get_retransfer_film_info()),
        ):
            if info is not None and info.capacity > 0:
                yield Supply(name, kind, round(100 * info.remaining / info.capacity))


def reasons_of(minor: str, *, major: str) -> tuple[Reason, ...]:
    """What the SDK's state is called by the standard."""
    if minor in _QUIET:
        return ()
    known = REASON_BY_STATE.get(minor)
    if known is not None:
        return (known,)
    severity = {"ERROR": Severity.ERROR, "WARNING": Severity.WARNING}.get(major, Severity.REPORT)
    return (Reason(minor.lower().replace("_", "-"), severity),)


def _state(major: str, *, is_printing: bool) -> PrinterState:  # positional: the state
    if major == "ERROR":
        return PrinterState.STOPPED
    return PrinterState.PROCESSING if is_printing else PrinterState.IDLE
