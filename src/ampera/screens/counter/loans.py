"""Loans of blanko to other cities: asked by letter, lent by two, returned or settled as used."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.blanko.actions import lend, settle_loan, take_back
from ampera.blanko.queries import LoanSeen, loan_seen, loans
from ampera.blanko.rules import LoanTerms
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.counter.blanko import boxes_in_stock
from ampera.screens.counter.seen_blanko import read_serials
from ampera.screens.counter.shipments import read_carried
from ampera.screens.sheets_blanko import city_title, loan_pdf
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

LOANS_SHOWN: Final = 100


@needs(Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """All loans of this city, and the form of a new one."""
    if request.method == "GET":
        found = loans(house().code)
        return show(
            request,
            "screens/counter/loans.html",
            loans=[(each, city_title(each.city)) for each in found[:LOANS_SHOWN]],
            out=sum(each.out for each in found),
            boxes=boxes_in_stock(),
            may_lend=officer.may(Action.BLANKO_SHIP),
        )
    back = reverse("blanko_pinjaman")
    wish = _read(request)
    if isinstance(wish, Refusal):
        return show_refusal(request, wish, back=back)
    if not officer.may(Action.BLANKO_SHIP):
        return show_refusal(request, Refusal("officer.may_not"), back=back)
    terms, items = wish
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    number = request.POST.get("number", "").strip()[:40]
    answer = lend(
        command_of(request, officer), items=items, document=number, witness=second.id, terms=terms
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    return done(request, f"Pinjaman {number} dicatat.", page="blanko_pinjaman")


@needs(Action.BLANKO_SHIP, at=Tier.DINAS)
@require_POST
def settle(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Some of a loan came back, or was made into cards there: two officers say which."""
    back = reverse("blanko_pinjaman")
    loan = loan_seen(request.POST.get("loan", ""))
    how = {"back": take_back, "spent": settle_loan}.get(request.POST.get("how", ""))
    if loan is None or how is None:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=back)
    items = _items(request)
    if isinstance(items, Refusal):
        return show_refusal(request, items, back=back)
    out = {*(box.box for box in loan.boxes), *loan.serials}
    for item in items:
        if item not in out:
            no = Refusal("blanko.not_in_loan", item=item, document=loan.document)
            return show_refusal(request, no, back=back)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    number = request.POST.get("number", "").strip()[:40]
    answer = how(command_of(request, officer), items=items, document=number, witness=second.id)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    return done(request, f"Pinjaman {loan.document} diperbarui.", page="blanko_pinjaman")


@needs(Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Berita acara of one loan, with what came back so far."""
    loan: LoanSeen | None = loan_seen(request.GET.get("nomor", ""))
    made = loan_pdf(loan) if loan is not None else Refusal("screens.nothing_chosen")
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko_pinjaman"))
    return pdf(made, name="berita-acara-pinjaman")


def _read(request: HttpRequest) -> tuple[LoanTerms, list[str]] | Refusal:
    items = _items(request)
    if isinstance(items, Refusal):
        return items
    carried = read_carried(request)
    if carried is None or isinstance(carried, Refusal):
        return Refusal("blanko.courier_missing")
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return Refusal("blanko.loan_until", day="–")
    city = request.POST.get("city", "").strip()[:10]
    return LoanTerms(city=city, until=until, carried=carried), items


def _items(request: HttpRequest) -> list[str] | Refusal:
    serials = read_serials(request.POST.get("serials", ""))
    if isinstance(serials, Refusal):
        return serials
    return [*request.POST.getlist("boxes"), *serials]
