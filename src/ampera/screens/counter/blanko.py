"""The blanko of an office: accounts, boxes, single serials, and the opening of the books."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.blanko.actions import open_books, open_box, take_from_maker
from ampera.blanko.queries import (
    BlankoSeen,
    MoveSeen,
    accounts,
    alarms,
    are_books_open,
    held_at,
    history,
    in_dispute,
    loose_count,
    shelf_count,
    shipments_to,
    whereis,
)
from ampera.blanko.rules import Box, account_of, city_of, office_of, receiver_of, stock_of
from ampera.blanko.rules.alarms import Alarm
from ampera.journal.house import house
from ampera.papers.wording import date_in_words, grouped
from ampera.register.queries import Action, OfficerSeen, offices
from ampera.screens.sheets import office_title
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.screens.wording import word_for
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

BOXES_SHOWN: Final = 100
ALARMS_SHOWN: Final = 40
_PART: Final = re.compile(r"[\s;]+")
_BOX_LINE: Final = re.compile(r"(?P<box>\S+)\s+(?P<first>\S+)\s+(?P<size>[0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Found:
    """One blanko by its serial, with its story."""

    serial: str
    seen: BlankoSeen | None
    where: str
    moves: list[MoveSeen]


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm of the books with its offices by name."""

    alarm: Alarm
    text: str


def _worded(alarm: Alarm) -> str:
    """The alarm's sentence with names of offices and places instead of codes."""
    facts = {**alarm.facts}
    if "source" in facts:
        facts["source"] = office_title(OfficeCode(facts["source"]))
    if "day" in facts:
        facts["day"] = date_in_words(date.fromisoformat(facts["day"]))
    if "until" in facts:
        facts["until"] = date_in_words(date.fromisoformat(facts["until"]))
    if "place" in facts:
        facts["place"] = (
            "tidak ada dalam buku" if facts["place"] == "–" else where_is(facts["place"])
        )
    named = Alarm(alarm.code, office_title(OfficeCode(alarm.office)), alarm.since, facts)
    return named.text()


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_GET
def stock(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What this office holds, what is on its way to it, and one serial looked up."""
    here = house().code
    raised = alarms()
    serial = request.GET.get("seri", "").strip().upper()[:40]
    sealed = boxes_in_stock()
    return show(
        request,
        "screens/counter/blanko.html",
        accounts=list(accounts(here).items()),
        total=shelf_count(here),
        loose=loose_count(here),
        boxes=sealed[:BOXES_SHOWN],
        box_count=len(sealed),
        incoming=shipments_to(here),
        outgoing=[each for child in _children() for each in shipments_to(child)],
        disputes=sorted(in_dispute(here).items()),
        is_open=are_books_open(here),
        alarms=[AlarmShown(each, _worded(each)) for each in raised[:ALARMS_SHOWN]],
        alarm_count=len(raised),
        serial=serial,
        found=_found(serial) if serial else None,
        may_move=officer.may(Action.BLANKO_MOVE),
        may_ship=officer.may(Action.BLANKO_SHIP),
        may_count=officer.may(Action.BLANKO_COUNT),
    )


@needs(Action.BLANKO_MOVE)
@require_POST
def break_seal(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Open a box: its blanko are known one by one from now on."""
    answer = open_box(command_of(request, officer), box=request.POST.get("box", ""))
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("blanko"))
    said = (
        f"Dus {answer['box']} dibuka: {answer['blanko']} blanko, nomor seri {answer['first']}"
        f" sampai {answer['last']}."
    )
    return done(request, said, page="blanko")


@needs(Action.BLANKO_COUNT)
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The opening balance, counted by two persons. Once for each office."""
    if request.method == "GET":
        is_open = are_books_open(house().code)
        return show(request, "screens/counter/blanko_opening.html", is_open=is_open)
    back = reverse("saldo_awal")
    boxes = read_boxes(request.POST.get("boxes", ""))
    if isinstance(boxes, Refusal):
        return show_refusal(request, boxes, back=back)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    answer = open_books(
        command_of(request, officer),
        boxes=boxes,
        serials=read_serials(request.POST.get("serials", "")),
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    said = f"Buku blanko dibuka dengan {answer['blanko']} blanko, dihitung dua petugas."
    return done(request, said, page="blanko")


@needs(Action.BLANKO_COUNT, at=Tier.PUSAT)
@require_http_methods(["GET", "POST"])
def from_maker(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Boxes of the maker come into the national store, counted by two under a berita acara."""
    back = reverse("blanko_pembuat")
    if request.method == "GET":
        return show(request, "screens/counter/blanko_maker.html")
    boxes = read_boxes(request.POST.get("boxes", ""))
    if isinstance(boxes, Refusal):
        return show_refusal(request, boxes, back=back)
    if not boxes:
        return show_refusal(request, Refusal("blanko.nothing_given"), back=back)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    answer = take_from_maker(
        command_of(request, officer),
        boxes=boxes,
        document=request.POST.get("document", "").strip()[:40],
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    said = f"{grouped(answer['blanko'])} blanko dari pembuat dicatat dua petugas."
    return done(request, said, page="blanko")


def boxes_in_stock() -> list[Box]:
    """Sealed boxes on the shelf (the pusat: in store), by label."""
    found = held_at(stock_of(house().code)).values()
    return sorted((each.box for each in found if each.box is not None), key=lambda box: box.box)


def read_serials(typed: str) -> list[str]:
    """Serials as they were typed or scanned: one a line, or parted by blanks."""
    return [each.upper() for each in _PART.split(typed.replace(",", " ").strip()) if each]


def read_boxes(typed: str) -> list[Box] | Refusal:
    """One box a line: label, first serial, how many."""
    found = []
    for line in typed.splitlines():
        if not line.strip():
            continue
        match = _BOX_LINE.fullmatch(line.strip())
        if match is None:
            return Refusal("screens.box_line", line=line.strip()[:60])
        found.append(Box(match["box"], match["first"].upper(), int(match["size"])))
    return found


#: Where blanko come from and sealed boxes end, in words.
_ENDS: Final = {
    "maker": "pembuat blanko",
    "counted": "belum ada buku",
    "unseen": "belum ada berita",
    "opened": "dibuka: isinya dicatat satu per satu",
}


def where_is(place: str) -> str:
    """A place of the books in words: an account of an office, or the way to one."""
    if (receiver := receiver_of(place)) is not None:
        return f"dalam perjalanan ke {office_title(receiver)}"
    if (city := city_of(place)) is not None:
        return f"kota lain {city}"
    office = office_of(place) if "/" in place else None
    if office is None:
        box = place.removeprefix("box:")
        return f"dus {box}" if box != place else _ENDS.get(place, place)
    account = account_of(place)
    return f"{word_for(account or '', table='akun')}, {office_title(office)}"


def _found(serial: str) -> Found:
    seen = whereis(serial)
    item = seen.box if seen is not None and seen.box else serial
    moves: Sequence[MoveSeen] = history(item) if seen is not None else []
    return Found(serial, seen, where_is(seen.place) if seen is not None else "", list(moves))


def _children() -> list[OfficeCode]:
    here = house().code
    if here.tier is Tier.KECAMATAN:
        return []
    return [each.code for each in offices() if each.code.is_child_of(here)]
