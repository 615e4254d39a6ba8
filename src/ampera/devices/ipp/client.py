"""Our own IPP client: the printing station's port over `http.client`, one connection a request.

Where a failure lies decides what it means. Before the connection stands, nothing was sent. From
the first byte on, the printer may have the job, so every fault and every unreadable answer is
`AnswerLost`; only a refusal that the standard gives before a job exists is `Rejected`. Nothing is
ever sent twice.
"""

from __future__ import annotations

import http.client
import itertools
from collections.abc import Iterable
from typing import Final

from ampera.devices.ipp.codec import decode, encode
from ampera.devices.ipp.station import uid_in
from ampera.devices.ipp.supplies import SUPPLY_ATTRIBUTES, supplies_told
from ampera.devices.ipp.values import (
    Attribute,
    Collection,
    Content,
    Group,
    GroupTag,
    IppError,
    Message,
    Tag,
)
from ampera.devices.ipp.vocabulary import (
    CARD_LENGTH,
    CARD_WIDTH,
    CERTAIN_REFUSALS,
    CHARSET,
    CONTENT_TYPE,
    JOB_STATE_BY_NUMBER,
    PDF,
    PRINTER_STATE_BY_NUMBER,
    Operation,
    Status,
)
from ampera.printing.ports import (
    AnswerLost,
    JobSeen,
    PrinterSeen,
    Reason,
    Rejected,
    RejectedReason,
    Unreachable,
    gravest,
)

CONNECT_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 20.0
ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
USER: Final = "ampera"
_LANGUAGE: Final = "id"
JOB_ATTRIBUTES: Final = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-state-message",
    "job-media-sheets-completed",
)
_PRINTER_ATTRIBUTES: Final = (
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-is-accepting-jobs",
    "printer-uuid",
    "printer-up-time",
    "printer-make-and-model",
    "operations-supported",
    *SUPPLY_ATTRIBUTES,
)
_REASON_BY_STATUS: Final = {
    Status.BUSY: RejectedReason.BUSY,
    Status.NOT_ACCEPTING_JOBS: RejectedReason.NOT_ACCEPTING,
    Status.SERVICE_UNAVAILABLE: RejectedReason.NOT_ACCEPTING,
    Status.DOCUMENT_FORMAT_NOT_SUPPORTED: RejectedReason.DOCUMENT,
    Status.DOCUMENT_FORMAT_ERROR: RejectedReason.DOCUMENT,
    Status.REQUEST_ENTITY_TOO_LARGE: RejectedReason.DOCUMENT,
}


class IppPrinter:
    """A card printer that speaks IPP. Keeps `ampera.printing.ports.CardPrinter`; see there. Keeps
    `Stage` too, for a printer that offers our own operations for the reader inside it.

    `answer_seconds_max` bounds the wait for each piece of an answer; a slow printer then counts as
    an answer lost. The object holds no connection and may be used from any thread.
    """

    #: What ends all jobs at once, the best first.
    clearing: tuple[Operation, ...] = (Operation.PURGE_JOBS, Operation.CANCEL_MY_JOBS)

    def __init__(
        self,
        *,
        host: str,
        port: int,
        path: str = "/ipp/print",
        connect_seconds_max: float = CONNECT_SECONDS_MAX,
        answer_seconds_max: float = ANSWER_SECONDS_MAX,
    ) -> None:
        self.uri = f"ipp://{host}:{port}{path}"
        self._host, self._port, self._path = host, port, path
        self._connect_seconds_max = connect_seconds_max
        self._answer_seconds_max = answer_seconds_max
        self._request_ids = itertools.count(1)

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        operation = [
            Attribute.of(Tag.NAME, "job-name", job_name),
            Attribute.of(Tag.BOOLEAN, "ipp-attribute-fidelity", False),
            Attribute.of(Tag.MIME_TYPE, "document-format", PDF),
        ]
        job = Group.of(GroupTag.JOB, _card_job())
        answer = self._ask(Operation.PRINT_JOB, operation, job=job, document=document)
        group = answer.first(GroupTag.JOB)
        job_id, number = group.integer("job-id"), group.integer("job-state")
        if job_id is None or number not in JOB_STATE_BY_NUMBER:
            raise AnswerLost("the printer agreed but did not say what became of the job")
        return self._job_seen(group, job_name=job_name, job_id=job_id)

    def find(self, job_name: str) -> JobSeen | None:
        # Not-completed first: a job that ends between the two questions is then seen twice, never
        # not at all, and the later sighting counts.
        by_id: dict[int, JobSeen] = {}
        for which in ("not-completed", "completed"):
            for seen in self._jobs(which):
                if seen.job_name == job_name:
                    by_id[seen.job_id] = seen
        return gravest(by_id.values())

    def look(self) -> PrinterSeen:
        wanted = Attribute.of(Tag.KEYWORD, "requested-attributes", *_PRINTER_ATTRIBUTES)
        group = self._ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted]).first(GroupTag.PRINTER)
        number = group.integer("printer-state")
        accepting = group.boolean("printer-is-accepting-jobs")
        if number is None or number not in PRINTER_STATE_BY_NUMBER or accepting is None:
            raise AnswerLost("the printer did not tell its state")
        keywords = group.texts("printer-state-reasons")
        return PrinterSeen(
            state=PRINTER_STATE_BY_NUMBER[number],
            reasons=tuple(Reason.from_keyword(word) for word in keywords if word != "none"),
            is_accepting_jobs=accepting,
            uuid=(group.text("printer-uuid") or "").removeprefix("urn:uuid:"),
            up_time_seconds=group.integer("printer-up-time") or 0,
            message=group.text("printer-state-message") or "",
            model=group.text("printer-make-and-model") or "",
            supplies=supplies_told(group),
            has_reader=Operation.PRESENT_CARD in _offered_in(group),
        )

    def cancel(self, job_name: str) -> JobSeen | None:
        seen = self.find(job_name)
        if seen is None or seen.state.is_ended:
            return seen
        self._cancel(seen)
        return self.find(job_name)

    def wake(self) -> None:
        # Startup-Printer and no other: Activate-Printer would also undo an officer's pause.
        if Operation.STARTUP_PRINTER in self._offered():
            try:
                self._ask(Operation.STARTUP_PRINTER, [])
            except Rejected as no:
                # A printer that is up may say so with an error; one that keeps this for its
                # administrator does too. `look` tells whether it warms up.
                if no.reason is not RejectedReason.REQUEST:
                    raise

    def purge(self) -> None:
        offered = self._offered()
        first = next((each for each in self.clearing if each in offered), None)
        if first is not None:
            self._ask(first, [])
        for seen in self._jobs("not-completed"):
            self._cancel(seen)
        left = [seen.job_name for seen in self._jobs("not-completed")]
        if left:
            raise Rejected(RejectedReason.REQUEST, f"jobs are left that could print: {left}")

    def _offered(self) -> set[Content]:
        """The numbers of the operations that the printer says it knows."""
        wanted = Attribute.of(Tag.KEYWORD, "requested-attributes", "operations-supported")
        group = self._ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted]).first(GroupTag.PRINTER)
        return _offered_in(group)

    def present(self) -> str:
        return uid_in(self._ask(Operation.PRESENT_CARD, []).first(GroupTag.PRINTER))

    def reject(self) -> None:
        self._ask(Operation.REJECT_CARD, [])

    def _cancel(self, seen: JobSeen) -> None:
        try:
            self._ask(Operation.CANCEL_JOB, [Attribute.of(Tag.INTEGER, "job-id", seen.job_id)])
        except Rejected as no:
            # It ended, or is being canceled already: what is seen next tells.
            if no.reason is not RejectedReason.REQUEST:
                raise

    def _jobs(self, which: str) -> Iterable[JobSeen]:
        answer = self._ask(
            Operation.GET_JOBS,
            [
                Attribute.of(Tag.KEYWORD, "which-jobs", which),
                Attribute.of(Tag.KEYWORD, "requested-attributes", *JOB_ATTRIBUTES),
            ],
        )
        for group in answer.all(GroupTag.JOB):
            job_id, number = group.integer("job-id"), group.integer("job-state")
            if job_id is None or number not in JOB_STATE_BY_NUMBER:
                raise AnswerLost("the printer listed a job without its id or state")
            yield self._job_seen(group, job_name=group.text("job-name") or "", job_id=job_id)

    def _job_seen(self, group: Group, *, job_name: str, job_id: int) -> JobSeen:
        """What the printer's words about a job mean."""
        return JobSeen(
            job_name=job_name,
            job_id=job_id,
            state=JOB_STATE_BY_NUMBER[group.integer("job-state") or 0],
            reasons=tuple(word for word in group.texts("job-state-reasons") if word != "none"),
            message=group.text("job-state-message") or "",
        )

    def _ask(
        self,
        operation: Operation,
        attributes: Iterable[Attribute],
        *,
        job: Group | None = None,
        document: bytes = b"",
    ) -> Message:
        """One request, one answer. Raises Unreachable, AnswerLost or Rejected."""
        groups = [
            Group.of(
                GroupTag.OPERATION,
                [
                    Attribute.of(Tag.CHARSET, "attributes-charset", CHARSET),
                    Attribute.of(Tag.LANGUAGE, "attributes-natural-language", _LANGUAGE),
                    Attribute.of(Tag.URI, "printer-uri", self.uri),
                    *_in_order(attributes),
                ],
            )
        ]
        if job is not None:
            groups.append(job)
        request = Message(int(operation), next(self._request_ids), tuple(groups))
        answer = self._exchange(encode(request, document), operation)
        if answer.request_id != request.request_id:
            raise AnswerLost("the answer belongs to another request")
        if answer.code >= 0x0100:
            raise _refusal(answer, operation)
        return answer

    def _exchange(self, body: bytes, operation: Operation) -> Message:
        connection = http.client.HTTPConnection(
            self._host, self._port, timeout=self._connect_seconds_max
        )
        try:
            try:
                connection.connect()
            except OSError as none:
                raise Unreachable(f"{self.uri}: {none}") from none
            try:
                connection.sock.settimeout(self._answer_seconds_max)
                connection.request("POST", self._path, body, {"Content-Type": CONTENT_TYPE})
                response = connection.getresponse()
                data = response.read(ANSWER_BYTES_MAX)
            except (OSError, http.client.HTTPException) as lost:
                raise AnswerLost(f"{operation.name}: {type(lost).__name__} {lost}") from lost
        finally:
            connection.close()
        if response.status in CLIENT_HTTP_ERRORS:
            raise Rejected(RejectedReason.REQUEST, f"{operation.name}: HTTP {response.status}")
        if response.status != http.client.OK:
            raise AnswerLost(f"{operation.name}: HTTP {response.status}")
        try:
            return decode(data)[0]
        except IppError as wrong:
            raise AnswerLost(f"{operation.name}: {wrong}") from wrong


def _offered_in(group: Group) -> set[Content]:
    found = group.get("operations-supported")
    return {value.content for value in found.values} if found is not None else set()


#: The web server in front of the printer said no before the printer saw anything.
CLIENT_HTTP_ERRORS: Final = range(400, 500)


def _in_order(attributes: Iterable[Attribute]) -> Iterable[Attribute]:
    """RFC 8011 §4.1.5: the target (`job-id`) follows `printer-uri`, then the user, the rest."""
    rest = list(attributes)
    target = [each for each in rest if each.name == "job-id"]
    user = Attribute.of(Tag.NAME, "requesting-user-name", USER)
    return [*target, user, *(each for each in rest if each not in target)]


def _card_job() -> list[Attribute]:
    """Both sides of one card. `media` and `media-col` exclude each other (PWG 5100.3 §3.13)."""
    size = Collection(
        (
            Attribute.of(Tag.INTEGER, "x-dimension", CARD_WIDTH),
            Attribute.of(Tag.INTEGER, "y-dimension", CARD_LENGTH),
        )
    )
    media = Collection((Attribute.of(Tag.BEGIN_COLLECTION, "media-size", size),))
    return [
        Attribute.of(Tag.INTEGER, "copies", 1),
        Attribute.of(Tag.BEGIN_COLLECTION, "media-col", media),
        Attribute.of(Tag.KEYWORD, "sides", "two-sided-long-edge"),
    ]


def _refusal(answer: Message, operation: Operation) -> AnswerLost | Rejected:
    said = answer.first(GroupTag.OPERATION).text("status-message") or ""
    detail = f"{operation.name}: status 0x{answer.code:04x} {said}".rstrip()
    if answer.code in CERTAIN_REFUSALS:
        known = Status(answer.code) if answer.code in frozenset(Status) else None
        reason = _REASON_BY_STATUS.get(known) if known is not None else None
        return Rejected(reason or RejectedReason.REQUEST, detail)
    return AnswerLost(detail)
