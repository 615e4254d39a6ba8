"""Anybody checks a suket: in the browser and without a line where that can be, else here.

Nothing is told that the code does not carry, and nothing is looked up for it but one mark on a
public list. Without a log-in, a cookie or a trace, like the other public pages; wrong codes are
counted for the whole service, so that nobody keeps the server busy with them.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from ampera.journal.house import house
from ampera.papers.wording import date_in_words
from ampera.register.queries import office_seen
from ampera.register.rules.days import day_at, zone_of
from ampera.screens.public.skeletons import whole
from ampera.screens.public.suket_texts import FINDINGS, TEXTS
from ampera.screens.templatetags.ampera import next_step, sentence, wib
from ampera.suket.actions import note_wrong_code
from ampera.suket.queries import (
    Checked,
    Finding,
    check_code,
    ended_marks,
    is_checking_full,
    public_keys,
)
from ampera.words.clock import utc_text
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: So long whoever keeps a copy of the keys or of the list may show it.
LIST_SECONDS: Final = 300
_PAGE: Final = "screens/public/suket.html"
_SCRIPTS: Final = ("page.js", "scan.js", "letter.js", "cbor.js", "base45.js")
#: Reads a code where the browser cannot; has its version in its name.
DECODER: Final = "screens/vendor/qr-0.7.0.decode.min.js"
#: The only page that may ask for a camera.
MAY_USE: Final = "camera=(self), geolocation=(), microphone=()"
_FIELDS_MAX: Final = 4
_WRONG: Final = frozenset({Finding.UNREADABLE, Finding.OTHER_KEY, Finding.NOT_GENUINE})
#: The browser's time zone of the dinas's clock, by hours from UTC.
_ZONES: Final = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """The page; with a code posted, what it is worth."""
    if house().tier is not Tier.DINAS:
        return _elsewhere(request)
    if request.method == "GET":
        return _page(_language(request.GET))
    try:
        form = dict(parse_qsl(request.body.decode(errors="replace"), max_num_fields=_FIELDS_MAX))
    except ValueError:  # nobody fills in so many fields
        form = {}
    language, text = _language(form), form.get("teks", "")
    if is_checking_full():
        return _page(language, no=Refusal("public.try_later"), text=text)
    seen = check_code(text)
    if seen.finding in _WRONG:
        note_wrong_code()
    return _page(language, seen=seen, text=text)


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """All public keys as a JWK set (RFC 7517, RFC 8037); `kid` is the COSE key id in hex."""
    told: dict[str, Any] = {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "EdDSA",
                "use": "sig",
                "kid": each.key,
                "x": urlsafe_b64encode(bytes.fromhex(each.public)).decode().rstrip("="),
            }
            for each in (public_keys() if house().tier is Tier.DINAS else [])
        ]
    }
    if house().is_demo:
        told["demo_now"] = utc_text(house().now())
    return _list(told)


@require_GET
def ended(request: HttpRequest) -> HttpResponse:
    """Marks of sukets that were taken back or exchanged and that the calendar still calls valid."""
    marks = ended_marks() if house().tier is Tier.DINAS else []
    return _list({"as_of": utc_text(house().now()), "ended": marks})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page for days without a line. Served here, for it may only keep
    what lies beside it."""
    script, version = _worker_script()
    head = f"const ADDRESSES = {json.dumps(kept_addresses())};\n"
    head += f"const LASTING = {json.dumps([static(DECODER)])};\n"
    head += f"const VERSION = {json.dumps(version)};\n"
    response = HttpResponse(head + script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def kept_addresses() -> list[str]:
    """Everything that the page needs without a line, but the decoder of pictures."""
    page = reverse("suket_periksa")
    return [
        page,
        f"{page}?bahasa=en",
        reverse("suket_kunci"),
        reverse("suket_dicabut"),
        static("screens/public.css"),
        static("screens/icon.svg"),
        *(static(f"screens/suket/{name}") for name in _SCRIPTS),
    ]


@cache
def _worker_script() -> tuple[str, str]:
    """Its text, and a name for this state of all scripts."""
    folder = files("ampera.screens").joinpath("static", "screens", "suket")
    texts = [folder.joinpath(name).read_text("utf-8") for name in ("worker.js", *_SCRIPTS)]
    return texts[0], hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


def _page(
    language: str, *, seen: Checked | None = None, no: Refusal | None = None, text: str = ""
) -> HttpResponse:
    here = house()
    offset = zone_of(here.code).utcoffset(None)
    told = {
        **_frame(),
        "s": TEXTS[language],
        "findings": FINDINGS[language],
        "text": text[:1500],
        "zone": _ZONES[int(offset.total_seconds()) // 3600],
        "found": FINDINGS[language][seen.finding] if seen is not None else None,
        "rows": _rows(seen, language) if seen is not None and seen.number else [],
        "is_sample": seen is not None and seen.is_sample,
    }
    if no is not None:
        told |= {"problem": sentence(no, language), "next_step": next_step(no, language)}
    return _answer(_PAGE, language=language, told=told, status=no.status if no is not None else 200)


def _rows(seen: Checked, language: str) -> list[tuple[str, str]]:  # positional: as above
    words = TEXTS[language]
    assert seen.born is not None, "what is signed has a birth date"
    assert seen.valid_until is not None, "what is signed has an end"
    last = day_at(house().code, at=seen.valid_until - timedelta(seconds=1))
    return [
        (words["name"], seen.name),
        (words["born"], _date(seen.born, language)),
        (words["number"], seen.number),
        (words["until"], _date(last, language)),
        (words["status"], seen.status),
        (words["issuer"], seen.issuer),
    ]


def _date(day: date, language: str) -> str:  # positional: as above
    return f"{day.day} {day:%B} {day.year}" if language == "en" else date_in_words(day)


def _frame() -> dict[str, Any]:
    here = house()
    seen = office_seen(here.code)
    return {
        "office_name": seen.name if seen is not None else here.code.text,
        "city_now": wib(here.now()),
        "is_demo": here.is_demo,
    }


def _elsewhere(request: HttpRequest) -> HttpResponse:
    no, language = Refusal("public.only_at_dinas"), _language(request.GET)
    told = {**_frame(), "problem": sentence(no, language), "next_step": next_step(no, language)}
    name = "screens/public/elsewhere.html"
    return _answer(name, language=language, told=told, status=no.status)


def _answer(
    template: str, *, language: str, told: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    page = whole(template, language=language, context=told)
    response = HttpResponse(page.encode(), status=status)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    response.headers["Permissions-Policy"] = MAY_USE
    return response


def _list(told: Mapping[str, Any]) -> HttpResponse:
    """Public, for checkers on other pages too."""
    response = JsonResponse(told)
    response.headers["Cache-Control"] = f"public, max-age={LIST_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _language(asked: Mapping[str, str]) -> str:
    return "en" if asked.get("bahasa") == "en" else "id"
