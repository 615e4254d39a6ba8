"""What the stations before and after readiness would write, for its tests: synthetic residents
only."""

from __future__ import annotations

import itertools
from datetime import date

from ampera.enrolment.rules.printed import PrintedFields
from ampera.journal.actions import Command, perform
from ampera.journal.alarms import open_alarms
from ampera.journal.queries import waiting_count
from ampera.journal.rebuild import compare_with_rebuild
from ampera.readiness import actions, queries
from ampera.readiness.actions import ReadyRecord
from ampera.readiness.queries import WaitCode
from ampera.register.actions import describe_office
from ampera.words import OfficeCode, Reason, Refusal
from tests.houses import Offices

PUSAT, DINAS, KEC, OTHER, HOSTED = "00", "16.71", "16.71.02", "16.71.06", "16.71.17"
OPENING = date(2017, 9, 7)
_numbers = itertools.count(1)


def by(officer: str = "off_a") -> Command:
    return Command(id=f"cmd_{next(_numbers)}", officer=officer)


def write(kind: str, *, subject: str, facts: dict, body: dict | None = None, to: str = "") -> None:
    """One entry of the acting server, in a command of its own."""

    def work(pen):
        target = OfficeCode(to) if to else None
        pen.write(kind, subject=subject, facts=facts, body=body, to=target)
        return {}

    assert perform(by(), work, content={}) == {}


class Line:
    """Offices that print, and residents that come along the line."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices
        self.at = offices.at
        self.post = offices.post

    def describe(self, code: str, prints_from: date | None, *, host: str = "") -> None:
        with self.at(DINAS):
            described = describe_office(
                by(),
                office=OfficeCode(code),
                name=f"Kantor {code}",
                hosted_by=OfficeCode(host) if host else None,
                capabilities=["loket", "cetak"] if prints_from else ["loket"],
                prints_from=prints_from,
            )
        assert not isinstance(described, Refusal), described

    def ready(
        self,
        resident: str,
        *,
        request: str = "",
        home: str = KEC,
        reason: Reason = Reason.NEW,
        version: str = "v1",
        printable_from: date | None = None,
    ) -> str:
        """The centre found this resident's record print ready. Returns the request."""
        request = request or f"req_{resident}"
        record = ReadyRecord(
            resident=resident,
            request=request,
            enrolment=f"enr_{resident}_{next(_numbers)}",
            version=version,
            home=home,
            reason=reason,
            printable_from=printable_from,
        )
        with self.at(PUSAT):
            given = actions.give_mandate(by(), ready=record)
        assert isinstance(given, dict), given
        return request

    def ask(
        self,
        resident: str,
        *,
        reason: Reason = Reason.NEW,
        at: str = KEC,
        home: str = KEC,
        host: str = KEC,
    ) -> str:
        """A counter takes a request. Returns it."""
        request = f"req_{resident}_{next(_numbers)}"
        with self.at(at):
            write(
                "request.taken/1",
                subject=request,
                facts={
                    "request": request,
                    "resident": resident,
                    "reason": reason.value,
                    "papers": [],
                    "ticket_hash": f"{next(_numbers):064x}",
                    "home": home,
                    "host": host,
                },
                body={
                    "nik": "9999014107900001",
                    "no_kk": "9999010101170001",
                    "nama": "SITI CONTOH",
                    "tanggal_lahir": "1990-07-01",
                },
            )
        return request

    def capture(self, resident: str, request: str, enrolment: str, *, at: str = KEC) -> None:
        """An office records the resident; printable from 1 September 2017."""
        printed = PrintedFields(
            provinsi="SUMATERA SELATAN",
            kabkota="KOTA PALEMBANG",
            nik="9999014107900001",
            nama="SITI CONTOH",
            tempat_lahir="PALEMBANG",
            tanggal_lahir="1990-07-01",
            jenis_kelamin="PEREMPUAN",
            golongan_darah="-",
            alamat="JL. CONTOH 1",
            rt="001",
            rw="001",
            kelurahan="CONTOH",
            kecamatan="CONTOH",
            agama="ISLAM",
            status_perkawinan="BELUM KAWIN",
            pekerjaan="PELAJAR",
            kewarganegaraan="WNI",
            printable_from=date(2017, 9, 1),
        )
        with self.at(at):
            write(
                "enrolment.captured/1",
                subject=enrolment,
                facts={
                    "enrolment": enrolment,
                    "request": request,
                    "resident": resident,
                    "packet": "a" * 64,
                    "version": "v1",
                    "modalities": ["FACE"],
                },
                body=printed.as_body(),
            )

    def confirm(self, request: str, *, at: str = KEC) -> None:
        with self.at(DINAS):
            facts = {"request": request, "by": "register"}
            write("request.confirmed/1", subject=request, facts=facts, to=at)

    def grant(self, office: str = KEC, most: int = 10) -> list[str] | Refusal:
        with self.at(DINAS):
            answer = actions.grant_lot(by(), office=office, most=most)
        return answer if isinstance(answer, Refusal) else answer["granted"]

    def permit_for(self, resident: str, *, office: str = KEC) -> str:
        """One resident, ready and granted; the permit is at its office."""
        self.ready(resident, home=office)
        self.post()
        granted = self.grant(office)
        assert isinstance(granted, list), granted
        self.post()
        (permit,) = granted
        return permit

    # ---- what printing and delivery write at the holder ----

    def begin(self, permit: str, attempt: str, *, at: str = KEC) -> Refusal | None:
        with self.at(at):
            card = queries.permit_seen(permit).card

            def work(pen):
                no = actions.take_permit_in(pen, permit=permit, attempt=attempt)
                if no is not None:
                    return no
                facts = {
                    "attempt": attempt,
                    "permit": permit,
                    "card": card,
                    "serial": "SPC00000001",
                    "printer": "printer-1",
                    "job_name": attempt,
                }
                pen.write("attempt.opened/1", subject=attempt, facts=facts)
                return {}

            answer = perform(by(), work, content={})
        return answer if isinstance(answer, Refusal) else None

    def end(
        self, permit: str, attempt: str, outcome: str, *, at: str = KEC, kind: str = "ended"
    ) -> None:
        with self.at(at):
            card = queries.permit_seen(permit).card
            told = {"cause": "", "document": ""} if kind == "ended" else {"witness": "off_b"}

            def work(pen):
                if outcome in ("PRINTED", "DISPUTE"):
                    no = actions.spend_permit_in(pen, permit=permit, attempt=attempt)
                elif outcome == "UNKNOWN":
                    no = None
                else:
                    no = actions.release_permit_in(pen, permit=permit, attempt=attempt)
                if no is not None:
                    return no
                facts = {
                    "attempt": attempt,
                    "permit": permit,
                    "card": card,
                    "serial": "SPC00000001",
                    "outcome": outcome,
                    **told,
                }
                pen.write(f"attempt.{kind}/1", subject=attempt, facts=facts)
                return {}

            assert perform(by(), work, content={}) == {}

    def print_card(self, permit: str, *, at: str = KEC) -> str:
        """Printed at the first try. Returns the card."""
        attempt = f"att_{next(_numbers)}"
        assert self.begin(permit, attempt, at=at) is None
        self.end(permit, attempt, "PRINTED", at=at)
        with self.at(at):
            return queries.permit_seen(permit).card

    def check(self, permit: str, result: str, *, at: str = KEC) -> None:
        with self.at(at):
            card = queries.permit_seen(permit).card
            facts = {
                "card": card,
                "permit": permit,
                "result": result,
                "serial": "SPC00000001",
                "witness": "off_b",
            }
            write("card.checked/1", subject=card, facts=facts)

    def hand_over(self, permit: str, *, at: str = KEC) -> None:
        with self.at(at):
            seen = queries.permit_seen(permit)
            facts = {
                "card": seen.card,
                "permit": permit,
                "resident": seen.resident,
                "request": seen.request,
                "to": "HOLDER",
                "voids": seen.replaces,
            }
            write("card.handed_over/1", subject=seen.card, facts=facts, body={"proxy_name": ""})

    def deliver(self, permit: str, *, at: str = KEC) -> str:
        """The whole way from the permit to the hand. Returns the card."""
        card = self.print_card(permit, at=at)
        self.check(permit, "READY", at=at)
        self.hand_over(permit, at=at)
        self.post()
        return card


def assert_whole(line: Line) -> None:
    """Nothing to complain of at any server, nothing parked, and the tables are those of the
    journal."""
    for server in (PUSAT, DINAS, KEC, OTHER):
        with line.at(server):
            assert [each for check in queries.CHECKS for each in check()] == []
            assert compare_with_rebuild() == []
            assert waiting_count() == {}
            assert open_alarms() == []


def recall(line: Line, permit: str) -> Refusal | None:
    """The dinas recalls a permit; the refusal, if it is one."""
    with line.at(DINAS):
        answer = actions.recall_permit(by(), permit=permit, why="moved")
    return answer if isinstance(answer, Refusal) else None


def answer(line: Line, *, at: str = KEC) -> int:
    """The office answers the recalls that reached it; how many."""
    with line.at(at):
        return actions.answer_recalls()


def codes(line: Line, request: str, *, at: str = DINAS, **more: int) -> list[WaitCode]:
    """Why a request waits, as one server says it."""
    with line.at(at):
        waits = queries.why_it_waits(request, **more)
        assert isinstance(waits, list), waits
        return [each.code for each in waits]


def queue(line: Line, office: str = KEC) -> list[str]:
    """The residents for whom an office would print next, as the dinas lists them."""
    with line.at(DINAS):
        return [each.resident for each in queries.queue_for(office)]
