"""Whose cards are printed elsewhere, and where: the dinas decides it, both offices are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from ampera.journal.actions import record_look
from ampera.journal.house import house
from ampera.journal.queries import entries_about
from ampera.readiness.models import Asked, Card, LentPrinting, Permit, Word
from ampera.readiness.rules.lending import Lending, lent_reasons
from ampera.readiness.rules.policy import OfficeCard, policy
from ampera.readiness.rules.states import CardState, PermitState, RequestState, Said
from ampera.readiness.rules.waiting import LentPlace
from ampera.register.queries import local_day, office_seen, served_kecamatan
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_from_text, utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.reason import Reason

LISTED_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class LendingSeen:
    """One lending, and what came of it so far as this server knows."""

    lending: Lending
    officer: str  #: who decided it
    ended_by: str
    is_over: bool
    granted: int  #: permits of the home office that were granted elsewhere under it
    open: int  #: … that are not printed yet


@dataclass(frozen=True, slots=True)
class Lent:
    """A lending in force with what it takes along: which kecamatan, which reasons."""

    lending: Lending
    served: frozenset[str]
    reasons: frozenset[Reason]

    def covers(self, asked: Asked) -> bool:
        return asked.served_at in self.served and asked.reason in self.reasons

    def rows(self) -> Q:
        """The requests that it covers."""
        return Q(served_at__in=sorted(self.served), reason__in=sorted(self.reasons))


def office_card(office: OfficeCode | str) -> OfficeCard | None:
    """What the register says of an office that the policy asks about; None for an unknown one."""
    code = office if isinstance(office, OfficeCode) else OfficeCode(office)
    seen = office_seen(code)
    if seen is None:
        return None
    hosts = tuple(each for each in served_kecamatan(code) if each != code)
    return OfficeCard(code, seen.prints_from, seen.capabilities, hosts)


def lent_to(office: OfficeCode, *, day: date) -> list[Lent]:
    """Whose cards are printed at this office on that day."""
    rows = _in_force(day).filter(at=office.text)
    return [lent for row in rows if (lent := _lent(row, day)) is not None]


def lent_away(office: OfficeCode, *, day: date) -> Lent | None:
    """The lending by which this office's cards are printed elsewhere on that day."""
    row = _in_force(day).filter(home=office.text).first()
    return _lent(row, day) if row is not None else None


def lent_today() -> list[Lent]:
    """Every lending that is in force today."""
    day = local_day()
    return [lent for row in _in_force(day) if (lent := _lent(row, day)) is not None]


def lent_around(  # positional: there, on that day
    office: OfficeCode, day: date
) -> tuple[Lent | None, list[Lent]]:
    """Both at once, in one reading: where this office's own cards are printed elsewhere, and whose
    it prints."""
    rows = list(_in_force(day).filter(Q(home=office.text) | Q(at=office.text)))
    found = [lent for row in rows if (lent := _lent(row, day)) is not None]
    away = next((each for each in found if each.lending.home == office), None)
    return away, [each for each in found if each.lending.at == office]


def lendings_around(offices: Iterable[OfficeCode], *, day: date) -> tuple[Lending, ...]:
    """Every lending of these offices, from or to, that is not over on that day."""
    codes = [each.text for each in offices]
    rows = _told().filter(Q(home__in=codes) | Q(at__in=codes), ended_at="")
    return tuple(_seen(row) for row in rows.filter(until__gte=day.isoformat()))


def lending_of(office: OfficeCode, *, day: date, moment: str = "") -> Lending | None:
    """The lending of that office's cards in force on that day, at that moment (UTC text) of it;
    without a moment: now."""
    rows = _told().filter(home=office.text, since__lte=day.isoformat(), until__gte=day.isoformat())
    found = (each for each in map(_seen, rows) if each.is_in_force(day, moment=moment))
    return next(found, None)


def lending_seen(lending: str) -> Lending | None:
    """One lending; None for an unknown one."""
    row = _told().filter(pk=lending).first()
    return _seen(row) if row is not None else None


def lent_place(host: OfficeCode | None, *, reason: str, day: date) -> LentPlace | None:
    """Where a waiting card of that office is printed instead, and why; None where it is not."""
    if host is None or not reason or host.tier is not Tier.KECAMATAN:
        return None
    lent = lent_away(host, day=day)
    if lent is None or Reason(reason) not in lent.reasons:
        return None
    return LentPlace(office=lent.lending.at, home=lent.lending.home, why=lent.lending.why)


def lendings(*, most: int = LISTED_MAX) -> list[LendingSeen]:
    """All that is known here, those in force first, then the newest."""
    day = local_day()
    rows = list(_told().order_by("-begun_at", "lending")[:most])
    found = [_with_counts(row, day) for row in rows]
    return sorted(found, key=lambda each: each.is_over)


def is_anything_lent() -> bool:
    """Are cards of any office printed elsewhere today?"""
    return _in_force(local_day()).exists()


@dataclass(frozen=True, slots=True)
class LentHolder:
    """Whose card was handed over here for another office: for the receipt that is signed."""

    nama: str
    nik: str = field(repr=False)
    reason: Reason = Reason.NEW


def lent_holder(officer: str, *, permit: str, purpose: str) -> LentHolder | None:
    """The holder of a card that this kecamatan printed for another office, on the day of the
    handover only; None on every other day and for every other card. The look is recorded.

    The table has forgotten the name with the handover; the grant's body is read once more, so that
    the receipt can be signed.
    """
    row = Permit.objects.filter(pk=permit, office=house().code.text).exclude(lending="").first()
    if row is None or house().tier is not Tier.KECAMATAN:
        return None
    handed = Word.objects.filter(card=row.card, said=Said.HANDED_OVER, origin=row.office).first()
    if handed is None or day_at(house().code, at=utc_from_text(handed.at)) != local_day():
        return None
    grants = [each for each in entries_about([permit]) if each.kind == "permit.granted/1"]
    body = next((each.body for each in grants if each.body), None)
    if body is None:
        return None
    record_look(officer=officer, subjects=[row.resident], purpose=purpose)
    return LentHolder(nama=body.get("nama") or "", nik=body.get("nik") or "")


@dataclass(frozen=True, slots=True)
class ReadyCard:
    """A card that lies ready at an office: its holder may be told."""

    card: str
    permit: str
    office: OfficeCode


def ready_elsewhere() -> list[ReadyCard]:
    """Cards that this office's residents fetch at another one, by what the dinas passed on."""
    rows = Permit.objects.filter(lent_from=house().code.text).exclude(office=house().code.text)
    ready = Card.objects.filter(card__in=rows.values("card"), state=CardState.READY)
    return [
        ReadyCard(row.card, row.permit, OfficeCode(row.office))
        for row in rows.filter(card__in=ready.values("card")).order_by("granted_at", "permit")
    ]


def returned_count(office: OfficeCode, *, since: datetime) -> int:
    """Permits that an office gave back unused since then."""
    rows = Word.objects.filter(said=Said.RETURNED, origin=office.text, at__gte=utc_text(since))
    return rows.values("permit").distinct().count()


def waiting_of(office: OfficeCode) -> int:
    """Print-ready requests of the kecamatan that an office serves, wherever they are printed."""
    served = [each.text for each in served_kecamatan(office)]
    return Asked.objects.filter(served_at__in=served, state=RequestState.WAITING).count()


def _with_counts(row: LentPrinting, day: date) -> LendingSeen:  # positional: one row, that day
    granted = Permit.objects.filter(lending=row.lending)
    open_ones = granted.filter(state__in=[PermitState.OPEN, PermitState.IN_ATTEMPT])
    seen = _seen(row)
    return LendingSeen(
        lending=seen,
        officer=row.officer,
        ended_by=row.ended_by,
        is_over=seen.is_over(day),
        granted=granted.count(),
        open=open_ones.count(),
    )


def _told() -> QuerySet[LentPrinting]:
    return LentPrinting.objects.exclude(begun_at="").order_by("begun_at", "lending")


def _in_force(day: date) -> QuerySet[LentPrinting]:
    on = day.isoformat()
    return _told().filter(since__lte=on, until__gte=on, ended_at="")


def _lent(row: LentPrinting, day: date) -> Lent | None:  # positional: one row, that day
    seen = _seen(row)
    card = office_card(seen.home)
    if card is None:
        return None
    reasons = lent_reasons(card, at=seen.at, day=day, by=policy())
    served = frozenset(each.text for each in (card.office, *card.hosts))
    return Lent(seen, served, reasons)


def _seen(row: LentPrinting) -> Lending:
    return Lending(
        lending=row.lending,
        home=OfficeCode(row.home),
        at=OfficeCode(row.at),
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        why=row.why,
        ends_when_up=row.ends_when_up,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )
