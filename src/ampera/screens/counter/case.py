"""The page of one request: who, where it is, why it waits and for whom, what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.enrolment.queries import EnrolmentSeen, centre_answer, enrolment_of
from ampera.intake.actions import complete_request, hand_on
from ampera.intake.queries import RequestSeen, request_for, request_seen
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.queries import Journey, Reach, entries_about
from ampera.planning.queries import clock_of
from ampera.printing.queries import attempts_of
from ampera.register.queries import Action, OfficerSeen, Purpose, resident_by_id
from ampera.screens.context import may_open
from ampera.screens.counter.requests import facts_of_resident
from ampera.screens.shell import command_of, done, is_live, needs, show, show_refusal
from ampera.screens.status import StatusSeen, status_seen
from ampera.screens.wording import TELLING_FACTS
from ampera.words.office import Tier
from ampera.words.reason import Reason
from ampera.words.refusal import Refusal

#: Requests whose page this session has opened: their live block asks again without a new look.
_SESSION_OPENED: Final = "opened"
_OPENED_KEPT: Final = 30

#: Who looked is for the auditor; the trail says what happened.
_LOOK: Final = "look.recorded/1"

_STEPS: Final = (
    (Reach.LOCAL, "Server kantor", "LOCAL"),
    (Reach.CITY, "Disdukcapil", "CITY"),
    (Reach.CENTRE, "Pusat", "CENTRE"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the way of the newest entry, and whether it is there."""

    title: str
    word: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the trail. Bodies are not shown: a trail names records, not people."""

    at: datetime
    kind: str
    office: str
    officer: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MayDo:
    """The buttons of this officer for this request, now."""

    complete: bool = False
    record: bool = False
    hand_on: bool = False
    confirm: bool = False
    book: bool = False
    put_forward: bool = False


@needs(Action.RESIDENT_SEE)
@require_GET
def case(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Everything about one request. Its status block loads anew by itself."""
    if is_live(request) and request_id in request.session.get(_SESSION_OPENED, []):
        seen = request_seen(request_id)
    else:
        seen = request_for(officer, request=request_id, purpose=purpose_of(officer))
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    _note_opened(request, request_id)
    status = status_seen(seen)
    captured = enrolment_of(seen.id)
    return show(
        request,
        "screens/counter/case.html",
        block="screens/counter/_status.html",
        seen=seen,
        state=status,
        captured=captured,
        steps=steps_of(status.journey),
        clock=clock_of(seen.id),
        trail=[] if is_live(request) else _trail(seen, status=status, captured=captured),
        may=_may_do(officer, seen=seen, captured=captured),
        may_suket=may_open(officer, page="suket"),
    )


@needs(Action.REQUEST_COMPLETE)
@require_POST
def complete(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Report the data as complete, by what the register says now."""
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    known = resident_by_id(officer, seen.resident, purpose=Purpose.COUNTER)
    answer = complete_request(
        command_of(request, officer),
        request=request_id,
        # A resident of another city is not in this register: what lacked then lacks still.
        resident_facts=None if isinstance(known, Refusal) else facts_of_resident(known),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("perkara", args=[request_id]))
    said = "Data dilaporkan lengkap. NIK dikonfirmasi Disdukcapil setelah catatan ini sampai."
    return done(request, said, page="perkara", request_id=request_id)


@needs(Action.REQUEST_COMPLETE)
@require_POST
def pass_on(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Hand the request on to the dinas."""
    seen = request_for(officer, request=request_id, purpose=Purpose.COUNTER)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("permohonan"))
    answer = hand_on(command_of(request, officer), request=request_id)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("perkara", args=[request_id]))
    return done(request, "Permohonan diteruskan ke Disdukcapil.", page="perkara",
                request_id=request_id)  # fmt: skip


def purpose_of(officer: OfficerSeen) -> Purpose:
    """Why somebody of these roles opens a request; it stands in the audit chain."""
    if officer.may(Action.REQUEST_CONFIRM):
        return Purpose.VERIFICATION
    if officer.may(Action.REQUEST_TAKE):
        return Purpose.COUNTER
    return Purpose.PRINTING if officer.may(Action.CARD_PRINT) else Purpose.AUDIT


def steps_of(journey: Journey) -> list[Step]:
    """LOCAL → CITY → CENTRE, as far as the newest entry is known to have come."""
    order = [reach for reach, _, _ in _STEPS]
    last = order.index(journey.reach)
    return [Step(title, word, order.index(reach) <= last) for reach, title, word in _STEPS]


def _note_opened(request: HttpRequest, request_id: str) -> None:
    known: list[str] = request.session.get(_SESSION_OPENED, [])
    if request_id not in known:
        request.session[_SESSION_OPENED] = [*known, request_id][-_OPENED_KEPT:]


def _trail(
    seen: RequestSeen, *, status: StatusSeen, captured: EnrolmentSeen | None
) -> list[Happening]:
    """Everything that happened to the request, its recording, its permit and its card."""
    subjects = [seen.id] + ([captured.id] if captured is not None else [])
    if status.card is not None:
        subjects += [status.card.card, status.card.permit]
        subjects += [each.id for each in attempts_of(status.card.card)]
    entries = entries_about([each for each in subjects if each])
    return [_happening(each) for each in reversed(entries) if each.kind != _LOOK]


def _happening(entry: Entry) -> Happening:
    told = [(name, entry.facts[name]) for name in TELLING_FACTS if entry.facts.get(name)]
    return Happening(
        at=entry.at,
        kind=entry.kind,
        office=entry.origin.text,
        officer=entry.officer,
        facts=tuple((name, str(fact)) for name, fact in told),
    )


def _may_do(officer: OfficerSeen, *, seen: RequestSeen, captured: EnrolmentSeen | None) -> MayDo:
    facts, here = seen.facts, house().code
    if not facts.is_open:
        return MayDo()
    is_served_here = facts.serving_office == here
    is_confirmed = facts.is_confirmed or facts.is_nik_known
    # The centre has no recording of somebody who asks for a replacement: whoever took the request
    # records, also where another office prints the card.
    is_asked_for = centre_answer(facts.id) == ""
    may_capture = is_served_here or (is_asked_for and facts.office == here)
    return MayDo(
        complete=officer.may(Action.REQUEST_COMPLETE)
        and not facts.is_completed
        and here in (facts.office, facts.serving_office),
        record=officer.may(Action.ENROLMENT_CAPTURE)
        and may_capture
        and facts.is_completed
        and is_confirmed
        and (facts.reason is Reason.NEW or is_asked_for)
        and captured is None,
        hand_on=officer.may(Action.REQUEST_COMPLETE)
        and here.tier is Tier.KECAMATAN
        and facts.office == here
        and not facts.handed_to
        and captured is None,
        book=officer.may(Action.QUEUE_CALL) and is_served_here,
        put_forward=officer.may(Action.QUEUE_URGE),
        confirm=officer.may(Action.REQUEST_CONFIRM)
        and here.tier is Tier.DINAS
        and facts.is_completed
        and not facts.is_confirmed,
    )
