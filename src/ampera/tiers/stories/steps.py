"""The steps that stories share: from a resident at a counter to a card in a hand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from ampera.tiers.stories.client import City, Desk, Problem
from ampera.tiers.stories.telling import StoryError, Teller

NEW_PAPERS: Final = ["form", "kk_copy", "presence"]
LOST_PAPERS: Final = ["form", "kk_copy", "police_letter"]
#: What the police of the demo wrote.
A_LETTER: Final = {
    "number": "STPL/DATA-CONTOH/IX/2017",
    "on": "2017-09-06",
    "office": "Polsek Contoh",
}
_SAMPLES: Final = 60


@dataclass(slots=True)
class Case:
    """One resident's request at one office, as the people around it know it."""

    city: City
    teller: Teller
    office: str
    nik: str = ""
    resident: str = ""
    request: str = ""
    ticket: str = ""
    permit: str = ""
    card: str = ""

    def desk(self, login: str) -> Desk:
        return self.city.desk(self.office, login=login)

    def seen(self, *, at: str = "", login: str = "loket") -> dict[str, Any]:
        """The request with its whole way, as one server knows it."""
        told = self.city.desk(at or self.office, login=login).get(f"requests/{self.request}")
        assert isinstance(told, dict)
        return told

    # ---- the counter ----

    def find_and_take(self, area: str, *, reason: str = "NEW") -> None:
        """Somebody of that kelurahan or kecamatan comes to the counter and asks for a card."""
        loket, has_card = self.desk("loket"), reason != "NEW"
        query = {"kelurahan": area, "has_card": str(has_card).lower(), "most": _SAMPLES}
        found = loket.get("demo/residents", **query)
        while found:
            person = found.pop(secrets.randbelow(len(found)))
            try:
                self.look_up(person["nik"])
                self.take(reason=reason)
                return
            except Problem as no:
                if no.code != "intake.already_open":  # another story was quicker
                    raise
        raise StoryError(f"the demo has nobody left in {area} for a {reason} card")

    def look_up(self, nik: str) -> None:
        seen = self.desk("loket").post("residents/look-up", nik=nik)
        self.nik, self.resident = nik, seen["resident"]
        self.teller.step(
            "penduduk dicari menurut NIK; yang melihat dicatat",
            nik=f"{nik[:6]}******{nik[-4:]}",
            domicile=seen["kecamatan"],
            served_by=seen["served_by"],
        )

    def take(self, *, reason: str = "NEW") -> str:
        """Returns the office that the request goes to."""
        papers = NEW_PAPERS if reason == "NEW" else LOST_PAPERS
        body: dict[str, Any] = {"nik": self.nik, "reason": reason, "papers": papers}
        if reason == "LOST":
            body["letter"] = A_LETTER
        told = self.desk("loket").post("requests", **body)
        self.request, self.ticket = told["request"], told["ticket"]
        self.teller.step(
            "permohonan diterima, tanda terima dicetak",
            request=self.request, at=self.office, reason=reason, goes_to=told["goes_to"],
        )  # fmt: skip
        return str(told["goes_to"])

    def complete(self) -> None:
        self.desk("loket").post(f"requests/{self.request}/complete")
        self.teller.step("data dilaporkan lengkap", reach=self.seen()["reach"])

    def wait_confirmed(self) -> None:
        self.teller.wait(
            "the dinas confirms the NIK",
            until=lambda: self.seen()["request"]["confirmed_at"] is not None,
        )
        by = self.seen()["request"]["confirmed_by"]
        self.teller.step("NIK dikonfirmasi Disdukcapil", by=by.partition("_")[0])

    def record(self) -> None:
        done = self.desk("loket").post(f"requests/{self.request}/recording", sample=True)
        self.teller.step("biometrik direkam dan disegel", enrolment=done["enrolment"])

    def wait_for_word(self, *words: str) -> str:
        """Wait at the own office until the request has come to one of these state words."""
        word = self.teller.wait(
            f"{self.request} is {' or '.join(words)}",
            until=lambda: next((each for each in words if self.word() == each), None),
        )
        self.teller.step("status di kantor", word=word)
        return word

    def word(self) -> str:
        return str(self.seen()["state"]["word"])

    def follow(self, *words: str, reach: str = "") -> None:
        """The resident reads the public page with the code of the receipt until it says so."""

        def read() -> str | None:
            told = self.city.public_status(self.ticket)
            if told is None or told.word not in words or (reach and told.reach != reach):
                return None
            return f"{told.word} {told.reach}"

        said = self.teller.wait(f"the public page says {' or '.join(words)}", until=read)
        word, _, got = said.partition(" ")
        self.teller.step("halaman publik menurut kode tanda terima", word=word, reach=got)

    def to_recording(self, area: str) -> None:
        """Everything up to the sealed packet."""
        self.find_and_take(area)
        self.complete()
        self.wait_confirmed()
        self.record()

    # ---- the print room ----

    def wait_permit(self) -> None:
        def mine() -> dict[str, Any] | None:
            listed = self.desk("cetak").get("permits")
            return next((each for each in listed if each["request"] == self.request), None)

        found = self.teller.wait(f"a permit for {self.request} comes to {self.office}", until=mine)
        self.permit, self.card = found["permit"], found["card"]
        self.teller.step("izin cetak diterima", permit=self.permit, until=found["print_until"])

    def wait_packet(self) -> None:
        """The print packet follows its permit; without it nothing is printed."""
        path = f"cards/{self.card}/face.pdf"

        def can_be_drawn() -> bool:
            try:
                return bool(self.desk("cetak").file(path))
            except Problem as no:
                if no.code != "enrolment.packet_missing":
                    raise
                return False

        self.teller.wait(f"the print packet of {self.permit} comes", until=can_be_drawn)
        self.teller.step("paket cetak diterima", card=self.card)

    def print_card(self) -> None:
        """Runs are started until this card is out; others of the queue may come before it."""

        def is_printed() -> bool:
            if self.card_state() in ("PRINTED", "READY"):
                return True
            self.start_run()
            return False

        self.teller.wait(f"{self.card} comes out of the printer", until=is_printed)
        serials = self.desk("cetak").get(f"cards/{self.card}")["serials"]
        self.teller.step("kartu tercetak", card=self.card, serial=serials[-1])

    def start_run(self) -> None:
        """Print what waits; nothing happens while a run is on."""
        cetak = self.desk("cetak")
        cards = max(1, len(cetak.get("permits")))
        code = cetak.refused("runs", cards=cards)
        if code not in ("", "printing.run_is_on", "api.no_printer"):
            raise StoryError(f"the run was refused: {code}")

    def card_state(self) -> str:
        return str(self.desk("cetak").get(f"cards/{self.card}")["state"])

    def keep_face(self) -> Any:
        """The PDF as the printer got it, left beside the city."""
        data = self.desk("cetak").file(f"cards/{self.card}/face.pdf")
        if not data.startswith(b"%PDF"):
            raise StoryError("the face of the card is no PDF")
        path = self.teller.keep(f"{self.teller.story}-{self.card}.pdf", data=data)
        self.teller.step("muka kartu disimpan", bytes=len(data), file=path.name)
        return path

    def check(self) -> None:
        try:
            chip = self.desk("cetak").post(f"cards/{self.card}/chip")
            self.teller.step("cip ditulis dan dibaca kembali", uid=chip["uid"])
        except Problem:
            # In a city with its own officers one of them may have been quicker.
            if self.card_state() not in ("PRINTED", "READY"):
                raise
        try:
            self.desk("cetak").post(f"cards/{self.card}/check", result="READY")
        except Problem:
            # In a city with its own officers one of them may have been quicker.
            if self.card_state() != "READY":
                raise
        self.teller.step("kartu diperiksa: READY")

    def hand_over(self) -> None:
        self.desk("loket").post(
            f"cards/{self.card}/hand-over",
            to="HOLDER",
            verified="EXCEPTION",
            exception="NO_MATCHER",
            witness=self.desk("kepala").credentials,
        )
        self.teller.step("kartu diserahkan; berlaku sejak saat ini")

    def to_the_hand(self) -> None:
        """From the permit to the holder's hand."""
        self.wait_permit()
        self.print_card()
        self.keep_face()
        self.check()
        self.hand_over()


def accounts(city: City, office: str, *, at: str = "") -> dict[str, int]:  # positional: a pair
    """The blanko books of an office as one server knows them, and their sum."""
    told = city.desk(at or office, login="kepala").get("blanko/accounts", office=office)
    return {**told["accounts"], "sum": told["sum"]}


def wait_sent(city: City, office: str, *, teller: Teller) -> None:  # positional: a pair
    """Wait until the tier above has everything that this office wrote."""
    teller.wait(
        f"{office} has sent everything",
        until=lambda: city.desk(office, login="loket").get("health")["unsent"] == 0,
    )
    teller.step("semua catatan terkirim", office=office)
