"""Permits: granted in lots, recalled and answered, renewed at contact, forfeited long after
their end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Entry
from ampera.journal.house import house
from ampera.journal.queries import chains
from ampera.readiness.actions.card_holds import tell_holds_in
from ampera.readiness.actions.lending import lane_of, tell_home_of_grant_in
from ampera.readiness.actions.seizures import lane_of_custody
from ampera.readiness.models import Asked, Card, OneLiveCard, Permit, PermitHold, Record
from ampera.readiness.projection.refreshing import hold
from ampera.readiness.queries.lending import Lent, lent_to, office_card
from ampera.readiness.queries.queue import Lot, Turn, key_of, next_turns, waiting_rows
from ampera.readiness.queries.seizures import is_seized
from ampera.readiness.rules import policy as policies
from ampera.readiness.rules.policy import OfficeCard, policy
from ampera.readiness.rules.states import CardState, PermitState, RequestState
from ampera.register.queries import local_day
from ampera.register.rules.days import day_at
from ampera.words.clock import utc_text
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

#: A tick makes progress in steps of this many.
TICK_MAX = 50
#: An office was in contact when its chain grew within this time.
CONTACT = timedelta(days=1)
VERSION_CHANGED = "VERSION_CHANGED"
#: Who holds a permit whose return is written.
_RETURNED = "returned"


def grant_lot(
    command: Command,
    *,
    office: OfficeCode | str,
    most: int,
    is_all_seen: bool = True,
    card: OfficeCard | None = None,
) -> dict[str, Any] | Refusal:
    """Grant up to `most` permits to one office, in the order of its queue.

    `most` comes from who knows the shelf: never more than its blanko and its days of work. Who is
    held back by a quota of the day is left for a later one. `card`
    stands in for the register's description of the office. Nothing is granted while entries of the
    office are unread here (`is_all_seen`). Returns {"granted": [permit, …]}.
    """
    code = office if isinstance(office, OfficeCode) else OfficeCode(office)

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        here = pen.house.code
        if here.tier is not Tier.DINAS or here not in (code, code.upper):
            return Refusal("readiness.not_the_dinas", office=str(code))
        if not is_all_seen:
            return Refusal("readiness.unread_entries", office=str(code))
        known = card or office_card(code)
        if known is None:
            return Refusal("readiness.office_unknown", office=str(code))
        hold(lane_of_custody(code))
        if is_seized(code):
            return Refusal("readiness.office_seized", office=str(code))
        day = day_at(code, at=pen.now)
        lent = _lent_held(code, day)
        waiting = waiting_rows(known, day=day)
        if isinstance(waiting, Refusal):
            return waiting
        if policy().limits_on(day, office=code):
            # What a quota has left is counted once; another lot of this office waits until then.
            hold(f"quota/{code}")
        lot = next_turns(waiting, office=code, day=day, most=most)
        granted: list[str] = []
        served: set[str] = set()
        for turn in lot.turns:
            if turn.asked.resident not in served:
                served.add(turn.asked.resident)
                lending = next((each for each in lent if each.covers(turn.asked)), None)
                granted += _grant(pen, turn, code, (lot, lending))
        return {"granted": granted} if granted else Refusal("readiness.nobody_waits")

    content = {
        "office": str(code),
        "most": most,
        "is_all_seen": is_all_seen,
        "card": card.facts() if card is not None else None,
    }
    return perform(command, work, content=content)


def _lent_held(office: OfficeCode, day: date) -> list[Lent]:  # positional: there, that day
    """Whose cards are granted at this office. A lending that begins or ends at this moment waits
    for this lot, or this lot for it."""
    homes = {each.lending.home for each in lent_to(office, day=day)}
    for each in sorted({office, *homes}, key=str):
        hold(lane_of(each))
    return lent_to(office, day=day)


def _grant(  # positional: one grant
    pen: Pen, turn: Turn, office: OfficeCode, place: tuple[Lot, Lent | None]
) -> list[str]:
    asked, (lot, lent) = turn.asked, place
    card = pen.new_id("crd")
    # The key is the resident, whatever the requests and whichever chains they are granted in: of
    # two grants at once the second insert fails, and its lot is decided anew.
    OneLiveCard.objects.create(resident=asked.resident, card=card)
    # Whoever tells of this resident at this moment has written, or waits for us: a new record is
    # seen here, or its reaction sees this permit and recalls it.
    hold(asked.resident)
    # Guarded from here on; what was read before may have changed.
    if not _is_still_waiting(asked):
        OneLiveCard.objects.filter(resident=asked.resident, card=card).delete()
        return []
    record = Record.objects.filter(resident=asked.resident).order_by("-at", "-seq", "-hash")[0]
    valid = Card.objects.filter(resident=asked.resident, state=CardState.VALID)
    permit = pen.new_id("prm")
    until = policies.print_until(day_at(office, at=pen.now), by=policy())
    facts: dict[str, Any] = {
        "permit": permit,
        "card": card,
        "resident": asked.resident,
        "request": asked.request,
        "version": record.version,
        "replaces": valid.order_by("rank").values_list("card", flat=True).first(),
        "office": str(office),
        "print_until": until.isoformat(),
        "queue": _place_in(lot, turn, day=day_at(office, at=pen.now)),
    }
    if lent is not None:
        facts["lending"] = _lending_facts(lent)
    body = {"nik": asked.nik, "nama": asked.nama}
    pen.write("permit.granted/1", subject=permit, facts=facts, body=body, to=_chain_of(office, pen))
    if lent is not None:
        tell_home_of_grant_in(pen, facts=facts)
    tell_holds_in(pen, resident=asked.resident, office=office)
    return [permit]


def _lending_facts(lent: Lent) -> dict[str, str]:
    """For which office the card is printed elsewhere, and what proves it."""
    told = lent.lending
    return {"lending": told.lending, "home": told.home.text, "why": told.why}


def _place_in(lot: Lot, turn: Turn, *, day: date) -> dict[str, Any]:  # positional: a pair
    """What proves the place: the rows of the policy in force, the sort key, place and length."""
    row = policy().queue_on(day)
    return {
        "row": row.since.isoformat(),
        "order": list(row.order),
        "quota_row": policy().quotas_on(day).since.isoformat(),
        "key": key_of(turn.asked).facts(),
        "place": turn.place,
        "of": lot.length,
    }


def _is_still_waiting(asked: Asked) -> bool:
    return Asked.objects.filter(pk=asked.request, state=RequestState.WAITING).exists()


def _chain_of(office: OfficeCode, pen: Pen) -> OfficeCode | None:
    """What is decided about the own office stands in the own chain."""
    return office if office != pen.house.code else None


# ---- recall, return, renewal, forfeit ----


def recall_permit(command: Command, *, permit: str, why: str) -> dict[str, Any] | Refusal:
    """Ask a permit back. The holder answers *returned* or *printed*, whichever happened first; only
    *returned* frees it."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        no = recall_in(pen, permit=permit, why=why)
        return no if no is not None else {"permit": permit}

    return perform(command, work, content={"permit": permit, "why": why})


def recall_in(pen: Pen, *, permit: str, why: str) -> Refusal | None:
    """Recall inside another command of the dinas."""
    if pen.house.tier is not Tier.DINAS:
        return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
    row = Permit.objects.filter(pk=permit).exclude(office="").first()
    if row is None:
        return Refusal("readiness.permit_unknown")
    if row.state not in (PermitState.OPEN, PermitState.IN_ATTEMPT):
        return Refusal("readiness.permit_spent")
    if row.is_recalled:
        return Refusal("readiness.recalled_already")
    _tell_of(pen, row, "permit.recalled/1", {"permit": permit, "why": why})
    return None


def _tell_of(  # positional: one permit
    pen: Pen, row: Permit, kind: str, facts: dict[str, Any]
) -> None:
    """Tell the holder, and the office for which it prints where that is another one."""
    for office in sorted({row.office, row.lent_from or row.office}):
        pen.write(kind, subject=row.permit, facts=facts, to=_chain_of(OfficeCode(office), pen))


def recall_outdated(entry: Entry) -> object:
    """Reaction at the dinas to a new record of a resident: permits for the old one are recalled."""
    outdated = Permit.objects.filter(
        resident=entry.facts["resident"],
        state__in=[PermitState.OPEN, PermitState.IN_ATTEMPT],
        is_recalled=False,
    ).exclude(version=entry.facts["version"])
    return [
        recall_permit(
            Command(id=f"re:recall:{entry.hash[:24]}:{row.permit[-32:]}"),
            permit=row.permit,
            why=VERSION_CHANGED,
        )
        for row in outdated
    ]


def answer_recalls() -> int:
    """Tick at the holder: recalled permits, and those past their day, go back where no attempt is
    open.

    The hold decides against an attempt that begins at the same moment. Returns how many went back.
    """
    here = house()
    rows = Permit.objects.filter(
        Q(is_recalled=True) | Q(print_until__lt=local_day().isoformat()),
        office=str(here.code),
        state=PermitState.OPEN,
    ).exclude(permit__in=PermitHold.objects.values("permit"))
    permits = list(rows.order_by("permit").values_list("permit", flat=True)[:TICK_MAX])
    return sum(isinstance(_return(permit), dict) for permit in permits)


def _return(permit: str) -> dict[str, Any] | Refusal:
    def work(pen: Pen) -> dict[str, Any] | Refusal:
        state = Permit.objects.filter(pk=permit).values_list("state", flat=True).first()
        is_held = PermitHold.objects.filter(pk=permit).exists()
        if state != PermitState.OPEN or is_held:
            return Refusal("readiness.permit_held")
        PermitHold.objects.create(permit=permit, attempt=_RETURNED, is_spent=True)
        pen.write("permit.returned/1", subject=permit, facts={"permit": permit})
        return {"permit": permit}

    return perform(Command(id=f"return:{permit}"), work, content={"permit": permit})


def mark_open_suspect_in(pen: Pen, *, why: str) -> list[str]:
    """After a restore that lost the tail of the books and a count that misses blanko: every permit
    that stands open here, in an attempt or not, may have become a card. It counts as spent until
    two officers of the dinas decide.

    Returns the permits.
    """
    unsettled = (PermitState.OPEN, PermitState.IN_ATTEMPT)
    rows = Permit.objects.filter(office=str(pen.house.code), state__in=unsettled)
    suspects = list(rows.order_by("permit").values_list("permit", flat=True))
    for permit in suspects:
        pen.write("permit.suspected/1", subject=permit, facts={"permit": permit, "why": why})
    return suspects


def renew_permits(command: Command, *, office: OfficeCode | str) -> dict[str, Any] | Refusal:
    """Renew the permits of an office that are near their end: it was just in contact.

    Returns {"renewed": [permit, …]}.
    """
    code = office if isinstance(office, OfficeCode) else OfficeCode(office)

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS or pen.house.code not in (code, code.upper):
            return Refusal("readiness.not_the_dinas", office=str(code))
        day = day_at(code, at=pen.now)
        until = policies.print_until(day, by=policy()).isoformat()
        rows = _renewable(day).filter(office=str(code)).order_by("permit")
        renewed = list(rows[:TICK_MAX])
        for row in renewed:
            facts = {"permit": row.permit, "print_until": until}
            _tell_of(pen, row, "permit.renewed/1", facts)
        if not renewed:
            return Refusal("readiness.nothing_to_renew")
        return {"renewed": [row.permit for row in renewed]}

    return perform(command, work, content={"office": str(code)})


def _renewable(day: date) -> Any:
    before = day + timedelta(days=policy().renew_below_days)
    return Permit.objects.filter(
        state__in=[PermitState.OPEN, PermitState.IN_ATTEMPT],
        is_recalled=False,
        print_until__gte=day.isoformat(),
        print_until__lt=before.isoformat(),
    )


def renew_at_contact() -> int:
    """Tick at the dinas: renew the permits of offices whose chain grew within a day, and its own.

    Returns how many were renewed.
    """
    here = house()
    near_end = _renewable(local_day()).order_by("office").values_list("office", flat=True)
    heard = {str(here.code)} | {
        str(each.name.origin)
        for each in chains()
        if each.name.audience == "up" and each.at is not None and here.now() - each.at <= CONTACT
    }
    renewed = 0
    for office in sorted(set(near_end) & heard):
        # One command a moment: the city's clock moves between ticks, and a step repeats until done.
        command = Command(id=f"renew:{office}:{utc_text(here.now())}")
        done = renew_permits(command, office=office)
        renewed += len(done["renewed"]) if isinstance(done, dict) else 0
    return renewed


def forfeit_permit(
    command: Command, *, permit: str, is_all_seen: bool = True
) -> dict[str, Any] | Refusal:
    """End a permit that did not come back, two days after its day at the earliest.

    A card that was printed under it after all is void at birth. Nothing is forfeited while entries
    of its office are unread here.
    """

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        row = Permit.objects.filter(pk=permit).exclude(office="").first()
        if row is None:
            return Refusal("readiness.permit_unknown")
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=row.office)
        if not is_all_seen:
            return Refusal("readiness.unread_entries", office=row.office)
        if row.state not in (PermitState.OPEN, PermitState.IN_ATTEMPT):
            return Refusal("readiness.permit_spent")
        day = day_at(OfficeCode(row.office), at=pen.now)
        until = date.fromisoformat(row.print_until)
        if not policies.is_forfeitable(until, day=day, by=policy()):
            return Refusal("readiness.too_early_to_forfeit", day=until.isoformat())
        _tell_of(pen, row, "permit.forfeited/1", {"permit": permit})
        return {"permit": permit}

    return perform(command, work, content={"permit": permit})
