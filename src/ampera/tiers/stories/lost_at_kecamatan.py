"""A lost card is asked for at a kecamatan, which prints first cards only (S4)."""

from __future__ import annotations

from typing import Any, Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case
from ampera.tiers.stories.telling import Teller

ABOUT: Final = "kartu hilang di kecamatan diteruskan ke Disdukcapil / a lost card is handed on"


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """Nobody is sent away: the request is taken and handed on, both tiers say why it waits, and
    whoever was never recorded is recorded once the centre has said so."""
    office = city.office("16.71.13", "16.71.02")
    case = Case(city, teller, office)
    case.find_and_take(office, reason="LOST")
    refused = case.desk("loket").refused(f"requests/{case.request}/recording", sample=True)
    teller.check(refused != "", what="tidak direkam sebelum pusat menjawab", refused=refused)
    case.complete()
    handed = case.seen()["request"]
    teller.check(
        handed["handed_to"] == city.dinas,
        what="diterima di kecamatan dan diteruskan ke Disdukcapil",
        handed_to=handed["handed_to"],
    )
    verifikator = city.desk(city.dinas, login="verifikator")

    def listed() -> dict[str, Any] | None:
        found = verifikator.get("requests")
        return next((each for each in found if each["id"] == case.request), None)

    there = teller.wait("the dinas works on the request", until=listed)
    teller.step("ada di meja Disdukcapil", serving_office=there["serving_office"])
    case.wait_confirmed()
    # The card is from before Ampera: the centre looked for its recording and has none.
    case.follow("UNREGISTERED")
    why = case.seen(at=city.dinas)["waits"]
    teller.check(
        bool(why),
        what="alasan menunggu tertulis",
        why=" ".join(each["text"] for each in why),
        codes=",".join(each["code"] for each in why),
    )
    case.wait_for_word("UNREGISTERED")
    case.record()
    case.follow("PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED")
    listed_permits = case.desk("cetak").get("permits")
    permits = [each for each in listed_permits if each["request"] == case.request]
    teller.check(not permits, what="kecamatan tidak mendapat izin cetaknya")
