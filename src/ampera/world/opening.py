"""The day before a simulated world begins: offices described, officers granted, registers loaded.

It is the same for every seed, so it is done once a process, through the stations' own actions, and
each world starts from a copy.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.core.management import call_command

from ampera.enrolment.queries import PrintedFields, printed_fields
from ampera.intake.queries import resident_facts
from ampera.intake.rules.requests import ResidentFacts
from ampera.journal.actions import Command
from ampera.journal.incarnations import register_incarnation
from ampera.journal.registry import Registry
from ampera.register.actions import (
    Holder,
    describe_office,
    grant_officer,
    import_residents,
    load_snapshot,
    load_wilayah,
)
from ampera.register.queries import (
    Purpose,
    officer_in_force,
    resident_for,
    wilayah_below,
    wilayah_name,
)
from ampera.register.queries.snapshot import snapshot_for
from ampera.register.rules.palembang import HOSTED, OFFICES
from ampera.words.clock import FixedClock
from ampera.words.nik import Nik
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal
from ampera.words.wilayah import WilayahCode
from ampera.world.databases import SimulatedDatabase, as_default, clone, open_database
from ampera.world.faults import CALM, Chance
from ampera.world.network import Network, SimulatedLink
from ampera.world.people import ResidentSketch, export_of, people_of
from ampera.world.servers import Server, ServerClock, Stick, acting_as, house_of, key_of

#: 08:00 WIB on the day when four kecamatan of Palembang began to print.
START: Final = datetime(2017, 9, 7, 1, 0, tzinfo=UTC)
PUSAT: Final = "00"
DINAS: Final = "16.71"
#: They print from the first day on; 16.71.02 hosts 16.71.17, which has no server.
KECAMATAN: Final = ("16.71.02", "16.71.07", "16.71.13", "16.71.15")
GUEST: Final = "16.71.17"
CODES: Final = (PUSAT, DINAS, *KECAMATAN)
_PEOPLE_A_KECAMATAN: Final = 24
_RIGHTS_DAYS: Final = 90
_GROWN_YEARS: Final = 19
_ADULTS_MAX: Final = 8
_ROLES: Final = {"loket": ["loket", "perekaman"], "cetak": ["cetak", "blanko"]}
_ROLES_ABOVE: Final = {**_ROLES, "kepala": ["kepala", "verifikator", "admin"]}


@dataclass(frozen=True, slots=True)
class Adult:
    """A resident who may ask for a first card, as a counter learns of them."""

    facts: ResidentFacts
    printed: PrintedFields


@dataclass(frozen=True, slots=True)
class Opening:
    """What every world begins with."""

    databases: Mapping[str, SimulatedDatabase]
    sticks: Mapping[str, Stick]
    officers: Mapping[str, tuple[str, ...]]  #: by office: all of them may witness
    adults: Mapping[str, tuple[Adult, ...]]  #: by kecamatan of domicile


@cache
def _template() -> SimulatedDatabase:
    """An empty database with today's schema."""
    made = open_database()
    with as_default(made):
        call_command("migrate", verbosity=0, interactive=False)
    return made


_opened: dict[tuple[str, ...], Opening] = {}


def opening(registry: Registry, *, kecamatan: tuple[str, ...] = KECAMATAN) -> Opening:
    """The province on its first morning; made once a process for the same kecamatan."""
    if kecamatan not in _opened:
        _opened[kecamatan] = _open(registry, kecamatan=kecamatan)
    return _opened[kecamatan]


def _open(registry: Registry, *, kecamatan: tuple[str, ...]) -> Opening:
    clock = FixedClock(START - timedelta(hours=12))
    codes = (PUSAT, DINAS, *kecamatan)
    homes = (*kecamatan, *(guest for guest, host in HOSTED.items() if host in kecamatan))
    servers = {code: _empty_server(code, registry, clock) for code in codes}
    for code, server in servers.items():
        _introduce(code, server, codes=codes)
    officers = {PUSAT: _grant(servers[PUSAT], PUSAT), DINAS: _grant(servers[PUSAT], DINAS)}
    with acting_as(servers[DINAS]):
        load_wilayah(within=WilayahCode(DINAS))
        people = _everybody(homes)
        _describe_offices(homes)
        done = import_residents(export_of(iter(people), names=_names()))
        assert not isinstance(done, Refusal), f"the register was not taken: {done}"
    for code in kecamatan:
        officers[code] = _grant(servers[DINAS], code)
        with acting_as(servers[DINAS]):
            copy = snapshot_for(OfficeCode(code))
        with acting_as(servers[code]):
            load_wilayah(within=WilayahCode(DINAS))
            taken = load_snapshot(copy)
            assert not isinstance(taken, Refusal), f"no copy of the register: {taken}"
    _post_everything(servers, clock)
    with acting_as(servers[DINAS]):
        adults = {code: _adults_of(people, home=code, officer=officers[DINAS][0]) for code in homes}
    return Opening(
        databases={code: server.database for code, server in servers.items()},
        sticks={code: server.stick for code, server in servers.items()},
        officers=officers,
        adults=adults,
    )


def _empty_server(code: str, registry: Registry, clock: FixedClock) -> Server:
    own_clock, stick = ServerClock(clock), Stick()
    return Server(
        code=OfficeCode(code),
        database=clone(_template()),
        house=house_of(code, registry=registry, clock=own_clock, stick=stick, seed="opening"),
        clock=own_clock,
        stick=stick,
    )


def _introduce(code: str, server: Server, *, codes: tuple[str, ...]) -> None:
    """A server knows its own key, that of the one above, and those of its children; of others it
    hears by the post."""
    here = OfficeCode(code)
    with acting_as(server):
        for other in codes:
            office = OfficeCode(other)
            if other in (code, PUSAT) or office == here.upper or office.is_child_of(here):
                no = register_incarnation(office, number=1, public_key=key_of(other).public_hex)
                assert no is None, f"{other} is not believed: {no}"


def _describe_offices(homes: tuple[str, ...]) -> None:
    """Only those that take part: what a dinas does for each of its offices it does every tick."""
    for plan in OFFICES:
        if plan.code.text in (DINAS, *homes):
            done = describe_office(
                Command(id=f"cmd_describe_{plan.code}"),
                office=plan.code,
                name=wilayah_name(plan.code.text),
                hosted_by=plan.hosted_by,
                capabilities=plan.capabilities,
                prints_from=plan.prints_from,
            )
            assert not isinstance(done, Refusal), f"{plan.code}: {done}"


def _grant(giver: Server, office: str) -> tuple[str, ...]:
    until: date = START.date() + timedelta(days=_RIGHTS_DAYS - 1)
    found = []
    with acting_as(giver):
        for login, roles in (_ROLES_ABOVE if office in (PUSAT, DINAS) else _ROLES).items():
            done: dict[str, Any] | Refusal = grant_officer(
                Command(id=f"cmd_grant_{office}_{login}"),
                office=OfficeCode(office),
                login=login,
                holder=Holder(name=f"DATA CONTOH {login.upper()}"),
                roles=roles,
                until=until,
            )
            assert not isinstance(done, Refusal), f"{login} at {office}: {done}"
            found.append(done["officer"])
    return tuple(found)


def _everybody(homes: tuple[str, ...]) -> list[ResidentSketch]:
    kelurahan = [each.code.text for home in homes for each in wilayah_below(WilayahCode(home))]
    # Many of the demo city's people hold a card from before Ampera; here everybody is to ask.
    return [
        replace(each, has_legacy_card=False)
        for each in people_of(
            kelurahan, count=_PEOPLE_A_KECAMATAN * len(homes), seed=1, today=START.date()
        )
    ]


def _names() -> dict[str, str]:
    found = {}
    for home in wilayah_below(WilayahCode(DINAS)):
        found[home.code.text] = home.name
        found |= {each.code.text: each.name for each in wilayah_below(home.code)}
    return found


def _adults_of(people: list[ResidentSketch], *, home: str, officer: str) -> tuple[Adult, ...]:
    """Grown-up residents without a card, as the dinas's counter sees them."""
    seen_by = officer_in_force(officer)
    assert seen_by is not None, "the officer was granted a moment ago"
    found: list[Adult] = []
    for sketch in people:
        is_grown = START.year - sketch.born.year >= _GROWN_YEARS
        if not sketch.kelurahan.startswith(home) or not is_grown or len(found) == _ADULTS_MAX:
            continue
        seen = resident_for(seen_by, Nik(sketch.nik), purpose=Purpose.COUNTER)
        if isinstance(seen, Refusal) or not seen.must_hold_card(START.date()):
            continue
        found.append(Adult(resident_facts(seen), printed_fields(seen)))
    return tuple(found)


def _post_everything(servers: Mapping[str, Server], clock: FixedClock) -> None:
    """Until nothing is left to send; nothing fails on this day."""
    from ampera.sync.courier import run_courier

    network = Network(servers, Chance(rng=random.Random(0), faults=CALM), clock)
    for _ in range(12):
        clock.move(timedelta(minutes=5))
        for code in sorted(servers, key=len, reverse=True):
            if code != PUSAT:
                with acting_as(servers[code]):
                    run_courier(SimulatedLink(network, servers[code]), now=clock.now())
