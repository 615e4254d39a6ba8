"""A small city for tests of pages and machines: real servers, residents, officers with tokens.

`call` speaks to one server through all of its middleware, as a client over HTTP would.
"""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from random import Random
from typing import Any

from django.test import Client

from ampera.api.v1.ports import ApiPorts, open_ports
from ampera.blanko.actions import open_books
from ampera.devices.simulated.memory import MemoryPrinter
from ampera.enrolment.ports.simulated import carry_packets, open_simulated_rooms
from ampera.journal.actions import Command
from ampera.journal.house import house
from ampera.printing.actions import step_printer
from ampera.register.actions import (
    Holder,
    describe_palembang,
    grant_officer,
    import_residents,
    load_snapshot,
    load_wilayah,
    make_token,
    publish_snapshots,
    set_password,
)
from ampera.register.queries import local_day, officers_of, snapshot_for, wilayah_below
from ampera.register.queries.public import SampleResident, sample_residents
from ampera.register.rules.rights import Role
from ampera.words import OfficeCode, Refusal, WilayahCode
from ampera.world.people import export_of, people_of
from tests.houses import Kept, Offices

PUSAT, DINAS, SU1, IT2 = "00", "16.71", "16.71.02", "16.71.06"
JAKABARING = "16.71.17"
PASSWORD = "kata-sandi-contoh"
PRINTER = "p1"
LOGINS = {
    "loket": (Role.LOKET, Role.PEREKAMAN),
    "cetak": (Role.CETAK,),
    "blanko": (Role.BLANKO,),
    "kepala": (Role.KEPALA,),
    "verifikator": (Role.VERIFIKATOR,),
}
NEW_PAPERS = ["form", "kk_copy", "presence"]
LOST_PAPERS = ["form", "kk_copy", "police_letter"]
LETTER = {"number": "SKH/CONTOH/12", "on": "2017-09-01", "office": "Polsek Contoh"}
#: What is said of a lost card.
LOST = {"reason": "LOST", "papers": LOST_PAPERS, "letter": LETTER}
_numbers = itertools.count(1)


def key() -> str:
    """A key that no command has had."""
    return f"test-key-{next(_numbers):06d}"


#: The city as it stands when it was built, and its tokens: every further one begins there.
_built: list[tuple[Kept, dict[tuple[str, str], str]]] = []


class City:
    """pusat, dinas and two kecamatan, with residents, officers and blanko."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        self.rooms = open_simulated_rooms([PUSAT, DINAS, SU1, IT2])
        self.printer = MemoryPrinter(now=offices.clock.at, rng=Random(7))
        self.tokens: dict[tuple[str, str], str] = {}
        self._seen: set[str] = set()
        open_ports(ApiPorts(card_pdf=_card_pdf))
        if not offices.are_untouched:
            self._build(offices)
            return
        if not _built:
            self._build(offices)
            _built.append((offices.keep(), dict(self.tokens)))
            return
        kept, tokens = _built[0]
        offices.begin_with(kept)
        self.tokens |= tokens

    def _build(self, offices: Offices) -> None:
        with offices.at(DINAS):
            load_wilayah(within=WilayahCode("16.71"))
            describe_palembang()
            self._fill_register()
        for office, giver in ((PUSAT, PUSAT), (DINAS, PUSAT), (SU1, DINAS), (IT2, DINAS)):
            self._staff(office, giver=giver)
        with offices.at(DINAS):
            copies = {code: snapshot_for(OfficeCode(code)) for code in (SU1, IT2)}
        for code, copy in copies.items():
            with offices.at(code):
                load_snapshot(copy)
        for code, blanko in ((DINAS, 3), (SU1, 5)):
            with offices.at(code):
                self._count_in(code, blanko)
        offices.post()

    def _fill_register(self) -> None:
        people, names = [], {}
        for kecamatan in (SU1, IT2, JAKABARING):
            below = wilayah_below(WilayahCode(kecamatan))
            names |= {each.code.text: each.name for each in below}
            codes = [each.code.text for each in below][:2]
            people += list(people_of(codes, count=200, seed=3, today=local_day()))
            names[kecamatan] = next(
                each.name
                for each in wilayah_below(WilayahCode("16.71"))
                if each.code.text == kecamatan
            )
        done = import_residents(export_of(iter(people), names=names))
        assert not isinstance(done, Refusal), done
        assert not done.refused, done

    def _staff(self, office: str, *, giver: str) -> None:
        with self.offices.at(giver):
            for login, roles in LOGINS.items():
                done = grant_officer(
                    Command(id=house().ids.new("cmd")),
                    office=OfficeCode(office),
                    login=login,
                    holder=Holder(f"Petugas {login} (CONTOH)"),
                    roles=[
                        *(role.value for role in roles),
                        *(["ajudikator", "auditor"] if office == PUSAT else []),
                    ],
                    until=local_day() + timedelta(days=80),
                )
                assert not isinstance(done, Refusal), done
        self.offices.post(rounds=1)
        with self.offices.at(office):
            for each in officers_of(OfficeCode(office)):
                token = make_token(each.id)
                assert isinstance(token, str), token
                self.tokens[office, each.login] = token
                if each.login == "kepala":
                    assert set_password(each.id, password=PASSWORD) is None

    def _count_in(self, code: str, blanko: int) -> None:
        serials = [f"SPC{code[-2:]}{number:06d}" for number in range(1, blanko + 1)]
        done = open_books(
            Command(id=house().ids.new("cmd"), officer=self.officer(code, "blanko")),
            boxes=[],
            serials=serials,
            witness=self.officer(code, "kepala"),
        )
        assert not isinstance(done, Refusal), done

    def officer(self, code: str, login: str) -> str:
        """The id of that officer; acting there."""
        return next(each.id for each in officers_of(OfficeCode(code)) if each.login == login)

    # ---- the outside ----

    def raw(self, code: str, login: str, method: str, path: str, **more: Any) -> Any:
        """The whole response of one call."""
        headers = {"Authorization": f"Bearer {self.tokens.get((code, login), login)}"}
        headers |= more.pop("headers", {})
        with self.offices.at(code):
            client = Client(raise_request_exception=True)
            return client.generic(
                method,
                f"/api/v1/{path}",
                data=json.dumps(more["body"]) if "body" in more else more.get("data", ""),
                content_type="application/json",
                headers=headers,
            )

    def get(self, code: str, login: str, path: str, **more: Any) -> Any:
        """The JSON of a GET that must succeed."""
        reply = self.raw(code, login, "GET", path, **more)
        assert reply.status_code == 200, reply.content.decode()
        return reply.json()

    def post(self, code: str, login: str, path: str, *, key_: str = "", **body: Any) -> Any:
        """The JSON of a POST, a problem included."""
        headers = {"Idempotency-Key": key_ or key()}
        return self.raw(code, login, "POST", path, body=body, headers=headers).json()

    # ---- the world ----

    def people(self, area: str, *, has_card: bool = False) -> list[SampleResident]:
        """Residents of card age; unrecorded unless `has_card`."""
        with self.offices.at(DINAS):
            found = sample_residents(area, has_legacy_card=has_card)
        assert not isinstance(found, Refusal), found
        assert found, f"the seed gave nobody in {area}"
        return found

    def person(self, area: str = SU1, *, has_card: bool = False) -> SampleResident:
        """Somebody whom no test has asked for yet."""
        found = self.people(area, has_card=has_card)
        free = next(each for each in found if each.nik not in self._seen)
        self._seen.add(free.nik)
        return free

    def is_reserved(self, nik: str) -> bool:
        return nik in self._seen

    def reserve(self, nik: str) -> str:
        """No other test gets this one."""
        assert nik not in self._seen
        self._seen.add(nik)
        return nik

    def take(self, person: SampleResident, *, at: str = SU1) -> str:
        """A request for a first card."""
        taken = self.post(at, "loket", "requests", nik=person.nik, reason="NEW", papers=NEW_PAPERS)
        assert "request" in taken, taken
        return str(taken["request"])

    def turn(self, rounds: int = 3) -> None:
        """Time passes: post, packets, and what every server decides by itself."""
        for _ in range(rounds):
            self.offices.clock.move(timedelta(seconds=30))
            self.offices.post()
            for source, target in ((SU1, DINAS), (IT2, DINAS), (DINAS, PUSAT)):
                carry_packets(self.rooms[source], target=self.rooms[target])
            for code in (SU1, IT2, DINAS, PUSAT):
                with self.offices.at(code) as here:
                    for decide in here.registry.ticks.get(here.tier, []):
                        # The copies of the register lie at the kecamatan since the start.
                        if decide is not publish_snapshots:
                            decide()
        self.offices.post()

    def print_on(self, seconds: int = 900) -> None:
        """The printer of Seberang Ulu I works; blanko are fed as the screen asks."""
        for _ in range(seconds // 20):
            self.offices.clock.move(timedelta(seconds=20))
            self.printer.tick(self.offices.clock.at)
            with self.offices.at(SU1):
                step_printer(PRINTER, port=self.printer, render=_card_pdf)
            if self.printer.machine.is_starved:
                self.printer.machine.load([f"FED{next(_numbers):06d}"])

    def ready_record(self, person: SampleResident, *, at: str = SU1) -> str:
        """Take, complete and record, up to the centre's verdict; returns the request."""
        taken = self.post(at, "loket", "requests", nik=person.nik, reason="NEW", papers=NEW_PAPERS)
        request = taken["request"]
        done = self.post(at, "loket", f"requests/{request}/complete")
        assert done == {"request": request}, done
        self.turn(1)
        recorded = self.post(at, "loket", f"requests/{request}/recording", sample=True)
        assert "enrolment" in recorded, recorded
        self.turn()
        return str(request)


def _card_pdf(permit: str) -> bytes:
    return b"%PDF-1.4 SPESIMEN " + permit.encode()
