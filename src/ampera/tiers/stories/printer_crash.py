"""The power goes while a card is half printed: nobody guesses what came out (S12)."""

from __future__ import annotations

from typing import Any, Final

from ampera.devices.simulated.cards import Fate
from ampera.devices.simulated.hands import Hands
from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case, accounts
from ampera.tiers.stories.telling import StoryError, Teller

ABOUT: Final = "listrik padam di tengah cetak / the power goes in the middle of a card"


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """UNKNOWN is settled by two officers who have looked; the card is printed once in the end."""
    office = city.office("16.71.13", "16.71.15", "16.71.02")
    case = Case(city, teller, office)
    hands = Hands(city.printer_folder(office))
    before = accounts(city, office)
    case.to_recording(office)
    case.wait_permit()
    case.wait_packet()
    hands.cut_power_at_next_card(Fate.RUINED)
    teller.wait("the printer takes note", until=lambda: hands.is_idle)
    case.start_run()
    unknown = _wait_unknown(city, teller, case)
    ruined = hands.physical()
    if ruined is None:
        raise StoryError("the printer has written down nothing of what lies in it")
    teller.check(
        any(each.job_name == unknown["attempt"] for each in ruined.ruined),
        what="dua petugas melihat: kartu setengah jadi ada di baki rusak",
        ruined=len(ruined.ruined),
    )
    _settle(case, unknown)
    case.print_card()
    case.keep_face()
    case.check()
    case.hand_over()
    _count(city, teller, case, before, hands)


def _wait_unknown(city: City, teller: Teller, case: Case) -> dict[str, Any]:
    """The power comes back as soon as it has gone; then the printer tells what it knows."""
    cetak = case.desk("cetak")

    def is_dark() -> bool:
        return any(not each["is_reachable"] for each in cetak.get("printers"))

    teller.wait("the power goes in the middle of the card", until=is_dark)
    teller.step("listrik pencetak padam di tengah kartu", printer=case.office)
    city.control("start", printer=case.office)

    def mine() -> dict[str, Any] | None:
        listed = cetak.get("attempts", state="unknown")
        return next((each for each in listed if each["card"] == case.card), None)

    unknown = teller.wait("the attempt's outcome is unknown", until=mine)
    teller.step("hasil cetak UNKNOWN; tidak ada yang menebak", cause=unknown["cause"])
    return unknown


def _settle(case: Case, unknown: dict[str, Any]) -> None:
    cetak, kepala = case.desk("cetak"), case.desk("kepala")
    path = f"attempts/{unknown['attempt']}/settle"
    alone = cetak.refused(path, outcome="SPOILED", witness=cetak.credentials)
    case.teller.check(alone != "", what="satu orang saja ditolak", refused=alone)
    if not unknown["is_job_over"]:
        cetak.post(f"printers/{unknown['printer']}/emptied", witness=kepala.credentials)
    cetak.post(path, outcome="SPOILED", witness=kepala.credentials)
    case.teller.step("diselesaikan dua petugas: SPOILED", serial=unknown["serial"])


def _count(city: City, teller: Teller, case: Case, before: dict[str, int], hands: Hands) -> None:
    after = accounts(city, case.office)
    teller.check(
        after.get("spoiled", 0) - before.get("spoiled", 0) == 1 and after["sum"] == before["sum"],
        what="satu blanko rusak, satu menjadi kartu, tidak ada yang hilang",
        spoiled=after.get("spoiled", 0),
        issued=after.get("issued", 0),
        sum=after["sum"],
    )
    attempts = case.desk("cetak").get(f"cards/{case.card}")["serials"]
    teller.check(len(attempts) == 2, what="dua percobaan untuk satu kartu", attempts=len(attempts))
    seen = hands.physical()
    tray = seen.tray if seen is not None else ()
    finished = [each for each in tray if each.fate is Fate.FINISHED]
    documents = [each.document_sha256 for each in finished]
    teller.check(
        len(documents) == len(set(documents)), what="tidak ada kartu yang keluar dua kali",
        finished=len(finished),
    )  # fmt: skip
