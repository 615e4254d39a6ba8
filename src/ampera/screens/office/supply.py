"""Asking the centre for blanks: the letter, its evidence as data, and where the request stands."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from ampera.journal.house import house
from ampera.papers.fonts import UnprintableText
from ampera.papers.heads import Signatory
from ampera.papers.supply_letter import SupplyLetter, supply_letter
from ampera.papers.tables import SheetWriter
from ampera.papers.wording import grouped
from ampera.planning.actions.supply import (
    drop_request,
    note_answer,
    note_supply,
    request_supply,
    send_request,
)
from ampera.planning.queries.supply import (
    GrantSeen,
    SupplySeen,
    evidence_now,
    open_draft,
    shipments_to_link,
    supply_requests,
    supply_seen,
)
from ampera.planning.rules.allocation import Limit
from ampera.planning.rules.supply import SupplyEvidence, SupplyState
from ampera.register.queries import Action, OfficerSeen, local_day, officer_name
from ampera.register.rules.days import day_at
from ampera.screens.sheets import letterhead
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal
from ampera.screens.templatetags.ampera import wib
from ampera.words.clock import utc_from_text
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

STATES: Final = {
    SupplyState.DRAFTED: "konsep, belum dikirim",
    SupplyState.DROPPED: "dibatalkan",
    SupplyState.SENT: "dikirim, menunggu jawaban pusat",
    SupplyState.ANSWERED: "dijawab, menunggu barang",
    SupplyState.RECEIVED: "diterima",
}
assert set(STATES) == set(SupplyState)
_LABELS: Final = {
    "prr_new": "PRINT_READY_RECORD belum dicetak, kartu pertama",
    "prr_other": "PRINT_READY_RECORD belum dicetak, pengganti",
    "not_ready": "Permohonan yang belum siap cetak",
    "capacity_day": "Kemampuan cetak sehari; kantor yang belum terukur dihitung 160",
    "capacity_month": "Kemampuan cetak sebulan",
    "used": "Blanko terpakai dalam 30 hari terakhir",
    "spoiled": "Blanko rusak dalam 30 hari terakhir",
    "shelf": "Sisa blanko di rak semua kantor",
    "transit": "Blanko dalam perjalanan",
    "dispute": "Blanko dalam selisih",
    "days_of_stock": "Sisa cukup untuk (hari kerja)",
    "proven": "Didukung bukti: dapat dicetak sebulan, di luar sisa",
}
_DECIDED_BY: Final = {
    Limit.LEVEL: "blanko tidak cukup untuk semua: setiap kota mendapat bagian yang sama",
    Limit.NEED: "semua yang diperlukan",
    Limit.CAPACITY: "sebanyak yang sanggup dicetak menurut bukti",
    Limit.MINIMUM: "jatah paling sedikit",
    Limit.ENOUGH: "blanko yang ada cukup untuk yang menunggu",
    Limit.ASKED: "semua yang diminta",
    Limit.SHARE: "bagian yang ditetapkan",
    None: "ditetapkan kepala pusat",
}
assert set(_DECIDED_BY) == {*Limit, None}
_SEEING: Final = (Action.PLAN_SEE, Action.BLANKO_MOVE, Action.JOURNAL_SEE)
_DRAFTING: Final = (Action.PLAN_ACCEPT, Action.BLANKO_MOVE)
_COUNT_DIGITS_MAX: Final = 9


@needs(*_SEEING, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Every request and its stage, and the evidence of now for the next one."""
    evidence = evidence_now()
    return show(
        request,
        "screens/office/supply.html",
        requests=[(each, STATES[each.state]) for each in supply_requests()],
        evidence=evidence_lines(evidence),
        proven=evidence.proven,
        may_draft=any(officer.may(each) for each in _DRAFTING) and not open_draft(),
        today=local_day(),
    )


@needs(*_DRAFTING, at=Tier.DINAS)
@require_POST
def draft(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Freeze the figures of this moment in a letter."""
    made = request_supply(
        command_of(request, officer),
        wanted=_count(request, "wanted"),
        note=request.POST.get("note", ""),
    )
    if isinstance(made, Refusal):
        return show_refusal(request, made)
    said = "Konsep surat dibuat. Kepala memeriksa, menandatangani dan mengirimnya."
    return done(request, said, page="permintaan_satu", request_id=made["request"])


@needs(*_SEEING, at=Tier.DINAS)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """One request: what stands in it and what the next act is."""
    seen = supply_seen(request_id)
    if seen is None:
        return show_refusal(request, Refusal("supply.unknown"))
    is_answered = seen.state is SupplyState.ANSWERED
    is_late = is_answered and seen.promised_on is not None and seen.promised_on < local_day()
    return show(
        request,
        "screens/office/supply_one.html",
        seen=seen,
        stage=STATES[seen.state],
        evidence=evidence_lines(seen.evidence),
        is_late=is_late,
        grants=grants_in_words(seen),
        may_send=officer.may(Action.PLAN_ACCEPT),
        may_draft=any(officer.may(each) for each in _DRAFTING),
        shipments=shipments_to_link() if is_answered else [],
    )


@needs(Action.PLAN_ACCEPT, at=Tier.DINAS)
@require_POST
def send(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The head signs."""
    sent = send_request(command_of(request, officer), request=request_id)
    if isinstance(sent, Refusal):
        return show_refusal(request, sent)
    said = f"Surat bernomor {sent['number']}. Cetak suratnya dan kirim bersama berkas buktinya."
    return done(request, said, page="permintaan_satu", request_id=request_id)


@needs(*_DRAFTING, at=Tier.DINAS)
@require_POST
def drop(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """A draft is not sent after all."""
    no = drop_request(command_of(request, officer), request=request_id)
    if isinstance(no, Refusal):
        return show_refusal(request, no)
    return done(request, "Konsep dibatalkan.", page="permintaan_blanko")


@needs(*_DRAFTING, at=Tier.DINAS)
@require_POST
def answer(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """What the centre wrote back."""
    told = request.POST.get("promised_on", "")
    try:
        day = date.fromisoformat(told) if told else None
    except ValueError:
        return show_refusal(request, Refusal("screens.not_a_day"))
    no = note_answer(
        command_of(request, officer),
        request=request_id,
        promised=_count(request, "promised"),
        promised_on=day,
        answer=request.POST.get("answer", ""),
    )
    if isinstance(no, Refusal):
        return show_refusal(request, no)
    return done(request, "Jawaban dicatat.", page="permintaan_satu", request_id=request_id)


@needs(*_DRAFTING, at=Tier.DINAS)
@require_POST
def arrived(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """Which shipment brought the blanks."""
    shipment = request.POST.get("shipment", "")
    came = note_supply(command_of(request, officer), request=request_id, shipment=shipment)
    if isinstance(came, Refusal):
        return show_refusal(request, came)
    said = f"Selesai: {grouped(came['received'])} keping diterima."
    return done(request, said, page="permintaan_satu", request_id=request_id)


@needs(*_SEEING, at=Tier.DINAS)
@require_GET
def letter(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The letter as PDF."""
    seen = supply_seen(request_id)
    if seen is None:
        return show_refusal(request, Refusal("supply.unknown"))
    here, head = house(), letterhead()
    signed = officer_name(seen.sent_by) if seen.sent_by else "…………………………"
    told = SupplyLetter(
        letterhead=head,
        number=seen.number,
        on=day_at(here.code, at=seen.sent_at or seen.at),
        place=head.government.removeprefix("PEMERINTAH ").removeprefix("KOTA ").title(),
        addressee="Direktur Jenderal Kependudukan dan Pencatatan Sipil, Jakarta",
        wanted=seen.wanted,
        note=seen.note,
        cutoff=wib(utc_from_text(seen.evidence.cutoff)),
        evidence=tuple(evidence_lines(seen.evidence)),
        head=Signatory(role="Kepala Dinas", name=signed),
        is_demo=here.is_demo,
    )
    try:
        return pdf(supply_letter(told), name=f"permintaan-blanko-{seen.request[-8:]}")
    except UnprintableText as error:
        return show_refusal(
            request, Refusal("papers.field_does_not_fit", field=error.field or "note")
        )


@needs(*_SEEING, at=Tier.DINAS)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The evidence as CSV: one figure a line, its code and its meaning."""
    seen = supply_seen(request_id)
    if seen is None:
        return show_refusal(request, Refusal("supply.unknown"))
    paper = StringIO()
    writer = SheetWriter(paper)
    writer.writerow(["kode", "arti", "nilai"])
    for name, value in _data(seen).items():
        writer.writerow([name, _LABELS.get(name, ""), "" if value is None else value])
    response = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"bukti-{seen.request[-8:]}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(*_SEEING, at=Tier.DINAS)
@require_GET
def data(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """The same as JSON."""
    seen = supply_seen(request_id)
    if seen is None:
        return show_refusal(request, Refusal("supply.unknown"))
    return JsonResponse(_data(seen))


def _data(seen: SupplySeen) -> dict[str, object]:
    told = {"office": house().code.text, "number": seen.number, "wanted": seen.wanted}
    return {**told, **seen.evidence.facts(), "proven": seen.evidence.proven}


def grants_in_words(seen: SupplySeen) -> list[tuple[GrantSeen, str]]:
    """What the centre said to a letter, each with what decided the number."""
    return [(each, _DECIDED_BY[each.limit]) for each in seen.grants]


def evidence_lines(evidence: SupplyEvidence) -> list[tuple[str, str]]:
    """The figures of a letter in words, each with its count."""
    found = []
    for name, label in _LABELS.items():
        value = getattr(evidence, name)
        found.append((label, "tidak dapat dihitung" if value is None else grouped(value)))
    return found


def _count(request: HttpRequest, name: str) -> int:
    """A typed count; what is no number becomes -1, which no act here accepts."""
    typed = request.POST.get(name, "").strip().replace(".", "")
    return int(typed) if typed.isdecimal() and len(typed) <= _COUNT_DIGITS_MAX else -1
