"""A day for a card, by the code of the receipt; without a log-in, at the dinas only.

The code is the credential: it stands in the form that is posted, never in an address, and no cookie
knows it. A day is given for requests that the dinas itself works on (replacements above all); for
others the page says which office gives the day.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ampera.appointments.actions import book_by_ticket
from ampera.appointments.queries import AppointmentSeen, appointment_of, day_rooms
from ampera.appointments.rules import AppointmentState
from ampera.intake.queries import RequestSeen, by_ticket
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.papers.wording import date_in_words
from ampera.register.queries import office_seen
from ampera.screens.counter.appointments import bars_of, print_room
from ampera.screens.public.skeletons import whole
from ampera.screens.public.texts import TEXTS
from ampera.screens.public.views import elsewhere, form_of, language_of
from ampera.screens.templatetags.ampera import next_step, sentence, wib
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_PAGE: Final = "screens/public/appointment.html"
_TYPED_MAX: Final = 40
_DAYS_SHOWN: Final = 15
_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ID: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def appointment(request: HttpRequest) -> HttpResponse:
    """See the day of a request, choose one, or choose another."""
    if house().tier is not Tier.DINAS:
        return elsewhere(request)
    if request.method == "GET":
        return _answer(language_of(request.GET))
    form = form_of(request)
    language, ticket = language_of(form), form.get("tiket", "")[:_TYPED_MAX]
    seen = by_ticket(ticket)
    if isinstance(seen, Refusal):
        return _answer(language, no=seen)
    no = _booked(seen, ticket, form["hari"]) if form.get("hari") else None
    return _answer(language, seen=seen, ticket=ticket, no=no)


def _booked(seen: RequestSeen, ticket: str, typed: str) -> Refusal | None:  # positional: as sent
    """Book that day; the refusal, if it is one."""
    try:
        day = date.fromisoformat(typed[:_TYPED_MAX])
    except ValueError:
        return Refusal("screens.nothing_chosen")
    command = Command(id=house().ids.new("cmd"))
    room = print_room(house().code, request=seen.id)
    answer = book_by_ticket(command, ticket=ticket, day=day, room=room)
    return answer if isinstance(answer, Refusal) else None


def _answer(
    language: str,
    *,
    seen: RequestSeen | None = None,
    ticket: str = "",
    no: Refusal | None = None,
) -> HttpResponse:
    here = house().code
    standing = appointment_of(seen.id) if seen is not None else None
    is_ours = seen is not None and seen.facts.is_open and seen.facts.serving_office == here
    bars = bars_of(seen.id) if seen is not None and is_ours else []
    context: dict[str, Any] = {
        "a": TEXTS[language],
        "ticket": ticket if seen is not None else "",
        "day": in_words(standing.day, language) if standing is not None else "",
        "is_missed": standing is not None and standing.state is AppointmentState.MISSED,
        "place": _name(standing.office) if standing is not None else "",
        "days": _days(standing, language) if is_ours and not bars else (),
        "bars": [each.text(language) for each in bars],
        "is_asked": seen is not None,
        "is_ours": is_ours,
        "server": _name(seen.facts.serving_office) if seen is not None else "",
        "problem": sentence(_spelled(no, language), language) if no is not None else "",
        "next_step": next_step(no, language) if no is not None else "",
        "office_name": _name(here),
        "city_now": wib(house().now()),
        "is_demo": house().is_demo,
    }
    status = no.status if no is not None else 200
    page = whole(_PAGE, language=language, context=context)
    response = HttpResponse(page.encode(), status=status)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _days(standing: AppointmentSeen | None, language: str) -> list[tuple[str, str]]:
    """The days with places left: as sent, and in words."""
    here = house().code
    room = print_room(here)
    rooms = day_rooms(here, capacity=room.capacity, backlog=room.backlog)
    taken = standing.day if standing is not None and standing.state == "BOOKED" else None
    free = [each.day for each in rooms if each.places and each.day != taken]
    return [(day.isoformat(), in_words(day, language)) for day in free[:_DAYS_SHOWN]]


def in_words(day: date, language: str) -> str:  # positional: a day as it is spoken
    """`Jumat, 8 September 2017`."""
    names = _EN if language == "en" else _ID
    return f"{names[day.weekday()]}, {date_in_words(day)}"


def _spelled(no: Refusal, language: str) -> Refusal:  # positional: for that reader
    told = dict(no.facts)
    if "day" in told:
        told["day"] = in_words(date.fromisoformat(str(told["day"])), language)
    return Refusal(no.code, **told)


def _name(office: OfficeCode) -> str:
    seen = office_seen(office)
    name = seen.name if seen is not None else office.text
    return f"Kecamatan {name}" if office.tier is Tier.KECAMATAN else name
