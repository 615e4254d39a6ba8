"""What the client makes of printers and networks that misbehave: never a second Print-Job."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.ipp.codec import decode, encode
from ampera.devices.ipp.cups import CupsPrinter
from ampera.devices.ipp.server import answered
from ampera.devices.ipp.values import Attribute, Group, GroupTag, Message, Tag
from ampera.devices.ipp.vocabulary import Operation, Status
from ampera.printing.ports import (
    AnswerLost,
    DeviceError,
    JobState,
    Rejected,
    RejectedReason,
    Unreachable,
)

from .conftest import CARD_PDF

Answerer = Callable[[Message], bytes | None]


class Stub:
    """A printer of a few lines that answers whatever the test wants, and counts."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.requests: list[tuple[Message, bytes]] = []

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                length = 0
                while (line := lines.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                self.requests.append(decode(lines.read(length)))
                said = self._answer(self.requests[-1][0])
                if said is not None:
                    connection.sendall(said)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def stub(answer: Answerer) -> Iterator[Stub]:
    printer = Stub(answer)
    thread = threading.Thread(target=printer.run)
    thread.start()
    try:
        yield printer
    finally:
        printer.close()
        thread.join()


def http(body: bytes, *, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def job(state: int, *, name: str = "att_1", job_id: int = 1) -> Group:
    return Group.of(
        GroupTag.JOB,
        [
            Attribute.of(Tag.INTEGER, "job-id", job_id),
            Attribute.of(Tag.NAME, "job-name", name),
            Attribute.of(Tag.ENUM, "job-state", state),
            Attribute.of(Tag.KEYWORD, "job-state-reasons", "none"),
        ],
    )


def client(port: int) -> IppPrinter:
    return IppPrinter(host="127.0.0.1", port=port, answer_seconds_max=5)


def send(printer: Stub) -> DeviceError:
    with pytest.raises(DeviceError) as failed:
        client(printer.port).send(job_name="att_1", document=CARD_PDF)
    assert len(printer.requests) == 1, "Print-Job is said once, whatever comes back"
    return failed.value


def test_the_request_carries_name_format_media_and_document() -> None:
    with stub(lambda request: http(encode(answered(request, Status.OK, groups=[job(3)])))) as it:
        seen = client(it.port).send(job_name="att_1", document=CARD_PDF)
    (request, document) = it.requests[0]
    operation, template = request.first(GroupTag.OPERATION), request.first(GroupTag.JOB)
    assert (seen.state, document, request.code) == (JobState.PENDING, CARD_PDF, 0x0002)
    assert operation.text("job-name") == "att_1"
    assert operation.text("document-format") == "application/pdf"
    assert operation.text("printer-uri") == f"ipp://127.0.0.1:{it.port}/ipp/print"
    assert template.integer("copies") == 1
    assert template.get("media") is None, "media and media-col exclude each other"
    assert b"x-dimension\x21\x00\x00\x00\x04\x00\x00\x15\x16" in encode(request)


def test_a_refused_connection_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable):
        client(port).send(job_name="att_1", document=CARD_PDF)


def test_a_printer_that_never_answers_is_an_answer_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        silent = IppPrinter(host="127.0.0.1", port=port, answer_seconds_max=0.05)
        with pytest.raises(AnswerLost):
            silent.send(job_name="att_1", document=CARD_PDF)


@pytest.mark.parametrize(
    "said",
    [
        None,
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nshort",
        b"printing away\r\n\r\n",
        http(b"no IPP at all"),
        http(b"\x02\x00", status="500 Internal Server Error"),
        http(b"", status="302 Found"),
    ],
)
def test_whatever_cannot_be_read_is_an_answer_lost(said: bytes | None) -> None:
    with stub(lambda _: said) as it:
        assert isinstance(send(it), AnswerLost)


@pytest.mark.parametrize(
    "groups",
    [[], [job(99)], [Group.of(GroupTag.JOB, [Attribute.of(Tag.ENUM, "job-state", 3)])]],
    ids=["no job", "no such state", "no id"],
)
def test_a_yes_that_names_no_job_is_an_answer_lost(groups: list[Group]) -> None:
    with stub(lambda request: http(encode(answered(request, Status.OK, groups=groups)))) as it:
        assert isinstance(send(it), AnswerLost)


def test_an_answer_to_another_request_is_an_answer_lost() -> None:
    other = Message(Operation.PRINT_JOB, 4711, ())
    with stub(lambda _: http(encode(answered(other, Status.OK, groups=[job(3)])))) as it:
        assert isinstance(send(it), AnswerLost)


@pytest.mark.parametrize("code", [0x0405, 0x0500, 0x0504, 0x0505, 0x0508, 0x0203])
def test_an_error_that_may_come_after_the_job_was_taken_is_an_answer_lost(code: int) -> None:
    def answer(request: Message) -> bytes:
        return http(encode(Message(code, request.request_id, answered(request, Status.OK).groups)))

    with stub(answer) as it:
        assert isinstance(send(it), AnswerLost)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.BUSY, RejectedReason.BUSY),
        (Status.NOT_ACCEPTING_JOBS, RejectedReason.NOT_ACCEPTING),
        (Status.SERVICE_UNAVAILABLE, RejectedReason.NOT_ACCEPTING),
        (Status.DOCUMENT_FORMAT_NOT_SUPPORTED, RejectedReason.DOCUMENT),
        (Status.DOCUMENT_FORMAT_ERROR, RejectedReason.DOCUMENT),
        (Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, RejectedReason.REQUEST),
        (Status.OPERATION_NOT_SUPPORTED, RejectedReason.REQUEST),
        (0x0403, RejectedReason.REQUEST),
    ],
)
def test_a_refusal_is_told_with_its_reason_and_its_words(
    status: int, reason: RejectedReason
) -> None:
    def answer(request: Message) -> bytes:
        groups = answered(request, Status.OK, message="lihat panel").groups
        return http(encode(Message(int(status), request.request_id, groups)))

    with stub(answer) as it:
        failed = send(it)
    assert isinstance(failed, Rejected)
    assert failed.reason is reason
    assert "lihat panel" in failed.detail


def test_a_web_server_that_says_no_rejects() -> None:
    with stub(lambda _: http(b"", status="404 Not Found")) as it:
        failed = send(it)
    assert isinstance(failed, Rejected)
    assert "404" in failed.detail


def test_a_job_that_ends_between_the_two_questions_is_seen_as_ended() -> None:
    def answer(request: Message) -> bytes:
        which = request.first(GroupTag.OPERATION).text("which-jobs")
        groups = [job(5 if which == "not-completed" else 9)]
        return http(encode(answered(request, Status.OK, groups=groups)))

    with stub(answer) as it:
        found = client(it.port).find("att_1")
    assert found is not None
    assert found.state is JobState.COMPLETED


def test_a_job_without_a_state_is_not_taken_for_no_job() -> None:
    blank = Group.of(GroupTag.JOB, [Attribute.of(Tag.NAME, "job-name", "att_1")])
    with (
        stub(lambda request: http(encode(answered(request, Status.OK, groups=[blank])))) as it,
        pytest.raises(AnswerLost),
    ):
        client(it.port).find("att_1")


@pytest.mark.parametrize("offered", [Operation.CANCEL_MY_JOBS, Operation.CANCEL_JOB])
def test_a_printer_without_purge_jobs_is_asked_in_other_ways(offered: Operation) -> None:
    jobs = {1: 3, 2: 5}

    def answer(request: Message) -> bytes:
        groups: list[Group] = []
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            told = Attribute.of(Tag.ENUM, "operations-supported", int(offered))
            groups = [Group.of(GroupTag.PRINTER, [told])]
        elif request.code == Operation.CANCEL_MY_JOBS:
            jobs.clear()
        elif request.code == Operation.CANCEL_JOB:
            del jobs[request.first(GroupTag.OPERATION).integer("job-id") or 0]
        elif request.code == Operation.GET_JOBS:
            groups = [job(state, job_id=job_id) for job_id, state in jobs.items()]
        return http(encode(answered(request, Status.OK, groups=groups)))

    with stub(answer) as it:
        client(it.port).purge()
    assert jobs == {}


def test_a_purge_that_leaves_a_job_is_not_taken_for_done() -> None:
    def answer(request: Message) -> bytes:
        if request.code == Operation.CANCEL_JOB:
            return http(encode(answered(request, Status.NOT_POSSIBLE)))
        groups = [job(5)] if request.code == Operation.GET_JOBS else []
        return http(encode(answered(request, Status.OK, groups=groups)))

    with stub(answer) as it, pytest.raises(Rejected) as no:
        client(it.port).purge()
    assert "att_1" in no.value.detail


def test_a_printer_that_tells_no_state_is_an_answer_lost() -> None:
    with (
        stub(lambda request: http(encode(answered(request, Status.OK)))) as it,
        pytest.raises(AnswerLost),
    ):
        client(it.port).look()


@pytest.mark.parametrize(
    ("offered", "status", "asked"),
    [
        (Operation.STARTUP_PRINTER, Status.OK, True),
        (Operation.STARTUP_PRINTER, Status.NOT_POSSIBLE, True),  # it is up already
        (Operation.PAUSE_PRINTER, Status.OK, False),
    ],
)
def test_only_a_printer_that_offers_it_is_woken(
    offered: Operation, status: Status, *, asked: bool
) -> None:
    def answer(request: Message) -> bytes:
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            told = Attribute.of(Tag.ENUM, "operations-supported", int(offered))
            groups = [Group.of(GroupTag.PRINTER, [told])]
            return http(encode(answered(request, Status.OK, groups=groups)))
        return http(encode(answered(request, status)))

    with stub(answer) as it:
        client(it.port).wake()
    said = [request.code for request, _ in it.requests]
    assert (Operation.STARTUP_PRINTER in said) is asked


def test_a_printer_too_busy_to_be_woken_says_so() -> None:
    def answer(request: Message) -> bytes:
        if request.code == Operation.GET_PRINTER_ATTRIBUTES:
            told = Attribute.of(Tag.ENUM, "operations-supported", int(Operation.STARTUP_PRINTER))
            groups = [Group.of(GroupTag.PRINTER, [told])]
            return http(encode(answered(request, Status.OK, groups=groups)))
        return http(encode(answered(request, Status.BUSY)))

    with stub(answer) as it, pytest.raises(Rejected) as no:
        client(it.port).wake()
    assert no.value.reason is RejectedReason.BUSY


@pytest.mark.parametrize(
    ("state", "sheets", "meant"),
    [
        (9, 1, JobState.COMPLETED),
        (9, 0, JobState.ABORTED),
        (9, None, JobState.ABORTED),
        (5, 0, JobState.PROCESSING),
        (8, 1, JobState.ABORTED),
    ],
)
def test_a_queue_that_is_done_has_printed_only_what_it_counted(
    state: int, sheets: int | None, meant: JobState
) -> None:
    def answer(request: Message) -> bytes:
        which = request.first(GroupTag.OPERATION).text("which-jobs")
        told = list(job(state).attributes)
        if sheets is not None:
            told.append(Attribute.of(Tag.INTEGER, "job-media-sheets-completed", sheets))
        groups = [Group.of(GroupTag.JOB, told)] if which == "completed" else []
        return http(encode(answered(request, Status.OK, groups=groups)))

    with stub(answer) as it:
        seen = CupsPrinter(queue="kartu", host="127.0.0.1", port=it.port).find("att_1")
    assert seen is not None
    assert seen.state is meant


def test_what_a_queue_says_of_itself_hinders_nothing() -> None:
    def answer(request: Message) -> bytes:
        told = [
            Attribute.of(Tag.ENUM, "printer-state", 4),
            Attribute.of(Tag.BOOLEAN, "printer-is-accepting-jobs", True),
            Attribute.of(
                Tag.KEYWORD,
                "printer-state-reasons",
                *("cups-waiting-for-job-completed", "connecting-to-device", "media-jam-error"),
            ),
        ]
        groups = [Group.of(GroupTag.PRINTER, told)]
        return http(encode(answered(request, Status.OK, groups=groups)))

    with stub(answer) as it:
        seen = CupsPrinter(queue="kartu", host="127.0.0.1", port=it.port).look()
    assert [str(reason) for reason in seen.reasons] == [
        "cups-waiting-for-job-completed-report",
        "connecting-to-device-report",
        "media-jam-error",
    ]
