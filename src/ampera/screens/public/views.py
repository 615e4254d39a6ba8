"""Pages for residents, without a log-in; served at the dinas only.

With the ticket code of the receipt: the full masked status. Without it NIK *and* KK number give one
of three sentences, never office, date or block; *unknown* and *wrong* get one answer in one time,
and ceilings on misses hold for a NIK, a prefix and the whole service.

Nobody is signed in here: the pages set no cookie, read none and change nothing in anybody's name,
so a form carries no token against other sites. They come past most of the middleware
(`tiers.middleware.ShortWay`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import Final
from urllib.parse import parse_qsl

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.appointments.queries import appointment_of_ticket
from ampera.appointments.rules import AppointmentState
from ampera.delivery.queries import TicketSeen, case_of_ticket
from ampera.intake.queries import state_text
from ampera.intake.rules.states import Who
from ampera.journal.house import house
from ampera.journal.queries import Reach
from ampera.papers.wording import date_in_words
from ampera.readiness.queries import Wait, WaitCode
from ampera.register.queries import office_seen
from ampera.register.queries.directory import office_named
from ampera.screens.public.answers import Sentence, answer_by_numbers
from ampera.screens.public.figures import public_figures
from ampera.screens.public.skeletons import Shape, fill, whole
from ampera.screens.public.texts import SENTENCES, TEXTS
from ampera.screens.templatetags.ampera import next_step, sentence, wib
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

STOCK_SECONDS: Final = 300  #: so long a copy of the stock page may be shown by whoever keeps one
#: SIAK's word for a card in the hand of its holder: nothing waits any more.
ISSUED: Final = "CARD_ISSUED"
_FORMS: Final = "screens/public/status.html"
_TYPED_MAX: Final = 40
_FIELDS_MAX: Final = 8


def public_page(request: HttpRequest) -> HttpResponse:
    """The front page of a real dinas: ask for a status, see today's stock."""
    return _uncached(_page(language_of(request.GET), _FORMS))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """The status of one request. What is asked is posted: no number stands in an address."""
    if house().tier is not Tier.DINAS:
        return elsewhere(request)
    if request.method == "GET":
        return _uncached(_page(language_of(request.GET), _FORMS))
    form = form_of(request)
    return _uncached(_by_ticket(form) if form.get("tiket") else _by_numbers(form))


@csrf_exempt
@require_POST
def status_for_machines(request: HttpRequest) -> HttpResponse:
    """The same look-up for a city's own app or kiosk: what the page says, as JSON."""
    form = form_of(request)
    language = language_of(form)
    if house().tier is not Tier.DINAS:
        return _uncached(_problem(Refusal("public.only_at_dinas"), language))
    seen = case_of_ticket(form.get("tiket", "")[:_TYPED_MAX])
    if isinstance(seen, Refusal):
        return _uncached(_problem(seen, language))
    newest = seen.journey.newest_at
    told = {
        **_words_of(seen, language),
        "waits": list(_waits_of(seen, language)),
        "appointment": _appointment_told(form["tiket"][:_TYPED_MAX]),
        "taken_at": utc_text(seen.taken_at),
        "newest_at": utc_text(newest) if newest is not None else None,
        "as_of": utc_text(house().now()),
    }
    return _uncached(JsonResponse(told))


@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Blanko per office today: announced, so that nobody can sell what is said to lack."""
    if house().tier is not Tier.DINAS:
        return elsewhere(request)
    language = language_of(request.GET)
    address = request.build_absolute_uri(reverse("stok"))
    figures = public_figures(language)
    context = {
        "figures": figures,
        "office_name": _name_here(),
        "city_now": wib(house().now()),
        "is_demo": house().is_demo,
        "address": address,
        "qr": _qr(address),
    }
    page = whole("screens/public/stock.html", language=language, context=context)
    response = _answer(page, language=language)
    response.headers["Cache-Control"] = f"public, max-age={STOCK_SECONDS}"
    # Told by its figures: a page that differs in the minute alone is the same page.
    told = f"{language}{address}{replace(figures, cutoff='')}"
    response.headers["ETag"] = f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag=etag, response=response) or response


@lru_cache(maxsize=8)
def _qr(address: str) -> SafeString:
    """The page's own address to be scanned from a notice board."""
    drawn = segno.make_qr(address, error="m", boost_error=False)
    svg = drawn.svg_inline(scale=3, border=4, svgclass="qr", lineclass=None, omitsize=False)
    return mark_safe(svg)  # noqa: S308 - made here from an address that the frame escapes anyway


def _by_ticket(form: Mapping[str, str]) -> HttpResponse:
    ticket, language = form["tiket"][:_TYPED_MAX], language_of(form)
    seen = case_of_ticket(ticket)
    if isinstance(seen, Refusal):
        return _refused(language, seen)
    day = _day_of(ticket, language)
    return _page(
        language,
        "screens/public/result.html",
        shape=(("way", _way(language, seen.journey.reach)), ("has_day", bool(day))),
        words={
            "day": day,
            **_words_of(seen, language),
            "ticket": ticket,
            "taken_at": wib(seen.taken_at),
            "office_name": seen.names.get(house().code, house().code.text),
        },
        waits=_waits_of(seen, language),
    )


def _day_of(ticket: str, language: str) -> str:  # positional: as above
    """The promised day, or nothing."""
    standing = appointment_of_ticket(ticket)
    if standing is None or standing.state is AppointmentState.MISSED:
        return ""
    return date_in_words(standing.day)


@cache
def _way(language: str, reach: Reach) -> tuple[tuple[str, bool], ...]:  # positional: as above
    """The stops of the newest news, and whether it is there."""
    reached = list(Reach).index(reach)
    return tuple((TEXTS[language][each], number <= reached) for number, each in enumerate(Reach))


def _by_numbers(form: Mapping[str, str]) -> HttpResponse:
    language = language_of(form)
    answer = answer_by_numbers(*(form.get(name, "")[:_TYPED_MAX] for name in ("nik", "kk")))
    if isinstance(answer, Refusal):
        return _refused(language, answer)
    indonesian, english = SENTENCES[answer]
    return _page(
        language,
        "screens/public/answer.html",
        status=429 if answer is Sentence.LATER else 200,
        words={"said": answer.value, "in_indonesian": indonesian, "in_english": english},
    )


def _appointment_told(ticket: str) -> str | None:
    standing = appointment_of_ticket(ticket)
    return standing.day.isoformat() if standing is not None else None


def _words_of(seen: TicketSeen, language: str) -> dict[str, str]:  # positional: as in the texts
    """What the holder of a receipt may read: no number, no whole name, no address."""
    is_english = language == "en"
    text = seen.text
    return {
        "word": text.word,
        "title": text.title_en if is_english else text.title_id,
        "sentence": text.resident_en if is_english else text.resident_id,
        "next": TEXTS[language][_next_of(seen)],
        "office": _named(seen.office, seen.names),
        "name": seen.name,
        "reach": seen.journey.reach.value,
    }


def _waits_of(seen: TicketSeen, language: str) -> tuple[str, ...]:  # positional: as above
    """The reasons to wait, in words for somebody who knows no office by its code."""
    if seen.text.word == ISSUED:
        return ()
    return tuple(_in_words(wait, seen.names, language).text(language) for wait in seen.waits)


def _in_words(  # positional: as above
    wait: Wait, names: Mapping[OfficeCode, str], language: str
) -> Wait:
    told = dict(wait.facts)
    for place in ("office", "home"):
        if told.get(place):
            told[place] = _named(office_named(told[place]), names)
    if told.get("day"):
        told["day"] = date_in_words(date.fromisoformat(told["day"]))
    if told.get("verdict"):
        text = state_text(told["verdict"])
        told["verdict"] = text.title_en if language == "en" else text.title_id
    return Wait(wait.code, told)


def _named(office: OfficeCode, names: Mapping[OfficeCode, str]) -> str:  # positional: as above
    name = names.get(office, office.text)
    return f"Kecamatan {name}" if office.tier is Tier.KECAMATAN else name


#: Only with the resident in front of somebody can these go on.
_MUST_COME: Final = (
    *(WaitCode.VERDICT, WaitCode.HAS_CARD),
    *(WaitCode.RECORD_FIRST, WaitCode.RECORDED_ELSEWHERE),
)


def _next_of(seen: TicketSeen) -> str:
    """Which text says what the resident has to do now."""
    if seen.text.word == ISSUED:
        return "done"
    if any(wait.code is WaitCode.READY_TO_COLLECT for wait in seen.waits):
        return "collect"
    is_theirs = seen.text.who is Who.RESIDENT
    must_come = any(wait.code in _MUST_COME for wait in seen.waits)
    return "come" if is_theirs or must_come else "nothing"


def _name_here() -> str:
    seen = office_seen(house().code)
    return seen.name if seen is not None else house().code.text


def form_of(request: HttpRequest) -> Mapping[str, str]:
    """What a form without files sent; Django's own reader costs more than the statements."""
    body = request.body.decode(errors="replace")
    try:
        return dict(parse_qsl(body, max_num_fields=_FIELDS_MAX))
    except ValueError:  # nobody fills in so many fields
        return {}


def language_of(asked: Mapping[str, str]) -> str:
    """`id`, or `en` where that was asked for."""
    return "en" if asked.get("bahasa") == "en" else "id"


def _page(  # positional: a language and a page
    language: str,
    template: str,
    *,
    status: int = 200,
    shape: Shape = (),
    words: Mapping[str, str] | None = None,
    waits: tuple[str, ...] = (),
) -> HttpResponse:
    """A page of this server in the language that was asked for."""
    here = house()
    told = {"city_now": wib(here.now()), **(words or {})}
    if "office_name" not in told:
        told["office_name"] = _name_here()
    page = fill(
        template,
        language=language,
        shape=(("is_demo", here.is_demo), *shape),
        words=told,
        waits=waits,
    )
    return _answer(page, status=status, language=language)


def _answer(page: str, *, status: int = 200, language: str) -> HttpResponse:
    response = HttpResponse(page.encode(), status=status)
    response.headers["Content-Language"] = language
    return response


def _refused(language: str, no: Refusal) -> HttpResponse:  # positional: as above
    return _page(language, _FORMS, status=no.status, words=_told(no, language))


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Where these pages are: at the dinas."""
    no, language = Refusal("public.only_at_dinas"), language_of(request.GET)
    words = _told(no, language)
    return _uncached(
        _page(language, "screens/public/elsewhere.html", status=no.status, words=words)
    )


def _problem(no: Refusal, language: str) -> HttpResponse:  # positional: as above
    told = {"code": no.code, **_told(no, language)}
    return JsonResponse(told, status=no.status)


def _told(no: Refusal, language: str) -> dict[str, str]:  # positional: as above
    return {"problem": sentence(no, language), "next_step": next_step(no, language)}


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
