"""The demo's blanko: 20,000 at the centre, 4,000 come to the dinas, 250 to each kecamatan (S3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ampera.blanko.actions import open_books, open_box, receive_shipment, ship
from ampera.blanko.rules import Box
from ampera.devices.simulated.hands import Hands
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.tiers.city.officers import officer_id
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

BOX_SIZE: Final = 250
CENTRE_BOXES: Final = 80  #: 20,000 blanko
DINAS_BOXES: Final = 16  #: 4,000, one box for each printing kecamatan
_PREFIX: Final = "DC"  # data contoh


def _box(number: int) -> Box:
    return Box(f"KOTAK-{number:03d}", f"{_PREFIX}{number * 1000 + 1:08d}", BOX_SIZE)


DINAS_OWN: Final = _box(900)


def load_hopper(printer: Path, *, office: OfficeCode) -> None:
    """Lay the blanks of the office's open box into its printer, lowest serial first."""
    box = DINAS_OWN if office.tier is Tier.DINAS else _box(office.number)
    printer.mkdir(parents=True, exist_ok=True)
    Hands(printer).load(box.serials())


def label_for(kecamatan: OfficeCode) -> str:
    """The box that goes to that kecamatan. Numbers 17 and 18 are hosted and get none."""
    assert 1 <= kecamatan.number <= DINAS_BOXES, f"no box is meant for {kecamatan}"
    return _box(kecamatan.number).box


def labels_for(kecamatan: OfficeCode, *, boxes: int = 1) -> list[str]:
    """Its own box, and after it those of kecamatan that are not in the city."""
    assert 1 <= boxes <= DINAS_BOXES, f"the dinas has {DINAS_BOXES} boxes"
    own = label_for(kecamatan)
    others = [_box(number).box for number in range(1, DINAS_BOXES + 1)]
    return [own, *(each for each in others if each != own)][:boxes]


def serials_of(kecamatan: OfficeCode, *, boxes: int) -> list[str]:
    """Every blanko of the boxes that this kecamatan is built with."""
    wanted = labels_for(kecamatan, boxes=boxes)
    numbers = range(1, DINAS_BOXES + 1)
    found = [_box(number) for number in numbers if _box(number).box in wanted]
    return [serial for box in found for serial in box.serials()]


def store_boxes(count: int) -> list[Box]:
    """So many blanko in the boxes of a dinas that has shared nothing yet, the last one smaller."""
    full, rest = divmod(count, BOX_SIZE)
    boxes = [_box(number) for number in range(1, full + 1)]
    return [*boxes, replace(_box(full + 1), size=rest)] if rest else boxes


def open_centre_for(count: int) -> str:
    """At the pusat: open the books with 20,000 and what the dinas gets, and ship it those."""
    boxes = store_boxes(count)
    _open([*boxes, *(_box(number) for number in range(len(boxes) + 1, CENTRE_BOXES + 1))])
    return _ship(OfficeCode("16.71"), [each.box for each in boxes])


def open_dinas_with(shipment: str, *, count: int) -> None:
    """At the dinas: empty books, the boxes received and opened: so few are shared singly."""
    boxes = store_boxes(count)
    _open([])
    receive(shipment, [each.box for each in boxes])
    for box in boxes:
        _checked(open_box(_command("blanko"), box=box.box))


def open_empty() -> None:
    """At a kecamatan that has nothing yet."""
    _open([])


def open_centre() -> str:
    """At the pusat: open the books with 20,000 and ship 4,000; returns the shipment."""
    _open([_box(number) for number in range(1, CENTRE_BOXES + 1)])
    labels = [_box(number).box for number in range(1, DINAS_BOXES + 1)]
    return _ship(OfficeCode("16.71"), labels)


def open_dinas(shipment: str) -> None:
    """At the dinas: its books open with one box of its own, for the cards that it prints itself;
    then the shipment is received."""
    _open([DINAS_OWN])
    _checked(open_box(_command("blanko"), box=DINAS_OWN.box))
    receive(shipment, [_box(number).box for number in range(1, DINAS_BOXES + 1)])


def ship_to(kecamatan: OfficeCode, *, boxes: int = 1) -> str:
    """At the dinas: send that kecamatan its box, or more of them."""
    return _ship(kecamatan, labels_for(kecamatan, boxes=boxes))


def open_kecamatan(shipment: str, *, boxes: int = 1) -> None:
    """At the kecamatan: open empty books, receive the boxes and open them."""
    labels = labels_for(house().code, boxes=boxes)
    _open([])
    receive(shipment, labels)
    for label in labels:
        _checked(open_box(_command("blanko"), box=label))


def receive(shipment: str, labels: Sequence[str]) -> None:  # positional: a shipment, its boxes
    """Confirm by two persons what arrived."""
    _checked(
        receive_shipment(
            _command("blanko"), shipment=shipment, seen_boxes=labels, witness=officer_id("kepala")
        )
    )


def _open(boxes: Sequence[Box]) -> None:
    _checked(open_books(_command("blanko"), boxes=boxes, serials=[], witness=officer_id("kepala")))


def _ship(to: OfficeCode, labels: Sequence[str]) -> str:
    done = _checked(ship(_command("blanko"), to=to, boxes=labels, courier=officer_id("kepala")))
    return str(done["shipment"])


def _command(login: str) -> Command:
    return Command(id=house().ids.new("cmd"), officer=officer_id(login))


def _checked(answer: dict[str, Any] | Refusal) -> dict[str, Any]:
    assert not isinstance(answer, Refusal), f"{house().code}: {answer}"
    return answer
