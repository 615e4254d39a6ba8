"""Packages of withdrawn cards: what is under way, what came, what is missing, what is too much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count

from ampera.journal.house import house
from ampera.register.rules.days import day_at
from ampera.withdrawal.models import (
    Arrival,
    Counted,
    Gone,
    Package,
    Piece,
    PieceMove,
    Surplus,
)
from ampera.withdrawal.queries.lying import cause_of, serials_of
from ampera.withdrawal.rules.packages import (
    DISPUTE,
    TRANSIT,
    Listed,
    code_of,
    disputed_at,
    is_lost,
    judge_of,
)
from ampera.withdrawal.rules.policy import Cause, travel_days_max
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """One piece of a package. `place`: where it is now; `gone:…` and `back:…` once it left the
    register."""

    piece: str
    code: str
    serial: str
    cause: Cause
    place: str
    n: int
    was_missing: bool  #: not there when the package was counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalSeen:
    """What two officers of the receiver found."""

    is_seal_whole: bool
    officers: tuple[str, ...]
    received: int
    missing: int
    surplus: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSeen:
    """A package; `arrival` is None while it is under way."""

    package: str
    code: str
    source: OfficeCode
    target: OfficeCode
    seal: str
    count: int
    officers: tuple[str, ...]
    courier: str = field(repr=False)  #: empty once its retention ended
    at: datetime
    pieces: tuple[PieceLine, ...]
    arrival: ArrivalSeen | None

    @property
    def is_late(self) -> bool:
        """Is it under way longer than the policy allows?"""
        if self.arrival is not None:
            return False
        return self.at + timedelta(days=travel_days_max()) < house().now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A piece that was missed at an office, by whom, and who decides."""

    piece: str
    code: str
    serial: str
    office: OfficeCode
    sender: OfficeCode
    package: str
    officers: tuple[str, ...]
    since: datetime
    is_ours: bool  #: this office decides


@dataclass(frozen=True, slots=True, kw_only=True)
class SurplusSeen:
    """Something that stood on no list, found by these two officers."""

    surplus: str
    mark: str
    package: str
    officers: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSeen:
    """A package that was counted before its news."""

    count: str
    code: str
    marks: tuple[str, ...]
    officers: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSeen:
    """One move of a piece, as its story tells it."""

    n: int
    source: str
    target: str
    package: str
    at: datetime
    on: date


def listed_in(package: str) -> list[Listed]:
    """The list of a package, as its sender told it."""
    moves = _into(package)
    rows = Piece.objects.in_bulk([move.piece for move in moves])
    serials = serials_of(row.card for row in rows.values() if row.card)
    return [
        Listed(
            piece=move.piece,
            n=move.n,
            serial=rows[move.piece].serial or serials.get(rows[move.piece].card, ""),
        )
        for move in moves
    ]


def _into(package: str) -> list[PieceMove]:
    rows = PieceMove.objects.filter(package=package, target__startswith=TRANSIT)
    return list(rows.order_by("piece"))


def packages_to(office: OfficeCode, *, most: int = 50) -> list[PackageSeen]:
    """What is on its way to an office or came there: first what is under way, then the latest."""
    return _listed(Package.objects.filter(target=str(office)).order_by("-at", "package")[:most])


def packages_from(office: OfficeCode, *, most: int = 50) -> list[PackageSeen]:
    """What an office sent, in the same order."""
    return _listed(Package.objects.filter(source=str(office)).order_by("-at", "package")[:most])


def _listed(rows: Iterable[Package]) -> list[PackageSeen]:
    found = [_seen(row) for row in rows]
    found.sort(key=lambda each: each.arrival is not None)  # stable: the latest first in each part
    return found


def package_seen(package: str) -> PackageSeen | Refusal:
    """One package that this office sent or gets, with its list."""
    row = Package.objects.filter(pk=package).first()
    if row is None:
        return Refusal("withdrawal.package_unknown")
    return _seen(row, with_pieces=True)


def package_by_code(code: str) -> str:
    """The package on its way here with that code; empty when its news is not here."""
    rows = Package.objects.filter(code=code.strip().upper(), target=str(house().code))
    return rows.values_list("package", flat=True).first() or ""


def _seen(row: Package, *, with_pieces: bool = False) -> PackageSeen:
    return PackageSeen(
        package=row.package,
        code=row.code,
        source=OfficeCode(row.source),
        target=OfficeCode(row.target),
        seal=row.seal,
        count=row.count,
        officers=tuple(row.officers),
        courier=row.courier,
        at=utc_from_text(row.at),
        pieces=_lines(row.package) if with_pieces else (),
        arrival=_arrival(row.package),
    )


def _lines(package: str) -> tuple[PieceLine, ...]:
    listed = listed_in(package)
    rows = Piece.objects.in_bulk([each.piece for each in listed])
    missed = PieceMove.objects.filter(package=package, target__startswith=DISPUTE)
    missing = set(missed.values_list("piece", flat=True))
    gone = dict(Gone.objects.filter(piece__in=list(rows)).values_list("piece", "office"))
    return tuple(
        PieceLine(
            piece=each.piece,
            code=code_of(each.piece),
            serial=each.serial,
            cause=cause_of(rows[each.piece]),
            place=f"gone:{gone[each.piece]}" if each.piece in gone else _place(rows[each.piece]),
            n=each.n,
            was_missing=each.piece in missing,
        )
        for each in listed
    )


def _place(row: Piece) -> str:
    return f"back:{row.lies}" if row.back_at else row.lies


def _arrival(package: str) -> ArrivalSeen | None:
    row = Arrival.objects.filter(pk=package).first()
    if row is None:
        return None
    marks = Surplus.objects.filter(package=package).exclude(at="").order_by("mark")
    return ArrivalSeen(
        is_seal_whole=row.is_seal_whole,
        officers=tuple(row.officers),
        received=row.received,
        missing=row.missing,
        surplus=tuple(marks.values_list("mark", flat=True)),
        at=utc_from_text(row.at),
    )


def missing_pieces() -> list[Missing]:
    """Every piece in dispute that is known here, the longest missed first."""
    rows = Piece.objects.filter(lies__startswith=DISPUTE)
    found = []
    for row in rows.order_by("lies_since", "piece"):
        office, package = disputed_at(row.lies), package_of_dispute(row.piece)
        arrival = Arrival.objects.filter(pk=package.package).first() if package else None
        assert office is not None
        found.append(
            Missing(
                piece=row.piece,
                code=code_of(row.piece),
                serial=row.serial or serials_of([row.card]).get(row.card, ""),
                office=office,
                sender=OfficeCode(package.source) if package is not None else office,
                package=package.package if package is not None else "",
                officers=tuple(arrival.officers) if arrival is not None else (),
                since=utc_from_text(row.lies_since),
                is_ours=judge_of(office) == house().code,
            )
        )
    return found


def piece_named(mark: str) -> Piece | None:
    """The piece with this serial, or with this code of a list, that some office has by the
    books."""
    rows = Piece.objects.filter(back_at="").exclude(at="").exclude(lies="")
    rows = rows.exclude(piece__in=Gone.objects.values("piece")).order_by("at", "piece")
    named = rows.filter(serial=mark).first()
    return named or rows.filter(piece__endswith=mark.lower()).first()


def package_of_dispute(piece: str) -> Package | None:
    """The package in which a piece was missed."""
    moves = PieceMove.objects.filter(piece=piece, stands=True).order_by("-n")
    name = moves.values_list("package", flat=True).first()
    return Package.objects.filter(pk=name).first() if name else None


def surplus_here() -> list[SurplusSeen]:
    """What stood on no list and still waits for two officers, the longest first.

    What a later list named and what lies here by now is settled by that.
    """
    rows = Surplus.objects.filter(office=str(house().code), settled_at="").exclude(at="")
    here = Piece.objects.filter(lies=str(house().code)).values_list("piece", "serial", "card")
    lying = list(here)
    serials = serials_of(card for _, _, card in lying if card)
    names = {code_of(piece) for piece, _, _ in lying} | {serial for _, serial, _ in lying}
    names |= set(serials.values())
    return [
        SurplusSeen(
            surplus=row.key,
            mark=row.mark,
            package=row.package,
            officers=tuple(row.officers),
            at=utc_from_text(row.at),
        )
        for row in rows.order_by("at", "key")
        if row.mark not in names
    ]


def counted_here() -> list[CountedSeen]:
    """Packages that were counted here and whose news has not come yet."""
    here = str(house().code)
    news = Package.objects.filter(target=here).values("code")
    rows = Counted.objects.filter(office=here, is_dropped=False).exclude(code__in=news)
    return [
        CountedSeen(
            count=row.count,
            code=row.code,
            marks=tuple(row.marks),
            officers=tuple(row.officers),
            at=utc_from_text(row.at),
        )
        for row in rows.order_by("at", "count")
    ]


def late_count() -> int:
    """How many packages from or to this office are under way longer than the policy allows."""
    here, before = str(house().code), house().now() - timedelta(days=travel_days_max())
    rows = Package.objects.filter(at__lt=utc_text(before))
    rows = rows.filter(source=here) | rows.filter(target=here)
    return rows.exclude(package__in=Arrival.objects.values("package")).count()


def places() -> list[tuple[str, int]]:
    """How many pieces are in each place that is known here: offices, transits, disputes."""
    rows = Piece.objects.filter(back_at="").exclude(at="").exclude(lies="")
    rows = rows.exclude(piece__in=Gone.objects.values("piece"))
    counted = rows.values("lies").annotate(number=Count("piece")).order_by("lies")
    return [(row["lies"], row["number"]) for row in counted if not is_lost(row["lies"])]


def moves_of_piece(piece: str) -> list[MoveSeen]:
    """The way of one piece between offices, in order."""
    rows = PieceMove.objects.filter(piece=piece, stands=True).order_by("n")
    return [
        MoveSeen(
            n=row.n,
            source=row.source,
            target=row.target,
            package=row.package,
            at=utc_from_text(row.at),
            on=day_at(house().code, at=utc_from_text(row.at)),
        )
        for row in rows
    ]
