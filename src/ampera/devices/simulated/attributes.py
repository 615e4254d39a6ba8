"""What the simulated printer says of itself and of its jobs, as IPP attributes (RFC 8011 §5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ampera.devices.ipp.server import LANGUAGE
from ampera.devices.ipp.supplies import MIB_TYPE_BY_KIND
from ampera.devices.ipp.values import Attribute, Collection, Content, IntRange, Resolution, Tag
from ampera.devices.ipp.vocabulary import (
    CARD_LENGTH,
    CARD_MEDIA,
    CARD_WIDTH,
    CHARSET,
    NUMBER_BY_JOB_STATE,
    NUMBER_BY_PRINTER_STATE,
    PDF,
    Operation,
)
from ampera.devices.simulated.jobs import Job
from ampera.devices.simulated.machine import Machine
from ampera.devices.simulated.mechanism import OPEN_JOB_SECONDS_MAX

OCTET_STREAM: Final = "application/octet-stream"
FORMATS: Final = (PDF, OCTET_STREAM)
SIDES: Final = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
SIDES_OF_CARD: Final = 2
_MARGINS: Final = ("bottom", "left", "right", "top")
_PORTRAIT: Final = 3
_NORMAL_QUALITY: Final = 4
_NO_FINISHING: Final = 3
_OCTETS_MAX_K: Final = 20 * 1024


def _keyword(name: str, *words: str) -> Attribute:
    return Attribute.of(Tag.KEYWORD, name, *words)


def _integer(name: str, *numbers: int) -> Attribute:
    return Attribute.of(Tag.INTEGER, name, *numbers)


def _enum(name: str, *numbers: int) -> Attribute:
    return Attribute.of(Tag.ENUM, name, *numbers)


def _text(name: str, text: str) -> Attribute:
    return Attribute.of(Tag.TEXT, name, text)


def media_size() -> Collection:
    """ID-1, portrait, in hundredths of a millimetre."""
    return Collection((_integer("x-dimension", CARD_WIDTH), _integer("y-dimension", CARD_LENGTH)))


def _media_col() -> Collection:
    return Collection(
        (
            Attribute.of(Tag.BEGIN_COLLECTION, "media-size", media_size()),
            *(_integer(f"media-{side}-margin", 0) for side in _MARGINS),
            _keyword("media-source", "main"),
            _keyword("media-type", "cardstock"),
        )
    )


def job_template() -> list[Attribute]:
    """What may be asked of a job, and what is done when nothing is asked."""
    resolution = Resolution(300, 300)
    return [
        _integer("copies-default", 1),
        Attribute.of(Tag.RANGE, "copies-supported", IntRange(1, 1)),
        _enum("finishings-default", _NO_FINISHING),
        _enum("finishings-supported", _NO_FINISHING),
        _keyword("media-default", CARD_MEDIA),
        _keyword("media-ready", CARD_MEDIA),
        _keyword("media-supported", CARD_MEDIA),
        Attribute.of(Tag.BEGIN_COLLECTION, "media-col-default", _media_col()),
        Attribute.of(Tag.BEGIN_COLLECTION, "media-col-ready", _media_col()),
        _keyword("media-col-supported", *(member.name for member in _media_col().members)),
        Attribute.of(Tag.BEGIN_COLLECTION, "media-size-supported", media_size()),
        _keyword("media-source-supported", "main"),
        _keyword("media-type-supported", "cardstock"),
        *(_integer(f"media-{side}-margin-supported", 0) for side in _MARGINS),
        _enum("orientation-requested-default", _PORTRAIT),
        _enum("orientation-requested-supported", _PORTRAIT),
        _keyword("output-bin-default", "tray-1"),
        _keyword("output-bin-supported", "tray-1"),
        _enum("print-quality-default", _NORMAL_QUALITY),
        _enum("print-quality-supported", _NORMAL_QUALITY),
        Attribute.of(Tag.RESOLUTION, "printer-resolution-default", resolution),
        Attribute.of(Tag.RESOLUTION, "printer-resolution-supported", resolution),
        _keyword("sides-default", "two-sided-long-edge"),
        _keyword("sides-supported", *SIDES),
    ]


def printer_description(
    machine: Machine, *, uri: str, page: str, name: str, operations: Iterable[Operation]
) -> list[Attribute]:
    """State, identity and abilities of the printer at this moment."""
    live = [job for job in machine.listed() if not job.state.is_ended]
    reasons = [str(reason) for reason in machine.reasons] or ["none"]
    return [
        Attribute.of(Tag.CHARSET, "charset-configured", CHARSET),
        Attribute.of(Tag.CHARSET, "charset-supported", CHARSET, "us-ascii"),
        Attribute.of(Tag.BOOLEAN, "color-supported", True),
        _keyword("compression-supported", "none"),
        Attribute.of(Tag.MIME_TYPE, "document-format-default", PDF),
        Attribute.of(Tag.MIME_TYPE, "document-format-supported", *FORMATS),
        Attribute.of(Tag.LANGUAGE, "generated-natural-language-supported", LANGUAGE),
        _keyword("ipp-versions-supported", "1.1", "2.0"),
        Attribute.of(Tag.RANGE, "job-k-octets-supported", IntRange(0, _OCTETS_MAX_K)),
        Attribute.of(Tag.BOOLEAN, "multiple-document-jobs-supported", False),
        _integer("multiple-operation-time-out", OPEN_JOB_SECONDS_MAX),
        Attribute.of(Tag.LANGUAGE, "natural-language-configured", LANGUAGE),
        _enum("operations-supported", *operations),
        _integer("pages-per-minute", 1),
        _integer("pages-per-minute-color", 1),
        _keyword("pdl-override-supported", "not-attempted"),
        Attribute.of(Tag.DATE_TIME, "printer-current-time", _tenths(machine.at)),
        _text("printer-info", f"{name} (simulated)"),
        Attribute.of(Tag.BOOLEAN, "printer-is-accepting-jobs", machine.is_accepting),
        _text("printer-location", name),
        _text("printer-make-and-model", machine.model.make_and_model),
        Attribute.of(Tag.URI, "printer-more-info", page),
        Attribute.of(Tag.NAME, "printer-name", name),
        _enum("printer-state", NUMBER_BY_PRINTER_STATE[machine.state]),
        _text("printer-state-message", ", ".join(reasons)),
        _keyword("printer-state-reasons", *reasons),
        _integer("printer-up-time", machine.up_time_seconds),
        Attribute.of(Tag.URI, "printer-uri-supported", uri),
        Attribute.of(Tag.URI, "printer-uuid", f"urn:uuid:{machine.uuid}"),
        _integer("queued-job-count", len(live)),
        _keyword("uri-authentication-supported", "none"),
        _keyword("uri-security-supported", "none"),
        _keyword("which-jobs-supported", "completed", "not-completed"),
        _integer("printer-impressions-completed", SIDES_OF_CARD * machine.cards_printed),
        _integer("printer-media-sheets-completed", machine.cards_printed),
        *_supplies(machine),
    ]


def _supplies(machine: Machine) -> list[Attribute]:
    """Ribbon and film, in both vocabularies; levels are per cent of the nominal yield."""
    pieces = list(machine.supplies.values())
    if not pieces:
        return []
    texts = [
        f"index={number};class=supplyThatIsConsumed;type={MIB_TYPE_BY_KIND[piece.figures.kind]};"
        f"unit=percent;maxcapacity=100;level={piece.level_percent};colorantname=unknown;".encode()
        for number, piece in enumerate(pieces, start=1)
    ]
    names = [piece.figures.name for piece in pieces]
    return [
        Attribute.of(Tag.NAME, "marker-names", *names),
        _keyword("marker-types", *(piece.figures.kind for piece in pieces)),
        Attribute.of(Tag.NAME, "marker-colors", *("none" for _ in pieces)),
        _integer("marker-levels", *(piece.level_percent for piece in pieces)),
        _integer("marker-low-levels", *(piece.figures.low_percent for piece in pieces)),
        _integer("marker-high-levels", *(100 for _ in pieces)),
        Attribute.of(Tag.OCTET_STRING, "printer-supply", *texts),
        Attribute.of(Tag.TEXT, "printer-supply-description", *names),
    ]


def job_description(  # positional: a pair
    machine: Machine, job: Job, *, uri: str
) -> list[Attribute]:
    """All that is told of one job. Times are seconds of this run of the printer, as IPP has it."""
    is_printed = 1 if job.state.is_ended and job.reasons == ("job-completed-successfully",) else 0
    return [
        Attribute.of(Tag.URI, "job-uri", f"{uri}/{job.job_id}"),
        _integer("job-id", job.job_id),
        Attribute.of(Tag.URI, "job-printer-uri", uri),
        Attribute.of(Tag.NAME, "job-name", job.name),
        Attribute.of(Tag.NAME, "job-originating-user-name", job.user),
        _enum("job-state", NUMBER_BY_JOB_STATE[machine.state_of(job)]),
        _keyword("job-state-reasons", *machine.reasons_of(job)),
        _text("job-state-message", job.message),
        _integer("job-k-octets", -(-job.document_octets // 1024)),
        _integer("job-impressions-completed", SIDES_OF_CARD * is_printed),
        _integer("job-media-sheets-completed", is_printed),
        _integer("number-of-documents", 1 if job.document_octets else 0),
        _integer("job-printer-up-time", machine.up_time_seconds),
        *_times(machine, "creation", job.created_at),
        *_times(machine, "processing", job.processing_at),
        *_times(machine, "completed", job.completed_at),
    ]


def _times(machine: Machine, what: str, at: datetime | None) -> list[Attribute]:
    names = (f"time-at-{what}", f"date-time-at-{what}")
    if at is None:
        return [Attribute.of(Tag.NO_VALUE, name, None) for name in names]
    assert machine.powered_at is not None
    seconds = max(0, int((at - machine.powered_at).total_seconds()))  # 0: before this run
    return [_integer(names[0], seconds), Attribute.of(Tag.DATE_TIME, names[1], _tenths(at))]


def _tenths(at: datetime) -> Content:
    return at.replace(microsecond=at.microsecond // 100_000 * 100_000)
