"""Taking a request: the list, the search by NIK, the resident, the reason, the papers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.enrolment.queries import recorded_as
from ampera.intake.actions import take_request
from ampera.intake.queries import (
    PAGE_MOST,
    RequestSeen,
    ResidentFacts,
    count_open,
    open_requests_of,
    requests_for,
    resident_facts,
)
from ampera.intake.rules.papers import out_of_domicile, paper_names, papers_required
from ampera.intake.rules.replacing import PoliceLetter
from ampera.journal.house import house
from ampera.readiness.queries import current_card, is_printed_unchanged, live_card
from ampera.register.queries import (
    Action,
    OfficerSeen,
    Purpose,
    ResidentSeen,
    is_register_loaded,
    local_day,
    resident_by_id,
    resident_for,
)
from ampera.register.queries.public import SampleResident, sample_residents
from ampera.screens.counter.receipts import keep_ticket
from ampera.screens.shell import command_of, needs, show, show_refusal
from ampera.screens.status import StatusSeen, status_seen
from ampera.screens.wording import REASONS
from ampera.words.nik import Nik
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

_MOST_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    request: RequestSeen
    status: StatusSeen


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """One reason with the papers that it needs, as the law of the day says."""

    code: str
    title: str
    note: str
    papers: list[tuple[str, str]]  #: (word in the journal, name)
    basis: str
    asks_letter: bool  #: number, day and office of the police's letter are written down
    takes_in_old_card: bool
    is_kk_first: bool


@needs(Action.REQUEST_TAKE, Action.REQUEST_CONFIRM, Action.JOURNAL_SEE)
@require_GET
def request_list(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Open requests of the office, oldest first, and the search."""
    return _list(request, officer)


@needs(Action.REQUEST_TAKE)
@require_POST
def search(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Find a resident by NIK. It travels in the body only; the page is found by record id."""
    typed = request.POST.get("nik", "")
    nik = Nik.read(typed, may_be_sample=house().is_demo)
    found = nik if isinstance(nik, Refusal) else resident_for(officer, nik, purpose=Purpose.COUNTER)
    if isinstance(found, Refusal):
        return _list(request, officer, refusal=found, typed=typed)
    return HttpResponseRedirect(reverse("penduduk", args=[found.id]))


@needs(Action.REQUEST_TAKE)
@require_GET
def resident(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Who this is, what is known of the card, and what may be asked for."""
    seen = resident_by_id(officer, resident, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    return show(
        request,
        "screens/counter/resident.html",
        seen=seen,
        today=local_day(),
        must_hold=seen.must_hold_card(local_day()),
        printable_from=seen.printable_from(local_day()),
        has_card=_holds_card(seen),
        card_under_way=live_card(seen.id),
        recorded=recorded_as(seen.id, nik=seen.nik.digits),
        open_requests=open_requests_of(seen.id),
        reasons=reason_forms(),
        guests=_guests(),
    )


@needs(Action.REQUEST_TAKE)
@require_POST
def take(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Take the request; the receipt follows. Sent twice, it is taken once."""
    seen = resident_by_id(officer, request.POST.get("resident", ""), purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen)
    given = request.POST.get("reason", "")
    if given not in {each.value for each in Reason}:
        return show_refusal(request, Refusal("screens.no_reason"))
    answer = take_request(
        command_of(request, officer),
        resident_facts=facts_of_resident(seen),
        reason=Reason(given),
        papers=request.POST.getlist("papers"),
        letter=_letter(request),
        contact=" ".join(request.POST.get("contact", "").split())[:120],
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("penduduk", args=[seen.id]))
    keep_ticket(request, request_id=answer["request"], ticket=answer["ticket"])
    return HttpResponseRedirect(reverse("tanda_terima", args=[answer["request"]]))


def facts_of_resident(seen: ResidentSeen) -> ResidentFacts:
    """As the intake takes them; a card that these books know counts beside one from before."""
    facts = replace(resident_facts(seen), is_unchanged=is_printed_unchanged(seen))
    return replace(facts, has_card=True) if _holds_card(seen) else facts


def _letter(request: HttpRequest) -> PoliceLetter | None:
    """The police's letter as the counter copied it; None where its day is no day."""
    try:
        on = date.fromisoformat(request.POST.get("police_on", ""))
    except ValueError:
        return None
    return PoliceLetter(
        number=request.POST.get("police_number", ""),
        on=on,
        office=request.POST.get("police_office", ""),
    )


def reason_forms() -> list[ReasonForm]:
    """Every reason with its papers of today."""
    day = local_day()
    rules = {reason: papers_required(reason, on=day) for reason in Reason}
    return [
        ReasonForm(
            code=reason.value,
            title=REASONS[reason][0],
            note=REASONS[reason][1],
            papers=[(paper, paper_names()[paper].id) for paper in rule.required],
            basis=rule.basis,
            asks_letter="police_letter" in rule.facts,
            takes_in_old_card=rule.takes_in_old_card,
            is_kk_first=rule.is_kk_first,
        )
        for reason, rule in rules.items()
    ]


def _guests() -> tuple[str, str]:
    """What residents of another kabkota may ask for, as titles, and the law that says so."""
    reasons, basis = out_of_domicile(local_day())
    return ", ".join(REASONS[each][0] for each in reasons), basis


def _holds_card(seen: ResidentSeen) -> bool:
    return seen.has_legacy_card or current_card(seen.id) is not None


def _list(
    request: HttpRequest, officer: OfficerSeen, *, refusal: Refusal | None = None, typed: str = ""
) -> HttpResponse:
    page = _page_number(request)
    purpose = Purpose.COUNTER if officer.may(Action.REQUEST_TAKE) else Purpose.AUDIT
    rows = requests_for(officer, purpose=purpose, skip=(page - 1) * PAGE_MOST)
    total = count_open(house().code)
    return show(
        request,
        "screens/counter/requests.html",
        status=refusal.status if refusal is not None else 200,
        lines=[Line(each, status_seen(each)) for each in rows],
        total=total,
        page=page,
        page_before=page - 1 if page > 1 else 0,
        page_after=page + 1 if page * PAGE_MOST < total else 0,
        may_take=officer.may(Action.REQUEST_TAKE),
        is_register_loaded=is_register_loaded(),
        refusal=refusal,
        typed=typed,
        samples=_samples() if officer.may(Action.REQUEST_TAKE) else [],
    )


def _samples() -> list[SampleResident]:
    """In the demo: a few synthetic residents to try, who have not asked for a card yet."""
    found: list[SampleResident] = []
    for has_card, most in ((False, 4), (True, 2)):
        all_of_kind = sample_residents(house().code.text, has_legacy_card=has_card)
        if isinstance(all_of_kind, Refusal):
            return []
        fresh = (each for each in all_of_kind if not open_requests_of(each.resident))
        new = (each for each in fresh if has_card or not recorded_as(each.resident))
        found += list(islice(new, most))
    return found


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("halaman", "1")
    return min(max(int(given), 1), _MOST_PAGES) if given.isdecimal() else 1
