"""One bundle: what is in it, who takes it, what comes back, and its paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.delivery.actions import Carrier, secure_again, send_bundle, take_back
from ampera.delivery.queries import BundleSeen, DoorLine, bundle_seen, door_lines
from ampera.delivery.rules import Place, policy
from ampera.journal.house import house
from ampera.journal.second_log import is_secured
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.run_sheet import RunLine, RunSheet, run_sheet
from ampera.register.queries import (
    Action,
    OfficerSeen,
    local_day,
    officer_name,
    wilayah_name,
)
from ampera.screens.sheets import letterhead
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.words.refusal import Refusal


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_GET
def bundle_page(request: HttpRequest, officer: OfficerSeen, *, bundle: str) -> HttpResponse:
    """What is in a bundle, who has it, and what may be done with it now."""
    seen = _here(bundle)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("bundel"))
    lines = door_lines(officer.id, bundle=seen)
    carrier = officer_name(seen.carrier) if seen.carrier else seen.carrier_name
    return show(
        request,
        "screens/counter/bundle.html",
        seen=seen,
        lines=lines,
        kelurahan=wilayah_name(seen.kelurahan),
        carrier=carrier,
        is_here=seen.place == Place.BUNDLE,
        is_with_courier=seen.place == Place.COURIER,
        is_out=bool(seen.place) and Place(seen.place).is_out,
        has_account=bool(seen.carrier),
        is_safe=_is_safe(seen),
        reasons=list(policy().undelivered.values()),
    )


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_POST
def send(request: HttpRequest, officer: OfficerSeen, *, bundle: str) -> HttpResponse:
    """Give the bundle to a lurah or a courier. Both persons are in the act."""
    here = reverse("bundel_satu", args=[bundle])
    has_account = request.POST.get("by") == "account"
    right = Action.BUNDLE_DELIVER if has_account else Action.BUNDLE_SEND
    second = witness_of(request, officer, may=right)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    to = request.POST.get("to", Place.LURAH.value)
    if has_account:
        carrier = Carrier(to=Place.LURAH.value, officer=second.id, second=second.id)
    else:
        named = {part: _text(request, part) for part in ("name", "paper")}
        carrier = Carrier(to=to, second=second.id, **named)
    answer = send_bundle(command_of(request, officer), bundle=bundle, carrier=carrier)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = f"{answer['count']} kartu dicatat pada pembawanya. Bundel boleh diberikan."
    return done(request, said, page="bundel_satu", bundle=bundle)


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_POST
def secure(request: HttpRequest, officer: OfficerSeen, *, bundle: str) -> HttpResponse:
    """The second medium is back: bring it up to the books, then the bundle may leave."""
    if (no := secure_again()) is not None:
        return show_refusal(request, no, back=reverse("bundel_satu", args=[bundle]))
    said = "Catatan sekarang ada di dua media. Bundel boleh diberikan."
    return done(request, said, page="bundel_satu", bundle=bundle)


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_POST
def returned(request: HttpRequest, officer: OfficerSeen, *, bundle: str) -> HttpResponse:
    """Take cards back to the counter, each with the reason why it was not given."""
    here = reverse("bundel_satu", args=[bundle])
    cards = {card: request.POST.get(f"why-{card}", "") for card in request.POST.getlist("card")}
    answer = take_back(command_of(request, officer), bundle=bundle, cards=cards)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(
        request, f"{answer['count']} kartu kembali di loket.", page="bundel_satu", bundle=bundle
    )


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_GET
def paper(request: HttpRequest, officer: OfficerSeen, *, bundle: str) -> HttpResponse:
    """The run sheet of the cards that are in the bundle now."""
    seen = _here(bundle)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("bundel"))
    if not _is_safe(seen):
        # The cards leave with this paper: only once their entries lie on a second medium.
        no = Refusal("delivery.second_log_missing")
        return show_refusal(request, no, back=reverse("bundel_satu", args=[bundle]))
    if not seen.held:
        no = Refusal("delivery.bundle_empty")
        return show_refusal(request, no, back=reverse("bundel_satu", args=[bundle]))
    lines = door_lines(officer.id, bundle=seen)
    carrier = officer_name(seen.carrier) if seen.carrier else seen.carrier_name
    code = house().code.text
    page = request.build_absolute_uri(reverse("bundel_satu", args=[bundle]))
    told = RunSheet(
        letterhead=letterhead(),
        number=f"ANTAR/{code}/{seen.number}",
        on=local_day(),
        place=wilayah_name(code[:5]),
        kelurahan=wilayah_name(seen.kelurahan),
        lines=tuple(_run_line(each) for each in lines),
        bundle_url=page,
        reasons=tuple(each.id for each in policy().undelivered.values() if each.code != "VOID"),
        giver=Signatory(role="Yang menyerahkan,", name=officer_name(officer.id)),
        carrier=Signatory(role="Lurah / kurir,", name=carrier or "…………………………"),
        is_demo=house().is_demo,
    )
    try:
        return pdf(run_sheet(told), name=f"lembar-antar-{bundle[-8:]}")
    except UnprintableText as no:
        return show_refusal(request, Refusal("papers.field_does_not_fit", field=no.field))


def _is_safe(seen: BundleSeen) -> bool:
    """May it leave the hand, or is it still to be written on a second medium?"""
    is_out = bool(seen.place) and Place(seen.place).is_out
    return not is_out or is_secured([seen.bundle, *(each.card for each in seen.held)])


def _run_line(line: DoorLine) -> RunLine:
    return RunLine(
        nama=line.named.nama if line.named is not None else "-",
        address=line.place or "-",
        serial=line.held.serial,
        takes_old_card=line.takes_old_card,
    )


def _here(bundle: str) -> BundleSeen | Refusal:
    seen = bundle_seen(bundle)
    if seen is None or seen.office != house().code.text:
        return Refusal("delivery.no_such_bundle")
    return seen


def _text(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())[:120]
