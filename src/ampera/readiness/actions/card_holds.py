"""Placing and lifting a hold on the handover of a resident's card. The dinas only.

Every office that may have the card is told: whoever holds a permit for the resident, whoever
serves the home, and whoever is granted a permit while the hold lasts.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ampera.journal.actions import Command, Pen, perform
from ampera.readiness.models import Asked, Hold, HoldTold, Permit
from ampera.readiness.rules.holds import HoldFacts, HoldWanted, check_lift, check_place
from ampera.readiness.rules.states import PermitState
from ampera.register.queries import host_of
from ampera.register.rules.days import day_at
from ampera.words.office import OfficeCode, Tier
from ampera.words.refusal import Refusal

_CAME_BACK = (PermitState.RETURNED, PermitState.FORFEITED)


def place_hold(command: Command, *, resident: str, wanted: HoldWanted) -> dict[str, Any] | Refusal:
    """Hold the handover of this resident's cards until a day. Recording, granting and printing go
    on. Returns {"hold", "told": [office, …]}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        day = day_at(pen.house.code, at=pen.now)
        no = check_place(wanted, day=day, officer=command.officer)
        if no is not None:
            return no
        hold = pen.new_id("hld")
        facts = {
            "hold": hold,
            "resident": resident,
            "reason": wanted.reason,
            "since": day.isoformat(),
            "until": wanted.until.isoformat(),
            "by": command.officer,
        }
        body = {"owner": wanted.owner.strip(), "basis": wanted.basis.strip()}
        pen.write("hold.placed/1", subject=hold, facts=facts, body=body)
        told = _offices_concerned(resident, pen)
        for office in told:
            pen.write("hold.placed/1", subject=hold, facts=facts, body=body, to=office)
        return {"hold": hold, "told": [str(each) for each in told]}

    content = {
        "resident": resident,
        "reason": wanted.reason,
        "owner": wanted.owner,
        "basis": wanted.basis,
        "until": wanted.until.isoformat(),
    }
    return perform(command, work, content=content)


def lift_hold(command: Command, *, hold: str, basis: str, witness: str) -> dict[str, Any] | Refusal:
    """Two officers lift a hold before its last day, on a paper. Returns {"hold"}."""

    def work(pen: Pen) -> dict[str, Any] | Refusal:
        if pen.house.tier is not Tier.DINAS:
            return Refusal("readiness.not_the_dinas", office=str(pen.house.code))
        row = Hold.objects.filter(pk=hold).exclude(since="").first()
        day = day_at(pen.house.code, at=pen.now)
        known = _facts(row) if row is not None else None
        no = check_lift(known, day=day, officer=command.officer, witness=witness, basis=basis)
        if no is not None:
            return no
        assert row is not None
        facts = {
            "hold": hold,
            "resident": row.resident,
            "on": day.isoformat(),
            "officers": [command.officer, witness],
        }
        body = {"basis": basis.strip()}
        pen.write("hold.lifted/1", subject=hold, facts=facts, body=body)
        told = HoldTold.objects.filter(hold=hold).order_by("office")
        for office in told.values_list("office", flat=True):
            pen.write("hold.lifted/1", subject=hold, facts=facts, body=body, to=OfficeCode(office))
        return {"hold": hold}

    return perform(command, work, content={"hold": hold, "basis": basis, "witness": witness})


def tell_holds_in(pen: Pen, *, resident: str, office: OfficeCode) -> None:
    """Whoever is granted a permit learns in the same transaction of the holds that last: it may
    print the card, and must not give it away."""
    if office == pen.house.code:
        return
    day = day_at(pen.house.code, at=pen.now).isoformat()
    rows = Hold.objects.filter(resident=resident, until__gte=day, lifted_on="")
    for row in rows.order_by("hold"):
        if HoldTold.objects.filter(hold=row.hold, office=str(office)).exists():
            continue
        facts = {
            "hold": row.hold,
            "resident": row.resident,
            "reason": row.reason,
            "since": row.since,
            "until": row.until,
            "by": row.placed_by,
        }
        body = {"owner": row.owner, "basis": row.basis}
        pen.write("hold.placed/1", subject=row.hold, facts=facts, body=body, to=office)


def _facts(row: Hold) -> HoldFacts:
    return HoldFacts(
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        lifted_on=date.fromisoformat(row.lifted_on) if row.lifted_on else None,
    )


def _offices_concerned(resident: str, pen: Pen) -> list[OfficeCode]:
    """The kecamatan of this dinas that hold a permit or card of the resident, or serve the home."""
    permits = Permit.objects.filter(resident=resident).exclude(office="")
    found = set(permits.exclude(state__in=_CAME_BACK).values_list("office", flat=True))
    served = Asked.objects.filter(resident=resident).exclude(served_at="")
    for home in served.values_list("served_at", flat=True):
        code = OfficeCode(home)
        if code.tier is Tier.KECAMATAN:
            found.add(str(host_of(code)))
    children = (OfficeCode(each) for each in found)
    return sorted((each for each in children if each.is_child_of(pen.house.code)), key=str)
