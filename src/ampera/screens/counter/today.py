"""The office's day: figures, what needs a decision first, and the queue at the counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from ampera.blanko.queries import accounts, are_books_open, shelf_count, shipments_to
from ampera.dedup.queries import Verdict, doubles, last_arrival_decided
from ampera.delivery.queries import ready_count as cards_ready
from ampera.delivery.queries import uncollected
from ampera.enrolment.queries import enrolment_of
from ampera.intake.actions import call_next, take_number
from ampera.intake.queries import (
    QueueSeen,
    RequestSeen,
    count_open,
    desk_items,
    queue_seen,
    requests_of,
)
from ampera.journal.alarms import open_alarms
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.planning.queries.city import city_kept
from ampera.printing.queries import (
    counters_today,
    open_attempts,
    unknown_attempts,
)
from ampera.readiness.queries import open_permit_count
from ampera.readiness.queries import ready_count as prr_count
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.backlog_words import parts_of
from ampera.screens.city_words import alerts_of, opens
from ampera.screens.context import may_open
from ampera.screens.counter.today_work import (
    OfficeWork,
    decisions_of_the_centre,
    decisions_of_the_dinas,
    work_today,
)
from ampera.screens.shell import command_of, done, is_live, needs, show, show_refusal
from ampera.words.office import Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: Counters of an office that call numbers.
COUNTERS: Final = ("Loket 1", "Loket 2", "Loket 3")
#: The oldest requests that are looked at for what is to be done next.
LOOKED_AT_MAX: Final = 200
_SESSION_CALLS: Final = "queue_calls"
_CALLS_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the day; `page` is where it is worked on."""

    label: str
    number: int
    page: str = ""
    is_at_least: bool = False  #: there may be more than were counted


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for a person."""

    text: str
    page: str
    count: int

    @property
    def is_counted(self) -> bool:
        """A whole sentence begins with a capital and needs no number before it."""
        return self.text[0].islower()


@needs(Action.FIGURES_SEE)
@require_GET
def today(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The day of this office. The figures load anew by themselves."""
    mine = _ours()
    city: dict[str, Any] = {} if is_live(request) or house().tier is Tier.PUSAT else _city(officer)
    return show(
        request,
        "screens/counter/today.html",
        block="screens/counter/_figures.html",
        figures=[(each, may_open(officer, page=each.page)) for each in _figures(mine)],
        decisions=[
            each for each in _decisions(mine) if each.count and opens(officer, page=each.page)
        ],
        work=_work(officer),
        queues=_queues() if officer.may(Action.QUEUE_CALL) else [],
        **city,
    )


def _work(officer: OfficerSeen) -> list[tuple[OfficeWork, bool]]:
    """The steps of a kecamatan's day, and whether this officer may take each."""
    if house().tier is not Tier.KECAMATAN:
        return []
    return [(each, opens(officer, page=each.page)) for each in work_today()]


def _city(officer: OfficerSeen) -> dict[str, Any]:
    """Alerts, the backlog and the offices: of the city at a dinas, of itself at a kecamatan."""
    seen = city_kept()
    return {
        "city": seen,
        "alerts": alerts_of(seen, officer=officer),
        "parts": parts_of(seen.backlog),
        "cutoff": seen.backlog.cutoff,
    }


@needs(Action.QUEUE_CALL)
@require_POST
def give_number(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The next number for whoever came in."""
    counter = _counter(request)
    if _was_given_before(request, officer):
        return done(request, "Nomor itu sudah diberikan.", page="hari_ini")
    number = take_number(counter)
    return done(request, f"{counter}: berikan nomor {number}.", page="hari_ini")


@needs(Action.QUEUE_CALL)
@require_POST
def call_number(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Call whoever is next."""
    counter = _counter(request)
    if _was_given_before(request, officer):
        return done(request, "Nomor itu sudah dipanggil.", page="hari_ini")
    number = call_next(counter)
    if isinstance(number, Refusal):
        return show_refusal(request, number)
    return done(request, f"{counter}: panggil nomor {number}.", page="hari_ini")


def _counter(request: HttpRequest) -> str:
    given = request.POST.get("counter", "")
    return given if given in COUNTERS else COUNTERS[0]


def _was_given_before(request: HttpRequest, officer: OfficerSeen) -> bool:
    """Numbers are not journalled, so a double click is caught here by the form's own id."""
    command = command_of(request, officer).id
    known: list[str] = request.session.get(_SESSION_CALLS, [])
    if command in known:
        return True
    request.session[_SESSION_CALLS] = [*known, command][-_CALLS_KEPT:]
    return False


def _queues() -> list[QueueSeen]:
    return [queue_seen(counter) for counter in COUNTERS]


def _ours() -> list[RequestSeen]:
    """The oldest open requests that this office itself works on."""
    here = house().code
    if here.tier is Tier.PUSAT:
        return []
    rows = requests_of(here, most=LOOKED_AT_MAX)
    return [each for each in rows if each.facts.serving_office == here]


def _figures(mine: list[RequestSeen]) -> list[Figure]:
    here = house().code
    if here.tier is Tier.PUSAT:
        return [
            Figure("blanko di gudang pusat", shelf_count(here), "blanko"),
            Figure("rekaman sudah ditunggalkan", last_arrival_decided(), "penunggalan"),
            _counted("menunggu ajudikasi", len(doubles(Verdict.ADJUDICATE_RECORD)), "penunggalan"),
            _counted("data ganda", len(doubles()), "penunggalan"),
        ]
    today = counters_today()
    return [
        Figure("permohonan terbuka", count_open(here), "permohonan"),
        Figure("perlu direkam", sum(map(_is_to_record, mine)), "permohonan"),
        Figure("siap cetak (PRR) di antrean", prr_count(here), "cetak"),
        Figure("izin cetak terbuka", open_permit_count(here), "cetak"),
        Figure("di pencetak", len(open_attempts()), "cetak"),
        Figure("dicetak hari ini", today.printed, "cetak"),
        Figure("perlu diperiksa", today.to_check, "cetak"),
        Figure("siap diserahkan", cards_ready(), "penyerahan"),
        Figure("blanko di rak", shelf_count(here), "blanko"),
    ]


def _counted(label: str, count: int, page: str) -> Figure:
    return Figure(label, count, page, is_at_least=count >= 50)


def _is_to_record(seen: RequestSeen) -> bool:
    facts = seen.facts
    may_come = facts.is_completed and (facts.is_confirmed or facts.is_nik_known)
    return may_come and facts.reason is Reason.NEW and enrolment_of(seen.id) is None


def _decisions(mine: list[RequestSeen]) -> list[Decision]:
    here = house().code
    found = [
        Decision(
            "Server dikarantina: hitung rak, baki dan kartu rusak.",
            "hitung_pulih",
            is_quarantined(),
        )
    ]
    if here.tier is not Tier.PUSAT:
        today = counters_today()
        found += [
            Decision("kartu belum diketahui hasilnya", "cetak", len(unknown_attempts())),
            Decision("kartu menunggu diperiksa", "cetak", today.to_check),
            Decision(
                "permohonan belum dilaporkan lengkap",
                "permohonan",
                sum(not each.facts.is_completed for each in mine),
            ),
            Decision("kartu belum diambil lebih dari 14 hari", "penyerahan", len(uncollected())),
            Decision("kiriman blanko menunggu dihitung", "blanko", len(shipments_to(here))),
        ]
    if here.tier is Tier.DINAS:
        found.append(Decision("NIK menunggu konfirmasi", "konfirmasi", len(desk_items())))
        found += [Decision(*each) for each in decisions_of_the_dinas()]
    if here.tier is Tier.PUSAT:
        waiting = len(doubles(Verdict.ADJUDICATE_RECORD))
        found.append(Decision("rekaman menunggu ajudikasi", "penunggalan", waiting))
        found += [Decision(*each) for each in decisions_of_the_centre()]
    found += [
        Decision("Buku blanko belum dibuka", "blanko", not are_books_open(here)),
        Decision("blanko dalam selisih", "blanko_selisih", accounts(here).get("dispute", 0)),
        Decision("peringatan pada jurnal", "jalur", len(open_alarms())),
    ]
    return found
