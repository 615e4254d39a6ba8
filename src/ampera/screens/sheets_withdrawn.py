"""Berita acara of destruction and the monthly report, from the register to paper."""

from __future__ import annotations

from typing import Final

from ampera.journal.house import house
from ampera.papers.destruction_minutes import DestroyedLine, DestructionMinutes, destruction_minutes
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.withdrawal_report import CauseLine, WithdrawalReport, withdrawal_report
from ampera.register.queries import local_day, officer_name, wilayah_name
from ampera.screens.sheets import letterhead, office_title
from ampera.screens.withdrawn_words import WAYS, WITHDRAWAL_CAUSES
from ampera.withdrawal.queries import BatchSeen, DestructionSeen, MonthlyReport
from ampera.withdrawal.rules.policy import Way, rule_on
from ampera.words.office import Tier
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
                        given_back=row.given_back,
                        gone=row.gone,
                    )
                    for cause, row in seen.by_cause.items()
                ),
                total=CauseLine(
                    cause="Jumlah",
                    opening=seen.total.opening,
                    came=seen.total.came,
                    given_back=seen.total.given_back,
                    gone=seen.total.gone,
                ),
                keeper=Signatory(role="Petugas,", name=_BY_HAND),
                head=Signatory(role="Kepala kantor,", name=_BY_HAND),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _town() -> str:
    code = house().code
    return "Jakarta" if code.tier is Tier.PUSAT else wilayah_name(code.text[:5])
