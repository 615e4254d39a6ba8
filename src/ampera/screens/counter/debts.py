"""What this city borrowed of another one: taken onto the shelf, given back by count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.blanko.actions import borrow, give_back, waive_debt
from ampera.blanko.queries import debt_seen, debts
from ampera.blanko.rules import Goods
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.counter.blanko import boxes_in_stock, read_boxes
from ampera.screens.counter.loans import LOANS_SHOWN, days_of_loans, read_terms, read_turn
from ampera.screens.counter.seen_blanko import read_serials
from ampera.screens.sheets_loans import city_title, debt_pdf
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


@needs(Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """All that this city borrowed, and the forms of what comes and of what goes back."""
    if request.method == "GET":
        found = debts(house().code)
        return show(
            request,
            "screens/counter/debts.html",
            debts=[(each, city_title(each.city)) for each in found[:LOANS_SHOWN]],
            owed=sum(each.owed for each in found),
            may_lend=officer.may(Action.BLANKO_SHIP),
            boxes=boxes_in_stock(),
            **days_of_loans(),
        )
    if not officer.may(Action.BLANKO_SHIP):
        answer: dict[str, Any] | Refusal = Refusal("officer.may_not")
    else:
        answer = _take(request, officer)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("blanko_utang"))
    said = f"{answer['borrowed']} blanko pinjaman diterima di rak."
    return done(request, said, page="blanko_utang")


def _take(request: HttpRequest, officer: OfficerSeen) -> dict[str, Any] | Refusal:
    terms, turn = read_terms(request), read_turn(request)
    if isinstance(terms, Refusal):
        return terms
    if isinstance(turn, Refusal):
        return turn
    boxes, serials = read_boxes(request.POST.get("boxes", "")), _serials(request)
    if isinstance(boxes, Refusal):
        return boxes
    if isinstance(serials, Refusal):
        return serials
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return second
    return borrow(
        command_of(request, officer),
        loan=_number(request, "number"),
        goods=Goods(boxes=tuple(boxes), serials=tuple(serials)),
        terms=terms,
        witness=second.id,
        turn=turn or 1,
    )


@needs(Action.BLANKO_SHIP, at=Tier.DINAS)
@require_POST
def settle(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Some of it goes to the city that lent, the same or others; or it wrote some off."""
    answer = _settle(request, officer)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("blanko_utang"))
    said = f"Pinjaman {_number(request, 'loan')}: masih harus dikembalikan {answer['owed']} blanko."
    if "turn" in answer:
        said += f" Tulis giliran {answer['turn']} pada berita acara."
    return done(request, said, page="blanko_utang")


def _settle(request: HttpRequest, officer: OfficerSeen) -> dict[str, Any] | Refusal:
    how, serials = request.POST.get("how", ""), _serials(request)
    if how not in ("give", "waived"):
        return Refusal("screens.nothing_chosen")
    if isinstance(serials, Refusal):
        return serials
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return second
    command = command_of(request, officer)
    told = {
        "loan": _number(request, "loan"),
        "document": _number(request, "number"),
        "witness": second.id,
    }
    if how == "give":
        return give_back(command, items=[*request.POST.getlist("boxes"), *serials], **told)
    count = request.POST.get("count", "").strip()[:7]
    return waive_debt(command, count=int(count) if count.isdecimal() else 0, **told)


@needs(Action.BLANKO_SHIP, Action.BLANKO_COUNT, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Berita acara of what was given back so far, with the turn that the other city is told."""
    debt = debt_seen(house().code, request.GET.get("nomor", ""))
    made = debt_pdf(debt) if debt is not None else Refusal("screens.nothing_chosen")
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko_utang"))
    return pdf(made, name="berita-acara-pengembalian")


def _number(request: HttpRequest, name: str) -> str:  # positional: a field
    return request.POST.get(name, "").strip()[:40]


def _serials(request: HttpRequest) -> list[str] | Refusal:
    return read_serials(request.POST.get("serials", ""))
