"""A package of withdrawn cards arrives: counted piece by piece by two officers, with or before its
news."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.withdrawal.actions.guarding import claim, hold
from ampera.withdrawal.models import Arrival, Counted, InHand, OneCount, Package, Piece
from ampera.withdrawal.queries.packages import listed_in
from ampera.withdrawal.rules.packages import (
    Listed,
    Opened,
    check_opened,
    check_two,
    code_of,
    compare,
    dispute_at,
    marks_of,
    transit_to,
)
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def receive_package(command: Command, *, package: str, opened: Opened) -> dict[str, Any] | Refusal:
    """Confirm what two officers counted out of a package whose news is here.

    What is missing goes to dispute under their names, what nobody listed lies aside. A package
    counts once. Returns {"received", "missing", "surplus"} (numbers of pieces).
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = check_opened(opened, officer=command.officer)
        if no is not None:
            return no
        row = Package.objects.filter(pk=package, target=str(pen.house.code)).first()
        if row is None:
            return Refusal("withdrawal.package_unknown")
        return _receive_in(pen, row=row, opened=opened, officers=(command.officer, opened.second))

    content = {
        "package": package,
        "marks": list(opened.marks),
        "seal": opened.is_seal_whole,
        "second": opened.second,
    }
    return perform(command, work, content=content)


def count_before_news(command: Command, *, code: str, opened: Opened) -> dict[str, Any] | Refusal:
    """A package came before its news, because the line is down: count it and put it aside.

    `code` stands on the list in the package. Nothing of it is used until the news is here; then it
    is received by itself. Returns {"count"}.
    """
    typed, marks = code.strip().upper(), marks_of(opened.marks)

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = str(pen.house.code)
        no = check_opened(opened, officer=command.officer)
        if no is not None:
            return no
        if len(typed) != len(code_of("x" * 40)) or not typed.isalnum():
            return Refusal("withdrawal.package_code")
        if not marks:
            return Refusal("withdrawal.nothing_counted")
        if Package.objects.filter(code=typed, target=here).exists():
            return Refusal("withdrawal.news_is_here")
        if Counted.objects.filter(code=typed, office=here, is_dropped=False).exists():
            return Refusal("withdrawal.counted_already")
        count = pen.new_id("wct")
        # Of two windows that count the same package, the second is decided anew.
        OneCount.objects.create(code=typed, count=count)
        pen.write(
            "withdrawal.counted/1",
            subject=count,
            facts={
                "count": count,
                "code": typed,
                "seal": _seal(opened.is_seal_whole),
                "marks": list(marks),
                "officers": [command.officer, opened.second],
            },
        )
        return {"count": count}

    content = {
        "code": typed,
        "marks": list(marks),
        "seal": opened.is_seal_whole,
        "second": opened.second,
    }
    return perform(command, work, content=content)


def drop_count(command: Command, *, count: str, second: str) -> dict[str, Any] | Refusal:
    """Two officers say that a count stands under a wrong code: nothing was received by it."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = check_two(command.officer, second=second)
        if no is not None:
            return no
        here = str(pen.house.code)
        row = Counted.objects.filter(pk=count, office=here, is_dropped=False).first()
        if row is None or Package.objects.filter(code=row.code, target=here).exists():
            return Refusal("withdrawal.count_unknown")
        pen.write(
            "withdrawal.count_dropped/1",
            subject=count,
            facts={"count": count, "officers": [command.officer, second]},
        )
        return {"count": count}

    return perform(command, work, content={"count": count, "second": second})


def match_count(entry: Entry) -> object:
    """Reaction: the news came of a package that two officers have counted already."""
    here = house().code
    if entry.facts["to"] != str(here):
        return None
    package: str = entry.facts["package"]
    rows = Counted.objects.filter(
        code=code_of(package), office=str(here), is_dropped=False
    ).order_by("at", "count")
    counted = rows.first()
    if counted is None:
        return None
    opened = Opened(marks=tuple(counted.marks), is_seal_whole=counted.is_seal_whole, second="")

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        row = Package.objects.filter(pk=package, target=str(here)).first()
        if row is None:
            return Refusal("withdrawal.package_unknown")
        return _receive_in(pen, row=row, opened=opened, officers=counted.officers)

    return perform(Command.reaction(entry, "counted"), work, content={"package": package})


def _receive_in(
    pen: Pen, *, row: Package, opened: Opened, officers: Sequence[str]
) -> dict[str, Any] | Refusal:
    here = pen.house.code
    if Arrival.objects.filter(pk=row.package).exists():
        return Refusal("withdrawal.package_received")
    listed = listed_in(row.package)
    there, missing, surplus = compare(listed, marks=opened.marks)
    hold([each.piece for each in listed])
    for pieces, target in ((there, str(here)), (missing, dispute_at(here))):
        if not _moved(pieces, here=here, target=target):
            return Refusal("withdrawal.moved_meanwhile")
    for piece in Piece.objects.filter(pk__in=[each.piece for each in there]):
        if key := piece.card or piece.serial:
            InHand.objects.get_or_create(key=key, defaults={"piece": piece.piece})
    pen.write(
        "withdrawal.received/1",
        subject=row.package,
        facts={
            "package": row.package,
            "from": row.source,
            "seal": _seal(opened.is_seal_whole),
            "officers": list(officers),
            "received": _numbers(there),
            "missing": _numbers(missing),
            "surplus": surplus,
        },
        to=_told_to(row.source, here),
    )
    return {"received": len(there), "missing": len(missing), "surplus": len(surplus)}


def _moved(pieces: Collection[Listed], *, here: OfficeCode, target: str) -> bool:
    transit = transit_to(here)
    return all(claim(each.piece, n=each.n, source=transit, target=target) for each in pieces)


def _numbers(pieces: Collection[Listed]) -> list[dict[str, Any]]:
    return [{"piece": each.piece, "n": each.n + 1} for each in pieces]


def _told_to(source: str, here: OfficeCode) -> OfficeCode | None:  # positional: a pair
    """A dinas tells the kecamatan that sent it; a kecamatan tells its dinas by its own chain."""
    sender = OfficeCode(source)
    return sender if sender.upper == here else None


def _seal(is_whole: bool) -> str:
    return "WHOLE" if is_whole else "BROKEN"
