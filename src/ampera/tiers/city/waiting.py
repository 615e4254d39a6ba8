"""A city on the day of a scenario: who waits in it, and the blanko that are left.

What a scenario only counts becomes cases here: synthetic residents in the register, each with a
request in the journal of the office that took it. Who was recorded before Ampera has no recording
in it; the centre says that it holds one by giving the mandate. Without a recording there is no
print packet, so such a city plans, shares and ships, and prints only whom it records itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from ampera.intake.actions import refresh_guards
from ampera.intake.rules.tickets import hash_of_ticket, ticket_from
from ampera.journal.actions import Command, Pen, perform, react
from ampera.journal.house import house
from ampera.register.queries import resident_id_known
from ampera.tiers.city.acting import Builders
from ampera.words.nik import Nik, NoKK
from ampera.words.office import PUSAT, OfficeCode
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal
from ampera.world.people import ResidentSketch

#: Cases in one command: large enough that its transaction costs nothing beside them.
_CASES_A_COMMAND: Final = 200
_REACTIONS: Final = 500
_ROUNDS_MAX: Final = 20_000
_LOST_PAPERS: Final = ["form", "kk_copy", "police_letter"]
_CHANGE_PAPERS: Final = ["form", "kk_copy", "old_card", "event_proof"]
_NEW_PAPERS: Final = ["form", "kk_copy", "presence"]


@dataclass(frozen=True, slots=True)
class Case:
    """One resident who waits."""

    person: ResidentSketch
    home: OfficeCode
    host: OfficeCode
    reason: Reason
    resident: str = ""
    request: str = ""


def name_cases(cases: Sequence[Case]) -> list[Case]:
    """At the dinas, whose register knows them: each with its resident and a number of its own."""
    named = []
    for case in cases:
        nik, no_kk = Nik(case.person.nik), NoKK(case.person.no_kk)
        resident = resident_id_known(nik, no_kk)
        assert resident is not None, "a synthetic resident was not imported"
        named.append(replace(case, resident=resident, request=house().ids.new("req")))
    return named


def mandate(builders: Builders, *, dinas: OfficeCode, cases: Sequence[Case]) -> None:
    """The centre holds a recording of each of them, and gives the dinas its mandate."""
    with builders.at(PUSAT):
        _in_commands(cases, about="mandate", write=_write_mandate)
    builders.post(dinas, rounds=_ROUNDS_MAX)


def take_at_dinas(cases: Sequence[Case]) -> None:
    """Replacements are asked for at the dinas itself (S4)."""
    mine = [case for case in cases if case.reason.is_replacement]
    _in_commands(mine, about="taken", write=_write_taken)
    refresh_guards()


def take_at_kecamatan(cases: Sequence[Case]) -> None:
    """First cards are asked for at the kecamatan that serves them."""
    here = house().code
    mine = [case for case in cases if case.host == here and not case.reason.is_replacement]
    _in_commands(mine, about="taken", write=_write_taken)
    refresh_guards()


def settle(builders: Builders, *, dinas: OfficeCode, kecamatan: Sequence[OfficeCode]) -> None:
    """The dinas confirms every NIK as it does with any request, and everybody hears of it."""
    with builders.at(dinas):
        while react(most=_REACTIONS):
            pass
    builders.post(dinas, rounds=_ROUNDS_MAX)
    for code in kecamatan:
        builders.post(code, rounds=_ROUNDS_MAX)


def _in_commands(cases: Sequence[Case], *, about: str, write: Callable[[Pen, Case], None]) -> None:
    for start in range(0, len(cases), _CASES_A_COMMAND):
        part = cases[start : start + _CASES_A_COMMAND]

        def work(pen: Pen, part: Sequence[Case] = part) -> dict[str, Any]:
            for case in part:
                write(pen, case)
            return {}

        done = perform(Command(id=f"city:{about}:{start}"), work, content={"start": start})
        assert not isinstance(done, Refusal), f"{house().code}: {done}"


def _write_mandate(pen: Pen, case: Case) -> None:
    given = pen.new_id("mdt")
    # What a recording of before Ampera looks like is known at the centre only.
    version = sha256(f"city/{case.resident}".encode()).hexdigest()
    pen.write(
        "mandate.given/1",
        subject=given,
        facts={
            "mandate": given,
            "resident": case.resident,
            "request": case.request,
            "enrolment": pen.new_id("enr"),
            "version": version,
            "home": case.home.text,
            "reason": case.reason.value,
        },
        body={"printable_from": ""},
        to=OfficeCode(case.home.text[:5]),
    )


def _write_taken(pen: Pen, case: Case) -> None:
    person = case.person
    papers: Mapping[Reason, list[str]] = {Reason.NEW: _NEW_PAPERS, Reason.LOST: _LOST_PAPERS}
    ticket = ticket_from(pen.house.ids.salt())
    facts: dict[str, Any] = {
        "request": case.request,
        "resident": case.resident,
        "reason": case.reason.value,
        "papers": papers.get(case.reason, _CHANGE_PAPERS),
        "missing": [],
        "ticket_hash": hash_of_ticket(ticket),
        "home": case.home.text,
        "host": case.host.text,
        "nik_known": False,
    }
    body: dict[str, Any] = {
        "nik": person.nik,
        "no_kk": person.no_kk,
        "nama": person.name,
        "tanggal_lahir": person.born.isoformat(),
    }
    if case.reason is Reason.LOST:
        day = pen.now.date().isoformat()
        facts["police_on"] = day
        body |= {"police_number": "SKH/DATA CONTOH", "police_office": "CONTOH", "police_on": day}
    pen.write("request.taken/1", subject=case.request, facts=facts, body=body)
    pen.write("request.completed/1", subject=case.request, facts={"request": case.request})
