"""A scenario from the text of its file, or the refusal that names what is wrong in it.

The file is TOML: it is read and written by people, with comments. A figure is a plain number, or a
table that says where it comes from: `{ value = 6000, source = "…" }`, a range
`{ low = 10, high = 20, assumption = true }`. Nothing unknown is passed over.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ampera.planning.rules.whatif.scenario import (
    CELLS_MAX,
    DAYS_MAX,
    FORM,
    MINUTES_MAX,
    NOTHING,
    OFFICES_MAX,
    REPLICATIONS_MAX,
    SUPPLIES_MAX,
    Allocation,
    Calendar,
    Figure,
    Levers,
    OfficePlan,
    Policy,
    Printing,
    Scenario,
    Sharing,
    Supply,
)
from ampera.planning.rules.whatif.wanted import NonsenseError, Range, Section, a_day
from ampera.words.refusal import Refusal

TEXT_MAX: Final = 300_000  #: characters; the shipped scenario has some twelve thousand
_CARDS: Final = Range(0, 10_000_000, is_whole=True)
_CARDS_A_DAY: Final = Range(0, 5_000)
_BLANKO: Final = Range(0, 10_000_000, is_whole=True, is_one=True)
_PRINTERS: Final = Range(0, 20, is_whole=True, is_one=True)
_SPOILS: Final = Range(0, 0.5)
_MINUTES: Final = Range(1, MINUTES_MAX, is_one=True)
_SECONDS: Final = Range(20, 3600, is_one=True)
_STOP_EVERY: Final = Range(0, 1_000_000, is_one=True)
_STOP: Final = Range(0, MINUTES_MAX, is_one=True)
_PRINTER_DAY: Final = (
    ("minutes_a_day", _MINUTES),
    ("seconds_a_card", _SECONDS),
    ("stop_every_minutes", _STOP_EVERY),
    ("stop_minutes", _STOP),
)
_DAYS: Final = Range(1, DAYS_MAX, is_whole=True)
_HOLIDAYS_MAX: Final = 2000
#: Cards that the printers of one office could feed in a day at the most: the table of spoils has a
#: row for each, and takes their square in time (4,000: a second and a half).
FED_MAX: Final = 4_000


def read_scenario(text: str) -> Scenario | Refusal:
    """The scenario that the text of a file describes. Refusals: planning.scenario_*."""
    if len(text) > TEXT_MAX:
        return Refusal("planning.scenario_unreadable", place=f"> {TEXT_MAX}")
    try:
        rows = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Refusal("planning.scenario_unreadable", place=str(error)[:200])
    try:
        return _scenario(Section(rows, key=""))
    except NonsenseError as nonsense:
        return nonsense.no


def scenario_in(raw: bytes) -> Scenario | Refusal:
    """The scenario in the bytes of a file, as somebody chose or sent it."""
    try:
        return read_scenario(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refusal("planning.scenario_unreadable", place=f"byte {error.start}: UTF-8")


def asked_for(
    scenario: Scenario, *, days: int | None, replications: int, policy: str | None
) -> Scenario | Refusal:
    """The scenario with what the caller wants otherwise; refused when it is too large."""
    for key, value, most in (
        ("days", days if days is not None else scenario.days, DAYS_MAX),
        ("replications", replications, REPLICATIONS_MAX),
    ):
        if not 1 <= value <= most:
            return Refusal(
                "planning.scenario_wrong_value", key=key, found=value,
                wanted_id=f"bilangan bulat antara 1 dan {most}",
                wanted_en=f"a whole number between 1 and {most}",
            )  # fmt: skip
    found = replace(
        scenario,
        days=days if days is not None else scenario.days,
        policy=Policy(policy) if policy is not None else scenario.policy,
    )
    cells = found.days * replications * len(found.printing_offices)
    if cells > CELLS_MAX:
        return Refusal("planning.scenario_too_large", found=cells, limit=CELLS_MAX)
    return found


def _scenario(top: Section) -> Scenario:
    top.whole("format", within=Range(FORM, FORM, is_whole=True))
    calendar = _calendar(top)
    common = _printing(top.section("printing"), default=None)
    stock = top.section("blanko")
    offices = _offices(top, common=common[0])
    found = Scenario(
        name=top.text("name", most=60),
        title=top.text("title"),
        note=top.text("note", default="", most=4000),
        calendar=calendar,
        days=top.whole("days", within=_DAYS),
        policy=top.choice("policy", default=Policy.DINAS_ONLY),
        offices=offices,
        store=stock.figure("store", within=_BLANKO, default=NOTHING),
        spoil_rate=common[1],
        supplies=_supplies(top, calendar=calendar),
        allocation=_allocation(top.section("allocation")),
        levers=_levers(top.section("levers")),
    )
    stock.finish()
    top.finish()
    for office in found.printing_offices:
        _check_fed(office, evening=found.levers.evening_minutes)
    return found


def _check_fed(office: OfficePlan, *, evening: int) -> None:
    """With the levers' evening and one printer more, too."""
    how = office.printing
    seconds = (office.printers.high + 1) * (how.minutes_a_day.high + evening) * 60
    if (most := seconds / how.seconds_a_card.low) > FED_MAX:
        raise NonsenseError(
            Refusal(
                "planning.scenario_wrong_value", key=f"{office.code}.printers", found=round(most),
                wanted_id=f"paling banyak {FED_MAX} kartu sehari di satu kantor",
                wanted_en=f"at most {FED_MAX} cards a day in one office",
            )
        )  # fmt: skip


def _calendar(top: Section) -> Calendar:
    section = top.section("calendar")
    start = section.day("start")
    week = section.whole("days_a_week", within=Range(5, 6, is_whole=True), default=5)
    listed = section.take("holidays", wanted_id="", wanted_en="") if section.has("holidays") else []
    if not isinstance(listed, list) or len(listed) > _HOLIDAYS_MAX:
        listed = [listed]
    holidays = frozenset(
        a_day(each, key=f"calendar.holidays[{at}]") for at, each in enumerate(listed, 1)
    )
    section.text("source", default="")
    section.finish()
    return Calendar(start, week, holidays)


def _printing(section: Section, *, default: Printing | None) -> tuple[Printing, Figure]:
    """A printer's day, and the spoil rate where the common section gives it."""
    found = Printing(
        *(
            section.figure(name, within=within, default=getattr(default, name, None))
            for name, within in _PRINTER_DAY
        )
    )
    if 0 < found.stop_every_minutes.low < 5:
        # A printer that stops every minute is out of order: say so with `printers = 0`.
        _refuse_short(section)
    if default is not None:
        return found, NOTHING
    rate = section.figure("spoil_rate", within=_SPOILS)
    section.finish()
    return found, rate


def _refuse_short(section: Section) -> None:
    raise NonsenseError(
        Refusal(
            "planning.scenario_wrong_value",
            key=section.place("stop_every_minutes"), found="< 5",
            wanted_id="0 (tidak pernah berhenti) atau paling sedikit 5",
            wanted_en="0 (never stops) or at least 5",
        )
    )  # fmt: skip


def _offices(top: Section, *, common: Printing) -> tuple[OfficePlan, ...]:
    listed = top.sections("office", most=OFFICES_MAX)
    kecamatan = [_office(each, common=common, is_dinas=False) for each in listed]
    dinas = _office(top.section("dinas"), common=common, is_dinas=True)
    seen: set[str] = set()
    for each in (*kecamatan, dinas):
        if each.code in seen:
            raise NonsenseError(Refusal("planning.scenario_office_twice", office=each.code))
        seen.add(each.code)
    hosts = {each.code for each in (*kecamatan, dinas) if not each.hosted_by}
    for each in kecamatan:
        if each.hosted_by and each.hosted_by not in hosts:
            raise NonsenseError(
                Refusal("planning.scenario_no_host", office=each.code, host=each.hosted_by)
            )
    return (*sorted(kecamatan, key=lambda each: each.code), dinas)


def _office(section: Section, *, common: Printing, is_dinas: bool) -> OfficePlan:
    hosted_by = "" if is_dinas else section.text("hosted_by", default="", most=20)
    printers = NOTHING if hosted_by else section.figure("printers", within=_PRINTERS)
    how = common if hosted_by else _printing(section, default=common)[0]
    found = OfficePlan(
        code=section.text("code", most=20),
        name=section.text("name", most=80),
        printers=printers,
        printing=how,
        opens=section.day("opens") if section.has("opens") else None,
        hosted_by=hosted_by,
        new_waiting=section.figure("new_waiting", within=_CARDS, default=NOTHING),
        new_a_day=section.figure("new_a_day", within=_CARDS_A_DAY, default=NOTHING),
        replacements_waiting=section.figure("replacements_waiting", within=_CARDS, default=NOTHING),
        replacements_a_day=section.figure(
            "replacements_a_day", within=_CARDS_A_DAY, default=NOTHING
        ),
        blanko=section.figure("blanko", within=_BLANKO, default=NOTHING),
        is_dinas=is_dinas,
    )
    section.text("note", default="", most=500)
    section.finish()
    return found


def _supplies(top: Section, *, calendar: Calendar) -> tuple[Supply, ...]:
    found = []
    for section in top.sections("supply", most=SUPPLIES_MAX):
        if section.has("date"):
            earliest = latest = section.day("date")
        else:
            earliest, latest = section.day("earliest"), section.day("latest")
        for key, first, second in (
            ("earliest", calendar.start, earliest), ("latest", earliest, latest),
        ):  # fmt: skip
            if second < first:
                raise NonsenseError(
                    Refusal(
                        "planning.scenario_dates_turned",
                        key=section.place(key), later=second.isoformat(),
                        earlier=first.isoformat(),
                        wanted_id="calendar.start ≤ earliest ≤ latest",
                        wanted_en="calendar.start ≤ earliest ≤ latest",
                    )
                )  # fmt: skip
        if latest - earliest > timedelta(days=DAYS_MAX):
            latest = earliest + timedelta(days=DAYS_MAX)
        amount = section.figure("blanko", within=_CARDS)
        chance = section.number("probability", within=Range(0, 1), default=1.0)
        section.finish()
        found.append(Supply(earliest, latest, amount, chance, amount.source, amount.is_assumption))
    return tuple(found)


def _allocation(section: Section) -> Allocation:
    days, usual = Range(1, 60, is_whole=True), Allocation()
    found = Allocation(
        every_days=section.whole("every_days", within=days, default=usual.every_days),
        keep_days=section.whole("keep_days", within=days, default=usual.keep_days),
        sharing=section.choice("sharing", default=Sharing.BY_NEED),
        is_moved=section.flag("moved"),
    )
    section.text("note", default="", most=500)
    section.finish()
    return found


def _levers(section: Section) -> Levers:
    found = Levers(
        evening_minutes=section.whole(
            "evening_minutes", within=Range(1, 720, is_whole=True), default=120
        ),
        supply_days_earlier=section.whole(
            "supply_days_earlier", within=Range(1, 120, is_whole=True), default=10
        ),
        spoils_kept=section.number("spoils_kept", within=Range(0, 1), default=0.5),
    )
    section.finish()
    return found
