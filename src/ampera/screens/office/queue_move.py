"""One request is put before others, or put back: a reason of the list, its paper, two officers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ampera.journal.house import house
from ampera.readiness.actions import jump_queue, undo_move, urge_request
from ampera.readiness.queries import RequestInQueue, request_in_queue
from ampera.readiness.rules.policy import Moved, UrgencyCode, policy
from ampera.readiness.rules.queue import NOTE_MAX
from ampera.readiness.rules.states import RequestState
from ampera.register.queries import Action, OfficerSeen, Purpose
from ampera.screens.office.queue_words import told_moves
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: What each of the two needs to do it, and what it says when it is done.
_RIGHTS = {Moved.URGENT: Action.QUEUE_URGE, Moved.JUMPED: Action.QUEUE_JUMP}
_DONE = {
    Moved.URGENT: "Permohonan dinyatakan mendesak, atas nama dua petugas.",
    Moved.JUMPED: "Permohonan didahulukan dari semua yang menunggu, atas nama dua petugas.",
}
_ACTS = {Moved.URGENT: urge_request, Moved.JUMPED: jump_queue}


@needs(Action.QUEUE_URGE, Action.JOURNAL_SEE)
@require_http_methods(["GET", "POST"])
def put_forward(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The request, what was decided about its place, and the form to put it forward."""
    seen = request_in_queue(officer.id, request=request_id, purpose=Purpose.COUNTER.value)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("antrean"))
    if request.method == "GET":
        return _form(request, officer, seen)
    here = reverse("dahulukan", args=[request_id])
    said = request.POST.get("what", "")
    if said not in {each.value for each in Moved}:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    what = Moved(said)
    if not officer.may(_RIGHTS[what]):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    second = witness_of(request, officer, may=_RIGHTS[what])
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    reason, _, evidence = request.POST.get("cause", "").partition("/")
    answer = _ACTS[what](
        command_of(request, officer),
        request=request_id,
        reason=reason,
        evidence=evidence,
        note=request.POST.get("note", "").strip(),
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, _DONE[what], page="dahulukan", request_id=request_id)


@needs(Action.QUEUE_URGE)
@require_POST
def take_back(request: HttpRequest, officer: OfficerSeen, *, move: str) -> HttpResponse:
    """Two officers put a request back where it stood."""
    request_id = request.POST.get("request", "")
    seen = request_in_queue(officer.id, request=request_id, purpose=Purpose.COUNTER.value)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("antrean"))
    here = reverse("dahulukan", args=[request_id])
    moved = next((each for each in seen.moves if each.move == move), None)
    if moved is None:
        return show_refusal(request, Refusal("readiness.move_unknown"), back=here)
    if not officer.may(_RIGHTS[moved.what]):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    second = witness_of(request, officer, may=_RIGHTS[moved.what])
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = undo_move(command_of(request, officer), move=move, witness=second.id)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Dibatalkan berdua: permohonan kembali ke tempatnya semula."
    return done(request, said, page="dahulukan", request_id=request_id)


def _form(request: HttpRequest, officer: OfficerSeen, seen: RequestInQueue) -> HttpResponse:
    waits = {RequestState.WAITING}
    if house().tier is not Tier.DINAS:
        waits |= {RequestState.NOT_READY, RequestState.NOT_CONFIRMED}
    stands = [each for each in seen.moves if each.undone_at is None]
    moved = {each.what for each in stands}
    return show(
        request,
        "screens/office/queue_move.html",
        seen=seen,
        moves=told_moves(seen.moves),
        is_waiting=seen.state in waits,
        kinds=[
            (what, _causes(what))
            for what, right in _RIGHTS.items()
            if officer.may(right) and what not in moved
        ],
        may_undo=officer.may(Action.QUEUE_URGE),
        note_most=NOTE_MAX,
    )


def _causes(what: Moved) -> list[tuple[UrgencyCode, list[tuple[str, str]]]]:
    """Each reason with the papers that prove it: `CODE/paper` and its words."""
    by = policy()
    return [
        (code, [(f"{code.code}/{paper}", by.evidence[paper][0]) for paper in code.evidence])
        for code in sorted(by.urgencies.values(), key=lambda each: (each.rank, each.code))
        if what in code.moves
    ]
