"""Shipments of blanko: sent by one office, counted by two persons of the other; their papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.blanko.actions import receive_shipment, ship
from ampera.blanko.queries import shipment_seen
from ampera.blanko.rules import MOVED, Box, Why, is_near, moves_of
from ampera.journal.house import house
from ampera.journal.queries import entries_about
from ampera.register.queries import Action, OfficerSeen, OfficeSeen, officers_of, offices
from ampera.screens.counter.blanko import boxes_in_stock, read_serials
from ampera.screens.sheets import CountedLine, office_title, shipment_minutes_pdf
from ampera.screens.shell import (
    command_of,
    done,
    needs,
    pdf,
    show,
    show_refusal,
    witness_of,
)
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal

#: An entry about one box alone is found by the box: this session knows which.
_SESSION_ITEMS: Final = "shipment_items"
_ITEMS_KEPT: Final = 20
COURIERS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Target:
    """An office that blanko can be sent to from here."""

    code: str
    title: str


@needs(Action.BLANKO_MOVE)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, officer: OfficerSeen, *, shipment: str) -> HttpResponse:
    """Count what arrived, before two persons. What is short goes to dispute under its number."""
    seen = shipment_seen(shipment)
    if seen is None or seen.target != house().code:
        no = Refusal("blanko.shipment_unknown", shipment=shipment)
        return show_refusal(request, no, back=reverse("blanko"))
    if request.method == "GET":
        return show(
            request,
            "screens/counter/receive.html",
            seen=seen,
            source=office_title(seen.source),
            is_received=not seen.under_way,
        )
    here = reverse("terima_kiriman", args=[shipment])
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    _keep_items(request, shipment, [*(box.box for box in seen.boxes), *seen.serials])
    answer = receive_shipment(
        command_of(request, officer),
        shipment=shipment,
        seen_boxes=request.POST.getlist("boxes"),
        seen_serials=read_serials(request.POST.get("serials", "")),
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = f"Kiriman diterima: {len(answer['received'])} dus atau blanko lepas."
    if answer["short"]:
        said += f" Kurang {len(answer['short'])}; dicatat sebagai selisih."
    return done(request, said, page="terima_kiriman", shipment=shipment)


@needs(Action.BLANKO_SHIP)
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Send boxes or single blanko one tier away; only the receiver takes them from transit."""
    if request.method == "GET":
        couriers = [each for each in officers_of(house().code) if each.is_in_force]
        return show(
            request,
            "screens/counter/ship.html",
            targets=[Target(each.code.text, office_title(each.code)) for each in _targets()],
            boxes=boxes_in_stock(),
            couriers=couriers[:COURIERS_SHOWN],
        )
    here = reverse("kirim_blanko")
    to = request.POST.get("to", "")
    if to not in {each.code.text for each in _targets()}:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    known = {each.id for each in officers_of(house().code)}
    courier = request.POST.get("courier", "")
    boxes = request.POST.getlist("boxes")
    serials = read_serials(request.POST.get("serials", ""))
    answer = ship(
        command_of(request, officer),
        to=OfficeCode(to),
        boxes=boxes,
        serials=serials,
        courier=courier if courier in known else officer.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    _keep_items(request, answer["shipment"], [*boxes, *serials])
    said = f"{answer['blanko']} blanko dikirim ke {office_title(OfficeCode(to))}."
    return done(request, said, page="blanko")


@needs(Action.BLANKO_MOVE, Action.BLANKO_SHIP, Action.JOURNAL_SEE)
@require_GET
def minutes(request: HttpRequest, officer: OfficerSeen, *, shipment: str) -> HttpResponse:
    """Berita acara serah terima: before the count with room to write, after it with both counts."""
    seen = shipment_seen(shipment)
    here = house().code
    if seen is None or here not in (seen.source, seen.target):
        no = Refusal("blanko.shipment_unknown", shipment=shipment)
        return show_refusal(request, no, back=reverse("blanko"))
    lines = [CountedLine(box.box, box.first, box.last, box.size) for box in seen.boxes]
    lines += [CountedLine("", serial, serial, 1) for serial in seen.serials]
    if not seen.under_way:
        known: dict[str, list[str]] = request.session.get(_SESSION_ITEMS, {})
        lines = _lines_of_journal(shipment, known.get(shipment, []))
    if not lines:
        return show_refusal(request, Refusal("screens.minutes_gone"), back=reverse("blanko"))
    made = shipment_minutes_pdf(seen, lines=lines)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko"))
    return pdf(made, name=f"berita-acara-{shipment[-8:]}")


def _lines_of_journal(shipment: str, items: list[str]) -> list[CountedLine]:
    """What was sent and what of it was seen, from the entries themselves."""
    sent: dict[str, tuple[str, str, int]] = {}
    received: set[str] = set()
    for entry in entries_about([shipment, *items]):
        if entry.kind != MOVED or entry.facts.get("document") != shipment:
            continue
        why = entry.facts["why"]
        for move in moves_of(entry.kind, entry.facts):
            if why == Why.RECEIVED:
                received.add(move.item)
            if why in (Why.SHIPPED, Why.RECEIVED, Why.SHORT):
                sent[move.item] = _range(move.item, move.box)
    return [
        CountedLine(
            item if size > 1 or first != item else "",
            first,
            last,
            size,
            count_received=size if item in received else 0,
        )
        for item, (first, last, size) in sorted(sent.items())
    ]


def _range(item: str, box: Box | None) -> tuple[str, str, int]:
    return (item, item, 1) if box is None else (box.first, box.last, box.size)


def _targets() -> list[OfficeSeen]:
    """Offices one tier away that work by themselves."""
    here = house().code
    near = [each for each in offices() if is_near(here, other=each.code)]
    return [each for each in near if each.hosted_by is None]


def _keep_items(request: HttpRequest, shipment: str, items: list[str]) -> None:
    known: dict[str, list[str]] = request.session.get(_SESSION_ITEMS, {})
    request.session[_SESSION_ITEMS] = dict([*known.items(), (shipment, items)][-_ITEMS_KEPT:])
