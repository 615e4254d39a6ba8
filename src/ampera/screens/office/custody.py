"""Kantor diamankan: two officers of the dinas have an office's server, printers and blanks there.

The list is compared with the books before anything is said; then both say it in one act, and the
office's open permits end at once. A second act, of two again, gives everything back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ampera.blanko.rules import Box
from ampera.journal.house import house
from ampera.printing.actions import seize_office
from ampera.printing.queries import CustodyDesk, custody_desk
from ampera.printing.rules.custody import Compared, compare_custody
from ampera.readiness.actions import InCustody, release_office
from ampera.readiness.queries import Seizure, is_news_there, seizures
from ampera.register.queries import Action, OfficerSeen, offices
from ampera.screens.counter.seen_blanko import read_serials, runs
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_FIELDS: Final = ("server", "place", "document", "serials", "others")


@dataclass(frozen=True, slots=True)
class Line:
    """One custody, and whether the office's server knows of it."""

    seen: Seizure
    is_told: bool


@needs(Action.PERMIT_RECALL, Action.JOURNAL_SEE, at=Tier.DINAS)
@require_http_methods(["GET", "POST"])
def seize(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """What has to be there; the list beside the books; then both credentials."""
    code = _ours(office)
    if isinstance(code, Refusal):
        return show_refusal(request, code, back=reverse("izin"))
    may_seize = officer.may(Action.PERMIT_RECALL)
    if request.method == "GET":
        return _page(request, code, may_seize=may_seize)
    if not may_seize:
        return show_refusal(request, Refusal("officer.may_not"), back=reverse("izin"))
    seen = _listed(request, code)
    if isinstance(seen, Refusal):
        return _page(request, code, may_seize=True, no=seen)
    if request.POST.get("step") != "catat":
        return _page(request, code, may_seize=True, seen=seen)
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return _page(request, code, may_seize=True, seen=seen, no=second)
    answer = seize_office(command_of(request, officer), seen=seen, witness=second.id)
    if isinstance(answer, Refusal):
        return _page(request, code, may_seize=True, seen=seen, no=answer)
    said = (
        f"Dicatat berdua: kantor ini diamankan. Izin yang hangus: {len(answer['forfeited'])};"
        " pemohonnya kembali ke antrean."
    )
    return done(request, said, page="amankan", office=office)


@needs(Action.PERMIT_RECALL, at=Tier.DINAS)
@require_POST
def release(request: HttpRequest, officer: OfficerSeen, *, office: str) -> HttpResponse:
    """Give everything back: from now on the office is granted permits again."""
    here = reverse("amankan", args=[office])
    second = witness_of(request, officer, may=Action.BLANKO_WITNESS)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = release_office(
        command_of(request, officer),
        seizure=request.POST.get("seizure", ""),
        document=request.POST.get("document", "").strip(),
        witness=second.id,
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = "Dicatat berdua: barangnya dikembalikan. Izin baru diberikan lagi kepada kantor ini."
    return done(request, said, page="amankan", office=office)


def _page(  # positional: one office
    request: HttpRequest,
    office: OfficeCode,
    *,
    may_seize: bool,
    seen: InCustody | None = None,
    no: Refusal | None = None,
) -> HttpResponse:
    desk = custody_desk(office)
    compared = _compared(desk, seen) if seen is not None else None
    return show(
        request,
        "screens/office/custody.html",
        status=200 if no is None else no.status,
        office=office,
        desk=desk,
        may_seize=may_seize,
        boxes=_boxes(desk),
        printers=sorted(desk.facts.printers),
        typed={name: request.POST.get(name, "") for name in _FIELDS},
        ticked=[*request.POST.getlist("sealed"), *request.POST.getlist("printers")],
        compared=compared,
        missing=runs(compared.missing) if compared is not None else (),
        surplus=runs(compared.surplus) if compared is not None else (),
        is_whole=compared is not None and not (compared.missing or compared.missing_printers),
        no=no,
        lines=[Line(each, is_news_there(each)) for each in seizures(office)],
    )


def _compared(desk: CustodyDesk, seen: InCustody) -> Compared:  # positional: books and list
    return compare_custody(
        desk.facts, serials=seen.serials, boxes=seen.boxes, printers=seen.printers
    )


def _boxes(desk: CustodyDesk) -> list[Box]:
    found = (box for box in desk.facts.items.values() if box is not None)
    return sorted(found, key=lambda box: box.box)


def _listed(request: HttpRequest, office: OfficeCode) -> InCustody | Refusal:
    given = request.POST
    serials = read_serials(given.get("serials", ""))
    if isinstance(serials, Refusal):
        return serials
    others = [each.strip() for each in given.get("others", "").splitlines() if each.strip()]
    return InCustody(
        office=office,
        server=given.get("server", "").strip(),
        printers=tuple(sorted({*given.getlist("printers"), *others})),
        place=given.get("place", "").strip(),
        document=given.get("document", "").strip(),
        boxes=tuple(sorted(set(given.getlist("sealed")))),
        serials=tuple(sorted(set(serials))),
    )


def _ours(office: str) -> OfficeCode | Refusal:
    """A kecamatan of this dinas that works by itself."""
    here = house().code
    found = (
        each.code
        for each in offices()
        if each.code.text == office and each.code.upper == here and each.hosted_by is None
    )
    return next(found, None) or Refusal("screens.no_such_office")
