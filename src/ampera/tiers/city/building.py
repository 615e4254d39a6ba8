"""The first start of a city: servers made, joined, staffed, filled with people and blanko.

What is built is built with the real actions and the real post, only without a network between.
`built.json` lists the servers that are finished.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ampera.journal.rebuild import as_default
from ampera.register.actions import (
    describe_office,
    describe_palembang,
    import_residents,
    load_snapshot,
    load_wilayah,
    publish_snapshots,
)
from ampera.register.queries import (
    local_day,
    snapshot_for,
    wilayah_below,
    wilayah_name,
)
from ampera.register.rules.palembang import DINAS
from ampera.sync.joining import Joined, make_join_code, write_joined
from ampera.sync.protocol.messages import Speaker
from ampera.tiers import making
from ampera.tiers.chips import MEMORY
from ampera.tiers.city import officers, stock, waiting
from ampera.tiers.city.acting import Builders
from ampera.tiers.city.plan import CityPlan
from ampera.tiers.city.waiting import Case
from ampera.tiers.database import database_settings
from ampera.tiers.folder import ServerFile
from ampera.words.office import PUSAT, OfficeCode, Tier
from ampera.words.refusal import Refusal
from ampera.words.wilayah import WilayahCode
from ampera.world.people import export_of, people_of
from ampera.world.waiting import people_waiting

RESIDENTS: Final = 200
SEED: Final = 20170907
#: The province whose tree a kecamatan's server holds.
PROVINSI: Final = WilayahCode("16")

Tell = Callable[[str], None]
Accounts = dict[str, list[officers.Account]]


def wipe(plan: CityPlan, *, code: OfficeCode) -> None:
    """Take away what an interrupted start left of a server."""
    folder = plan.folder(code)
    for path in (folder.path, folder.second, plan.printer_folder(code)):
        shutil.rmtree(path, ignore_errors=True)


def make_template(file: Path, *, within: WilayahCode | None) -> None:
    """A database of today's schema with the wilayah tree, to be copied to each server."""
    from django.core.management import call_command

    file.unlink(missing_ok=True)
    settings = database_settings(None, file)
    options = {"init_command": "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"}
    template = DatabaseWrapper(
        {**connections["default"].settings_dict, **settings, "OPTIONS": options}, "default"
    )
    with as_default(template):
        call_command("migrate", verbosity=0, interactive=False)
        load_wilayah(within=within)
    template.close()


def widen_wilayah(plan: CityPlan, *, code: OfficeCode, whole: Path) -> None:
    """Give a server the tree of the whole country instead of its province's."""
    with sqlite3.connect(plan.folder(code).database) as database:
        database.execute("ATTACH ? AS whole", [str(whole)])
        database.execute(
            "INSERT OR REPLACE INTO register_wilayah SELECT * FROM whole.register_wilayah"
        )
    database.close()


def lay_out(plan: CityPlan, *, code: OfficeCode, template: Path) -> None:
    """Folder, keys and database of one server."""
    from ampera.journal.marks import put_mark
    from ampera.tiers.opening import CODE_MARK

    folder = plan.folder(code)
    upper = code.upper
    making.make_folder(
        folder,
        server=ServerFile(
            code=code.text,
            upper=plan.url(upper) if upper is not None else "",
            port=plan.port(code),
            printer=plan.printer_url(code),
            encoder=MEMORY if plan.printer_url(code) else "",
            is_demo=True,
        ),
    )
    with sqlite3.connect(template) as source, sqlite3.connect(folder.database) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
    source.close()
    target.close()
    settings = database_settings(None, folder.database)
    database = DatabaseWrapper({**connections["default"].settings_dict, **settings}, "default")
    with as_default(database):
        put_mark(CODE_MARK, value=code.text)
    database.close()


def share_recipients(plan: CityPlan) -> None:
    """Everybody learns the centre's packet keys, and those of itself and of the offices below."""
    files = {code: plan.folder(code).read() for code in plan.codes if _is_made(plan, code)}
    own = {code: file.recipients[code.text] for code, file in files.items()}
    for code, file in files.items():
        wanted = {each: keys for each, keys in own.items() if each in (PUSAT, code)}
        wanted |= {each: keys for each, keys in own.items() if each.is_child_of(code)}
        more = {each.text: keys for each, keys in wanted.items()}
        plan.folder(code).write(making.with_recipients(file, more=more))


def _is_made(plan: CityPlan, code: OfficeCode) -> bool:
    return plan.folder(code).file.exists()


def build_top(builders: Builders, *, tell: Tell) -> Accounts:
    """The pusat and the dinas, with officers, residents and blanko; returns their log-ins."""
    plan = builders.plan
    tell("pusat")
    with builders.database_of(PUSAT):
        making.found_pusat(plan.folder(PUSAT), server=plan.folder(PUSAT).read())
    with builders.at(PUSAT):
        write_joined(Joined(speaker=Speaker(PUSAT, 1), places={}))
        describe_office(
            _command(), office=PUSAT, name="Pusat (Ditjen Dukcapil)", hosted_by=None,
            capabilities=["blanko"], prints_from=None,
        )  # fmt: skip
        officers.grant_officers(PUSAT)
        accounts = {PUSAT.text: officers.draw_accounts()}
    tell("dinas")
    join_in_process(builders, code=DINAS)
    with builders.at(DINAS):
        describe_palembang()
    with builders.at(PUSAT):
        officers.grant_officers(DINAS)
        waits = plan.waiting
        shipment = stock.open_centre_for(waits.store) if waits else stock.open_centre()
    builders.post(DINAS)
    with builders.at(DINAS):
        accounts[DINAS.text] = officers.draw_accounts()
        if waits:
            stock.open_dinas_with(shipment, count=waits.store)
        else:
            stock.open_dinas(shipment)
    if not waits:  # else nothing is shared yet
        stock.load_hopper(plan.printer_folder(DINAS), office=DINAS)
    return accounts


def _command():  # type: ignore[no-untyped-def]
    from ampera.journal.actions import Command
    from ampera.journal.house import house

    return Command(id=house().ids.new("cmd"))


def join_in_process(builders: Builders, *, code: OfficeCode) -> None:
    """The same join as over the network: a one-time code from above, a key, the next life."""
    upper = code.upper
    assert upper is not None, "the pusat joins nobody"
    folder = builders.plan.folder(code)
    with builders.at(upper):
        one_time = make_join_code(code)
    assert not isinstance(one_time, Refusal), one_time
    with builders.database_of(code):
        _, joined = making.join_above(
            folder, server=folder.read(), link=builders.link_from(code), code=one_time
        )
    assert isinstance(joined, Joined)
    with builders.at(code):
        write_joined(joined)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What waits at the dinas for kecamatan that are still to be built."""

    shipments: dict[OfficeCode, str]  #: empty where no blanko are shared yet
    cases: list[Case]  #: who waits, where a scenario tells


def prepare_kecamatan(builders: Builders, *, codes: list[OfficeCode], tell: Tell) -> Prepared:
    """At the dinas: residents, officers, boxes and copies for these kecamatan; the shipments."""
    shipments, plan = {}, builders.plan
    with builders.at(DINAS):
        tell("residents")
        cases = waiting.name_cases(fill_register(plan, codes=codes, today=local_day()))
    if cases:
        tell(f"{len(cases)} menunggu / wait")
        waiting.mandate(builders, dinas=DINAS, cases=cases)
    with builders.at(DINAS):
        waiting.take_at_dinas(cases)
        for code in codes:
            officers.grant_officers(code)
            boxes = plan.load.boxes if plan.load else 1
            shipments[code] = "" if plan.waiting else stock.ship_to(code, boxes=boxes)
        while publish_snapshots():
            pass
    return Prepared(shipments, cases)


def fill_register(plan: CityPlan, *, codes: list[OfficeCode], today: date) -> list[Case]:
    """Synthetic residents of these kecamatan and of those that they host, as an export; returns
    who of them waits for a card."""
    hosted = [code for code in plan.lived_in() if code not in plan.kecamatan]
    host_of = _hosts()
    names: dict[str, str] = {}
    people, cases = [], []
    for kecamatan in [*codes, *(each for each in hosted if host_of[each] in codes)]:
        below = wilayah_below(WilayahCode(kecamatan.text))
        names |= {each.code.text: each.name for each in below}
        names[kecamatan.text] = wilayah_name(kecamatan.text)
        kelurahan = [each.code.text for each in below]
        if plan.waiting:
            counts = plan.waiting.counts(kecamatan, lived_in=plan.lived_in())
            made, waits = people_waiting(kelurahan, counts=counts, seed=SEED, today=today)
            host = host_of.get(kecamatan, kecamatan)
            people += made
            cases += [Case(person, kecamatan, host, reason) for person, reason in waits]
            continue
        load = plan.load if kecamatan in plan.kecamatan else None
        count = load.people if load else RESIDENTS
        some = people_of(kelurahan, count=count, seed=SEED, today=today)
        people += [replace(each, has_legacy_card=False) for each in some] if load else list(some)
    done = import_residents(export_of(iter(people), names=names))
    assert not isinstance(done, Refusal), f"demo residents: {done}"
    assert not done.refused, f"demo residents: {done.examples}"
    return cases


def _hosts() -> dict[OfficeCode, OfficeCode]:
    from ampera.register.rules.palembang import HOSTED

    return {OfficeCode(guest): OfficeCode(host) for guest, host in HOSTED.items()}


def build_kecamatan(
    builders: Builders, *, code: OfficeCode, prepared: Prepared
) -> list[officers.Account]:
    """Join one kecamatan, take in what waits for it, open its books; returns its log-ins."""
    assert code.tier is Tier.KECAMATAN
    join_in_process(builders, code=code)
    builders.post(code)
    load = builders.plan.load
    with builders.at(DINAS):
        copy = snapshot_for(code)
    with builders.at(code):
        loaded = load_snapshot(copy)
        assert not isinstance(loaded, Refusal), loaded
        accounts = officers.draw_accounts()
        shipment = prepared.shipments[code]
        if shipment:
            stock.open_kecamatan(shipment, boxes=load.boxes if load else 1)
        else:
            stock.open_empty()
        waiting.take_at_kecamatan(prepared.cases)
    if load is None and shipment:  # else whoever prints so much lays the blanko in himself
        stock.load_hopper(builders.plan.printer_folder(code), office=code)
    builders.post(code)
    return accounts
