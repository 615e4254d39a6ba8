"""Rights: granted by the tier above for at most 90 days, suspended at the office or above it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ampera.journal.actions import Command, Pen, perform
from ampera.journal.entry import Json
from ampera.register.models import Officer
from ampera.register.queries.officers import holder_of_login, known_suspensions, officer_in_force
from ampera.register.queries.offices import local_day
from ampera.register.rules.rights import Action, GrantWish, may_suspend_at, why_not_grant
from ampera.words.office import OfficeCode
from ampera.words.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Holder:
    """The human being behind an account. The NIK, when given, tells two accounts of one person."""

    name: str
    nik: str = ""


def grant_officer(
    command: Command,
    *,
    office: OfficeCode,
    login: str,
    holder: Holder,
    roles: Collection[str],
    until: date,
) -> dict[str, str] | Refusal:
    """Give somebody rights at an office below; the answer names the new officer's id.

    `until` is the last local day, at most 90 days ahead. Only the pusat grants to itself, at
    `init`.
    """

    def work(pen: Pen) -> dict[str, str] | Refusal:
        refused = _why_not(pen, office=office, wish=(login, holder.name, roles, until), known=None)
        if refused is not None:
            return refused
        officer = pen.new_id("off")
        _write_grant(
            pen, officer=officer, office=office, rights=(login, roles, until), holder=holder
        )
        return {"officer": officer}

    content = {"office": office.text, "login": login, "name": holder.name, "nik": holder.nik}
    return perform(
        command,
        work,
        content={**content, "roles": sorted(roles), "until": until.isoformat()},
    )


def renew_officer(
    command: Command, *, officer: str, roles: Collection[str] | None = None, until: date
) -> dict[str, str] | Refusal:
    """Grant the same officer's rights anew, with the same roles unless others are given.

    Ends the suspensions that are known here: whoever renews has looked at why they were said.
    """

    def work(pen: Pen) -> dict[str, str] | Refusal:
        row = Officer.objects.filter(pk=officer).first()
        if row is None:
            return Refusal("officer.not_here")
        office = OfficeCode(row.office)
        new_roles = row.roles if roles is None else roles
        wish = (row.login, row.name, new_roles, until)
        if (refused := _why_not(pen, office=office, wish=wish, known=officer)) is not None:
            return refused
        _write_grant(
            pen,
            officer=officer,
            office=office,
            rights=(row.login, new_roles, until),
            holder=Holder(row.name, row.nik),
        )
        return {"officer": officer}

    wanted = sorted(roles) if roles is not None else []
    content = {"officer": officer, "roles": wanted, "until": until.isoformat()}
    return perform(command, work, content=content)


def _why_not(
    pen: Pen,
    *,
    office: OfficeCode,
    wish: tuple[str, str, Collection[str], date],
    known: str | None,
) -> Refusal | None:
    if not _has_right(pen, action=Action.OFFICER_GRANT):
        return Refusal("officer.may_not")
    login, name, roles, until = wish
    holder = holder_of_login(login, office=office)
    return why_not_grant(
        GrantWish(pen.house.code, office, login, name, frozenset(roles), until),
        on=local_day(),
        is_login_taken=holder is not None and holder.id != known,
    )


def _has_right(pen: Pen, *, action: Action) -> bool:
    """The server itself may (init, join); an officer needs the right at this office, in force."""
    if not pen.command.officer:
        return True
    giver = officer_in_force(pen.command.officer)
    return giver is not None and giver.office == pen.house.code and giver.may(action)


def _write_grant(
    pen: Pen,
    *,
    officer: str,
    office: OfficeCode,
    rights: tuple[str, Collection[str], date],
    holder: Holder,
) -> None:
    login, roles, until = rights
    body: dict[str, Json] = {"name": holder.name.strip()}
    if holder.nik:
        body["nik"] = holder.nik
    pen.write(
        "officer.granted/1",
        subject=officer,
        facts={
            "officer": officer,
            "office": office.text,
            "login": login,
            "roles": sorted(roles),
            "until": until.isoformat(),
            "lifts": known_suspensions(officer),
        },
        body=body,
        to=office if office != pen.house.code else None,
    )


def suspend_officer(command: Command, *, officer: str) -> dict[str, str] | Refusal:
    """Take somebody's rights away at once: by the officer's own office or the one above it.

    At a dinas a suspension for a kecamatan travels down; a kecamatan's own is told upward.
    """

    def work(pen: Pen) -> dict[str, str] | Refusal:
        if not _has_right(pen, action=Action.OFFICER_SUSPEND):
            return Refusal("officer.may_not")
        row = Officer.objects.filter(pk=officer).first()
        if row is None:
            return Refusal("officer.not_here")
        office, here = OfficeCode(row.office), pen.house.code
        if not may_suspend_at(here, office=office) or here not in (office, office.upper):
            return Refusal("officer.not_yours")
        pen.write(
            "officer.suspended/1",
            subject=officer,
            facts={"officer": officer},
            to=office if office != here else None,
        )
        return {"officer": officer}

    return perform(command, work, content={"officer": officer})
