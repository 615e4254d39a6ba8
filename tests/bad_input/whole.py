"""The whole way of a first card through the machine interface, for tests that begin at its end."""

from __future__ import annotations

from typing import Any

from tests.api.city import SU1, City


def ready_card(city: City, person: Any) -> str:
    """A card of that resident, printed and checked; it waits for its holder."""
    city.ready_record(person)
    city.print_on(20)
    city.post(SU1, "cetak", "runs", cards=1)
    city.print_on(900)
    (card,) = (each["card"] for each in city.get(SU1, "cetak", "cards/to-check"))
    done = city.post(SU1, "cetak", f"cards/{card}/check", result="READY")
    assert done["result"] == "READY", done
    return str(card)


def handed_over_card(city: City, person: Any) -> str:
    """The same, in the hand of its holder."""
    card = ready_card(city, person)
    done = city.post(SU1, "loket", f"cards/{card}/hand-over")
    assert done == {"card": card, "voids": None}, done
    return card
