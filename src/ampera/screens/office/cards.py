"""Kartu: a resident's cards at the dinas, their story, and what can be decided about them.

Each act says before what follows from it, and after what has followed. A void card is not revived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.journal.house import house
from ampera.readiness.actions import (
    import_cards,
    lift_hold,
    place_hold,
    recall_permit,
    void_cards_of,
)
from ampera.readiness.queries import (
    CardSeen,
    PermitSeen,
    PermitState,
    WordSeen,
    card_seen,
    card_words,
    cards_of,
    hold_of,
    holds_in_force,
    holds_of,
    permit_seen,
)
from ampera.readiness.rules.holds import HoldWanted, hold_reasons
from ampera.readiness.rules.states import BY_TWO, Said
from ampera.register.queries import (
    Action,
    OfficerSeen,
    Purpose,
    local_day,
    resident_by_id,
    resident_for,
)
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.screens.wording import RECALLS
from ampera.withdrawal.queries import FoundSeen, cards_seen, seize_list
from ampera.words.nik import Nik
from ampera.words.office import Tier
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be said of a resident's cards, and what follows from it."""

    code: str
    title: str
    before: str
    after: str
    paper: str  #: the example of a paper that says so
    needs_two: bool


@dataclass(frozen=True, slots=True)
class CardLine:
    """One card with its story; `permit` where its print can still be recalled."""

    card: CardSeen
    seen: FoundSeen
    words: list[WordSeen]
    permit: PermitSeen | None


def _act(code: Said, title: str, before: str, after: str, paper: str) -> Act:  # positional: a row
    return Act(code.value, title, before, after, paper, needs_two=code in BY_TWO)


ACTS: Final = {
    each.code: each
    for each in (
        _act(
            Said.LOST,
            "Hilang",
            "Kartu yang berlaku atau siap diambil langsung batal. Kartu pengganti diminta lewat"
            " permohonan biasa. Kartu yang kemudian ditemukan tetap batal.",
            "Kartu batal sejak sekarang; bila ditemukan, kartu itu ditarik.",
            "Surat kehilangan Polsek …, nomor …, tanggal …",
        ),
        _act(
            Said.DIED,
            "Meninggal",
            "Semua kartu batal, cetak yang berjalan diminta kembali, dan semua permohonan ditutup."
            " Kartu yang sudah dipegang masuk daftar tarik.",
            "Semua kartu batal dan permohonan ditutup. Minta kartunya dari keluarga.",
            "Akta kematian nomor …, tanggal …",
        ),
        _act(
            Said.BLOCKED,
            "Blokir",
            "Semua kartu batal, cetak yang berjalan diminta kembali, kartu yang beredar masuk"
            " daftar tarik. Bila blokir dicabut, kartu lama tidak hidup lagi: pemohon mendapat"
            " kartu baru.",
            "Semua kartu batal dan masuk daftar tarik. Mencabut blokir berarti kartu baru, bukan"
            " menghidupkan kartu lama.",
            "Surat perintah blokir nomor …, tanggal …",
        ),
        _act(
            Said.ANNULLED,
            "NIK dibatalkan",
            "Semua kartu batal dan semua permohonan atas NIK ini ditutup untuk seterusnya. Kartu"
            " yang beredar masuk daftar tarik. Tidak dapat dibatalkan lagi.",
            "Semua kartu atas NIK ini batal untuk seterusnya dan masuk daftar tarik.",
            "Surat keputusan pembatalan NIK nomor …, tanggal …",
        ),
        _act(
            Said.UNCOLLECTED,
            "Tidak diambil",
            "Kartu yang siap diambil dan lama tidak diambil menjadi batal dan ditarik dari laci."
            " Permohonannya ditutup; bila pemohon datang lagi, ia mengajukan permohonan baru tanpa"
            " perekaman ulang.",
            "Kartu di laci batal; ambil dan catat pada halaman Kartu ditarik.",
            "Daftar kartu tidak diambil nomor …, tanggal …",
        ),
    )
}
_MAY: Final = (Action.CARD_VOID, Action.PERMIT_RECALL)


@needs(*_MAY, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """The search, the holds in force and the seize list: record ids only, no names."""
    return _overview(request)


def _overview(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    return show(
        request,
        "screens/office/cards.html",
        status=refusal.status if refusal is not None else 200,
        refusal=refusal,
        holds=holds_in_force(),
        seizures=seize_list(),
        hold_reasons=hold_reasons(),
    )


@needs(*_MAY, at=Tier.DINAS)
@require_POST
def search(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Find a resident by NIK, in the body only; the page is found by record id."""
    nik = Nik.read(request.POST.get("nik", ""), may_be_sample=house().is_demo)
    found = (
        nik
        if isinstance(nik, Refusal)
        else resident_for(officer, nik, purpose=Purpose.VERIFICATION)
    )
    if isinstance(found, Refusal):
        return _overview(request, refusal=found)
    return HttpResponseRedirect(reverse("kartu_penduduk", args=[found.id]))


@needs(*_MAY, at=Tier.DINAS)
@require_GET
def of_card(request: HttpRequest, officer: OfficerSeen, *, card: str) -> HttpResponse:
    """From a card on a list to the page of its holder."""
    seen = card_seen(card)
    if seen is None or not seen.resident:
        return show_refusal(request, Refusal("readiness.card_unknown"), back=reverse("kartu"))
    return HttpResponseRedirect(reverse("kartu_penduduk", args=[seen.resident]))


@needs(*_MAY, at=Tier.DINAS)
@require_GET
def of_resident(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Every card of a resident with its story, the holds, and the acts. The look is recorded."""
    seen = resident_by_id(officer, resident, purpose=Purpose.VERIFICATION)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("kartu"))
    day = local_day()
    return show(
        request,
        "screens/office/cards_of.html",
        seen=seen,
        lines=_lines(seen.id),
        in_force=hold_of(seen.id),
        holds=[(each, each.is_in_force(day)) for each in holds_of(seen.id)],
        acts=ACTS.values(),
        reasons=hold_reasons().values(),
        recalls=RECALLS.items(),
        today=day,
        may_void=officer.may(Action.CARD_VOID),
        may_recall=officer.may(Action.PERMIT_RECALL),
    )


@needs(Action.CARD_VOID, at=Tier.DINAS)
@require_POST
def void(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Lost, died, blocked or annulled: every card that it concerns is void from now on."""
    here = reverse("kartu_penduduk", args=[resident])
    act = ACTS.get(request.POST.get("why", ""))
    if act is None or request.POST.get("understood") != "ya":
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.CARD_VOID) if act.needs_two else None
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = void_cards_of(
        command_of(request, officer),
        resident=resident,
        why=act.code,
        document=request.POST.get("document", "")[:200],
        witness=second.id if second is not None else "",
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = f"{len(answer['cards'])} kartu dibatalkan. {act.after}"
    if answer["recalled"]:
        said += (
            " Cetak yang berjalan diminta kembali; kantornya menjawab dikembalikan atau tercetak."
        )
    return done(request, said, page="kartu_penduduk", resident=resident)


@needs(Action.CARD_VOID, at=Tier.DINAS)
@require_POST
def legacy(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Note that the resident holds a card from before Ampera: then it can be voided."""
    seen = resident_by_id(officer, resident, purpose=Purpose.VERIFICATION)
    here = reverse("kartu_penduduk", args=[resident])
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("kartu"))
    answer = import_cards(command_of(request, officer), residents=[seen.id])
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = (
        "Kartu lama dicatat; kartu pertama tidak dapat diminta lagi, kartu ini dapat dibatalkan."
        if answer["imported"]
        else "Tidak dicatat: penduduk ini sudah mempunyai kartu dalam buku."
    )
    return done(request, said, page="kartu_penduduk", resident=resident)


@needs(Action.PERMIT_RECALL, at=Tier.DINAS)
@require_POST
def recall(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Ask the permit of a card back against a print that may be in progress."""
    here = reverse("kartu_penduduk", args=[resident])
    why, permit = request.POST.get("why", ""), request.POST.get("permit", "")
    if why not in RECALLS:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    known = permit_seen(permit)
    if known is None or known.resident != resident:
        return show_refusal(request, Refusal("readiness.permit_unknown"), back=here)
    answer = recall_permit(command_of(request, officer), permit=permit, why=why)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = (
        "Izin diminta kembali. Bila kartu belum tercetak, izinnya kembali; bila sudah, kartunya"
        " tetap ada sampai dibatalkan."
    )
    return done(request, said, page="kartu_penduduk", resident=resident)


@needs(Action.CARD_VOID, at=Tier.DINAS)
@require_POST
def hold(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Record, but do not hand over: until a day, for an agency that says so on paper."""
    here = reverse("kartu_penduduk", args=[resident])
    seen = resident_by_id(officer, resident, purpose=Purpose.VERIFICATION)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("kartu"))
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    wanted = HoldWanted(
        reason=request.POST.get("reason", ""),
        owner=request.POST.get("owner", "")[:120],
        basis=request.POST.get("basis", "")[:200],
        until=until,
    )
    answer = place_hold(command_of(request, officer), resident=seen.id, wanted=wanted)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = (
        "Penyerahan ditahan. Perekaman dan pencetakan tetap berjalan; kartu tidak diserahkan"
        " sampai penahanan berakhir atau dicabut berdua."
    )
    return done(request, said, page="kartu_penduduk", resident=resident)


@needs(Action.CARD_VOID, at=Tier.DINAS)
@require_http_methods(["POST"])
def lift(request: HttpRequest, officer: OfficerSeen, *, resident: str) -> HttpResponse:
    """Two officers lift a hold before its last day."""
    here = reverse("kartu_penduduk", args=[resident])
    second = witness_of(request, officer, may=Action.CARD_VOID)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = lift_hold(
        command_of(request, officer),
        hold=request.POST.get("hold", ""),
        basis=request.POST.get("basis", "")[:200],
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Penahanan dicabut berdua; kantor yang memegang kartu diberi tahu."
    return done(request, said, page="kartu_penduduk", resident=resident)


def _lines(resident: str) -> list[CardLine]:
    cards = cards_of(resident)
    return [
        CardLine(card, seen, card_words(card.card), _recallable(card))
        for card, seen in zip(cards, cards_seen(cards), strict=True)
    ]


def _recallable(card: CardSeen) -> PermitSeen | None:
    permit = permit_seen(card.permit) if card.permit else None
    if permit is None or permit.is_recalled:
        return None
    return permit if permit.state in (PermitState.OPEN, PermitState.IN_ATTEMPT) else None
