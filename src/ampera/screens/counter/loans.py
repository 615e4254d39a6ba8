"""Loans of blanko to other cities: asked by letter, lent by two, returned or settled as used."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.blanko.actions import lend, settle_loan, take_back
from ampera.blanko.queries import LoanSeen, loan_seen, loans
from ampera.blanko.rules import TURN_MAX, Goods, LoanTerms, named, policy
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen
from ampera.register.rules.days import day_at
from ampera.screens.counter.blanko import boxes_in_stock, read_boxes
from ampera.screens.counter.seen_blanko import read_serials
from ampera.screens.counter.shipments import read_carried
from ampera.screens.sheets_loans import city_title, loan_pdf
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
            owed=sum(each.owed for each in found),
            **days_of_loans(),
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
    said = f"Pinjaman {number} dicatat, giliran {answer['turn']}."
    return done(request, said, page="blanko_pinjaman")


@needs(Action.BLANKO_SHIP, at=Tier.DINAS)
@require_POST
def settle(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Some of a loan came back, others in their place, or cards were made of them there."""
    back = reverse("blanko_pinjaman")
    loan = loan_seen(house().code, request.POST.get("loan", ""))
    how = request.POST.get("how", "")
    if loan is None or how not in ("back", "spent"):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=back)
    serials, turn = read_serials(request.POST.get("serials", "")), read_turn(request)
    boxes = read_boxes(request.POST.get("boxes", ""))
    for read in (serials, boxes, turn):
        if isinstance(read, Refusal):
            return show_refusal(request, read, back=back)
    assert isinstance(serials, list)
    assert isinstance(boxes, list)
    assert not isinstance(turn, Refusal)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    command, number = command_of(request, officer), request.POST.get("number", "").strip()[:40]
    told = {"loan": loan.document, "document": number, "witness": second.id}
    if how == "spent":
        answer = settle_loan(command, items=serials, **told)
    else:
        goods = named(serials, boxes={box.box: box for box in loan.boxes})
        goods = Goods(boxes=(*goods.boxes, *boxes), serials=goods.serials)
        answer = take_back(command, goods=goods, turn=turn, **told)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    said = f"Pinjaman {loan.document} diperbarui; masih harus kembali {answer['owed']} blanko."
    return done(request, said, page="blanko_pinjaman")


@needs(Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Berita acara of one loan, with what came back so far."""
    loan: LoanSeen | None = loan_seen(house().code, request.GET.get("nomor", ""))
    made = loan_pdf(loan) if loan is not None else Refusal("screens.nothing_chosen")
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko_pinjaman"))
    return pdf(made, name="berita-acara-pinjaman")


def _read(request: HttpRequest) -> tuple[LoanTerms, list[str]] | Refusal:
    terms = read_terms(request)
    if isinstance(terms, Refusal):
        return terms
    serials = read_serials(request.POST.get("serials", ""))
    if isinstance(serials, Refusal):
        return serials
    return terms, [*request.POST.getlist("boxes"), *serials]


def read_terms(request: HttpRequest) -> LoanTerms | Refusal:
    """The other city, the day of return (empty: as the policy says) and who carries."""
    carried = read_carried(request)
    if carried is None or isinstance(carried, Refusal):
        return Refusal("blanko.courier_missing")
    told = request.POST.get("until", "").strip()
    try:
        until = date.fromisoformat(told) if told else None
    except ValueError:
        return Refusal("blanko.loan_until", day=told[:20])
    city = request.POST.get("city", "").strip()[:10]
    return LoanTerms(city=city, until=until, carried=carried)


def read_turn(request: HttpRequest) -> int | Refusal | None:
    """The turn that stands on the minutes of the other city; None where none is written."""
    told = request.POST.get("turn", "").strip()
    if not told:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= len(str(TURN_MAX))):
        return Refusal("blanko.loan_turn", turn=told[:10], most=TURN_MAX)
    return int(told)


def days_of_loans() -> dict[str, Any]:
    """The day of return that a form proposes, and after how many days it is."""
    today = day_at(house().code, at=house().now())
    due = policy().loan_due(today)
    return {"due": due.isoformat(), "due_days": (due - today).days}
