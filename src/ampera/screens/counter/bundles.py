"""Bundel: ready cards by kelurahan, sealed for the lurah; and cards that nobody fetches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ampera.delivery.actions import seal_bundle, settle_conflict
from ampera.delivery.queries import (
    BundleSeen,
    ConflictSeen,
    bundles_out,
    conflicts,
    kelurahan_of_cards,
    message_states,
    names_on_cards,
    ready_cards,
)
from ampera.delivery.rules import CardHeld, Uncollected, policy
from ampera.journal.house import house
from ampera.readiness.queries import NamedPermit
from ampera.register.queries import Action, OfficerSeen, local_day, wilayah_name
from ampera.screens.shell import command_of, done, needs, show, show_refusal
from ampera.words.refusal import Refusal

#: What to do with a card that nobody fetches, by how long it waits.
_ADVICE: Final = (
    ("report_days", "Laporkan kepada kepala; periksa apakah pemegangnya pindah atau meninggal."),
    ("lurah_days", "Masukkan ke bundel kelurahannya untuk diantar lurah."),
    ("remind_days", "Hubungi pemegangnya sekali lagi."),
)


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card at the counter: whose it is, how long it waits, and what to do about it."""

    held: CardHeld
    named: NamedPermit | None
    days: int
    is_late: bool
    advice: str = ""
    told: str = ""  #: what became of the message about it


@dataclass(frozen=True, slots=True)
class Group:
    """Ready cards of one kelurahan; `code` is empty where the register knows no address."""

    code: str
    name: str
    lines: tuple[WaitingCard, ...]
    late: int


@dataclass(frozen=True, slots=True)
class BundleLine:
    """A bundle that is not empty, for the list."""

    seen: BundleSeen
    kelurahan: str
    undelivered: int
    void: int  #: cards that must come back: they were voided on the way


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """What a phone told and the books could not take, in words."""

    seen: ConflictSeen
    no: Refusal


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_GET
def overview(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Bundles on their way, and the ready cards that could go into one."""
    cards = ready_cards()
    return show(
        request,
        "screens/counter/bundles.html",
        out=[_line(each) for each in bundles_out()],
        groups=_groups(officer, cards),
        conflicts=[ConflictLine(each, Refusal(each.code)) for each in conflicts()],
        late_days=policy().uncollected_on(local_day()).lurah_days,
    )


@needs(Action.CARD_HAND_OVER, Action.BUNDLE_SEND)
@require_POST
def seal(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Seal the chosen cards of one kelurahan into a bundle."""
    answer = seal_bundle(
        command_of(request, officer),
        kelurahan=request.POST.get("kelurahan", ""),
        cards=request.POST.getlist("card"),
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=reverse("bundel"))
    said = f"Bundel {answer['number']} disegel dengan {answer['count']} kartu."
    return done(request, said, page="bundel_satu", bundle=answer["bundle"])


@needs(Action.CARD_HAND_OVER)
@require_GET
def uncollected_list(request: HttpRequest, officer: OfficerSeen) -> HttpResponse:
    """Cards that wait at the counter, by age, with what to do about each."""
    rows = policy().uncollected_on(local_day())
    lines = [each for each in _waiting(officer, ready_cards()) if each.advice]
    return show(
        request,
        "screens/counter/uncollected.html",
        lines=lines,
        rows=rows,
        counts=[
            (days, sum(1 for each in lines if each.days >= days))
            for days in (rows.remind_days, rows.lurah_days, rows.report_days)
        ],
    )


@needs(Action.BUNDLE_SEND, Action.CARD_HAND_OVER)
@require_POST
def conflict_settled(request: HttpRequest, officer: OfficerSeen, *, command: str) -> HttpResponse:
    """Somebody looked at what a phone told and did what was to do."""
    if not settle_conflict(officer.id, command=command):
        return show_refusal(request, Refusal("screens.nothing_chosen"), back=reverse("bundel"))
    return done(request, "Dicatat: sudah diperiksa.", page="bundel")


def _line(seen: BundleSeen) -> BundleLine:
    back = sum(1 for each in seen.held if each.undelivered_why)
    void = sum(1 for each in seen.held if each.is_void)
    return BundleLine(seen, wilayah_name(seen.kelurahan), back, void)


def _groups(officer: OfficerSeen, cards: list[CardHeld]) -> list[Group]:
    areas = kelurahan_of_cards(cards)
    found: dict[str, list[WaitingCard]] = {}
    for line in _waiting(officer, cards):
        found.setdefault(areas.get(line.held.card, ""), []).append(line)
    groups = [
        Group(
            code=code,
            name=wilayah_name(code) if code else "Alamat tidak diketahui di kantor ini",
            lines=tuple(lines),
            late=sum(1 for each in lines if each.is_late),
        )
        for code, lines in found.items()
    ]
    return sorted(groups, key=lambda each: (not each.code, -each.late, each.name))


def _waiting(officer: OfficerSeen, cards: Iterable[CardHeld]) -> list[WaitingCard]:
    rows, held = policy().uncollected_on(local_day()), list(cards)
    named = names_on_cards(officer.id, cards=held)
    told = message_states(each.card for each in held)
    found = []
    for each in held:
        days = (house().now() - each.ready_at).days if each.ready_at is not None else 0
        is_late = days >= rows.lurah_days
        found.append(
            WaitingCard(
                each,
                named.get(each.permit),
                days,
                is_late,
                advice=_advice(days, rows=rows),
                told=told.get(each.card, ""),
            )
        )
    return found


def _advice(days: int, *, rows: Uncollected) -> str:
    return next((words for name, words in _ADVICE if days >= getattr(rows, name)), "")
