"""Papers of loans between cities: what went out, and what was given back in its place."""

from __future__ import annotations

from collections.abc import Sequence

from ampera.blanko.queries import DebtSeen, LoanSeen
from ampera.blanko.rules import Carried
from ampera.journal.house import house
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.loan_minutes import LoanMinutes, ReturnMinutes, loan_minutes, return_minutes
from ampera.register.queries import officer_name, wilayah_name
from ampera.register.rules.days import day_at
from ampera.screens.sheets import letterhead, office_title
from ampera.screens.sheets_blanko import BY_HAND, ranges_of, town_of
from ampera.words.refusal import Refusal


def loan_pdf(loan: LoanSeen) -> bytes | Refusal:
    """Berita acara of a loan, with what came back so far."""
    carried, receiver = loan.carried, _receiver(loan.carried)
    signed = _officers(loan.officers, role="Yang meminjamkan,")
    try:
        return loan_minutes(
            LoanMinutes(
                letterhead=letterhead(),
                number=loan.document,
                on=day_at(loan.office, at=loan.at),
                place=town_of(loan.office),
                lender=office_title(loan.office),
                borrower=city_title(loan.city),
                letter=carried.letter if carried is not None else "",
                until=loan.until,
                carrier=_carrier(carried),
                ranges=tuple(ranges_of(dict(loan.items))),
                returned=loan.returned,
                replaced=loan.replaced,
                spent=loan.spent,
                turn=loan.turn,
                others=tuple(ranges_of(dict(loan.others))),
                signed=(*signed, Signatory(role="Yang membawa,", name=receiver)),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def debt_pdf(debt: DebtSeen) -> bytes | Refusal:
    """Berita acara of what a city gave back so far, with the turn that the lender writes down."""
    now = house().now()
    signed = _officers(debt.gave, role="Yang mengembalikan,")
    try:
        return return_minutes(
            ReturnMinutes(
                letterhead=letterhead(),
                number=debt.document,
                on=day_at(debt.office, at=now),
                place=town_of(debt.office),
                borrower=office_title(debt.office),
                lender=city_title(debt.city),
                turn=debt.turn,
                borrowed=debt.borrowed,
                waived=debt.waived,
                ranges=tuple(ranges_of(dict(debt.returned))),
                signed=(*signed, Signatory(role="Yang menerima,", name=BY_HAND)),
                is_demo=house().is_demo,
            )
        )
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)


def _officers(officers: Sequence[str], *, role: str) -> list[Signatory]:
    return [
        Signatory(role=role if n == 0 else "Petugas kedua,", name=officer_name(each))
        for n, each in enumerate(officers)
    ]


def _carrier(carried: Carried | None) -> str:
    return f"{carried.name}, {carried.paper}" if carried is not None and carried.name else ""


def _receiver(carried: Carried | None) -> str:
    return carried.name if carried is not None and carried.name else BY_HAND


def city_title(code: str) -> str:
    """`16.72 KOTA CONTOH`, or the code alone where its name is not known here."""
    name = wilayah_name(code) if code else ""
    return code if name == code else f"{code} {name}".strip()
