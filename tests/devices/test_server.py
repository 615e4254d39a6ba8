"""The simulated printer's server: what it refuses before and within an operation, bytes and all."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ampera.devices.ipp.codec import decode, encode
from ampera.devices.ipp.server import BODY_BYTES_MAX, protocol_fault
from ampera.devices.ipp.values import Attribute, Collection, Group, GroupTag, Message, Tag
from ampera.devices.ipp.vocabulary import Operation, Status
from ampera.devices.simulated.attributes import media_size
from ampera.devices.simulated.house import ListeningPrinter, PrinterConfig, printers_running
from ampera.words import FixedClock

from .conftest import CARD_PDF, MORNING

IPP = {"Content-Type": "application/ipp"}
HEAD = (
    Attribute.of(Tag.CHARSET, "attributes-charset", "utf-8"),
    Attribute.of(Tag.LANGUAGE, "attributes-natural-language", "id"),
    Attribute.of(Tag.URI, "printer-uri", "ipp://127.0.0.1/ipp/print"),
)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[ListeningPrinter]:
    config = PrinterConfig(port=0, data_dir=tmp_path, blanko_at_first_start=10)
    with printers_running({"16.71.02": config}, FixedClock(MORNING)) as printers:
        yield printers["16.71.02"]


def ask(
    printer: ListeningPrinter,
    operation: Operation | int,
    *attributes: Attribute,
    job: tuple[Attribute, ...] = (),
    document: bytes = b"",
) -> Message:
    groups = (Group.of(GroupTag.OPERATION, HEAD + attributes), Group.of(GroupTag.JOB, job))
    body = encode(Message(int(operation), 7, groups), document)
    status, said = post(printer, body)
    assert status == 200
    return decode(said)[0]


def post(
    printer: ListeningPrinter, body: bytes, *, path: str = "/ipp/print", **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", printer.port, timeout=10)
    try:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request("POST", path, body, IPP | named)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def job_name(name: str) -> Attribute:
    return Attribute.of(Tag.NAME, "job-name", name)


def test_bytes_that_are_no_ipp_are_a_bad_request(printer: ListeningPrinter) -> None:
    assert post(printer, b"hello")[0] == 400


def test_another_path_and_another_content_are_not_the_printer(printer: ListeningPrinter) -> None:
    assert post(printer, b"", path="/admin")[0] == 404
    assert post(printer, b"", Content_Type="text/plain")[0] == 415


def test_a_body_too_long_is_refused_before_it_is_read(printer: ListeningPrinter) -> None:
    assert post(printer, b"", Content_Length=str(BODY_BYTES_MAX + 1))[0] == 400


@pytest.mark.parametrize(
    "chunks",
    [b"zz\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"2\r\nhello\r\n", b"1400001\r\n"],
    ids=["no size", "negative", "longer than said", "too long"],
)
def test_a_body_badly_chunked_is_refused(printer: ListeningPrinter, chunks: bytes) -> None:
    status, _ = post(printer, chunks, Transfer_Encoding="chunked")
    assert status == 400


def test_a_document_may_come_in_chunks(printer: ListeningPrinter) -> None:
    groups = (Group.of(GroupTag.OPERATION, (*HEAD, job_name("att_1"))),)
    body = encode(Message(Operation.PRINT_JOB, 7, groups), CARD_PDF)
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    status, said = post(printer, chunks + b"0\r\n\r\n", Transfer_Encoding="chunked")
    assert (status, decode(said)[0].code) == (200, Status.OK)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (
            Message(2, 1, (Group.of(GroupTag.OPERATION, HEAD),), (9, 0)),
            Status.VERSION_NOT_SUPPORTED,
        ),
        (Message(2, 0, (Group.of(GroupTag.OPERATION, HEAD),)), Status.BAD_REQUEST),
        (Message(2, 1, ()), Status.BAD_REQUEST),
        (Message(2, 1, (Group.of(GroupTag.JOB, HEAD),)), Status.BAD_REQUEST),
        (Message(2, 1, (Group.of(GroupTag.OPERATION, HEAD[::-1]),)), Status.BAD_REQUEST),
        (Message(2, 1, (Group.of(GroupTag.OPERATION, HEAD[:2]),)), Status.BAD_REQUEST),
        (Message(2, 1, (Group.of(GroupTag.OPERATION, HEAD),)), None),
    ],
)
def test_requests_are_checked_as_the_standard_orders(
    request_: Message, status: Status | None
) -> None:
    assert protocol_fault(request_) is status


def test_a_charset_that_the_printer_cannot_read_is_refused() -> None:
    latin = (Attribute.of(Tag.CHARSET, "attributes-charset", "iso-8859-1"), *HEAD[1:])
    request = Message(2, 1, (Group.of(GroupTag.OPERATION, latin),))
    assert protocol_fault(request) is Status.CHARSET_NOT_SUPPORTED


def test_an_unknown_operation_is_not_supported(printer: ListeningPrinter) -> None:
    assert ask(printer, 0x4000).code == Status.OPERATION_NOT_SUPPORTED


@pytest.mark.parametrize(
    ("attribute", "status"),
    [
        (
            Attribute.of(Tag.MIME_TYPE, "document-format", "image/png"),
            Status.DOCUMENT_FORMAT_NOT_SUPPORTED,
        ),
        (Attribute.of(Tag.KEYWORD, "compression", "gzip"), Status.COMPRESSION_NOT_SUPPORTED),
    ],
)
def test_what_the_printer_cannot_read_is_refused(
    printer: ListeningPrinter, attribute: Attribute, status: Status
) -> None:
    assert ask(printer, Operation.PRINT_JOB, attribute, document=CARD_PDF).code == status


def test_two_copies_of_a_card_are_never_printed(printer: ListeningPrinter) -> None:
    copies = Attribute.of(Tag.INTEGER, "copies", 2)
    answer = ask(printer, Operation.PRINT_JOB, job=(copies,), document=CARD_PDF)
    assert answer.code == Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert len(printer.printer.physical().hopper) == 10


def test_only_cards_fit(printer: ListeningPrinter) -> None:
    a4 = Attribute.of(Tag.KEYWORD, "media", "iso_a4_210x297mm")
    wide = Collection((Attribute.of(Tag.INTEGER, "x-dimension", 21000),))
    refused = [
        (a4,),
        (Attribute.of(Tag.KEYWORD, "sides", "three-sided"),),
        (media_col(wide),),
    ]
    for job in refused:
        answer = ask(printer, Operation.PRINT_JOB, job=job, document=CARD_PDF)
        assert answer.code == Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    taken = ask(printer, Operation.PRINT_JOB, job=(media_col(media_size()),), document=CARD_PDF)
    assert taken.code == Status.OK


def media_col(size: Collection) -> Attribute:
    inner = Attribute.of(Tag.BEGIN_COLLECTION, "media-size", size)
    return Attribute.of(Tag.BEGIN_COLLECTION, "media-col", Collection((inner,)))


def test_print_job_without_a_document_is_refused(printer: ListeningPrinter) -> None:
    assert ask(printer, Operation.PRINT_JOB).code == Status.BAD_REQUEST


def test_a_job_opened_and_filled_is_printed(printer: ListeningPrinter) -> None:
    opened = ask(printer, Operation.CREATE_JOB, job_name("att_1")).first(GroupTag.JOB)
    assert (opened.integer("job-id"), opened.integer("job-state")) == (1, 4)
    uri = Attribute.of(Tag.URI, "job-uri", opened.text("job-uri"))
    last = Attribute.of(Tag.BOOLEAN, "last-document", True)
    sent = ask(printer, Operation.SEND_DOCUMENT, uri, last, document=CARD_PDF)
    assert sent.first(GroupTag.JOB).integer("job-state") == 5
    again = ask(printer, Operation.SEND_DOCUMENT, uri, last, document=CARD_PDF)
    assert again.code == Status.MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED


def test_a_job_that_never_gets_its_document_is_aborted(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    config = PrinterConfig(port=0, data_dir=tmp_path)
    with printers_running({"16.71.02": config}, clock) as printers:
        printer = printers["16.71.02"]
        ask(printer, Operation.CREATE_JOB, job_name("att_1"))
        clock.at = MORNING.replace(hour=2)
        job_id = Attribute.of(Tag.INTEGER, "job-id", 1)
        job = ask(printer, Operation.GET_JOB_ATTRIBUTES, job_id).first(GroupTag.JOB)
    assert (job.integer("job-state"), job.text("job-state-message")) == (
        8,
        "its document never came",
    )


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ((), Status.BAD_REQUEST),
        ((Attribute.of(Tag.INTEGER, "job-id", 99),), Status.NOT_FOUND),
        ((Attribute.of(Tag.URI, "job-uri", "ipp://127.0.0.1/ipp/print/x"),), Status.BAD_REQUEST),
    ],
)
def test_a_request_about_no_job_is_refused(
    printer: ListeningPrinter, attributes: tuple[Attribute, ...], status: Status
) -> None:
    assert ask(printer, Operation.CANCEL_JOB, *attributes).code == status


def test_a_paused_printer_finishes_its_card_and_feeds_no_other(tmp_path: Path) -> None:
    clock = FixedClock(MORNING)
    config = PrinterConfig(port=0, data_dir=tmp_path, blanko_at_first_start=3)
    with printers_running({"16.71.02": config}, clock) as printers:
        printer = printers["16.71.02"]
        for name in ("att_1", "att_2"):
            ask(printer, Operation.PRINT_JOB, job_name(name), document=CARD_PDF)
        ask(printer, Operation.PAUSE_PRINTER)
        state = ask(printer, Operation.GET_PRINTER_ATTRIBUTES).first(GroupTag.PRINTER)
        assert "moving-to-paused-report" in state.texts("printer-state-reasons")
        clock.at = MORNING.replace(hour=3)
        state = ask(printer, Operation.GET_PRINTER_ATTRIBUTES).first(GroupTag.PRINTER)
        assert state.integer("printer-state") == 5
        assert [card.job_name for card in printer.printer.physical().tray] == ["att_1"]
        ask(printer, Operation.RESUME_PRINTER)
        assert printer.printer.physical().inside == "BLANKO-000002"


def test_get_jobs_keeps_to_user_limit_and_the_lists_that_there_are(
    printer: ListeningPrinter,
) -> None:
    for name, user in (("att_1", "sari"), ("att_2", "budi"), ("att_3", "sari")):
        named = Attribute.of(Tag.NAME, "requesting-user-name", user)
        ask(printer, Operation.PRINT_JOB, named, job_name(name), document=CARD_PDF)
    sari = Attribute.of(Tag.NAME, "requesting-user-name", "sari")
    mine = Attribute.of(Tag.BOOLEAN, "my-jobs", True)
    one = Attribute.of(Tag.INTEGER, "limit", 1)
    assert len(ask(printer, Operation.GET_JOBS).all(GroupTag.JOB)) == 3
    assert len(ask(printer, Operation.GET_JOBS, sari, mine).all(GroupTag.JOB)) == 2
    assert len(ask(printer, Operation.GET_JOBS, one).all(GroupTag.JOB)) == 1
    odd = Attribute.of(Tag.KEYWORD, "which-jobs", "lost")
    assert ask(printer, Operation.GET_JOBS, odd).code == Status.ATTRIBUTES_OR_VALUES_NOT_SUPPORTED


def test_whoever_opens_the_address_sees_the_queue(printer: ListeningPrinter) -> None:
    ask(printer, Operation.PRINT_JOB, job_name("att_1"), document=CARD_PDF)
    connection = http.client.HTTPConnection("127.0.0.1", printer.port, timeout=10)
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    connection.close()
    assert page.splitlines()[0].startswith("16.71.02: processing")
    assert page.splitlines()[1] == "1 att_1 processing"


def test_requests_that_come_at_once_are_all_taken_and_each_once(printer: ListeningPrinter) -> None:
    names = [f"att_{number}" for number in range(12)]

    def send(name: str) -> int:
        answer = ask(printer, Operation.PRINT_JOB, job_name(name), document=CARD_PDF)
        return answer.first(GroupTag.JOB).integer("job-id") or 0

    with ThreadPoolExecutor(max_workers=12) as pool:
        ids = list(pool.map(send, names))
    assert sorted(ids) == list(range(1, 13))
    wanted = Attribute.of(Tag.KEYWORD, "requested-attributes", "job-name")
    listed = ask(printer, Operation.GET_JOBS, wanted).all(GroupTag.JOB)
    assert sorted(group.text("job-name") or "" for group in listed) == sorted(names)


def test_a_port_that_is_taken_is_told_at_the_start(
    printer: ListeningPrinter, tmp_path: Path
) -> None:
    config = PrinterConfig(port=printer.port, data_dir=tmp_path / "other")
    with (
        pytest.raises(OSError, match="in use"),
        printers_running({"16.71.03": config}, FixedClock(MORNING)),
    ):
        pass
