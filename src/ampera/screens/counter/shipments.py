"""Shipments of blanko: sent by one office, counted by two persons of the other; their papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ampera.blanko.actions import receive_shipment, secured, ship
from ampera.blanko.queries import ShipmentSeen, disputes, held_at, shipment_seen
from ampera.blanko.queries.sent import Picked, pick
from ampera.blanko.rules import (
    MOVED,
    Account,
    Box,
    Carried,
    Move,
    Why,
    is_near,
    moves_of,
    place,
    stock_of,
)
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
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: An entry about one box alone is found by the box: this session knows which.
_SESSION_ITEMS: Final = "shipment_items"
_ITEMS_KEPT: Final = 20
COURIERS_SHOWN: Final = 50
_DIGITS_MAX: Final = 6


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
            short=[each for each in disputes(house().code) if each.document == shipment],
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
            chosen=request.GET.get("ke", ""),
            picked=_picked(request),
        )
    here = reverse("kirim_blanko")
    to = request.POST.get("to", "")
    if to not in {each.code.text for each in _targets()}:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    known = {each.id for each in officers_of(house().code)}
    courier = request.POST.get("courier", "")
    boxes = request.POST.getlist("boxes")
    serials = read_serials(request.POST.get("serials", ""))
    carried = read_carried(request)
    if isinstance(carried, Refusal):
        return show_refusal(request, carried, back=here)
    if carried is None and house().code.tier is Tier.PUSAT:
        return show_refusal(request, Refusal("blanko.courier_missing"), back=here)
    answer = ship(
        command_of(request, officer),
        to=OfficeCode(to),
        boxes=boxes,
        serials=serials,
        courier=courier if courier in known else officer.id,
        carried=carried,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    _keep_items(request, answer["shipment"], [*boxes, *serials])
    said = f"{answer['blanko']} blanko dikirim ke {office_title(OfficeCode(to))}."
    return done(request, said, page="blanko")


def _picked(request: HttpRequest) -> Picked | None:
    """An accepted allocation asks for so many: what to take from the shelf is filled in."""
    asked = request.GET.get("jumlah", "")
    if not asked.isdecimal() or len(asked) > _DIGITS_MAX:
        return None
    return pick(house().code, count=int(asked))


def read_carried(request: HttpRequest) -> Carried | Refusal | None:
    """Who carries in person, as the form names them; all three parts, or nobody."""
    told = [
        request.POST.get(f"carried_{each}", "").strip()[:80] for each in ("name", "paper", "letter")
    ]
    if not any(told):
        return None
    carried = Carried(name=told[0], paper=told[1], letter=told[2])
    return carried if carried.is_whole else Refusal("blanko.courier_missing")


@needs(Action.BLANKO_MOVE, Action.BLANKO_SHIP, Action.JOURNAL_SEE)
@require_GET
def minutes(request: HttpRequest, officer: OfficerSeen, *, shipment: str) -> HttpResponse:
    """Berita acara serah terima: before the count with room to write, after it with both counts."""
    seen = shipment_seen(shipment)
    here = house().code
    if seen is None or here not in (seen.source, seen.target):
        no = Refusal("blanko.shipment_unknown", shipment=shipment)
        return show_refusal(request, no, back=reverse("blanko"))
    if seen.source == here and (unsafe := secured()) is not None:
        # The goods leave with this paper: only once their entry lies on a second medium.
        return show_refusal(request, unsafe, back=reverse("blanko"))
    lines = [CountedLine(box.box, box.first, box.last, box.size) for box in seen.boxes]
    lines += [CountedLine("", serial, serial, 1) for serial in seen.serials]
    if not seen.under_way:
        known: dict[str, list[str]] = request.session.get(_SESSION_ITEMS, {})
        lines = _lines_of_journal(seen, known.get(shipment, []))
    if not lines:
        return show_refusal(request, Refusal("screens.minutes_gone"), back=reverse("blanko"))
    made = shipment_minutes_pdf(seen, lines=lines)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("blanko"))
    return pdf(made, name=f"berita-acara-{shipment[-8:]}")


def _lines_of_journal(seen: ShipmentSeen, known: list[str]) -> list[CountedLine]:
    """What was sent and what of it was seen, from the entries themselves.

    An entry about one item alone is found under that item only: by what lies where the shipment put
    it, by what its other entries name, and by what this session handled.
    """
    places = (stock_of(seen.target), place(seen.target, Account.DISPUTE))
    items = set(known).union(*(held_at(each, document=seen.shipment) for each in places))
    items |= {move.item for _, move in _moves(seen.shipment, items)}
    sent: dict[str, Box | None] = {}
    counted: dict[str, bool] = {}
    for why, move in _moves(seen.shipment, items):
        sent[move.item] = move.box
        if why in (Why.RECEIVED, Why.SHORT):
            counted[move.item] = why == Why.RECEIVED
    return [_line(item, box, is_seen=counted.get(item)) for item, box in sorted(sent.items())]


def _moves(shipment: str, items: Iterable[str]) -> list[tuple[str, Move]]:
    """Every move under that document told about the shipment or these items."""
    return [
        (entry.facts["why"], move)
        for entry in entries_about([shipment, *sorted(items)])
        if entry.kind == MOVED and entry.facts["document"] == shipment
        for move in moves_of(entry.kind, entry.facts)
        if entry.facts["why"] in (Why.SHIPPED, Why.RECEIVED, Why.SHORT)
    ]


def _line(item: str, box: Box | None, *, is_seen: bool | None) -> CountedLine:
    size = box.size if box is not None else 1
    found = None if is_seen is None else size if is_seen else 0
    if box is None:
        return CountedLine("", item, item, 1, count_received=found)
    return CountedLine(item, box.first, box.last, size, count_received=found)


def _targets() -> list[OfficeSeen]:
    """Offices one tier away that work by themselves."""
    here = house().code
    near = [each for each in offices() if is_near(here, other=each.code)]
    return [each for each in near if each.hosted_by is None]


def _keep_items(request: HttpRequest, shipment: str, items: list[str]) -> None:
    known: dict[str, list[str]] = request.session.get(_SESSION_ITEMS, {})
    request.session[_SESSION_ITEMS] = dict([*known.items(), (shipment, items)][-_ITEMS_KEPT:])
