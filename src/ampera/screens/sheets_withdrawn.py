"""Berita acara of destruction and of packages, and the monthly report, from register to paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ampera.journal.house import house
from ampera.papers.destruction_minutes import DestroyedLine, DestructionMinutes, destruction_minutes
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.withdrawal_report import CauseLine, WithdrawalReport, withdrawal_report
from ampera.papers.withdrawn_package import (
    PackageCount,
    PackageMinutes,
    PackagePiece,
    package_minutes,
)
from ampera.register.queries import local_day, officer_name, wilayah_name
from ampera.register.rules.days import day_at
from ampera.screens.sheets import letterhead, office_title
from ampera.screens.withdrawn_words import WAYS, WITHDRAWAL_CAUSES
from ampera.withdrawal.queries import (
    BatchSeen,
    DestructionSeen,
    MonthlyReport,
    PackageSeen,
    PieceLine,
)
from ampera.withdrawal.rules.policy import Way, rule_on
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_BY_HAND: Final = "…………………………"


def suggested_number(batch: str) -> str:
    """`PMS/16.71.02/2017/3F8A21`: an office that numbers its papers otherwise writes its own."""
    return f"PMS/{house().code}/{local_day().year}/{batch[-6:].upper()}"


def destruction_pdf(seen: BatchSeen | DestructionSeen) -> bytes | Refusal:
    """The berita acara; an open batch leaves room for number, place and names."""
    is_done = isinstance(seen, DestructionSeen)
    day = seen.on if isinstance(seen, DestructionSeen) else local_day()
    rule = rule_on(day)
    way = seen.way if isinstance(seen, DestructionSeen) else rule.way
    what = "PENGIRIMAN" if way is Way.SENT else "PEMUSNAHAN"
    officers = list(seen.officers) if isinstance(seen, DestructionSeen) else ["", ""]
    witnesses = list(seen.witnesses) if isinstance(seen, DestructionSeen) else []
    try:
        return destruction_minutes(
            DestructionMinutes(
                letterhead=letterhead(),
                title=f"BERITA ACARA {what} KTP-el DAN BLANKO",
                number=seen.number if isinstance(seen, DestructionSeen) else _BY_HAND,
                on=day,
                town=_town(),
                place=seen.place if isinstance(seen, DestructionSeen) else _BY_HAND,
                way=WAYS[way.value],
                cause=WITHDRAWAL_CAUSES[seen.cause.value],
                basis=rule.basis,
                lines=tuple(
                    DestroyedLine(serial=each.serial or "tanpa nomor seri", is_card=bool(each.card))
                    for each in seen.pieces
                ),
                officers=tuple(
                    Signatory(role=role, name=officer_name(each) if each else _BY_HAND)
                    for role, each in zip(("Petugas,", "Petugas kedua,"), officers, strict=True)
                ),
                witnesses=tuple(
                    Signatory(role="Saksi,", name=name, number=office) for name, office in witnesses
                )
                or (Signatory(role="Saksi,", name=_BY_HAND),),
                is_done=is_done,
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def report_pdf(seen: MonthlyReport) -> bytes | Refusal:
    """The report of a month on paper."""
    try:
        return withdrawal_report(
            WithdrawalReport(
                letterhead=letterhead(),
                number=f"LPM/{seen.office}/{seen.first_day:%Y-%m}",
                office=office_title(seen.office),
                on=local_day(),
                place=_town(),
                first_day=seen.first_day,
                last_day=seen.last_day,
                basis=rule_on(seen.last_day).basis,
                lines=tuple(
                    CauseLine(
                        cause=WITHDRAWAL_CAUSES[cause.value],
                        opening=row.opening,
                        came=row.came,
                        received=row.received,
                        given_back=row.given_back,
                        sent=row.sent,
                        gone=row.gone,
                    )
                    for cause, row in seen.by_cause.items()
                ),
                total=CauseLine(
                    cause="Jumlah",
                    opening=seen.total.opening,
                    came=seen.total.came,
                    received=seen.total.received,
                    given_back=seen.total.given_back,
                    sent=seen.total.sent,
                    gone=seen.total.gone,
                ),
                missing=seen.missing,
                keeper=Signatory(role="Petugas,", name=_BY_HAND),
                head=Signatory(role="Kepala kantor,", name=_BY_HAND),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def package_pdf(seen: PackageSeen) -> bytes | Refusal:
    """The list in a package; with the count of the receiver once that is known here."""
    arrival = seen.arrival
    try:
        return package_minutes(
            PackageMinutes(
                letterhead=letterhead(),
                number=f"KKT/{seen.source}/{day_at(seen.source, at=seen.at).year}/{seen.code}",
                on=day_at(seen.source, at=seen.at),
                town=_town(),
                code=seen.code,
                from_office=office_title(seen.source),
                to_office=office_title(seen.target),
                seal=seen.seal,
                courier=seen.courier,
                lines=tuple(
                    PackagePiece(
                        code=each.code,
                        serial=each.serial or "tanpa nomor seri",
                        cause=WITHDRAWAL_CAUSES[each.cause.value],
                        found=_found(each, seen),
                    )
                    for each in seen.pieces
                ),
                givers=_pair("Pengirim", seen.officers),
                receivers=_pair("Penerima", arrival.officers if arrival is not None else ()),
                count=PackageCount(
                    received=arrival.received,
                    missing=arrival.missing,
                    surplus=arrival.surplus,
                    seal="utuh" if arrival.is_seal_whole else "RUSAK",
                    on=day_at(seen.target, at=arrival.at),
                )
                if arrival is not None
                else None,
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _found(each: PieceLine, seen: PackageSeen) -> str:  # positional: a piece of a package
    if seen.arrival is None:
        return ""
    return "tidak ada" if each.was_missing else "ada"


def _pair(role: str, officers: Sequence[str]) -> tuple[Signatory, Signatory]:  # positional
    names = [*(officer_name(each) for each in officers), _BY_HAND, _BY_HAND]
    return Signatory(role=f"{role},", name=names[0]), Signatory(
        role=f"{role} kedua,", name=names[1]
    )


def place_words(place: str) -> str:
    """`16.71`, `transit:16.71`, `dispute:16.71` … as people say it; empty is empty."""
    if not place:
        return ""
    how, _, office = place.rpartition(":")
    words = {
        "transit": "dalam kiriman ke {}",
        "dispute": "tidak ada dalam kiriman ke {}; dicari",
        "lost": "tidak dapat ditunjukkan di {}",
        "gone": "dimusnahkan di {}",
        "back": "dikembalikan kepada pemegangnya di {}",
    }
    return words.get(how, "{}").format(office_title(OfficeCode(office)))


def _town() -> str:
    code = house().code
    return "Jakarta" if code.tier is Tier.PUSAT else wilayah_name(code.text[:5])
