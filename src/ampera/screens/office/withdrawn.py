"""Kartu ditarik: what lies here, *is this found card live?*, and what is still outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, ResidentSeen, local_day
from ampera.screens.sheets_withdrawn import place_words
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.screens.withdrawn_words import FOUND_NEXT
from ampera.withdrawal.actions import give_back, take_in
from ampera.withdrawal.queries import (
    FoundSeen,
    Lying,
    late_count,
    look_up_resident,
    look_up_serial,
    lying_at,
    missing_pieces,
    moves_of_piece,
    not_handed_in,
    overdue_count,
    packages_to,
    piece_seen,
    places,
    seize_list,
)
from ampera.withdrawal.rules.pieces import ALARMING, TAKEN_IN_AS, Found, How, Standing
from ampera.withdrawal.rules.policy import causes, rule_on
from ampera.words.nik import Nik
from ampera.words.refusal import Refusal

SHOWN_MAX: Final = 100
#: Who may read the register and look a card up.
MAY_READ: Final = (
    *(Action.CARD_HAND_OVER, Action.CARD_VOID, Action.BLANKO_DESTROY),
    *(Action.BLANKO_WITNESS, Action.JOURNAL_SEE),
)
#: Who may take a card in, or give a found one back.
MAY_TAKE: Final = (Action.CARD_HAND_OVER, Action.CARD_VOID, Action.BLANKO_DESTROY)


@needs(*MAY_READ)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What lies here by cause, the look-up, and what is still outside."""
    lying = lying_at()
    return show(
        request,
        "screens/office/withdrawn.html",
        lying=lying[:SHOWN_MAX],
        total=len(lying),
        by_cause=_by_cause(lying),
        overdue=overdue_count(local_day()),
        rule=rule_on(local_day()),
        seizures=seize_list(),
        not_handed_in=not_handed_in(),
        causes=causes().items(),
        hows=TAKEN_IN_AS,
        may_take=any(officer.may(each) for each in MAY_TAKE),
        may_see_residents=officer.may(Action.RESIDENT_SEE),
        coming=sum(each.arrival is None for each in packages_to(house().code)),
        late=late_count(),
        missing=len(missing_pieces()),
        places=[(place_words(name), count) for name, count in places()],
    )


@needs(*MAY_READ)
@require_POST
def look_up(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """*Apakah kartu temuan ini masih berlaku?* By serial, or by NIK in the body. Recorded."""
    here = reverse("ditarik")
    serial, typed = request.POST.get("serial", ""), request.POST.get("nik", "")
    resident: ResidentSeen | None = None
    if serial.strip():
        answer = look_up_serial(officer, serial=serial)
        if isinstance(answer, Refusal):
            return show_refusal(request, answer, back=here)
        found = [answer]
    else:
        nik = Nik.read(typed, may_be_sample=house().is_demo)
        both = nik if isinstance(nik, Refusal) else look_up_resident(officer, nik=nik)
        if isinstance(both, Refusal):
            return show_refusal(request, both, back=here)
        resident, found = both
    return show(
        request,
        "screens/office/withdrawn_found.html",
        found=[
            (each, FOUND_NEXT[each.standing], _tone(each), place_words(each.away)) for each in found
        ],
        resident=resident,
        causes=causes().items(),
        hows=TAKEN_IN_AS,
        may_take=any(officer.may(each) for each in MAY_TAKE),
    )


@needs(*MAY_TAKE)
@require_POST
def take(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Enter a card into the register of this office."""
    here = reverse("ditarik")
    how = request.POST.get("how", "")
    if how not in {each.value for each in TAKEN_IN_AS}:
        return show_refusal(request, Refusal("withdrawal.how_unknown"), back=here)
    answer = take_in(
        command_of(request, officer),
        found=Found(
            how=How(how),
            place=request.POST.get("place", "")[:80],
            card=request.POST.get("card", "")[:40],
            serial=request.POST.get("serial", "")[:40],
            cause=request.POST.get("cause", ""),
            brought_by=request.POST.get("brought_by", "")[:120],
        ),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    standing = Standing(answer["standing"])
    said = "Kartu dicatat dan tersimpan di kantor ini."
    if standing is Standing.LIVE:
        said += " Kartu ini masih berlaku: panggil pemegangnya, kembalikan hanya kepadanya."
    elif how == How.FOUND and standing in ALARMING:
        said += " Kepala kantor dan Disdukcapil diberi peringatan."
    return done(request, said, page="ditarik")


@needs(*MAY_TAKE)
@require_POST
def return_found(request: HttpRequest, officer: OfficerSeen, *, piece: str) -> HttpResponse:
    """A found card that is valid goes back to its holder, who stands at the counter."""
    answer = give_back(
        command_of(request, officer),
        piece=piece,
        is_holder=request.POST.get("is_holder", "") == "ya",
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("ditarik"))
    return done(request, "Kartu dikembalikan kepada pemegangnya.", page="ditarik")


@needs(*MAY_READ)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, piece: str) -> HttpResponse:
    """One piece that lies here."""
    seen = piece_seen(piece)
    if seen is None:
        no = Refusal("withdrawal.piece_unknown")
        return show_refusal(request, no, back=reverse("ditarik"))
    return show(
        request,
        "screens/office/withdrawn_one.html",
        seen=seen,
        trail=[(each.at, place_words(each.target), each.package) for each in moves_of_piece(piece)],
        may_take=any(officer.may(each) for each in MAY_TAKE),
    )


def _by_cause(lying: Sequence[Lying]) -> list[tuple[str, int]]:
    counted = Counter(each.cause for each in lying)
    return [(text.id, counted[cause]) for cause, text in causes().items() if counted[cause]]


def _tone(found: FoundSeen) -> str:
    if found.standing is Standing.LIVE:
        return "is-good"
    return "is-stop" if found.is_alarming or found.standing is Standing.VOID else "is-wait"
