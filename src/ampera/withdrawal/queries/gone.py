"""Batches that are being counted out, and those that are gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ampera.journal.house import house
from ampera.withdrawal.models import Batch, Destruction, Gone, InBatch
from ampera.withdrawal.queries.lying import Lying, piece_seen
from ampera.withdrawal.rules.policy import Cause, Way
from ampera.words.clock import utc_from_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """A batch that is being counted out, with its pieces."""

    batch: str
    cause: Cause
    officer: str
    at: datetime
    pieces: tuple[Lying, ...]


@dataclass(frozen=True, slots=True)
class GonePiece:
    """One piece of a batch that is gone."""

    piece: str
    card: str
    serial: str


@dataclass(frozen=True, slots=True)
class DestructionSeen:
    """A berita acara of destruction. The witnesses' names are gone once their retention ended."""

    destruction: str
    number: str
    office: OfficeCode
    place: str
    way: Way
    cause: Cause
    total: int
    officers: tuple[str, ...]
    on: date
    at: datetime
    pieces: tuple[GonePiece, ...]
    witnesses: tuple[tuple[str, str], ...] = field(repr=False)


def open_batches() -> list[BatchSeen]:
    """Every batch that is being counted out here, the oldest first."""
    return [_batch(row) for row in Batch.objects.order_by("at", "batch")]


def batch_seen(batch: str) -> BatchSeen | Refusal:
    row = Batch.objects.filter(pk=batch).first()
    return _batch(row) if row is not None else Refusal("withdrawal.batch_unknown")


def _batch(row: Batch) -> BatchSeen:
    inside = InBatch.objects.filter(batch=row.batch).order_by("piece")
    seen = [piece_seen(piece) for piece in inside.values_list("piece", flat=True)]
    pieces = tuple(each for each in seen if each is not None)
    return BatchSeen(row.batch, Cause(row.cause), row.officer, utc_from_text(row.at), pieces)


def destructions(office: OfficeCode | None = None, *, most: int = 100) -> list[DestructionSeen]:
    """What is gone at an office (this one, unless another is named), the latest first."""
    at = str(office or house().code)
    rows = Destruction.objects.filter(office=at).order_by("-at", "destruction")[:most]
    return [_seen(row) for row in rows]


def destruction_seen(destruction: str) -> DestructionSeen | Refusal:
    """One batch that is gone, with its list."""
    row = Destruction.objects.filter(pk=destruction).first()
    if row is None:
        return Refusal("withdrawal.batch_unknown")
    gone = Gone.objects.filter(destruction=destruction).order_by("serial", "piece")
    return _seen(row, tuple(GonePiece(each.piece, each.card, each.serial) for each in gone))


def _seen(row: Destruction, pieces: tuple[GonePiece, ...] = ()) -> DestructionSeen:  # positional
    return DestructionSeen(
        destruction=row.destruction,
        number=row.number,
        office=OfficeCode(row.office),
        place=row.place,
        way=Way(row.way),
        cause=Cause(row.cause),
        total=row.total,
        officers=tuple(row.officers),
        witnesses=tuple((each["name"], each["office"]) for each in row.witnesses),
        on=date.fromisoformat(row.on),
        at=utc_from_text(row.at),
        pieces=pieces,
    )
