"""What nobody could show: a list at every office; two officers of the office above decide."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ampera.blanko.actions import settle_dispute
from ampera.blanko.queries import disputes
from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, local_day, offices
from ampera.screens.sheets import office_title
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

OUTCOMES: Final = {
    "shelf": "ditemukan utuh: kembali ke rak",
    "spoiled": "ditemukan rusak: masuk wadah rusak cetak",
    "written_off": "tidak ditemukan: dihapusbukukan",
}
SHOWN: Final = 200


@needs(Action.BLANKO_MOVE, Action.BLANKO_COUNT, Action.BLANKO_WITNESS, Action.JOURNAL_SEE)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The disputes told here, by deadline, and the decision of two."""
    here = house().code
    if request.method == "GET":
        near = (here, *(each.code for each in offices() if each.code.is_child_of(here)))
        found = sorted(
            (each for office in near for each in disputes(office)), key=lambda one: one.until
        )
        return show(
            request,
            "screens/counter/disputes.html",
            disputes=[(each, office_title(each.office)) for each in found[:SHOWN]],
            count=len(found),
            today=local_day(),
            outcomes=OUTCOMES.items(),
            may_decide=officer.may(Action.BLANKO_COUNT) and here.tier is not Tier.KECAMATAN,
            chosen=request.GET.get("seri", ""),
        )
    back = reverse("blanko_selisih")
    outcome = request.POST.get("outcome", "")
    if not officer.may(Action.BLANKO_COUNT):
        return show_refusal(request, Refusal("officer.may_not"), back=back)
    if outcome not in OUTCOMES:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=back)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=back)
    answer = settle_dispute(
        command_of(request, officer),
        item=request.POST.get("item", "").strip(),
        outcome=outcome,  # type: ignore[arg-type]
        document=request.POST.get("document", "").strip()[:40],
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    said = f"Selisih {answer['item']} diputus berdua: {OUTCOMES[outcome]}."
    return done(request, said, page="blanko_selisih")
