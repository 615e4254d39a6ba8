"""Shipments, told from both sides: the sender's entry goes to the receiver, the receiver's goes
up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampera.blanko import rules
from ampera.blanko.actions.counting import check_new_goods, note_unmatched
from ampera.blanko.actions.moving import Step, move_in
from ampera.blanko.models import Move as MoveRow
from ampera.blanko.queries import held, held_at, shipment_seen
from ampera.blanko.rules import Account, Box, Carried, Why
from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.second_log import secure
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


def ship(
    command: Command,
    *,
    to: OfficeCode | str,
    boxes: Sequence[str],
    serials: Sequence[str] = (),
    courier: str,
    carried: Carried | None = None,
) -> dict[str, Any] | Refusal:
    """Send sealed boxes and single blanko to a child office, or back to the tier above.

    `courier` is the officer id of who hands them out or carries them, `carried` who fetches them in
    person and under which letter (domain §5.1). From now on they stand in transit, and only the
    receiver takes them out of it. Without a refusal the entry lies on a second medium, and the
    goods may leave (architecture §4); after `blanko.second_log_missing` the same command tries that
    medium again and writes nothing twice. Returns {"shipment", "blanko"}.
    """
    target = to if isinstance(to, OfficeCode) else OfficeCode(to)
    items = [*boxes, *serials]

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if is_quarantined():
            return Refusal("server.quarantined")
        if not rules.is_near(here, other=target):
            return Refusal("blanko.not_near", office=str(target))
        if not items:
            return Refusal("blanko.nothing_given")
        if (item := rules.first_repeated(items)) is not None:
            return Refusal("blanko.counted_twice", item=item)
        shipment = pen.new_id("shp")
        step = Step(
            Why.SHIPPED,
            items,
            rules.stock_of(here),
            rules.transit_to(target),
            shipment,
            {"to": str(target), "courier": courier, **_letter(carried)},
            carried.body() if carried is not None else None,
        )
        down = target if target.upper == here else None
        if (no := move_in(pen, step=step, to=down)) is not None:
            return no
        sent = held(items).values()
        return {
            "shipment": shipment,
            "blanko": sum(each.box.size if each.box is not None else 1 for each in sent),
        }

    content = {
        "to": str(target),
        "boxes": list(boxes),
        "serials": list(serials),
        "courier": courier,
        **({"carried": [carried.letter, *carried.body().values()]} if carried else {}),
    }
    return _secured(perform(command, work, content=content))


def _letter(carried: Carried | None) -> dict[str, str]:
    return {"letter": carried.letter} if carried is not None else {}


def _secured(answer: dict[str, Any] | Refusal) -> dict[str, Any] | Refusal:
    if isinstance(answer, Refusal):
        return answer
    return secured() or answer


def secured() -> Refusal | None:
    """Bring the second medium up to the books; None when everything written here lies on it."""
    try:
        secure()
    except OSError:
        return Refusal("blanko.second_log_missing")
    return None


def receive_shipment(
    command: Command,
    *,
    shipment: str,
    seen_boxes: Sequence[str],
    seen_serials: Sequence[str] = (),
    witness: str,
) -> dict[str, Any] | Refusal:
    """Confirm what of a shipment two persons saw arrive; what is short goes to dispute under its
    number.

    Counts once: a second confirmation is refused. Returns {"received", "short"} (items).
    """
    seen = [*seen_boxes, *seen_serials]

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if (no := rules.check_two(command.officer, witness=witness)) is not None:
            return no
        known = shipment_seen(shipment)
        if known is None or known.target != here:
            return Refusal("blanko.shipment_unknown", shipment=shipment)
        if not known.under_way:
            return Refusal("blanko.shipment_received", shipment=shipment)
        transit = rules.transit_to(here)
        under_way = held_at(transit, document=shipment)
        split = rules.split_seen(under_way, seen=seen, shipment=shipment)
        if isinstance(split, Refusal):
            return split
        received, short = split
        more = {"officers": [command.officer, witness]}
        for why, items, target in (
            (Why.RECEIVED, received, rules.stock_of(here)),
            (Why.SHORT, short, rules.place(here, Account.DISPUTE)),
        ):
            if items:
                no = move_in(pen, step=Step(why, items, transit, target, shipment, more))
                if no is not None:
                    return no
        return {"received": received, "short": short}

    content = {"shipment": shipment, "seen": sorted(seen), "witness": witness}
    return perform(command, work, content=content)


def take_unmatched(
    command: Command,
    *,
    boxes: Sequence[Box],
    serials: Sequence[str] = (),
    document: str,
    witness: str,
) -> dict[str, Any] | Refusal:
    """Goods came before their news: put them aside as *unmatched*. They are used once the news is
    here.

    `document` is the number on the delivery note.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if (no := rules.check_two(command.officer, witness=witness)) is not None:
            return no
        if not document:
            return Refusal("blanko.document_missing")
        if (no := check_new_goods(boxes, serials=serials)) is not None:
            return no
        goods = [*((box.box, box) for box in boxes), *((each, None) for each in serials)]
        note_unmatched(pen, goods, document=document)
        return {"unmatched": sorted(item for item, _ in goods)}

    content = {
        "boxes": [box.facts() for box in boxes],
        "serials": list(serials),
        "document": document,
        "witness": witness,
    }
    return perform(command, work, content=content)


def match_unmatched(entry: Entry) -> object:
    """Reaction: news of a shipment came whose goods are here already; two persons have counted
    them, so they are received. A box whose label told another range stays in transit for the
    officers.
    """
    if entry.facts["why"] != Why.SHIPPED or entry.facts["to"] != str(house().code):
        return None
    shipment: str = entry.facts["document"]

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        transit = rules.transit_to(here)
        items = _seen_before(held_at(transit, document=shipment).values(), here)
        if not items:
            return Refusal("blanko.nothing_given")
        step = Step(Why.RECEIVED, items, transit, rules.stock_of(here), shipment)
        no = move_in(pen, step=step)
        return no if no is not None else {"received": items}

    return perform(Command.reaction(entry, "match"), work, content={"shipment": shipment})


def _seen_before(under_way: Any, here: OfficeCode) -> list[str]:
    """Which of these were put aside here as unmatched, with the range that the news tells."""
    wanted = {each.item: each.box for each in under_way}
    aside = MoveRow.objects.filter(n=0, target=rules.place(here, Account.UNMATCHED)).values_list(
        "item", "first", "count"
    )
    return sorted(
        item
        for item, first, count in aside
        if item in wanted
        and (first, count) == ((box.first, box.size) if (box := wanted[item]) else ("", 1))
    )
