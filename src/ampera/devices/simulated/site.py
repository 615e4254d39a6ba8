"""The simulated printer's IPP operations (RFC 8011 §4.2, §4.3): requests in, the machine moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from ampera.devices.ipp import station
from ampera.devices.ipp.server import answered
from ampera.devices.ipp.values import Attribute, Collection, Group, GroupTag, Message
from ampera.devices.ipp.vocabulary import (
    CARD_LENGTH,
    CARD_MEDIA,
    CARD_WIDTH,
    Operation,
    Status,
)
from ampera.devices.simulated import attributes
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.machine import Dropped, Machine
from ampera.devices.simulated.printer import SimulatedPrinter
from ampera.printing.ports import JobState, Rejected, RejectedReason

PATH: Final = "/ipp/print"
_GET_JOBS_DEFAULT: Final = ("job-id", "job-uri")
_AFTER_CREATION: Final = (
    "job-id",
    "job-uri",
    "job-state",
    "job-state-reasons",
    "job-state-message",
)
_STATUS_BY_REASON: Final[Mapping[RejectedReason, Status]] = {
    RejectedReason.BUSY: Status.BUSY,
    RejectedReason.NOT_ACCEPTING: Status.NOT_ACCEPTING_JOBS,
    RejectedReason.DOCUMENT: Status.DOCUMENT_FORMAT_ERROR,
    RejectedReason.REQUEST: Status.BAD_REQUEST,
}


class _No(Exception):
    """The request cannot be done; the status says why."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status


class PrinterSite:
    """Keeps `ampera.devices.ipp.server.IppSite` for one simulated printer."""

    path = PATH

    def __init__(self, printer: SimulatedPrinter, *, port: int) -> None:
        self._printer = printer
        self._uri = f"ipp://127.0.0.1:{port}{PATH}"
        self._page = f"http://127.0.0.1:{port}/"
        self._verbs: dict[int, Callable[[Machine, Message, bytes], Iterable[Group]]] = {
            Operation.PRINT_JOB: self._print_job,
            Operation.VALIDATE_JOB: self._validate_job,
            Operation.CREATE_JOB: self._create_job,
            Operation.SEND_DOCUMENT: self._send_document,
            Operation.CANCEL_JOB: self._cancel_job,
            Operation.GET_JOB_ATTRIBUTES: self._get_job_attributes,
            Operation.GET_JOBS: self._get_jobs,
            Operation.GET_PRINTER_ATTRIBUTES: self._get_printer_attributes,
            Operation.PAUSE_PRINTER: self._pause,
            Operation.RESUME_PRINTER: self._resume,
            Operation.PURGE_JOBS: self._purge,
            Operation.STARTUP_PRINTER: self._startup,
        }
        if printer.config.model.has_reader:
            self._verbs[Operation.PRESENT_CARD] = self._present
            self._verbs[Operation.REJECT_CARD] = self._reject

    def answer(self, request: Message, document: bytes) -> Message | None:
        verb = self._verbs.get(request.code)
        if verb is None:
            return answered(request, Status.OPERATION_NOT_SUPPORTED)
        with self._printer.using() as machine:
            if not machine.is_powered:
                return None  # the power went while the request was under way
            try:
                groups = tuple(verb(machine, request, document))
            except Dropped:
                return None
            except Rejected as no:
                status = _STATUS_BY_REASON[no.reason]
                return answered(request, status, message=no.detail)
            except _No as no:
                return answered(request, no.status, message=str(no))
        return answered(request, Status.OK, groups=groups)

    def page(self) -> str | None:
        with self._printer.using() as machine:
            if not machine.is_powered:
                return None
            lines = [f"{self._printer.name}: {machine.state} {list(map(str, machine.reasons))}"]
            lines += [
                f"{job.job_id} {job.name} {machine.state_of(job)} {job.message}".rstrip()
                for job in machine.listed()
            ]
        return "\n".join(lines) + "\n"

    def _print_job(self, machine: Machine, request: Message, document: bytes) -> Iterable[Group]:
        _check_job(request)
        if not document:
            raise _No(Status.BAD_REQUEST, "Print-Job needs a document")
        name, user = _name_and_user(request)
        job = machine.submit(name=name, user=user, document=document)
        return [self._told(machine, job, _AFTER_CREATION)]

    def _validate_job(self, machine: Machine, request: Message, _: bytes) -> Iterable[Group]:
        _check_job(request)
        machine.check()
        return []

    def _create_job(self, machine: Machine, request: Message, _: bytes) -> Iterable[Group]:
        _check_job(request)
        name, user = _name_and_user(request)
        return [self._told(machine, machine.open_job(name=name, user=user), _AFTER_CREATION)]

    def _send_document(
        self, machine: Machine, request: Message, document: bytes
    ) -> Iterable[Group]:
        job = _job(machine, request)
        if request.first(GroupTag.OPERATION).boolean("last-document") is None:
            raise _No(Status.BAD_REQUEST, "last-document is missing")
        _check_job(request)
        if job.state is not JobState.HELD:
            raise _No(Status.MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED, "a card is one document")
        if not document:
            raise _No(Status.BAD_REQUEST, "the document is empty")
        machine.fill(job, document)
        return [self._told(machine, job, _AFTER_CREATION)]

    def _cancel_job(self, machine: Machine, request: Message, _: bytes) -> Iterable[Group]:
        job = _job(machine, request)
        if job.state.is_ended:
            raise _No(Status.NOT_POSSIBLE, f"the job is {job.state}")
        machine.cancel(job)
        return []

    def _get_job_attributes(self, machine: Machine, request: Message, _: bytes) -> Iterable[Group]:
        job = _job(machine, request)
        return [self._told(machine, job, _requested(request, default=("all",)))]

    def _get_jobs(self, machine: Machine, request: Message, _: bytes) -> Iterable[Group]:
        operation = request.first(GroupTag.OPERATION)
        which = operation.text("which-jobs") or "not-completed"
        if which not in ("completed", "not-completed"):
            raise _No(Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, f"which-jobs {which}")
        is_ended = which == "completed"
        jobs = [job for job in machine.listed() if job.state.is_ended is is_ended]
        if operation.boolean("my-jobs"):
            user = operation.text("requesting-user-name")
            jobs = [job for job in jobs if job.user == user]
        if is_ended:
            jobs.reverse()  # the last ended first, RFC 8011 §4.2.6.1
        limit = operation.integer("limit")
        wanted = _requested(request, default=_GET_JOBS_DEFAULT)
        return [self._told(machine, job, wanted) for job in jobs[:limit]]

    def _get_printer_attributes(
        self, machine: Machine, request: Message, _: bytes
    ) -> Iterable[Group]:
        # One that is switched off is not offered; what puts a blank aside works all the same.
        unread = () if machine.has_reader else (Operation.PRESENT_CARD,)
        operations = [Operation(code) for code in self._verbs if code not in unread]
        described = attributes.printer_description(
            machine,
            uri=self._uri,
            page=self._page,
            name=self._printer.name,
            operations=operations,
        )
        wanted = _requested(request, default=("all",))
        told = _chosen(described, wanted, group="printer-description")
        told += _chosen(attributes.job_template(), wanted, group="job-template")
        return [Group.of(GroupTag.PRINTER, told)]

    def _pause(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        machine.pause(is_paused=True)
        return []

    def _resume(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        machine.pause(is_paused=False)
        return []

    def _purge(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        machine.purge()
        return []

    def _startup(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        machine.wake()
        return []

    def _present(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        if not machine.has_reader:
            raise _No(Status.OPERATION_NOT_SUPPORTED, "the reader is switched off")
        return [station.told(machine.present)]

    def _reject(self, machine: Machine, _: Message, __: bytes) -> Iterable[Group]:
        machine.reject()
        return []

    def _told(self, machine: Machine, job: Job, wanted: tuple[str, ...]) -> Group:
        described = attributes.job_description(machine, job, uri=self._uri)
        return Group.of(GroupTag.JOB, _chosen(described, wanted, group="job-description"))


def _requested(request: Message, *, default: tuple[str, ...]) -> tuple[str, ...]:
    return request.first(GroupTag.OPERATION).texts("requested-attributes") or default


def _chosen(
    described: Iterable[Attribute], wanted: tuple[str, ...], *, group: str
) -> list[Attribute]:
    """The attributes asked for by name, by the name of their group, or by `all`."""
    if "all" in wanted or group in wanted:
        return list(described)
    return [attribute for attribute in described if attribute.name in wanted]


def _name_and_user(request: Message) -> tuple[str, str]:
    operation = request.first(GroupTag.OPERATION)
    name = operation.text("job-name") or operation.text("document-name") or "Untitled"
    return name, operation.text("requesting-user-name") or "anonymous"


def _job(machine: Machine, request: Message) -> Job:
    """The job that the request names by number or by address."""
    operation = request.first(GroupTag.OPERATION)
    job_id = operation.integer("job-id")
    tail = (operation.text("job-uri") or "").rpartition("/")[2]
    if job_id is None and tail.isascii() and tail.isdigit():
        job_id = int(tail)
    if job_id is None:
        raise _No(Status.BAD_REQUEST, "the request names no job")
    job = machine.jobs.get(job_id)
    if job is None or not job.is_listed:
        raise _No(Status.NOT_FOUND, f"there is no job {job_id}")
    return job


def _check_job(request: Message) -> None:
    """Refuse what this printer cannot do with a job, whatever its fidelity asks."""
    operation, job = request.first(GroupTag.OPERATION), request.first(GroupTag.JOB)
    document_format = operation.text("document-format") or attributes.OCTET_STREAM
    if document_format not in attributes.FORMATS:
        raise _No(Status.DOCUMENT_FORMAT_NOT_SUPPORTED, document_format)
    if (operation.text("compression") or "none") != "none":
        raise _No(Status.COMPRESSION_NOT_SUPPORTED, "only compression none")
    if (job.integer("copies") or 1) != 1:
        raise _No(Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "a card is printed once")
    if (job.text("media") or CARD_MEDIA) != CARD_MEDIA or not _is_card(job.get("media-col")):
        raise _No(Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "only ID-1 cards fit")
    if (job.text("sides") or attributes.SIDES[0]) not in attributes.SIDES:
        raise _No(Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, "sides")


def _is_card(media: Attribute | None) -> bool:
    """True when no size is asked for, or the size of the card."""
    collection = media.values[0].content if media is not None else None
    size = collection.get("media-size") if isinstance(collection, Collection) else None
    asked = size.values[0].content if size is not None else None
    if not isinstance(asked, Collection):
        return True
    wanted = {"x-dimension": CARD_WIDTH, "y-dimension": CARD_LENGTH}
    told = {member.name: member.values[0].content for member in asked.members}
    return all(told.get(name, length) == length for name, length in wanted.items())
