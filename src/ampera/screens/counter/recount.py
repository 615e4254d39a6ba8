"""The count after a restore: two officers list shelf, printer, tray and spoils by serial.

It ends the quarantine. The difference from the books is shown first; then both say it in one act.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ampera.blanko.queries import shipments_to
from ampera.journal.house import house
from ampera.journal.quarantine import is_quarantined
from ampera.printing.actions.restored import count_restored_server
from ampera.readiness.queries import open_permit_count
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.counter.blanko import boxes_in_stock
from ampera.screens.counter.seen_blanko import Listed, compare, read_listed, seen_serials
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.words.refusal import Refusal

_FIELDS: Final = ("whole", "spoiled", "cards", "boxes")


@needs(Action.BLANKO_COUNT)
@require_http_methods(["GET", "POST"])
def recount(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The list; then, without a word said yet, the difference; then both credentials."""
    step = request.POST.get("step", "")
    if request.method == "GET" or step == "ubah":
        return _form(request)
    listed = read_listed(_typed(request), sealed=request.POST.getlist("sealed"))
    if isinstance(listed, Refusal):
        return _form(request, no=listed)
    if step != "catat":
        return _preview(request, listed)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return _preview(request, listed, no=second)
    answer = count_restored_server(
        command_of(request, officer),
        seen_serials=seen_serials(listed),
        seen_boxes=list(listed.boxes),
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("hitung_pulih"))
    said = (
        f"Karantina berakhir. Tidak ditemukan: {len(answer['missing'])}; tidak ada dalam buku:"
        f" {len(answer['unmatched'])}; izin dicurigai: {len(answer['suspects'])}."
    )
    return done(request, said, page="izin_dicurigai" if answer["suspects"] else "blanko")


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in _FIELDS}


def _form(request: HttpRequest, *, no: Refusal | None = None) -> HttpResponse:
    return show(
        request,
        "screens/counter/recount.html",
        status=200 if no is None else no.status,
        is_open=is_quarantined(),
        no=no,
        typed=_typed(request),
        sealed=request.POST.getlist("sealed"),
        known_boxes=boxes_in_stock(),
    )


def _preview(request: HttpRequest, listed: Listed, *, no: Refusal | None = None) -> HttpResponse:
    return show(
        request,
        "screens/counter/recount_preview.html",
        status=200 if no is None else no.status,
        is_open=is_quarantined(),
        no=no,
        typed=_typed(request),
        sealed=request.POST.getlist("sealed"),
        listed=listed,
        difference=compare(listed),
        open_permits=open_permit_count(house().code),
        under_way=shipments_to(house().code),
    )
