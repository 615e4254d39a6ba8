"""Kiriman kartu ditarik: packages between offices, sealed and counted by two at each end."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ampera.journal.house import house
from ampera.register.queries import Action, OfficerSeen, OfficeSeen, offices
from ampera.screens.office.withdrawn import MAY_READ
from ampera.screens.sheets_withdrawn import package_pdf, place_words
from ampera.screens.shell import command_of, done, needs, pdf, show, show_refusal, witness_of
from ampera.screens.withdrawn_words import OUTCOMES, SURPLUS_OUTCOMES
from ampera.withdrawal.actions import (
    count_before_news,
    drop_count,
    receive_package,
    secure_again,
    send_package,
    settle_missing,
    settle_surplus,
)
from ampera.withdrawal.queries import (
    PackageSeen,
    counted_here,
    is_on_second_medium,
    lying_at,
    missing_pieces,
    package_by_code,
    package_seen,
    packages_from,
    packages_to,
    surplus_here,
)
from ampera.withdrawal.rules.packages import PACKAGE_MAX, Opened, Sealed, is_near
from ampera.words.refusal import Refusal

_MARKS_MAX: Final = 20_000


@needs(*MAY_READ)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """What comes, what was sent, what is missing or too much, and what may be sent."""
    here = house().code
    free = [each for each in lying_at() if not each.is_blank and not each.batch]
    return show(
        request,
        "screens/office/packages.html",
        free=free[:PACKAGE_MAX],
        targets=_targets(),
        coming=packages_to(here),
        sent=packages_from(here),
        counted=counted_here(),
        missing=missing_pieces(),
        surplus=surplus_here(),
        outcomes=OUTCOMES.items(),
        surplus_outcomes=SURPLUS_OUTCOMES.items(),
        may_send=officer.may(Action.BLANKO_SHIP),
        may_receive=officer.may(Action.BLANKO_MOVE),
    )


def _targets() -> list[OfficeSeen]:
    """The own dinas; or, there, the kecamatan below it."""
    here = house().code
    return [each for each in offices() if is_near(here, target=each.code)]


@needs(Action.BLANKO_SHIP)
@require_POST
def send(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Two officers have counted and sealed it; it leaves once its list lies on two media."""
    here = reverse("kiriman_tarik")
    to = next((each.code for each in _targets() if each.code.text == request.POST.get("to")), None)
    if to is None or request.POST.get("counted") != "ya":
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = send_package(
        command_of(request, officer),
        to=to,
        pieces=request.POST.getlist("piece"),
        sealed=Sealed(
            seal=request.POST.get("seal", "")[:40],
            courier=request.POST.get("courier", "")[:120],
            second=second.id,
        ),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = (
        f"{answer['count']} keping dalam kiriman {answer['code']}, tercatat di dua media. Cetak"
        " daftarnya rangkap dua, masukkan satu ke dalam kemasan, lalu serahkan kepada pembawa."
    )
    return done(request, said, page="kiriman_tarik_satu", package=answer["package"])


@needs(*MAY_READ)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, officer: OfficerSeen, *, package: str) -> HttpResponse:
    """One package: its list, where each piece is, and at its receiver the count."""
    seen = _seen(package)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("kiriman_tarik"))
    is_receiver = seen.target == house().code
    if request.method == "POST":
        return _receive(request, officer, seen)
    return show(
        request,
        "screens/office/package.html",
        seen=seen,
        lines=[(each, place_words(each.place)) for each in seen.pieces],
        is_receiver=is_receiver,
        is_safe=is_receiver or is_on_second_medium(package),
        may_send=officer.may(Action.BLANKO_SHIP),
        may_receive=is_receiver and seen.arrival is None and officer.may(Action.BLANKO_MOVE),
    )


def _seen(package: str) -> PackageSeen | Refusal:
    """A package that this office sent or gets; to others it is not there."""
    seen = package_seen(package)
    if isinstance(seen, Refusal) or house().code in (seen.source, seen.target):
        return seen
    return Refusal("withdrawal.package_unknown")


def _receive(request: HttpRequest, officer: OfficerSeen, seen: PackageSeen) -> HttpResponse:
    here = reverse("kiriman_tarik_satu", args=[seen.package])
    if not officer.may(Action.BLANKO_MOVE):
        return show_refusal(request, Refusal("officer.may_not"), back=here)
    if request.POST.get("seal") not in ("utuh", "rusak"):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = receive_package(
        command_of(request, officer), package=seen.package, opened=_opened(request, second.id)
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = f"{answer['received']} keping diterima."
    if answer["missing"] or answer["surplus"]:
        said += (
            f" {answer['missing']} keping tidak ada dan {answer['surplus']} di luar daftar, dicatat"
            " atas nama Anda berdua. Beri tahu pengirim dan kepala kantor sekarang juga."
        )
    return done(request, said, page="kiriman_tarik_satu", package=seen.package)


def _opened(request: HttpRequest, second: str) -> Opened:  # positional: a pair
    typed = request.POST.get("marks", "")[:_MARKS_MAX].replace(",", "\n").splitlines()
    return Opened(
        marks=(*request.POST.getlist("piece"), *typed),
        is_seal_whole=request.POST.get("seal") == "utuh",
        second=second,
    )


@needs(*MAY_READ)
@require_GET
def find(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """From the code on a list to its package; unknown means that its news is not here yet."""
    package = package_by_code(request.GET.get("kode", ""))
    if not package:
        no = Refusal("withdrawal.package_unknown")
        return show_refusal(request, no, back=reverse("kiriman_tarik"))
    return HttpResponseRedirect(reverse("kiriman_tarik_satu", args=[package]))


@needs(Action.BLANKO_MOVE)
@require_POST
def count(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """A package came before its news: counted by two and put aside."""
    here = reverse("kiriman_tarik")
    if request.POST.get("seal") not in ("utuh", "rusak"):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=here)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = count_before_news(
        command_of(request, officer),
        code=request.POST.get("code", "")[:40],
        opened=_opened(request, second.id),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Hitungan dicatat. Simpan kemasannya terpisah; kiriman diterima saat beritanya datang."
    return done(request, said, page="kiriman_tarik")


@needs(Action.BLANKO_MOVE)
@require_POST
def drop(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """A count stands under a wrong code."""
    here = reverse("kiriman_tarik")
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = drop_count(
        command_of(request, officer), count=request.POST.get("count", ""), second=second.id
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, "Hitungan dihapus. Hitung lagi kemasannya.", page="kiriman_tarik")


@needs(Action.BLANKO_DESTROY)
@require_POST
def settle(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Two officers of the dinas decide about a missing piece."""
    here = reverse("kiriman_tarik")
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = settle_missing(
        command_of(request, officer),
        piece=request.POST.get("piece", ""),
        outcome=request.POST.get("outcome", ""),
        document=request.POST.get("document", "")[:120],
        second=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    where = place_words(answer["place"])
    return done(request, f"Diputus berdua: {where}.", page="kiriman_tarik")


@needs(Action.BLANKO_DESTROY)
@require_POST
def settle_extra(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Two officers decide about a piece that stood on no list."""
    here = reverse("kiriman_tarik")
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    outcome = request.POST.get("outcome", "")
    answer = settle_surplus(
        command_of(request, officer),
        surplus=request.POST.get("surplus", "")[:90],
        outcome=outcome,
        document=request.POST.get("document", "")[:120],
        second=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    return done(request, f"Diputus berdua: {SURPLUS_OUTCOMES[outcome]}.", page="kiriman_tarik")


@needs(Action.BLANKO_SHIP)
@require_POST
def secure(request: HttpRequest, officer: OfficerSeen, *, package: str) -> HttpResponse:
    """The second medium is back: bring it up to the books, then the package may leave."""
    no = secure_again()
    if no is not None:
        return show_refusal(request, no, back=reverse("kiriman_tarik_satu", args=[package]))
    said = "Daftar sekarang ada di dua media. Kiriman boleh dibawa."
    return done(request, said, page="kiriman_tarik_satu", package=package)


@needs(*MAY_READ)
@require_GET
def minutes(request: HttpRequest, officer: OfficerSeen, *, package: str) -> HttpResponse:
    """The berita acara: with room to count on its way, complete once its receipt is known here."""
    seen = _seen(package)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("kiriman_tarik"))
    made = package_pdf(seen)
    if isinstance(made, Refusal):
        return show_refusal(request, made, back=reverse("kiriman_tarik_satu", args=[package]))
    return pdf(made, name=f"kiriman-kartu-ditarik-{seen.code}")
