"""What every template knows: the office, who is signed in, the way up, the menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.journal.queries import count_unsent, oldest_unsent
from ampera.printing.queries import is_lending_asked
from ampera.readiness.queries.suspects import suspect_count
from ampera.register.queries import Action, OfficerSeen, office_seen
from ampera.screens.shell import SESSION_SAID, TIER_NAMES
from ampera.words.office import Tier

#: Entries younger than this are on their way; older ones wait for a line that is down.
SENDING_MAX: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """The way up, for the frame of each page."""

    unsent: int
    since: datetime | None
    is_late: bool

    @property
    def tone(self) -> str:
        if not self.unsent:
            return "is-clear"
        return "is-waiting" if self.is_late else "is-moving"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu, for those who may use it."""

    title: str
    page: str
    actions: tuple[Action, ...]
    tiers: str  #: letters of the tiers that have the page
    when: Callable[[], bool] = lambda: True  #: pages of rare days show only on those


MENU: Final = (
    MenuItem("Hari ini", "hari_ini", (Action.FIGURES_SEE,), "KDP"),
    MenuItem("Permohonan", "permohonan", (Action.REQUEST_TAKE, Action.JOURNAL_SEE), "KD"),
    MenuItem("Cetak", "cetak", (Action.CARD_PRINT, Action.CARD_CHECK), "KD"),
    MenuItem("Penyerahan", "penyerahan", (Action.CARD_HAND_OVER,), "KD"),
    MenuItem("Antar", "antar", (Action.BUNDLE_DELIVER,), "KD"),
    MenuItem(
        "Blanko", "blanko", (Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS), "KDP"
    ),
    MenuItem(
        "Hitung setelah pemulihan",
        "hitung_pulih",
        (Action.BLANKO_COUNT,),
        "KD",
        is_quarantined,
    ),
    MenuItem("Alokasi", "alokasi", (Action.PLAN_ACCEPT, Action.PLAN_SEE, Action.BLANKO_SHIP), "D"),
    MenuItem(
        "Pembagian", "pembagian", (Action.PLAN_ACCEPT, Action.PLAN_SEE, Action.BLANKO_SHIP), "P"
    ),
    MenuItem("Suket", "suket", (Action.SUKET_ISSUE, Action.SUKET_WITHDRAW), "D"),
    MenuItem("Konfirmasi NIK", "konfirmasi", (Action.REQUEST_CONFIRM,), "D"),
    MenuItem("Izin cetak", "izin", (Action.PERMIT_RECALL, Action.PERMIT_GRANT), "D"),
    MenuItem(
        "Pinjam cetak",
        "pinjam_cetak",
        (Action.PRINTING_LEND, Action.JOURNAL_SEE),
        "D",
        is_lending_asked,
    ),
    MenuItem("Janji", "janji", (Action.QUEUE_CALL, Action.JOURNAL_SEE), "KD"),
    MenuItem("Antrean", "antrean", (Action.QUEUE_URGE, Action.JOURNAL_SEE), "KD"),
    MenuItem(
        "Izin yang dicurigai",
        "izin_dicurigai",
        (Action.CARD_VOID, Action.PERMIT_RECALL, Action.CARD_SETTLE, Action.BLANKO_COUNT),
        "KD",
        lambda: suspect_count() > 0,
    ),
    MenuItem("Rencana", "rencana", (Action.FIGURES_SEE,), "D"),
    MenuItem(
        "Permintaan blanko",
        "permintaan_blanko",
        (Action.PLAN_SEE, Action.BLANKO_MOVE, Action.JOURNAL_SEE),
        "D",
    ),
    MenuItem("Peta kota", "peta", (Action.FIGURES_SEE,), "D"),
    MenuItem("Laporan", "laporan", (Action.FIGURES_SEE,), "D"),
    MenuItem("Waktu layanan", "waktu_layanan", (Action.FIGURES_SEE,), "KD"),
    MenuItem("Kartu", "kartu", (Action.CARD_VOID, Action.PERMIT_RECALL), "D"),
    MenuItem(
        "Kartu ditarik",
        "ditarik",
        (
            *(Action.CARD_HAND_OVER, Action.CARD_VOID, Action.BLANKO_DESTROY),
            *(Action.BLANKO_WITNESS, Action.JOURNAL_SEE),
        ),
        "KD",
    ),
    MenuItem("Penunggalan", "penunggalan", (Action.DEDUP_DECIDE, Action.JOURNAL_SEE), "P"),
    MenuItem("Jalur & jurnal", "jalur", (), "KDP"),
)
#: The menu of a dinas and of the pusat in few groups: title, pages. A page that stands in none is
#: shown by itself after them.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Hari ini", ("hari_ini",)),
    ("Layanan", ("permohonan", "konfirmasi", "antrean", "janji", "suket", "penunggalan")),
    ("Kartu", ("cetak", "penyerahan", "antar", "kartu", "ditarik", "izin", "izin_dicurigai")),
    (
        "Blanko & rencana",
        ("blanko", "alokasi", "pembagian", "rencana", "permintaan_blanko", "hitung_pulih"),
    ),
    ("Kantor", ("peta", "laporan", "waktu_layanan", "pinjam_cetak", "jalur")),
)
_LETTER: Final = {Tier.KECAMATAN: "K", Tier.DINAS: "D", Tier.PUSAT: "P"}


def office_context(request: HttpRequest) -> dict[str, Any]:
    """Names of the office and the state of the line, for the frame of each page."""
    here = house()
    officer: OfficerSeen | None = getattr(request, "officer", None)
    seen = office_seen(here.code)
    return {
        "office_code": here.code.text,
        "office_name": seen.name if seen is not None else here.code.text,
        "tier_name": TIER_NAMES[here.tier],
        "tier": here.tier.value,
        "is_demo": here.is_demo,
        "city_now": here.now(),
        "is_clock_doubtful": here.is_clock_doubtful,
        "is_clock_ahead": here.is_clock_ahead,
        "is_quarantined": is_quarantined(),
        "may_recount": officer is not None and officer.may(Action.BLANKO_COUNT),
        "officer": officer,
        "said": request.session.pop(SESSION_SAID, "") if officer is not None else "",
        "menu": _menu_of(officer, request.path) if officer is not None else [],
        "line": _line() if officer is not None and here.upper is not None else None,
    }


def _line() -> Line:
    since = oldest_unsent()
    late = since is not None and house().now() - since > SENDING_MAX
    return Line(count_unsent(), since, is_late=late)


def may_open(officer: OfficerSeen, *, page: str) -> bool:
    """Is this page in the officer's menu here?"""
    return any(_is_for(item, officer) for item in MENU if item.page == page)


def _is_for(item: MenuItem, officer: OfficerSeen) -> bool:
    allowed = not item.actions or any(officer.may(action) for action in item.actions)
    return allowed and _LETTER[house().tier] in item.tiers and item.when()


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries of the menu that open together; without a title each stands by itself."""

    title: str
    links: tuple[tuple[str, str], ...]
    is_current: bool


def _menu_of(officer: OfficerSeen, path: str) -> list[MenuGroup]:  # positional: whose, where
    """A kecamatan's few entries stand in a row; those of a dinas in groups."""
    found = {}
    for item in MENU:
        if not _is_for(item, officer):
            continue
        try:
            found[item.page] = (item.title, reverse(item.page))
        except NoReverseMatch:
            continue
    if house().tier is Tier.KECAMATAN:
        return [MenuGroup("", tuple(found.values()), is_current=False)]
    groups = []
    for title, pages in GROUPS:
        links = tuple(found.pop(page) for page in pages if page in found)
        is_current = any(path.startswith(address) for _, address in links)
        if links:
            groups.append(MenuGroup(title if len(links) > 1 else "", links, is_current))
    if found:
        groups.append(MenuGroup("", tuple(found.values()), is_current=False))
    return groups
