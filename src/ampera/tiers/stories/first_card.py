"""A first card: request, confirmation, recording, centre, permit, print, check, hand."""

from __future__ import annotations

from typing import Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case
from ampera.tiers.stories.telling import Teller

ABOUT: Final = "kartu pertama dari permohonan sampai diserahkan / a first card, to the hand"


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """The resident follows it all on the public page with the code of the receipt."""
    office = city.office("16.71.13", "16.71.02", "16.71.15", "16.71.07")
    case = Case(city, teller, office)
    case.find_and_take(office)
    case.follow("REQUEST_TAKEN", "REPORTED", "UNREGISTERED")
    case.complete()
    case.wait_confirmed()
    case.follow("UNREGISTERED")
    case.record()
    case.follow("BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL",
                "PRINT_READY_RECORD")  # fmt: skip
    case.wait_for_word("PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED")
    case.follow("PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED")
    case.wait_permit()
    case.print_card()
    case.keep_face()
    case.follow("CARD_PRINTED")
    case.check()
    case.hand_over()
    case.follow("CARD_ISSUED", reach="CENTRE")
