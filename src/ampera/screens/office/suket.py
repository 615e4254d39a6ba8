"""Suket: issue, print, lengthen, take back; who is exchanged for a card when blanks arrive."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.intake.queries import request_for
from ampera.papers.tables import SheetWriter
from ampera.register.queries import Action, OfficerSeen, Purpose, local_day
from ampera.screens.office.suket_paper import suket_pdf
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal
from ampera.screens.templatetags.ampera import masked
from ampera.suket.actions import extend, issue, print_letter, withdraw
from ampera.suket.queries import (
    PAGE_MOST,
    SuketSeen,
    Withdrawal,
    Worth,
    count_sukets,
    holder_for,
    signatory_name,
    suket_for,
    sukets_for,
    sukets_of_request,
    to_convert,
    why_not,
)
from ampera.suket.rules.policy import policy
from ampera.words.office import Tier
from ampera.words.refusal import Refusal

#: The lists of the page: name in the address → title.
LISTS: Final = {
    "valid": "Berlaku",
    "expiring": "Hampir habis",
    "expired": "Habis berlaku",
    "ended": "Berakhir",
}
WORTHS: Final = {
    Worth.VALID: "berlaku",
    Worth.EXPIRED: "habis berlaku",
    Worth.WITHDRAWN: "dicabut",
    Worth.CONVERTED: "ditukar dengan KTP-el",
}
WITHDRAWALS: Final = {
    Withdrawal.WRONG_DATA: "Isi surat salah",
    Withdrawal.LOST: "Surat hilang",
    Withdrawal.MISUSED: "Disalahgunakan",
    Withdrawal.HOLDER_DIED: "Pemegang meninggal",
    Withdrawal.CARD_NOT_NEEDED: "Permohonan kartu dibatalkan",
    Withdrawal.RECORD_ENDED: "Kartu diblokir atau NIK dibatalkan",
}
assert set(WORTHS) == set(Worth)
assert set(WITHDRAWALS) == set(Withdrawal)
_WHO: Final = (Action.SUKET_ISSUE, Action.SUKET_WITHDRAW)
#: The mark by which spreadsheets know UTF-8.
_BOM: Final = "\ufeff"


@needs(*_WHO, at=Tier.DINAS)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """One of the four lists; what ends first stands first."""
    which = request.GET.get("daftar", "valid")
    which = which if which in LISTS else "valid"
    day = local_day()
    return show(
        request,
        "screens/office/suket.html",
        which=which,
        lists=[(name, title, count_sukets(name)) for name, title in LISTS.items()],
        lines=[(each, WORTHS[each.worth]) for each in sukets_for(officer, which=which)],
        most=PAGE_MOST,
        row=policy().row_on(day),
        no=_no_today(),
    )


@needs(*_WHO, at=Tier.DINAS)
@require_GET
def conversion(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Sukets to exchange for cards when blanks arrive, in the order of the queues."""
    return show(request, "screens/office/suket_convert.html", lines=to_convert(officer))


@needs(*_WHO, at=Tier.DINAS)
@require_http_methods(["GET", "POST"])
def for_request(request: HttpRequest, officer: OfficerSeen, *, request_id: str) -> HttpResponse:
    """May the holder of this request have a suket? Issue it."""
    asked = request_for(officer, request=request_id, purpose=Purpose.SUKET)
    back = reverse("perkara", args=[request_id])
    if isinstance(asked, Refusal):
        return show_refusal(request, asked, back=reverse("suket"))
    holder = holder_for(officer, seen=asked)
    if isinstance(holder, Refusal):
        return show_refusal(request, holder, back=back)
    if request.method == "GET":
        return show(
            request,
            "screens/office/suket_request.html",
            asked=asked,
            holder=holder,
            no=why_not(asked, is_alive=holder.is_alive),
            row=policy().row_on(local_day()),
            signer=signatory_name(),
            before=[
                (each, WORTHS[each.worth(local_day())]) for each in sukets_of_request(request_id)
            ],
        )
    if not officer.may(Action.SUKET_ISSUE):
        return show_refusal(request, Refusal("officer.may_not"), back=back)
    answer = issue(command_of(request, officer), request=request_id, holder=holder)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    said = f"Suket {answer['number']} diterbitkan. Cetak dan mintakan tanda tangan kepala."
    return done(request, said, page="suket_satu", suket=answer["suket"])


@needs(*_WHO, at=Tier.DINAS)
@require_GET
def one(request: HttpRequest, officer: OfficerSeen, *, suket: str) -> HttpResponse:
    """One suket with what can be done to it."""
    seen = suket_for(officer, suket=suket)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("suket"))
    is_open = seen.worth in (Worth.VALID, Worth.EXPIRED)
    return show(
        request,
        "screens/office/suket_one.html",
        seen=seen,
        worth=WORTHS[seen.worth],
        why=WITHDRAWALS[Withdrawal(seen.withdrawn_why)] if seen.withdrawn_why else "",
        reasons=[(each.value, words) for each, words in WITHDRAWALS.items()],
        may_print=seen.worth is Worth.VALID and bool(seen.nama),
        may_extend=is_open and officer.may(Action.SUKET_ISSUE),
        may_withdraw=is_open and officer.may(Action.SUKET_WITHDRAW),
    )


@needs(Action.SUKET_ISSUE, at=Tier.DINAS)
@require_POST
def paper(request: HttpRequest, officer: OfficerSeen, *, suket: str) -> HttpResponse:
    """One more paper: counted first, then drawn."""
    back = reverse("suket_satu", args=[suket])
    seen = suket_for(officer, suket=suket)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("suket"))
    answer = print_letter(command_of(request, officer), suket=suket)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=back)
    address = request.build_absolute_uri(reverse("suket_periksa"))
    made = suket_pdf(seen, copy=answer["copy"], by=officer.name, address=address)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=back)
    return pdf(made, name=f"suket-{suket[-8:]}")


@needs(Action.SUKET_ISSUE, at=Tier.DINAS)
@require_POST
def longer(request: HttpRequest, officer: OfficerSeen, *, suket: str) -> HttpResponse:
    """Make it longer by what the policy of the day gives."""
    here = reverse("suket_satu", args=[suket])
    seen = suket_for(officer, suket=suket)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("suket"))
    asked = request_for(officer, request=seen.request, purpose=Purpose.SUKET)
    if isinstance(asked, Refusal):
        return show_refusal(request, asked, back=here)
    holder = holder_for(officer, seen=asked)
    if isinstance(holder, Refusal):
        return show_refusal(request, holder, back=here)
    answer = extend(command_of(request, officer), suket=suket, is_alive=holder.is_alive)
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Suket diperpanjang. Cetak lembar baru dan tarik yang lama."
    return done(request, said, page="suket_satu", suket=suket)


@needs(Action.SUKET_WITHDRAW, at=Tier.DINAS)
@require_POST
def back(request: HttpRequest, officer: OfficerSeen, *, suket: str) -> HttpResponse:
    """Take it back for a reason."""
    answer = withdraw(command_of(request, officer), suket=suket, why=request.POST.get("why", ""))
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("suket_satu", args=[suket]))
    said = "Suket dicabut; halaman periksa menyebutnya tidak berlaku begitu terhubung."
    return done(request, said, page="suket_satu", suket=suket)


@needs(*_WHO, at=Tier.DINAS)
@require_GET
def table(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """A list as CSV: the NIK masked, the look recorded as for the page."""
    which = request.GET.get("daftar", "valid")
    if which == "ubah":
        lines = [(each.seen, each.office.text, str(each.place)) for each in to_convert(officer)]
    elif which in LISTS:
        lines = [(each, "", "") for each in sukets_for(officer, which=which, most=_CSV_MOST)]
    else:
        return HttpResponseRedirect(reverse("suket"))
    response = HttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    name = f"suket-{which}-{local_day().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


#: A city's whole year of blanks that lack.
_CSV_MOST: Final = 100_000


def _csv(lines: Iterable[tuple[SuketSeen, str, str]]) -> str:
    paper = StringIO()
    paper.write(_BOM)
    writer = SheetWriter(paper)
    head = ("nomor", "nama", "nik", "berlaku_dari", "berlaku_sampai", "keadaan", "status_rekaman")
    writer.writerow((*head, "lembar", "kantor_cetak", "urutan"))
    for seen, office, place in lines:
        writer.writerow(
            _plain(each)
            for each in (
                *(seen.number, seen.nama, masked(seen.nik)),
                *(seen.valid_from.isoformat(), seen.valid_until.isoformat()),
                *(WORTHS[seen.worth], seen.status, str(seen.copies), office, place),
            )
        )
    return paper.getvalue()


def _plain(cell: str) -> str:
    """A name that begins like a formula is none: spreadsheets would run it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _no_today() -> Refusal | None:
    row = policy().allowed_on(local_day())
    return row if isinstance(row, Refusal) else None
