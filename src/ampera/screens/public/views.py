"""Pages for residents, without a log-in; served at the dinas only.

With the ticket code of the receipt: the full masked status. Without it NIK *and* KK number give one
of three sentences, never office, date or block; *unknown* and *wrong* get one answer in one time,
and ceilings on misses hold for a NIK, a prefix and the whole service.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.blanko.queries import shelf_count
from ampera.delivery.queries import CaseSeen, case_of
from ampera.intake.queries import by_ticket
from ampera.intake.rules.states import Who
from ampera.journal.house import house
from ampera.journal.queries import Reach
from ampera.readiness.queries import WaitCode
from ampera.register.queries import host_of, office_seen, offices
from ampera.screens.public.answers import Sentence, answer_by_numbers
from ampera.screens.public.texts import SENTENCES, TEXTS
from ampera.screens.shell import show
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

STOCK_SECONDS: Final = 300  #: so long a copy of the stock page may be shown by whoever keeps one
#: SIAK's word for a card in the hand of its holder: nothing waits any more.
ISSUED: Final = "CARD_ISSUED"
_PAGE: Final = "screens/public/status.html"


def public_page(request: HttpRequest) -> HttpResponse:
    """The front page of a real dinas: ask for a status, see today's stock."""
    return _uncached(_show(request, "screens/public/front.html"))


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """The status of one request. What is asked is posted: no number stands in an address."""
    if house().tier is not Tier.DINAS:
        return _elsewhere(request)
    if request.method == "GET":
        return _uncached(_show(request, _PAGE))
    ticket = request.POST.get("tiket", "")
    answer = _by_ticket if ticket else _by_numbers
    return _uncached(answer(request))


@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Blanko per office today: announced, so that nobody can sell what is said to lack."""
    if house().tier is not Tier.DINAS:
        return _elsewhere(request)
    rows = _stock()
    response = _show(
        request, "screens/public/stock.html", stock=rows, sum=sum(count for _, _, count in rows)
    )
    response.headers["Cache-Control"] = f"public, max-age={STOCK_SECONDS}"
    return response


def _by_ticket(request: HttpRequest) -> HttpResponse:
    ticket = request.POST["tiket"][:40]
    found = by_ticket(ticket)
    if isinstance(found, Refusal):
        return _show(request, _PAGE, status=found.status, refusal=found)
    seen = _masked(case_of(found), language=_language(request))
    return _show(request, _PAGE, seen=seen, ticket=ticket)


def _by_numbers(request: HttpRequest) -> HttpResponse:
    answer = answer_by_numbers(request.POST.get("nik", "")[:40], request.POST.get("kk", "")[:40])
    if isinstance(answer, Refusal):
        return _show(request, _PAGE, status=answer.status, refusal=answer)
    status = 429 if answer is Sentence.LATER else 200
    return _show(request, _PAGE, status=status, sentence=SENTENCES[answer], said=answer.value)


def _masked(case: CaseSeen, *, language: str) -> dict[str, Any]:
    """What the holder of a receipt may read: no number, no whole name, no address."""
    reached = list(Reach).index(case.journey.reach)
    texts = TEXTS[language]
    text = case.text
    return {
        "name": " ".join(f"{word[0]}***" for word in case.request.nama.split()),
        "word": text.word,
        "title": text.title_en if language == "en" else text.title_id,
        "sentence": text.resident_en if language == "en" else text.resident_id,
        "waits": [] if text.word == ISSUED else [wait.text(language) for wait in case.waits],
        "next": texts[_next_of(case)],
        "taken_at": case.request.taken_at,
        "newest_at": case.journey.newest_at,
        "office": _name_of(_office_of(case)),
        "reach": case.journey.reach.value,
        "way": [(texts[each.value], number <= reached) for number, each in enumerate(Reach)],
    }


def _next_of(case: CaseSeen) -> str:
    """Which text says what the resident has to do now."""
    if case.text.word == ISSUED:
        return "done"
    if any(wait.code is WaitCode.READY_TO_COLLECT for wait in case.waits):
        return "collect"
    is_theirs = case.text.who is Who.RESIDENT
    must_come = any(wait.code in (WaitCode.VERDICT, WaitCode.HAS_CARD) for wait in case.waits)
    return "come" if is_theirs or must_come else "nothing"


def _office_of(case: CaseSeen) -> OfficeCode:
    """Where the resident would go: where the card is, else who works on the request."""
    return case.permit.office if case.permit is not None else case.request.facts.serving_office


def _name_of(office: OfficeCode) -> str:
    seen = office_seen(office)
    return f"{seen.name} ({office})" if seen is not None else office.text


def _stock() -> list[tuple[str, str, int]]:
    return [
        (office.code.text, office.name, shelf_count(office.code))
        for office in offices()
        if office.tier is not Tier.PUSAT and host_of(office.code) == office.code
    ]


def _language(request: HttpRequest) -> str:
    wanted = request.POST.get("bahasa") or request.GET.get("bahasa", "")
    return "en" if wanted == "en" else "id"


def _show(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    language = _language(request)
    other = "id" if language == "en" else "en"
    return show(request, template, status=status, t=TEXTS[language], other=other, **context)


def _elsewhere(request: HttpRequest) -> HttpResponse:
    no = Refusal("public.only_at_dinas")
    return _uncached(_show(request, "screens/public/elsewhere.html", status=no.status, refusal=no))


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
